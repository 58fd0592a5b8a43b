import { z } from 'zod';
import type { Column, Dataset, Role } from '../../catalog/dataset.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { type MaskSpec, operatorSchema } from './mask-policy.ts';

/** Labels that a policy decides about; secrets of work and state never enter, and what has no label needs none. */
const POLICY_LABELS = ['personal', 'sensitivePersonal', 'tradeSecret'] as const;
const ROLES = ['unitId', 'directId', 'quasiId', 'sensitive', 'measure', 'dimension'] as const satisfies readonly Role[];

const ruleSchema = z.strictObject({
  label: z.enum(POLICY_LABELS),
  /** Role of the column in the declaration; `*`: any. */
  role: z.enum([...ROLES, '*']).default('*'),
  /** Scenario of the grant; `*`: any. */
  purpose: z.string().min(1).max(200).default('*'),
  operator: operatorSchema,
});

/** Body of a policy: what is done to columns of a label, by their role and by what they are asked for. */
export const datasetPolicySchema = z.strictObject({
  policy: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,99}$/)
    .describe('name of the policy; a new version has the same'),
  dataset: z.string().min(1).max(100),
  rules: z.array(ruleSchema).min(1).max(500),
});

export type DatasetPolicy = z.output<typeof datasetPolicySchema>;

/**
 * Reads a policy over a dataset. Two rules of the same label, role and purpose are refused: one of them would have to be guessed. So is an operator that goes back with a key and yet may never leave (`ff1`), and
 * one that needs a file beside it. Says where it is wrong, never what stands there. Source: issue "Masking" (policies: label × role × purpose → operator); GZ-21c.
 */
export function readDatasetPolicy(json: unknown): Result<DatasetPolicy, readonly Problem[]> {
  const read = datasetPolicySchema.safeParse(json);
  if (!read.success) return err(read.error.issues.map((issue) => problem('masking.policy', { pointer: pointerOf(issue.path) })));
  const seen = new Set<string>();
  const wrong = read.data.rules.flatMap(({ label, role, purpose, operator }, at) => {
    const key = JSON.stringify([label, role, purpose]);
    const isTwice = seen.has(key);
    seen.add(key);
    const isUnfit = operator.operator === 'ff1' || (operator.operator === 'generalise' && 'hierarchy' in operator);
    return isTwice || isUnfit ? [problem('masking.policy', { pointer: `/rules/${at}` })] : [];
  });
  return wrong.length > 0 ? err(wrong) : ok(read.data);
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join('');
}

/**
 * The operator for a column that is asked for a purpose: the rule that names the purpose before one that does not, then the one that names the role. Null where no rule fits: the column does not leave.
 * Source: issue "Masking" (a labelled column leaves only through its policy's operator).
 */
export function operatorFor(policy: DatasetPolicy, column: Pick<Column, 'label' | 'role'>, purpose: string): MaskSpec | null {
  const fitting = policy.rules.filter(
    (rule) =>
      rule.label === column.label && (rule.role === '*' || rule.role === column.role) && (rule.purpose === '*' || rule.purpose === purpose),
  );
  const rank = (rule: DatasetPolicy['rules'][number]): number => (rule.purpose === '*' ? 0 : 2) + (rule.role === '*' ? 0 : 1);
  const [best] = fitting.toSorted((one, other) => rank(other) - rank(one));
  return best?.operator ?? null;
}

/** What a query may show of a date, from the finest to nothing at all. */
const DATES = ['month', 'quarter', 'year', 'decade', 'withheld'] as const;
const REGIONS = ['county', 'prefecture', 'province', 'withheld'] as const;

/**
 * The dataset as queries for a purpose may see it: every labelled column of protected tables with the masking of its policy, or the declared one where that is stricter. Operators that cannot be computed above a gate (pseudonyms,
 * partial masks, noise) withhold the column from queries; masked datasets apply them. Identifiers of units keep to the rules of their role: they are never shown, and people are counted by them.
 * Source: issue "Masking" (applied by lineage at the gate); gate.md §2.
 */
export function maskedByPolicy(dataset: Dataset, policy: DatasetPolicy, purpose: string): Dataset {
  const masked = (column: Column): Column => {
    if (column.label === 'none' || column.role === 'unitId' || column.role === 'directId') return column;
    const masking = stricter(column.masking, maskingOf(operatorFor(policy, column, purpose)));
    return masking === undefined ? column : { ...column, masking };
  };
  return {
    ...dataset,
    tables: dataset.tables.map((table) => (table.visibility === 'public' ? table : { ...table, columns: table.columns.map(masked) })),
  };
}

function maskingOf(operator: MaskSpec | null): Column['masking'] {
  if (operator?.operator === 'keep') return undefined;
  if (operator?.operator === 'generalise' && 'date' in operator) return operator.date;
  if (operator?.operator === 'generalise' && 'region' in operator) return operator.region;
  return 'withheld';
}

function stricter(one: Column['masking'], other: Column['masking']): Column['masking'] {
  if (one === undefined || other === undefined || one === other) return one ?? other;
  for (const order of [DATES, REGIONS] as readonly (readonly string[])[])
    if (order.includes(one) && order.includes(other)) return order.indexOf(one) > order.indexOf(other) ? one : other;
  return 'withheld';
}
