import type { WasmModule } from '../wasm/read-wasm.ts';
import type { Scorer } from './scorer.ts';

/** Runs a module elsewhere; null where it gave nothing, `work` where a row took more instructions than a row may. */
export type RunWasm = (question: {
  readonly module: Uint8Array;
  readonly memory: WasmModule['memory'];
  readonly rows: readonly (readonly number[])[];
}) => Promise<readonly number[] | null | 'work'>;

/** A row took more instructions than a row may. */
export class WorkExceeded extends Error {}

/** What a row is taken to cost: an instance of its own. */
const STEPS = 50_000;

/** A checked module as a function of one row. Where it gives nothing at all, no row has a score. Throws WorkExceeded. Source: issue "Models" (custom code). */
export function wasmScorer({ values, memory, metered }: WasmModule, run: RunWasm): Scorer {
  return {
    slots: Array.from({ length: values }, (_, at) => ({ name: `p${at}`, isText: false })),
    stepsPerRow: STEPS,
    score: async (rows) => {
      if (rows.length === 0) return [];
      const scores = await run({ module: metered, memory, rows: rows.map((row) => row.map(Number)) });
      if (scores === 'work') throw new WorkExceeded();
      return scores ?? rows.map(() => Number.NaN);
    },
  };
}
