import type { ComparisonOperator, IntervalUnit, LiteralType, Position } from '../ast.ts';
import type { BoundColumn } from './bound.ts';
import type { Condition, SqlTemplate } from './condition.ts';

/** Expressions over rows that belong to units, every name resolved to a column of a table instance. Source: gate.md §3.3. */
export type Scalar =
  | { readonly kind: 'column'; readonly column: BoundColumn; readonly at: Position }
  | { readonly kind: 'literal'; readonly type: LiteralType; readonly text: string; readonly at: Position }
  | { readonly kind: 'interval'; readonly amount: number; readonly unit: IntervalUnit; readonly at: Position }
  | ReleasedScalar
  | { readonly kind: 'call'; readonly name: string; readonly arguments: readonly Scalar[]; readonly at: Position }
  | { readonly kind: 'cast'; readonly input: Scalar; readonly type: string; readonly at: Position }
  | { readonly kind: 'case'; readonly branches: readonly ScalarBranch[]; readonly otherwise: Scalar; readonly at: Position }
  | { readonly kind: 'truth'; readonly test: Test; readonly at: Position };

export interface ScalarBranch {
  readonly when: Test;
  readonly then: Scalar;
}

/** A value that an earlier stage of the same statement released; `token` stands for it until then. */
export interface ReleasedScalar {
  readonly kind: 'released';
  readonly token: string;
  /** The value as the gate gave it; otherwise the merchant computed on it, and it is rounded to the grid like a literal. */
  readonly bare: boolean;
  readonly at: Position;
}

/** Conditions over such rows. NULL counts as not satisfied wherever a row is chosen by one. */
export type Test =
  | {
      readonly kind: 'compare';
      readonly operator: ComparisonOperator;
      readonly left: Scalar;
      readonly right: Scalar;
      readonly at: Position;
    }
  | { readonly kind: 'isNull'; readonly input: Scalar; readonly negated: boolean; readonly at: Position }
  | {
      readonly kind: 'like';
      readonly input: Scalar;
      readonly operator: '~~' | '~~*';
      readonly pattern: string;
      readonly negated: boolean;
      readonly at: Position;
    }
  /** Member of a list that an earlier stage released. */
  | {
      readonly kind: 'member';
      readonly input: Scalar;
      readonly token: string;
      readonly stage: string;
      readonly negated: boolean;
      readonly at: Position;
    }
  | { readonly kind: 'exists'; readonly semiJoin: SemiJoin; readonly negated: boolean; readonly at: Position }
  | { readonly kind: 'and' | 'or'; readonly items: readonly Test[]; readonly at: Position }
  | { readonly kind: 'not'; readonly item: Test; readonly at: Position }
  | { readonly kind: 'constant'; readonly value: boolean; readonly at: Position };

/** Rows of another relation of the same unit, joined on declared keys. Keys are no operands; the condition inside is. */
export interface SemiJoin {
  readonly from: SqlTemplate;
  readonly keys: string;
  readonly condition: Condition | null;
  /** What the condition says. */
  readonly tests: readonly Test[];
  /** The whole inner query as it is shown, from FROM on. */
  readonly shown: SqlTemplate;
}

/** Every column an expression reads. */
export function columnsOfScalar(scalar: Scalar): readonly BoundColumn[] {
  switch (scalar.kind) {
    case 'column':
      return [scalar.column];
    case 'call':
      return scalar.arguments.flatMap(columnsOfScalar);
    case 'cast':
      return columnsOfScalar(scalar.input);
    case 'case':
      return [
        ...scalar.branches.flatMap((item) => [...columnsOfTest(item.when), ...columnsOfScalar(item.then)]),
        ...columnsOfScalar(scalar.otherwise),
      ];
    case 'truth':
      return columnsOfTest(scalar.test);
    default:
      return [];
  }
}

/** Every column a condition reads; those inside semi-joins are not among them. */
export function columnsOfTest(test: Test): readonly BoundColumn[] {
  switch (test.kind) {
    case 'compare':
      return [...columnsOfScalar(test.left), ...columnsOfScalar(test.right)];
    case 'isNull':
    case 'like':
    case 'member':
      return columnsOfScalar(test.input);
    case 'and':
    case 'or':
      return test.items.flatMap(columnsOfTest);
    case 'not':
      return columnsOfTest(test.item);
    default:
      return [];
  }
}
