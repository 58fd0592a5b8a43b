import type { IdentifierKind } from '../../identifiers/identifier-kind.ts';

export type TestedCells = readonly (string | null)[];

export interface TestedColumn {
  readonly name: string;
  readonly cells: TestedCells;
}

/** An original column that must not be restored. */
export interface ProtectedColumn extends TestedColumn {
  /** What the declaration says its values are; decides which values are valid. */
  readonly kind?: IdentifierKind | 'date';
}

/** How far the original comes back. `partly`: a few candidates, or most rows. */
export type ReversibilityResult = 'reversible' | 'partly' | 'notFound';

/** One test of one released column. Never holds values of the data: `value` is a share, a count of candidates or a measure between 0 and 1. Source: formats.md, "reversibility". */
export interface ReversibilityFinding {
  readonly column: string;
  readonly test: string;
  readonly result: ReversibilityResult;
  readonly value: number;
  /** The original column that was looked for. */
  readonly original?: string;
}

/** A released column beside an original one, row by row; rows where either is missing are left out. */
export interface ColumnPair {
  readonly released: TestedColumn;
  readonly original: ProtectedColumn;
  readonly pairs: readonly (readonly [released: string, original: string])[];
}

/** Shares from which a test speaks; below the second nothing was found. */
const NEARLY_ALL = 0.99;
const MANY = 0.5;

/** What a share of restored rows means. Source: models-and-audit.md M32. */
export function byShare(share: number): ReversibilityResult {
  if (share >= NEARLY_ALL) return 'reversible';
  return share >= MANY ? 'partly' : 'notFound';
}

/** Number of distinct texts. */
export function distinctOf(texts: readonly string[]): number {
  return new Set(texts).size;
}
