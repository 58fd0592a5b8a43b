import { z } from 'zod';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Problem, problem } from '../../problems/problem.ts';

const decimal = z.string().regex(/^[+-]?\d{1,20}(\.\d{1,10})?$/);
const number = z.union([z.number().transform(String), decimal]).pipe(decimal);
const rotation = z.int().min(1).max(1_000_000).optional();
const ends = z.int().min(0).max(8).optional();

const partial = z.discriminatedUnion('kind', [
  z.strictObject({ operator: z.literal('partial'), kind: z.enum(['name', 'mobile', 'landline', 'plate', 'bankCard', 'passport', 'ip']) }),
  z.strictObject({ operator: z.literal('partial'), kind: z.enum(['residentId', 'uscc']), first: ends, last: ends }),
  z.strictObject({ operator: z.literal('partial'), kind: z.literal('address'), hide: z.int().min(1).max(200).optional() }),
  z.strictObject({ operator: z.literal('partial'), kind: z.literal('email'), style: z.enum(['name', 'both']).optional() }),
  z.strictObject({
    operator: z.literal('partial'),
    kind: z.literal('characters'),
    first: z.int().min(0).max(100).default(0),
    last: z.int().min(0).max(100).default(0),
    hide: z.enum(['inner', 'outer']).default('inner'),
    fill: z.string().min(1).max(20).default('*'),
    least: z.int().min(1).max(100).default(4),
  }),
]);

const generalise = z.union([
  z.strictObject({ operator: z.literal('generalise'), date: z.enum(['month', 'quarter', 'year', 'decade']) }),
  z.strictObject({
    operator: z.literal('generalise'),
    number: z.strictObject({ width: number.refine((width) => Number(width) > 0), bottom: number.optional(), top: number.optional() }),
  }),
  z.strictObject({ operator: z.literal('generalise'), region: z.enum(['county', 'prefecture', 'province']) }),
  z.strictObject({ operator: z.literal('generalise'), hierarchy: z.string().min(1).max(400), level: z.int().min(1).max(20) }),
]);

/** What is done to a column. Unknown operators, `hash` without a key among them, and unknown fields are refused. */
export const operatorSchema = z.union([
  z.strictObject({ operator: z.enum(['keep', 'drop', 'redact']) }),
  partial,
  generalise,
  z.strictObject({ operator: z.literal('pseudonym'), hash: z.enum(['hmac-sha256', 'hmac-sm3']).default('hmac-sha256'), rotation }),
  z.strictObject({ operator: z.literal('ff1'), kind: z.enum(['residentId', 'uscc', 'digits', 'alphanumeric']), rotation }),
  z.strictObject({ operator: z.literal('dateShift'), days: z.int().min(1).max(3650), rotation }),
  z.strictObject({ operator: z.literal('noise'), step: number.refine((step) => Number(step) > 0), scale: z.number().positive().max(1e6) }),
  z.strictObject({ operator: z.literal('rankSwap'), percent: z.number().positive().max(100) }),
  z.strictObject({ operator: z.literal('microAggregate'), k: z.int().min(2).max(10_000) }),
  z.strictObject({ operator: z.literal('suppress'), least: z.int().min(2).max(1_000_000) }),
]);

const policySchema = z.strictObject({
  policy: z.string().min(1).max(100),
  version: z.int().min(1),
  /** Keys of another project are others, so that outputs of two projects cannot be joined by pseudonyms. */
  project: z.string().min(1).max(100).optional(),
  /** Column that says whom a row is about; `dateShift` needs it. */
  unit: z.string().min(1).max(200).optional(),
  columns: z.record(z.string().min(1).max(200), operatorSchema),
});

export type MaskSpec = z.output<typeof operatorSchema>;
export type FilePolicy = z.output<typeof policySchema>;

/**
 * Reads a masking policy over files: an operator for every column. Says where it is wrong, never what stands there.
 * Source: issue "Masking" (`mask apply --policy`); docs/reference/masking.md.
 */
export function readFilePolicy(json: unknown): Result<FilePolicy, readonly Problem[]> {
  const read = policySchema.safeParse(json);
  if (!read.success) return err(read.error.issues.map((issue) => problem('masking.policy', { pointer: pointerOf(issue.path) })));
  const needsUnit = Object.values(read.data.columns).some((spec) => spec.operator === 'dateShift');
  if (needsUnit && read.data.unit === undefined) return err([problem('masking.policy', { pointer: '/unit' })]);
  return ok(read.data);
}

function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${String(part)}`).join('');
}
