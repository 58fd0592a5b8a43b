import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AuditEvent, SYSTEM_ACTOR } from '../src/audit/event.ts';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { ok } from '../src/kernel/result.ts';
import { jobLedger } from '../src/operations/job-ledger.ts';
import { writeWithLedger } from '../src/operations/ledger-memory.ts';
import type { JobRecord, StorePort } from '../src/operations/ports.ts';
import { statementRunner } from '../src/pipeline/enclave-fault.ts';
import { runStages } from '../src/pipeline/run-stages.ts';
import type { JobContext, LedgerPort } from '../src/pipeline.ts';
import type { EnclaveSession } from '../src/sandbox/enclave/port.ts';
import type { Rewritten } from '../src/sandbox/sql/model/program.ts';
import type { Emit } from './bench-line.ts';
import { type BenchData, tpchData } from './gate-data.ts';
import { alternatingTimes, declaredDataset, median, NO_TIMES, openSession, programOf, wholeGrant } from './gate-measure.ts';
import { askedQueries } from './gate-tpch.ts';
import { openBenchStore } from './ledger-start.ts';
import { ENTRIES, fillLedger } from './ledger-store.ts';

/**
 * The queries of `runTpchBench` beside a ledger of a million released figures of the families that they ask for: with
 * every look-up, decision and reservation. What a run reserved is dropped before the next, outside of its time.
 */
export async function runGateWithLedgerBench(scale: number, emit: Emit): Promise<void> {
  const data = await tpchData(scale);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-bench-ledger-'));
  try {
    const asked = await programs(data);
    const session = await openSession(data);
    const store = await openBenchStore(folder);
    const { unitType, families } = await familiesOf(asked, session);
    const context = contextOf(data);
    await fillLedger(store, { dataset: context.dataset.name, unitType, families }, () => {});
    const ratios: number[] = [];
    for (const query of asked)
      ratios.push(await measure(query, { session, store, context, name: `gate, SF ${scale}, ${ENTRIES} released figures` }, emit));
    const name = `gate, SF ${scale}, ${ENTRIES} released figures`;
    emit({ name, metric: 'median ratio', value: median(ratios), unit: '×' });
    emit({ name, metric: 'worst ratio', value: Math.max(...ratios), unit: '×' });
    await session.close();
    await store.close();
  } finally {
    await data.close();
    await rm(folder, { recursive: true, force: true });
  }
}

interface Asked {
  readonly id: string;
  readonly sql: string;
  readonly program: Rewritten;
}

async function programs(data: BenchData): Promise<readonly Asked[]> {
  const dataset = declaredDataset(data.declaration);
  const asked: Asked[] = [];
  for (const { id, sql } of askedQueries()) {
    const program = await programOf(sql, dataset, data);
    if ('stages' in program) asked.push({ id, sql, program });
  }
  return asked;
}

function contextOf(data: BenchData): JobContext {
  const dataset = declaredDataset(data.declaration);
  return { dataset, version: data.version, sealedPath: data.sealedPath, grant: wholeGrant(dataset), policy: DEFAULT_POLICY };
}

/** The families of all figures of the queries, by a ledger that only listens. */
async function familiesOf(
  asked: readonly Asked[],
  session: EnclaveSession,
): Promise<{ readonly unitType: string; readonly families: readonly string[] }> {
  const families = new Set<string>();
  let unitType = '';
  const listening: LedgerPort = {
    settle: async (rows) => {
      for (const figure of rows.flatMap((row) => row.figures)) {
        families.add(figure.family);
        unitType = figure.sketches[0]?.unitType ?? unitType;
      }
      return rows.map((row) => row.figures.map(() => ({ kind: 'keep' as const })));
    },
  };
  for (const { program } of asked) await runStages(program, DEFAULT_POLICY, statementRunner(session), { ledger: listening });
  return { unitType, families: [...families].sort() };
}

/** Of the whole bench: every run has a job of its own. */
let jobs = 0;

interface Beside {
  readonly session: EnclaveSession;
  readonly store: StorePort;
  readonly context: JobContext;
  readonly name: string;
}

async function measure({ id, sql, program }: Asked, { session, store, context, name }: Beside, emit: Emit): Promise<number> {
  const run = statementRunner(session);
  const settling: { readonly wall: number; readonly processor: number }[] = [];
  let job = await addJob(store, context, `job_bench_${++jobs}`);
  const gated = async (): Promise<void> => {
    const ledger = jobLedger({ store, clock: { now: () => new Date() } } as Parameters<typeof jobLedger>[0], job, context);
    const timed: LedgerPort = {
      settle: async (rows) => {
        const [begun, used] = [performance.now(), process.cpuUsage()];
        const verdicts = await ledger.settle(rows);
        const { user, system } = process.cpuUsage(used);
        settling.push({ wall: performance.now() - begun, processor: (user + system) / 1000 });
        return verdicts;
      },
    };
    await runStages(program, DEFAULT_POLICY, run, { ledger: timed });
  };
  const clear = async (): Promise<void> => {
    await drop(store, context.dataset.name, job.id);
    job = await addJob(store, context, `job_bench_${++jobs}`);
  };
  const [plain = NO_TIMES, own = NO_TIMES] = await alternatingTimes([() => run(sql), gated, clear]);
  emit({
    name: `${name}, ${id}`,
    metric: 'gated',
    value: own.wallMs,
    unit: 'ms',
    baseline: plain.wallMs,
    ratio: own.wallMs / plain.wallMs,
  });
  const line = (metric: string, values: readonly number[], baseline: number): void =>
    emit({ name: `${name}, ${id}`, metric, value: median(values), unit: 'ms', baseline, ratio: median(values) / baseline });
  const walls = settling.map(({ wall }) => wall);
  const processors = settling.map(({ processor }) => processor);
  line('of it in the ledger', walls, plain.wallMs);
  line('processor time in the ledger', processors, plain.processorMs);
  await drop(store, context.dataset.name, job.id);
  return own.wallMs / plain.wallMs;
}

async function addJob(store: StorePort, { dataset }: JobContext, id: string): Promise<JobRecord> {
  const who = { merchant: 'm', organisation: 'o', grantId: 'g', sql: '', artefactHash: null };
  const added = await store.write(async (tx) => {
    await tx.jobs.add(
      { id, dataset: dataset.name, target: 'real', state: 'REAL_RUNNING', ...who },
      eventOf('job.submit', id, dataset.name),
    );
    return ok(await tx.jobs.get(id));
  });
  if (!added.ok || added.value === null) throw new Error('No job');
  return added.value;
}

async function drop(store: StorePort, dataset: string, job: string): Promise<void> {
  await writeWithLedger(store, dataset, async (tx) => {
    await tx.ledger.settle(job, 'dropped', eventOf('ledger.expire', job, dataset));
    return ok(null);
  });
}

function eventOf(operation: 'job.submit' | 'ledger.expire', object: string, dataset: string): AuditEvent {
  return { operation, actor: SYSTEM_ACTOR, object, outcome: 'done', trace: object, facts: { dataset } } as AuditEvent;
}
