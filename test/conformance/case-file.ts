import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';

/** What a case asks of its last statement. Source: the conformance README's table. */
export const EXPECTATIONS = [
  'REJECT',
  'SUPPRESS',
  'GENERIC-ERROR',
  'DENY-DIFF',
  'CACHED',
  'HOLD',
  'NORMALISE',
  'ACCEPT-IF-K',
  'ACCEPT',
] as const;
export type Expectation = (typeof EXPECTATIONS)[number];

const ROLES = ['unitId', 'directId', 'quasiId', 'sensitive', 'measure', 'dimension'] as const;
const tableSchema = z.strictObject({
  visibility: z.enum(['public', 'protected']),
  units: z.record(z.string(), z.array(z.string()).min(1)).optional(),
  columns: z.record(z.string(), z.enum(ROLES)).optional(),
});
const catalogSchema = z.record(z.string(), tableSchema);
const policySchema = z.strictObject({
  k: z.int().min(1).optional(),
  nk: z.tuple([z.int().min(1), z.number()]).optional(),
  p: z.number().optional(),
});
const labels = z.array(z.union([z.string(), z.number()]));
const frame = {
  catalog: catalogSchema.optional(),
  setup: z.array(z.string()).optional(),
  tpch: z.number().positive().optional(),
  k: z.int().min(1).optional(),
  victim: z.record(z.string(), z.union([z.string(), z.number()])).optional(),
  policy: policySchema.optional(),
};
const caseSchema = z.strictObject({
  ...frame,
  id: z.string().min(1),
  cls: z.string().optional(),
  name: z.string().optional(),
  sql: z.array(z.union([z.string(), z.strictObject({ sql: z.string(), as: z.string().regex(/^(source|merchant-\d+)$/) })])).min(1),
  expect: z.enum(EXPECTATIONS),
  note: z.string().optional(),
  source: z.string().optional(),
  cells: z.strictObject({ released: labels.optional(), withheld: labels.optional() }).optional(),
});
const fileSchema = z.object({ ...frame, cases: z.array(caseSchema).min(1) });

export type Catalog = z.infer<typeof catalogSchema>;

/** The real data of a case: cases with equal data share one load. */
export interface DataSpec {
  readonly catalog: Catalog;
  readonly setup: readonly string[];
  readonly tpch: number | null;
}

export interface Statement {
  readonly sql: string;
  readonly by: 'source' | `merchant-${number}`;
}

/** One case with what it inherits from its file. */
export interface ConformanceCase {
  readonly id: string;
  readonly cls: string;
  readonly data: DataSpec;
  readonly statements: readonly Statement[];
  readonly expect: Expectation;
  readonly policy: DisclosurePolicy;
  readonly victim: Readonly<Record<string, string | number>>;
  readonly cells: { readonly released: readonly string[]; readonly withheld: readonly string[] } | null;
}

/** Reads and validates a file of cases. Throws where it has not the documented form: an unknown `expect` is not skipped. */
export async function readCaseFile(path: string): Promise<readonly ConformanceCase[]> {
  return readCases(JSON.parse(await readFile(path, 'utf8')));
}

export function readCases(json: unknown): readonly ConformanceCase[] {
  const file = fileSchema.parse(json);
  return file.cases.map((item): ConformanceCase => {
    const catalog = item.catalog ?? file.catalog;
    if (catalog === undefined) throw new Error(`Case ${item.id} has no catalog`);
    const policy = { ...file.policy, ...item.policy };
    const [units, share] = policy.nk ?? [2, 0.9];
    return {
      id: item.id,
      cls: item.cls ?? '',
      // A case with data of its own does not inherit the file's.
      data: {
        catalog,
        setup: item.setup ?? file.setup ?? [],
        tpch: item.tpch ?? (item.setup === undefined ? file.tpch : undefined) ?? null,
      },
      statements: item.sql.map(statementOf),
      expect: item.expect,
      policy: { k: policy.k ?? item.k ?? file.k ?? 10, dominance: { units, share }, pShare: policy.p ?? 0.1 },
      victim: item.victim ?? (item.setup === undefined ? (file.victim ?? {}) : {}),
      cells:
        item.cells === undefined
          ? null
          : { released: (item.cells.released ?? []).map(String), withheld: (item.cells.withheld ?? []).map(String) },
    };
  });
}

/** A leading comment that names merchant 2 means the same as `as: "merchant-2"`. */
function statementOf(item: string | { readonly sql: string; readonly as: string }): Statement {
  if (typeof item !== 'string') return { sql: item.sql, by: item.as as Statement['by'] };
  const number = /^\s*\/\*\s*merchant\s+(\d+)\s*\*\//i.exec(item)?.[1];
  return { sql: item, by: `merchant-${Number(number ?? 1)}` };
}
