import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { statementRunner } from '../src/pipeline/enclave-fault.ts';
import { runStages, type StagesRun } from '../src/pipeline/run-stages.ts';
import type { EnclaveSession } from '../src/sandbox/enclave/port.ts';
import type { Rewritten } from '../src/sandbox/sql/model/program.ts';
import type { Emit } from './bench-line.ts';
import { type BenchData, tpchData } from './gate-data.ts';
import {
  alternatingTimes,
  declaredDataset,
  exactBesides,
  largestDescendantMiB,
  median,
  NO_TIMES,
  openSession,
  programOf,
} from './gate-measure.ts';
import { TPCH_QUERIES } from './tpch-queries.ts';

/**
 * The queries over TPC-H tables at a scale factor, plain and with their verdicts, in one worker and in turns. Plain is the
 * same text over the same sealed tables without the gate.
 */
export async function runTpchBench(scale: number, emit: Emit): Promise<void> {
  const data = await tpchData(scale);
  try {
    const dataset = declaredDataset(data.declaration);
    const session = await openSession(data);
    const ratios: Ratios[] = [];
    for (const { id, sql } of askedQueries()) {
      const name = `gate, SF ${scale}, ${id}`;
      const program = await programOf(sql, dataset, data);
      if (!('stages' in program)) emit({ name, metric: `refused: ${program.join(', ')}`, value: 1, unit: 'queries' });
      else ratios.push(await measureQuery(name, sql, program, session, emit));
    }
    await session.close();
    for (const [what, values] of [
      ['ratio', ratios.map(({ wall }) => wall)],
      ['ratio of processor time of the worker', ratios.map(({ processor }) => processor)],
    ] as const) {
      emit({ name: `gate, SF ${scale}`, metric: `median ${what}`, value: median(values), unit: '×' });
      emit({ name: `gate, SF ${scale}`, metric: `worst ${what}`, value: Math.max(...values), unit: '×' });
    }
    await measureMemory(scale, data, emit);
  } finally {
    await data.close();
  }
}

/** All of them, or those whose names SLUICE_BENCH_QUERIES (a regular expression) fits. */
export function askedQueries(): typeof TPCH_QUERIES {
  const asked = new RegExp(process.env['SLUICE_BENCH_QUERIES'] ?? '', 'i');
  return TPCH_QUERIES.filter(({ id }) => asked.test(id));
}

async function measureQuery(name: string, sql: string, program: Rewritten, session: EnclaveSession, emit: Emit): Promise<Ratios> {
  const run = statementRunner(session);
  let last: StagesRun | undefined;
  const gated = async (): Promise<void> => {
    last = await runStages(program, DEFAULT_POLICY, run);
  };
  const gate = program.stages.find((stage) => stage.kind === 'gate')?.gate;
  const { distinct, twoLevel } = gate === undefined ? { distinct: sql, twoLevel: sql } : exactBesides(gate);
  const times = await alternatingTimes([() => run(sql), gated, () => run(distinct), () => run(twoLevel)]);
  const [plain = NO_TIMES, own = NO_TIMES, units = NO_TIMES, exact = NO_TIMES] = times;
  const line = (metric: string, value: number, baseline: number): void =>
    emit({ name, metric, value, unit: 'ms', baseline, ratio: value / baseline });
  line('plain', plain.wallMs, plain.wallMs);
  line(`gated, ${last?.answer.rows.length ?? 0} rows released`, own.wallMs, plain.wallMs);
  line('gated, processor time of the worker', own.processorMs, plain.processorMs);
  line('count(DISTINCT unit)', units.wallMs, plain.wallMs);
  line('exact two-level evidence', exact.wallMs, plain.wallMs);
  return { wall: own.wallMs / plain.wallMs, processor: own.processorMs / plain.processorMs };
}

interface Ratios {
  readonly wall: number;
  readonly processor: number;
}

/** Peak memory of a worker that answers all queries plain, and of one that answers them gated. */
async function measureMemory(scale: number, data: BenchData, emit: Emit): Promise<void> {
  const dataset = declaredDataset(data.declaration);
  const programs: { readonly sql: string; readonly program: Rewritten }[] = [];
  for (const { sql } of askedQueries()) {
    const program = await programOf(sql, dataset, data);
    if ('stages' in program) programs.push({ sql, program });
  }
  const peak = async (work: (session: EnclaveSession) => Promise<void>): Promise<number> => {
    const session = await openSession(data);
    await work(session);
    const peakMiB = await largestDescendantMiB();
    await session.close();
    return peakMiB;
  };
  const plain = await peak(async (session) => {
    for (const { sql } of programs) await statementRunner(session)(sql);
  });
  const gated = await peak(async (session) => {
    for (const { program } of programs) await runStages(program, DEFAULT_POLICY, statementRunner(session));
  });
  const line = (metric: string, value: number): void =>
    emit({ name: `gate, SF ${scale}, memory`, metric, value, unit: 'MiB', baseline: plain, ratio: value / plain });
  line('plain', plain);
  line('gated', gated);
}
