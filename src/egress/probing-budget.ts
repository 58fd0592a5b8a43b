/** Different literals or bin edges on one column that a period may hold before a person looks. Source: gate.md §9. */
export const PROBING_BUDGET = 8;

/** Whose literals count together. */
export interface ProbingScope {
  /** Of the merchant: colleagues share one budget. */
  readonly organisation: string;
  readonly dataset: string;
  /** As `probingPeriod` gives it. */
  readonly period: string;
}

/** A literal on a column, told apart from others and not readable. */
export interface KeyedProbe {
  /** `table.column`, or `derived`. */
  readonly column: string;
  /** Keyed digest of the literal, lower-case hex. Equal literals of one scope and column have equal digests. */
  readonly digest: string;
}

/** What of a decision tells whether the literals of its statement count. */
export interface ProbedOutcome {
  readonly verdict: 'releasable' | 'withheld';
  readonly withheldRows: number;
  readonly withheldCells: number;
  readonly publicLabelsWithheld: number | null;
  readonly findings: readonly { readonly rule: string }[];
}

/** Rules of findings on cells that were answered with something else than what was asked. */
const ALTERED_RULES: readonly string[] = ['operand.neutral', 'ledger.answered'];

/**
 * Whether the literals of a statement count: a cell was not released (empty and small alike), a condition was dropped
 * somewhere, or a figure was answered by an earlier release. Where none of it happened its literals have found no edge.
 *
 * Source: gate.md §9, gate-examples.md D18.
 */
export function isProbing(outcome: ProbedOutcome): boolean {
  const { verdict, withheldRows, withheldCells, publicLabelsWithheld, findings } = outcome;
  const allReleased = verdict === 'releasable' && withheldRows === 0 && withheldCells === 0 && (publicLabelsWithheld ?? 0) === 0;
  return !allReleased || findings.some((finding) => ALTERED_RULES.includes(finding.rule));
}

/** The calendar month of an instant in UTC: `2026-03`. Source: gate.md §9 ("calendar period"). */
export function probingPeriod(at: Date): string {
  return at.toISOString().slice(0, 7);
}

interface ColumnOverBudget {
  readonly column: string;
  /** Different literals on it. */
  readonly literals: number;
}

/**
 * Columns of one scope with more than `budget` different literals, by name. The same literal counts once, in however
 * many statements it stands. Does not refuse anything: what is over the budget goes to a person. Source: gate.md §9.
 */
export function columnsOverBudget(counted: readonly KeyedProbe[], budget: number = PROBING_BUDGET): readonly ColumnOverBudget[] {
  const digests = new Map<string, Set<string>>();
  for (const { column, digest } of counted) digests.set(column, (digests.get(column) ?? new Set()).add(digest));
  return [...digests]
    .map(([column, known]) => ({ column, literals: known.size }))
    .filter((item) => item.literals > budget)
    .sort((a, b) => (a.column < b.column ? -1 : 1));
}
