import { type Command, InvalidArgumentError } from 'commander';
import { segment } from '../api-client.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { followJob } from './job.ts';

interface FitOptions {
  readonly epsilon: number;
  readonly delta: number;
  readonly target?: string;
  readonly unit?: string;
  readonly independent: boolean;
  readonly wait: boolean;
}

/** `simulation fit` and `simulation budget`: models over sealed versions. Source: synthetic-and-masking.md §4. */
export function addFitCommands(simulation: Command, environment: CliEnvironment): void {
  simulation
    .command('fit')
    .argument('<dataset>')
    .requiredOption('--epsilon <number>', 'privacy budget of the fit', positive)
    .option('--delta <number>', 'probability that the budget does not hold', positive, 1e-9)
    .option('--target <column>', 'label that models will learn: every marginal is conditioned on it')
    .option('--unit <name>', 'whose privacy is kept; default: the first unit type declared')
    .option('--independent', 'one-way marginals only', false)
    .option('--no-wait', 'return at once')
    .description('fit a model of the real data under differential privacy; it leaves as an egress request of its own')
    .action((dataset: string, { wait, ...spec }: FitOptions, command: Command) =>
      withSession(environment, command, async (session) => {
        const job = await session.client.post('/v1/fits', { dataset, ...spec });
        await followJob(session, job, wait);
      }),
    );
  simulation
    .command('compare')
    .argument('<id>', 'simulation set')
    .option('--target <column>', 'label that is learned from both sides')
    .option('--no-wait', 'return at once')
    .description('how far to trust a set: compared with the real data inside; numbers leave as an egress request of their own')
    .action((id: string, { wait, target }: { readonly wait: boolean; readonly target?: string }, command: Command) =>
      withSession(environment, command, async (session) => {
        const job = await session.client.post('/v1/fidelity-reports', { simulation: id, target });
        await followJob(session, job, wait);
      }),
    );
  simulation
    .command('budget')
    .argument('<dataset>')
    .description('what fits may still spend on a dataset')
    .action((dataset: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.get(`/v1/datasets/${segment(dataset)}/fit-budget`);
        output.record(view, `${view.dataset}: ρ ${view.spent} of ${view.limit} spent`);
      }),
    );
}

/** A number above 0 from the command line. */
export function positive(text: string): number {
  const value = Number(text);
  if (!Number.isFinite(value) || value <= 0) throw new InvalidArgumentError('must be a number above 0');
  return value;
}
