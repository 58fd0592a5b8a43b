import { ok } from '../../src/kernel/result.ts';
import type { PipelinePort } from '../../src/operations/data-ports.ts';
import { type Admitted, admit, answer, translate } from '../../src/pipeline.ts';
import type { GateBench } from './gate-bench.ts';

/** An instance that was seeded declares other tables: to its check of scope the bench's columns are none. That has tests of its own. */
const unscoped = (admitted: Admitted): Admitted => ({
  ...admitted,
  columns: [],
  lineage: (admitted.lineage ?? []).map(({ column }) => ({ column, sources: [] })),
});

/** The real gate over the tables of a bench, under the name and version that a seeded instance knows; `withLedger`: and its ledger. */
export function benchPipeline({ context, enclave }: GateBench, withLedger: boolean): PipelinePort {
  return {
    translate,
    verifyKeys: async () => ok(new Map()),
    async admit(sql) {
      const admitted = await admit(sql, context, { enclave });
      return admitted.ok ? ok(unscoped(admitted.value)) : admitted;
    },
    async answer(sql, { version }, { onIntent, ledger }, signal) {
      const here = { ...context, version: { ...context.version, version: version.version } };
      const decided = await answer(sql, here, { enclave, onIntent, ...(withLedger && ledger !== null ? { ledger } : {}) }, signal);
      return decided.ok ? ok({ ...decided.value, admitted: unscoped(decided.value.admitted) }) : decided;
    },
  };
}
