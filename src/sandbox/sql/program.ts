import type { Stage } from '../../kernel/stage.ts';
import type { AnalysedKey, AnalysedOutput } from './analysed.ts';
import type { Condition } from './condition.ts';

/** Whether all values of a column have one sign, as the unit profile knows it; decides how dominance may be read from buckets. */
export type Signs = 'nonnegative' | 'nonpositive' | 'mixed';

export type ProgramMonomial =
  | { readonly kind: 'rows' }
  | { readonly kind: 'unit'; readonly unit: number }
  | { readonly kind: 'present'; readonly sql: string }
  | { readonly kind: 'value'; readonly sql: string; readonly signs: Signs; readonly sensitive: boolean };

/** One unit instance: the columns that number and bucket it in the statements. */
export interface ProgramUnit {
  readonly type: string;
  readonly number: string;
  readonly bucket: string;
  /** Units of this type in the version; decides whether a sample of them is worth a pass of its own. */
  readonly size: number;
  /** No unit has two rows in the query's relation. */
  readonly oneRow: boolean;
}

/**
 * What the enclave is asked to compute, as plain data: relation, keys, monomials, units and condition, from which every
 * statement is printed. Nothing of the merchant's text is in it but names he chose for output columns. Source: gate.md §3.5, §6.
 */
export interface EvidenceProgram {
  /** What the merchant is shown and what is stored: the query as it will run, with logical names. */
  readonly canonicalSql: string;
  /** SHA-256 of the canonical text, hex. */
  readonly artefactHash: string;
  /** FROM clause with join keys; instances are `t0`, `t1`, … */
  readonly from: string;
  readonly keys: readonly (AnalysedKey & { readonly sql: string })[];
  readonly monomials: readonly ProgramMonomial[];
  readonly outputs: readonly AnalysedOutput[];
  readonly order: readonly { readonly output: number; readonly descending: boolean }[];
  readonly units: readonly ProgramUnit[];
  readonly condition: Condition | null;
}

export type Rewritten = Stage<'rewritten', EvidenceProgram>;
