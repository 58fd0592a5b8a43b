import type { Condition, Reduction } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';
import { deepPlaces, mayChange } from './deep-operands.ts';
import { layoutOf } from './layout.ts';
import { type Drop, holds, isDeep } from './moved-rows.ts';
import { countsWholeUnits } from './whole-units.ts';

/**
 * Some terms whose moves are counted together. Where `decides`, the drop is made for the whole row once this part is
 * moved by too few units; otherwise only if every part is, and else the terms of this part are withheld.
 */
export interface MovedPart {
  readonly terms: readonly number[];
  readonly decides: boolean;
}

/**
 * The parts of a drop, in the order of the columns of the statements that count its moves: a figure per part. None where
 * the drop changes no term. A condition inside FROM decides about each figure by itself; one among the rows about all
 * sums and counts of rows at once, and about numbers of units apart.
 * Source: gate.md §6 (neutral operands), gate-examples.md D4, docs/adr/0015.
 */
export function partsOf(program: GateProgram, reduction: Reduction, drop: Drop): readonly MovedPart[] {
  const isOpen = (index: number): boolean => !isEmptied(program, index, reduction);
  const isUnit = (index: number): boolean => program.terms[index]?.kind === 'unit' && countsWholeUnits(program);
  const all = program.terms.map((_, index) => index).filter(isOpen);
  if (isDeep(program, drop.operand)) return deepParts(program, drop, all);
  const { where } = program;
  const isEverywhere = where !== null && holds(where, drop.operand.id);
  const affected = all.filter((index) => isEverywhere || pieceHolds(program, index, drop.operand));
  const rows = affected.filter((index) => !isUnit(index));
  const units = affected.filter(isUnit);
  return [
    ...(rows.length === 0 ? [] : [{ terms: rows, decides: true }]),
    ...(units.length === 0 ? [] : [{ terms: units, decides: false }]),
  ];
}

/** Terms that count or add up the same are one part. */
function deepParts(program: GateProgram, drop: Drop, open: readonly number[]): readonly MovedPart[] {
  const layout = layoutOf(program);
  const places = deepPlaces(program);
  const root = [...places.keys()].find((id) =>
    program.from.some((part) => typeof part !== 'string' && part.id === id && holds(part, drop.operand.id)),
  );
  const place = places.get(root ?? Number.NaN) ?? { kind: 'other' };
  const groups = new Map<string, number[]>();
  for (const index of open) {
    const term = program.terms[index];
    if (term === undefined || !mayChange(program, term, place)) continue;
    const own = layout.terms[index];
    const name = term.kind === 'unit' && countsWholeUnits(program) ? `unit ${term.piece}` : `${own?.counter} ${own?.sum}`;
    groups.set(name, [...(groups.get(name) ?? []), index]);
  }
  return [...groups.values()].map((terms) => ({ terms, decides: false }));
}

function pieceHolds(program: GateProgram, index: number, operand: Condition): boolean {
  const piece = program.terms[index]?.piece ?? null;
  const condition = piece === null ? undefined : program.pieces[piece];
  return condition !== undefined && holds(condition, operand.id);
}

/** Whether no row contributes to a term any more: its piece was dropped altogether. */
export function isEmptied(program: GateProgram, index: number, reduction: Reduction): boolean {
  const piece = program.terms[index]?.piece ?? null;
  const condition = piece === null ? undefined : program.pieces[piece];
  return condition !== undefined && reduction.never.has(condition.id);
}
