import type { Command } from 'commander';
import type { EgressView, ReleaseView } from '../../operations/operations.ts';
import { query, segment } from '../api-client.ts';
import { type CliEnvironment, withSession } from '../session.ts';
import { egressListText, egressText, releaseText } from '../view-text.ts';

/** Steps with a reason: verb, noun of the route, what it does, and the reason recorded where none is given. */
const STEPS = [
  { verb: 'approve', noun: 'approvals', description: 'vote for the release', unsaid: 'no remark' },
  { verb: 'reject', noun: 'rejections', description: 'vote against the release', unsaid: '' },
  { verb: 'return', noun: 'returns', description: 'send back to the merchant', unsaid: '' },
  { verb: 'withdraw', noun: 'withdrawals', description: 'take your own request back', unsaid: 'no remark' },
  { verb: 'recall', noun: 'recalls', description: 'call a released result back', unsaid: '' },
] as const;

export function addEgressCommands(program: Command, environment: CliEnvironment): void {
  const egress = program.command('egress').description('requests to let a result out');
  egress
    .command('list')
    .option('--state <state>')
    .description('requests you may see')
    .action((options: { readonly state?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const views = await client.list<EgressView>(`/v1/egress-requests${query({ state: options.state })}`);
        if (output.json) for (const view of views) output.record(view, '');
        else output.record(null, egressListText(views));
      }),
    );
  egress
    .command('show')
    .argument('<id>')
    .description('one request; reviewers also see what would leave')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.get<EgressView>(`/v1/egress-requests/${segment(id)}`);
        output.record(view, egressText(view));
      }),
    );
  for (const step of STEPS) {
    egress
      .command(step.verb)
      .argument('<id>')
      .option('--reason <text>', 'why', step.unsaid)
      .description(step.description)
      .action((id: string, options: { readonly reason: string }, command: Command) =>
        withSession(environment, command, async ({ client, output }) => {
          const view = await client.post<EgressView>(`/v1/egress-requests/${segment(id)}/${step.noun}`, { reason: options.reason });
          output.record(view, egressListText([view]));
        }),
      );
  }
  addFilingAndRelease(egress, environment);
}

function addFilingAndRelease(egress: Command, environment: CliEnvironment): void {
  egress
    .command('file')
    .argument('<id>')
    .requiredOption('--receipt <number>', 'receipt of the filing')
    .description('record the filing with the supervisor')
    .action((id: string, options: { readonly receipt: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.post<EgressView>(`/v1/egress-requests/${segment(id)}/filings`, { receipt: options.receipt });
        output.record(view, egressListText([view]));
      }),
    );
  egress
    .command('release')
    .argument('<id>')
    .description('check everything again and write the release package')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.post<ReleaseView>(`/v1/egress-requests/${segment(id)}/releases`);
        output.record(view, releaseText(view));
      }),
    );
}
