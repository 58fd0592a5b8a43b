import { z } from 'zod';

const name = z.string().min(1).max(200);
const share = z.number().min(0).max(1);
const distribution = z.union([
  z.strictObject({ kind: z.literal('uniform') }),
  z.strictObject({ kind: z.literal('skewed') }),
  z.strictObject({ kind: z.literal('normal'), mean: z.number(), deviation: z.number().positive() }),
  z.strictObject({ kind: z.literal('weights'), weights: z.array(z.number().min(0)).min(1).max(10_000) }),
]);

/**
 * What a declaration may add about the shape of a table, for simulation only: published facts, never measured ones. `cardinality`:
 * rows per row of the referenced table; `dependencies`: `to` is a function of `from`; `orderings`: columns that rise from left
 * to right; `unique`: columns, or lists of columns together, without repetitions; per column a distribution, the share of NULLs, and the share of values that
 * are dirty (stray blanks, full-width digits).
 * Source: synthetic-and-masking.md §3 (inputs of L0).
 */
export const simulationHints = z.strictObject({
  cardinality: z
    .array(z.strictObject({ columns: z.array(name).min(1).max(16), min: z.int().min(0), mean: z.number().positive(), max: z.int().min(1) }))
    .max(50)
    .optional(),
  dependencies: z
    .array(z.strictObject({ from: z.array(name).min(1).max(8), to: z.array(name).min(1).max(50) }))
    .max(100)
    .optional(),
  orderings: z.array(z.array(name).min(2).max(10)).max(50).optional(),
  unique: z
    .array(z.union([name, z.array(name).min(2).max(8)]))
    .max(100)
    .optional(),
  columns: z
    .record(z.string(), z.strictObject({ distribution: distribution.optional(), nullShare: share.optional(), dirt: share.optional() }))
    .optional(),
});

export type SimulationHints = z.infer<typeof simulationHints>;
