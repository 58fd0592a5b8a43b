import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { combine, type RuleOutcome } from '../../egress/evidence-rules.ts';
import { nothingFound } from '../../egress/special-rules.ts';
import { absoluteDecimal, type Decimal } from '../../kernel/decimal.ts';
import type { GateProgram } from '../../sandbox/sql/model/program.ts';
import type { CellKey, Variant } from '../../sandbox/sql/statements/relation.ts';
import type { Figure } from '../../sandbox/sql/statements/special/figure.ts';
import type { SpecialArgument } from '../../sandbox/sql/statements/special/special-rows.ts';
import type { RunStatement } from '../enclave-fault.ts';

export type UnitRule = RuleOutcome & { readonly unitType: string };

/** An aggregate that is no sum, in one cell: its figure, and the rules that come on top of those for its terms. */
export interface SpecialAnswer {
  readonly value: number | string | boolean | null;
  readonly rules: readonly UnitRule[];
}

/** What is known of a column in one cell before anything is computed. */
export interface ArgumentProfile {
  readonly rows: number;
  /** Least and greatest number of steps; null where no row has a value or the column is no number. */
  readonly least: Decimal | null;
  readonly greatest: Decimal | null;
}

export interface SpecialCell {
  readonly key: CellKey;
  /** By argument. */
  readonly arguments: readonly ArgumentProfile[];
}

/** All that one pass over the special aggregates of a gate shares. */
export interface SpecialContext {
  readonly program: GateProgram;
  readonly variant: Variant;
  readonly policy: DisclosurePolicy;
  readonly run: RunStatement;
  /** Every cell of the gate, by name. */
  readonly cells: ReadonlyMap<string, SpecialCell>;
  readonly keyTypes: readonly string[];
  readonly arguments: readonly SpecialArgument[];
  /** By argument; undefined for what is no exact number. */
  readonly figures: readonly (Figure | undefined)[];
}

export type Answers = ReadonlyMap<string, SpecialAnswer>;

/** The variant for some cells only. */
export function onlyCells(context: SpecialContext, names: readonly string[]): Variant {
  const cells = names.flatMap((name) => {
    const cell = context.cells.get(name);
    return cell === undefined ? [] : [cell.key];
  });
  return { ...context.variant, selection: { cells, types: context.keyTypes } };
}

/** The argument of this piece and SQL. */
export function argumentIndex(context: SpecialContext, argument: SpecialArgument): number {
  return context.arguments.findIndex((item) => item.piece === argument.piece && item.column.sql === argument.column.sql);
}

export function ofUnit(rules: readonly RuleOutcome[], unitType: string): readonly UnitRule[] {
  return rules.map((rule) => ({ ...rule, unitType }));
}

/** Withheld: nothing was found of the cell, or nothing that can be computed with. */
export function withheld(context: SpecialContext): SpecialAnswer {
  const types = context.program.units.length === 0 ? [''] : context.program.units.map((unit) => unit.type);
  return { value: null, rules: types.flatMap((type) => ofUnit(nothingFound(), type)) };
}

export function isOpen(rules: readonly RuleOutcome[]): boolean {
  return combine(rules) === 'undecided';
}

/** Whether a number of steps is one that figures are cut to. */
export function isCut(figure: Figure, steps: Decimal | null): boolean {
  return figure.limit !== null && steps !== null && absoluteDecimal(steps).digits >= figure.limit;
}
