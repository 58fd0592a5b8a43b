import { readDeclaration } from '../src/catalog/declaration.ts';
import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { statementRunner } from '../src/pipeline/enclave-fault.ts';
import { runStages } from '../src/pipeline/run-stages.ts';
import type { Emit } from './bench-line.ts';
import { BENCH_LIMITS, median, programOf } from './gate.ts';
import { tpchData } from './gate-data.ts';
import { TPCH_QUERIES } from './tpch-queries.ts';

/**
 * The TPC-H-like queries over data of our own generator, loaded by the product's loader: each as plain DuckDB and through
 * the gate with its verdict, in one worker. SLUICE_BENCH_SCALE: scale factors, separated by commas; 1 where absent.
 */
export async function runTpchBench(emit: Emit): Promise<void> {
  for (const scale of (process.env['SLUICE_BENCH_SCALE'] ?? '1').split(',').map(Number)) await measureScale(scale, emit);
}

async function measureScale(scale: number, emit: Emit): Promise<void> {
  const data = await tpchData(scale);
  try {
    const read = readDeclaration(data.declaration);
    if (!read.ok) throw new Error('The declaration is refused');
    const mounts = {
      database: { kind: 'sealed', path: data.sealedPath, digest: data.version.digest },
      readable: [],
      writable: [],
    } as const;
    const opened = await data.enclave.open(mounts, BENCH_LIMITS);
    if (!opened.ok) throw new Error(`No session: ${opened.error}`);
    const run = statementRunner(opened.value);
    const ratios: number[] = [];
    for (const { id, sql } of TPCH_QUERIES) {
      const program = await programOf(sql, read.value.dataset, data.version.profile, data.enclave);
      const plainMs = await median(() => run(sql));
      const gatedMs = await median(() => runStages(program, DEFAULT_POLICY, run));
      ratios.push(gatedMs / plainMs);
      emit({
        name: `gate, TPC-H ${scale}, ${id}`,
        metric: 'gated',
        value: gatedMs,
        unit: 'ms',
        baseline: plainMs,
        ratio: gatedMs / plainMs,
      });
    }
    ratios.sort((a, b) => a - b);
    const middle = ratios[Math.floor(ratios.length / 2)] ?? Number.NaN;
    emit({ name: `gate, TPC-H ${scale}`, metric: 'median ratio', value: middle, unit: 'x', baseline: 1, ratio: middle });
    emit({
      name: `gate, TPC-H ${scale}`,
      metric: 'worst ratio',
      value: ratios.at(-1) ?? Number.NaN,
      unit: 'x',
      baseline: 1,
      ratio: ratios.at(-1) ?? Number.NaN,
    });
    await opened.value.close();
  } finally {
    await data.close();
  }
}
