import type { Emit } from './bench-line.ts';
import { runAdmissionBench } from './gate-admission.ts';
import { runTpchBench } from './gate-tpch.ts';
import { runVisitsBench } from './gate-visits.ts';
import { runGateWithLedgerBench } from './gate-with-ledger.ts';
import { runLedgerStoreBench } from './ledger-store.ts';
import { measureWorkerStart } from './worker-start.ts';

/**
 * Speed of the SQL gate: TPC-H queries at the scale factors of SLUICE_BENCH_SCALES (default `1`), one long table
 * (SLUICE_BENCH_ROWS, default 20 million), admission, and the start of a worker. SLUICE_BENCH_ONLY runs one of `tpch`,
 * `visits`, `ledger` (SLUICE_BENCH_ENTRIES, default a million), `beside-ledger` (the queries beside so many figures) and `admission`; SLUICE_BENCH_QUERIES, a regular expression, picks queries by
 * name; SLUICE_BENCH_FOLDER keeps what was generated for the next run.
 */
export async function runGateBench(emit: Emit): Promise<void> {
  const only = process.env['SLUICE_BENCH_ONLY'];
  const isAsked = (part: string): boolean => only === undefined || only === part;
  const scales = (process.env['SLUICE_BENCH_SCALES'] ?? '1').split(',').map(Number);
  if (isAsked('tpch')) for (const scale of scales) await runTpchBench(scale, emit);
  if (isAsked('visits')) await runVisitsBench(emit);
  if (isAsked('ledger')) await runLedgerStoreBench(emit);
  if (isAsked('beside-ledger')) await runGateWithLedgerBench(scales[0] ?? 1, emit);
  if (isAsked('admission')) {
    await runAdmissionBench(emit);
    await measureWorkerStart(emit);
  }
}
