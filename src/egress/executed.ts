import type { Decimal } from '../kernel/decimal.ts';
import type { Stage } from '../kernel/stage.ts';
import type { Requirement } from './evidence.ts';
import type { RuleOutcome } from './evidence-rules.ts';

export type KeyValue = string | number | boolean | null;

/** What the rules said of one aggregate of one row, over all unit instances. */
export interface OutputOutcome {
  readonly requirement: Requirement;
  readonly rules: readonly (RuleOutcome & { readonly unitType: string })[];
}

/** One row of the answer with everything the decision needs. Stays inside the domain. Source: gate.md §6, D4. */
export interface ExecutedCell {
  readonly key: readonly KeyValue[];
  /** Per monomial: how many rows contribute, and their sum where it has one. */
  readonly answers: readonly { readonly count: Decimal; readonly sum: Decimal | null }[];
  /** Printed operands that were neutral here. */
  readonly dropped: readonly string[];
  /** One per aggregate, in their order. */
  readonly outputs: readonly OutputOutcome[];
}

/** How the columns of the result are made of keys and aggregates. */
export interface ResultShape {
  readonly keys: readonly {
    readonly type: string;
    readonly sensitive: boolean;
    readonly publicLabels: readonly (string | number)[] | null;
  }[];
  /** In output order; `index` counts keys, or aggregates. */
  readonly outputs: readonly { readonly kind: 'key' | 'aggregate'; readonly name: string; readonly index: number }[];
  readonly order: readonly { readonly output: number; readonly descending: boolean }[];
}

export type Executed = Stage<'executed', { readonly shape: ResultShape; readonly cells: readonly ExecutedCell[] }>;
