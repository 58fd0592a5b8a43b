import type { JobState } from '../../operations/operations.ts';
import { type ApiClient, segment } from '../api-client.ts';
import type { JobView } from '../api-paths.ts';
import { Refused } from '../outcome.ts';
import { problemText } from '../output.ts';
import { textTable } from '../text-table.ts';
import type { Narrator } from './narrator.ts';
import type { DemoQuery } from './queries.ts';

const UNDER_WAY: ReadonlySet<JobState> = new Set(['SUBMITTED', 'SIM_QUEUED', 'SIM_RUNNING', 'REAL_QUEUED', 'REAL_RUNNING']);

/** The job as it ended, or null where it was refused before it became one. */
async function run(
  merchant: ApiClient,
  dataset: string,
  query: DemoQuery,
  target: 'sim' | 'real',
  narrator: Narrator,
): Promise<JobView | null> {
  const startedAt = performance.now();
  try {
    let job = await merchant.post('/v1/jobs', { dataset, sql: query.sql, target });
    while (UNDER_WAY.has(job.state)) job = await merchant.get(`/v1/jobs/${segment(job.id)}?waitMs=20000`);
    narrator.say(
      `${target === 'sim' ? 'on simulation data' : 'on real data'}: ${job.state} (${Math.round(performance.now() - startedAt)} ms)`,
    );
    const problems = (job.problems ?? []) as unknown as Parameters<typeof problemText>[0];
    if (problems.length > 0) narrator.show(problemText(problems));
    return job;
  } catch (error) {
    if (!(error instanceof Refused) || error.document === null) throw error;
    narrator.say('refused:');
    narrator.show(problemText(error.document.problems));
    return null;
  }
}

function showSimulated(job: JobView, narrator: Narrator): void {
  const { simulation } = job;
  if (simulation === undefined) return;
  const { table, withheldRows } = simulation;
  narrator.show(
    textTable(
      table.columns.map((column) => column.name),
      table.rows.slice(0, 3),
    ),
  );
  narrator.say(`simulated: ${table.rows.length} rows would leave, ${withheldRows} would not`);
}

/** Submits a query to simulation data and, once it passed there, to real data. Null: it did not get so far. */
export async function submitQuery(merchant: ApiClient, dataset: string, query: DemoQuery, narrator: Narrator): Promise<JobView | null> {
  narrator.say(`${query.kind === 'attack' ? 'ATTACK' : 'query'}: ${query.title}`);
  narrator.show(query.sql);
  const simulated = await run(merchant, dataset, query, 'sim', narrator);
  if (simulated?.state !== 'SIM_PASSED') return null;
  showSimulated(simulated, narrator);
  return run(merchant, dataset, query, 'real', narrator);
}
