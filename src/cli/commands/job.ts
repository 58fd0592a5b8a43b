import { type Command, Option } from 'commander';
import type { JobState } from '../../operations/operations.ts';
import { type ApiClient, query, segment } from '../api-client.ts';
import type { JobView } from '../api-paths.ts';
import { Refused } from '../outcome.ts';
import type { Output } from '../output.ts';
import { readSql } from '../read-sql.ts';
import { refusalOf } from '../refusal.ts';
import { type CliEnvironment, type Session, withSession } from '../session.ts';
import { jobsText, jobText } from '../view-text.ts';

const UNDER_WAY: ReadonlySet<JobState> = new Set(['SUBMITTED', 'SIM_QUEUED', 'SIM_RUNNING', 'REAL_QUEUED', 'REAL_RUNNING']);
const UNSUCCESSFUL: ReadonlySet<JobState> = new Set(['REFUSED', 'SIM_FAILED', 'REAL_FAILED', 'STOPPED']);

interface SubmitOptions {
  readonly dataset: string;
  readonly sql: string;
  readonly target: 'sim' | 'real';
  readonly wait: boolean;
  readonly dialect?: string;
}

export function addJobCommands(program: Command, environment: CliEnvironment): void {
  const job = program.command('job').description('queries');
  job
    .command('submit')
    .requiredOption('--dataset <dataset>')
    .requiredOption('--sql <file>', 'file with the query, or - for standard input')
    .addOption(new Option('--target <target>', 'simulation data first, then real').choices(['sim', 'real']).makeOptionMandatory())
    .option('--no-wait', 'return at once')
    .option('--dialect <name>', 'mysql, postgresql or trino, if the query is not written in DuckDB SQL')
    .description('submit a query and wait for its end')
    .action((options: SubmitOptions, command: Command) =>
      withSession(environment, command, async (session) => {
        const sql = await readSql(options.sql, environment);
        await submit(session, { dataset: options.dataset, sql, target: options.target, dialect: options.dialect }, options.wait);
      }),
    );
  job
    .command('list')
    .option('--dataset <dataset>')
    .option('--state <state>')
    .description('jobs you may see')
    .action((options: { readonly dataset?: string; readonly state?: string }, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const views = await client.list(`/v1/jobs${query({ dataset: options.dataset, state: options.state })}`);
        if (output.json) for (const view of views) output.record(view, '');
        else output.record(null, jobsText(views));
      }),
    );
  job
    .command('show')
    .argument('<id>')
    .description('state and, on simulation data, the whole verdict')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.get(`/v1/jobs/${segment(id)}`);
        output.record(view, withProblems(view));
      }),
    );
  job
    .command('cancel')
    .argument('<id>')
    .description('stop a job that is queued or running')
    .action((id: string, _options, command: Command) =>
      withSession(environment, command, async ({ client, output }) => {
        const view = await client.post(`/v1/jobs/${segment(id)}/cancellation`);
        output.record(view, jobText(view));
      }),
    );
}

async function submit(
  session: Session,
  body: { readonly dataset: string; readonly sql: string; readonly target: 'sim' | 'real'; readonly dialect?: string | undefined },
  wait: boolean,
): Promise<void> {
  await followJob(session, await session.client.post('/v1/jobs', body), wait);
}

/** Waits for the end of a job that was just submitted, and says how it ended; without `wait` only that it was submitted. */
export async function followJob(
  session: Session,
  submitted: JobView,
  wait: boolean,
  progress?: () => Promise<string | null>,
  textOf: (view: JobView) => string = jobText,
): Promise<void> {
  const { client, output } = session;
  if (!wait) {
    output.record(submitted, textOf(submitted));
    // An embedded instance ends with this command, and its jobs with it.
    if (client.readsLocalFolders) await jobEnd(client, output, submitted);
    return;
  }
  const view = await jobEnd(client, output, submitted, progress);
  output.record(view, textOf(view));
  if (UNSUCCESSFUL.has(view.state)) {
    throw new Refused(refusalOf(view.problems ?? [], session.options.language, `/v1/jobs/${view.id}`, 'enclave.failed'));
  }
}

/** Waits until the job is neither queued nor running, naming each state, and how far it has come where that is known, once on standard error. */
async function jobEnd(client: ApiClient, output: Output, submitted: JobView, progress?: () => Promise<string | null>): Promise<JobView> {
  let told: string | null = null;
  let view = submitted;
  while (UNDER_WAY.has(view.state)) {
    const { state } = view;
    output.note(`${view.id}: ${state}`);
    do {
      view = await client.get(`/v1/jobs/${segment(view.id)}?waitMs=${progress === undefined ? 20_000 : 2_000}`);
      const now = progress === undefined || view.state !== state ? null : await progress();
      if (now !== null && now !== told) output.note(`${view.id}: ${now}`);
      told = now ?? told;
    } while (view.state === state && UNDER_WAY.has(state));
  }
  return view;
}

function withProblems(view: JobView): string {
  const problems = (view.problems ?? []) as unknown as readonly {
    readonly title: string;
    readonly detail: string;
    readonly code: string;
  }[];
  return [jobText(view), ...problems.map((item) => `✗ ${item.title} [${item.code}]\n  ${item.detail}`)].join('\n');
}
