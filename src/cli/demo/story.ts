import { mkdir } from 'node:fs/promises';
import { generateCity } from '../../../datasets/city-health/generate.ts';
import type { Instance } from '../../instance.ts';
import type { AuditVerification } from '../../operations/operations.ts';
import { type ApiClient, segment } from '../api-client.ts';
import type { EgressView, JobView } from '../api-paths.ts';
import { CliFault } from '../outcome.ts';
import { type Cast, gatherCast } from './cast.ts';
import type { Narrator } from './narrator.ts';
import { exploreSimulation, loadCity, openToMerchant } from './prepare-city.ts';
import { ATTACKS, HONEST } from './queries.ts';
import { releaseOne, reviewRequests } from './review-requests.ts';
import { submitQuery } from './submit-queries.ts';

/** What the demonstration did. Source: formats.md, "Demonstration". */
export interface DemoSummary {
  readonly jobs: number;
  readonly released: number;
  /** Jobs and egress requests. */
  readonly refused: number;
  /** Cells that reviewers saw held back, over all requests. */
  readonly withheldCells: number;
  readonly auditEntries: number;
  readonly auditVerified: boolean;
  readonly isolation: string;
  readonly seconds: number;
}

export interface DemoOptions {
  readonly instance: Instance;
  /** Where the city's files are written. */
  readonly cityFolder: string;
  readonly narrator: Narrator;
  readonly elapsedMs: () => number;
  readonly today: Date;
  /** Share of the full city; default 1. */
  readonly scale?: number;
}

const SIMULATED_ROWS = 100_000;
const HALF_A_YEAR_MS = 180 * 86_400_000;

/** Plays the day of the demonstration through the HTTP API of an embedded instance, each step as the person whose step it is. */
export async function playDemo(options: DemoOptions): Promise<DemoSummary> {
  const { instance, narrator, elapsedMs } = options;
  const cast = await gatherCast(instance);
  const before = await madeSoFar(cast);
  narrator.chapter('A small city');
  await mkdir(options.cityFolder, { recursive: true });
  const city = await generateCity(options.cityFolder, { enclave: instance.enclave, scale: options.scale ?? 1 });
  narrator.say(
    `invented: ${Object.entries(city.rows)
      .map(([table, rows]) => `${table} ${rows}`)
      .join(', ')}`,
  );
  narrator.say(`isolation of the enclave's workers: ${isolationText(instance.isolation)}`);

  const dataset = await loadCity(cast, city.declaration, narrator);
  const endsOn = new Date(options.today.getTime() + HALF_A_YEAR_MS).toISOString().slice(0, 10);
  await openToMerchant(cast, dataset, Math.max(5000, Math.round(SIMULATED_ROWS * (options.scale ?? 1))), endsOn, narrator);
  await exploreSimulation(cast, dataset, narrator);

  narrator.chapter('The merchant submits three honest queries');
  const honest: JobView[] = [];
  for (const query of HONEST) {
    const job = await submitQuery(cast.merchant, dataset, query, narrator);
    if (job !== null) honest.push(job);
  }
  narrator.chapter('… and two attacks');
  for (const query of ATTACKS) {
    const job = await submitQuery(cast.merchant, dataset, query, narrator);
    if (job === null) narrator.say('→ stopped before it touched real data');
  }
  if (honest.length === 0) throw new CliFault('No honest query came through; the demonstration cannot go on.');

  const [first] = await reviewRequests(cast, honest, narrator);
  if (first === undefined) throw new CliFault('Nothing was approved.');
  await releaseOne(cast, first, `DEMO-${options.today.getUTCFullYear()}-0001`, narrator);
  const verification = await verify(cast, narrator);
  return summarise(cast, { before, verification, isolation: instance.isolation, seconds: Math.round(elapsedMs() / 100) / 10 });
}

async function verify(cast: Cast, narrator: Narrator): Promise<AuditVerification> {
  narrator.chapter('The security team verifies the audit chain');
  const verification = await cast.auditor.get('/v1/audit/verification');
  narrator.say(
    verification.verified
      ? `${verification.entries} entries, whole; checkpoint at ${verification.checkpoint?.size ?? 0}`
      : `THE CHAIN IS BROKEN: ${verification.faults.map((fault) => fault.kind).join(', ')}`,
  );
  return verification;
}

/** Jobs and requests of an instance that was kept from before: not this day's. */
async function madeSoFar({ auditor }: Cast): Promise<ReadonlySet<string>> {
  const made = [...(await auditor.list('/v1/jobs')), ...(await auditor.list('/v1/egress-requests'))];
  return new Set(made.map((item) => item.id));
}

async function summarise(
  cast: Cast,
  known: {
    readonly before: ReadonlySet<string>;
    readonly verification: AuditVerification;
    readonly isolation: string;
    readonly seconds: number;
  },
): Promise<DemoSummary> {
  const isOfToday = (item: { readonly id: string }): boolean => !known.before.has(item.id);
  const jobs = (await cast.auditor.list('/v1/jobs')).filter(isOfToday);
  const requests = (await cast.auditor.list('/v1/egress-requests')).filter(isOfToday);
  const refusedJobs = jobs.filter((job) => job.state === 'REFUSED').length;
  const refusedRequests = requests.filter((item) => item.state === 'REJECTED' || item.state === 'BLOCKED').length;
  return {
    jobs: jobs.length,
    released: requests.filter((item) => item.state === 'RELEASED').length,
    refused: refusedJobs + refusedRequests,
    withheldCells: await withheldCells(cast.operator1, requests),
    auditEntries: known.verification.entries,
    auditVerified: known.verification.verified,
    isolation: known.isolation,
    seconds: known.seconds,
  };
}

async function withheldCells(operator: ApiClient, requests: readonly EgressView[]): Promise<number> {
  let cells = 0;
  for (const request of requests) {
    const seen = await operator.get(`/v1/egress-requests/${segment(request.id)}`);
    cells += (seen.findings ?? []).filter((finding) => finding.cell !== undefined && finding.severity !== 'info').length;
  }
  return cells;
}

function isolationText(isolation: Instance['isolation']): string {
  if (isolation === 'bubblewrap') return 'bubblewrap (own file system, no network)';
  if (isolation === 'namespaces') return 'namespaces of the kernel (no network)';
  return 'process – this machine offers neither bubblewrap nor namespaces, so workers are plain child processes';
}
