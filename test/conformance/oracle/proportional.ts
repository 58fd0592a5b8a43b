import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import { sumsOf } from './figures.ts';
import type { Source } from './known-figures.ts';
import { checkTogether, type Figure, type Violation } from './safety.ts';

/**
 * What known figures tell of another functional: where every unit of a row gives to it the same multiple of what it gives
 * to the row's figure (`age` times its rows in the row of that age), the reader multiplies. Sources of which any row gives
 * no such multiple are left out. Source: ADR 0040.
 */
export function proportionalTo(own: Figure, known: readonly Source[]): readonly Source[] {
  return known.flatMap((source) => {
    const multiples = source.of.map((figure) => multipleOf(own, figure));
    if (multiples.length === 0 || multiples.includes(null) || multiples.every((multiple) => multiple === 1)) return [];
    const shares = new Map<string, number>();
    for (const [index, figure] of source.of.entries())
      for (const [unit, value] of figure.shares) shares.set(unit, (shares.get(unit) ?? 0) + value * (multiples[index] ?? 0));
    return [{ value: [...shares.values()].reduce((sum, value) => sum + value, 0), unitType: source.unitType, shares, of: source.of }];
  });
}

function multipleOf(own: Figure, figure: Figure): number | null {
  let found: number | null = null;
  for (const [unit, value] of figure.shares) {
    const multiple = (own.shares.get(unit) ?? 0) / value;
    if (found !== null && Math.abs(multiple - found) > 1e-9 * Math.max(1, Math.abs(found))) return null;
    found ??= multiple;
  }
  return found;
}

/** Figures of one gate, cell by cell, and the text of the statement they were released for. */
export interface ReleasedFigures {
  readonly cells: readonly (readonly Figure[])[];
  readonly text: string;
  readonly prefix: string;
}

/**
 * What a reader learns of products by multiplying: where labels or conditions say what a column is (`age`, in the row of
 * that age), the figures of the row times that number stand beside released figures of the product.
 * Columns that the other statement does not name are not known to the reader. Source: ADR 0040.
 */
export function checkProducts(gates: readonly ReleasedFigures[], policy: DisclosurePolicy): readonly Violation[] {
  const goals = Map.groupBy(
    gates.flatMap(({ cells }) => cells.flat()).filter((figure) => figure.adds),
    (figure) => `${figure.unitType}|${figure.family}|${figure.reads.length === 0 ? figure.column : ''}`,
  );
  return [...goals.values()].flatMap((own) => {
    const learnt = gates.flatMap((gate) => timesKnown(own, gate));
    if (learnt.length === 0) return [];
    const sums = gates.flatMap(({ cells, prefix }) =>
      sumsOf(
        cells.map((cell) => cell.filter((figure) => own.includes(figure))),
        prefix,
      ),
    );
    return checkTogether([...own, ...learnt.flatMap(({ figures }) => figures)], [...sums, ...learnt.flatMap((item) => item.sums)], policy);
  });
}

interface Learnt {
  readonly figures: readonly Figure[];
  readonly sums: readonly Figure[];
}

/** The figures of a gate times what its statement tells of a product's other columns. */
function timesKnown(goals: readonly Figure[], gate: ReleasedFigures): readonly Learnt[] {
  const [goal] = goals;
  const whole = new Map(goals.flatMap((figure) => [...figure.shares]));
  if (goal === undefined || goals.some((figure) => gate.cells.flat().includes(figure))) return [];
  const times = (figure: Figure): readonly Figure[] => {
    const more = goal.reads.filter((column) => !figure.reads.includes(column));
    const tells = goal.reads.length === 0 ? PER_UNIT.test(gate.text) : more.length > 0 && more.every((column) => names(gate.text, column));
    if (!figure.adds || figure.unitType !== goal.unitType || !tells) return [];
    const multiple = multipleIn(whole, figure.shares);
    if (multiple === null || multiple === 1) return [];
    const column = `${figure.column ?? ''} times ${goal.family.length > 40 ? more.join() : goal.family}`;
    const shares = new Map([...figure.shares].map(([unit, value]) => [unit, value * multiple]));
    return [{ ...goal, label: `${column} of ${figure.label}`, column, shares, total: null }];
  };
  const cells = gate.cells.map((cell) => cell.flatMap(times));
  const figures = cells.flat();
  // Columns of one row tell of disjoint pieces: a reader adds them up as well.
  const pieces = sumsOf(
    figures.map((figure) => [{ ...figure, column: '' }]),
    `${gate.prefix}times ${goal.family} `,
  );
  return figures.length === 0 ? [] : [{ figures, sums: [...sumsOf(cells, `${gate.prefix}times `), ...pieces] }];
}

/** Figures of units are rows of the query around. */
const PER_UNIT = /\(SELECT[^)]*\bcount\(/i;

function names(text: string, column: string): boolean {
  return new RegExp(`(?<!\\w)${column.replace(/\W/g, '\\$&')}(?!\\w)`, 'i').test(text);
}

/** What every unit gives to the goal for one that it gives to a figure, where that is the same for two units at least. */
function multipleIn(goal: ReadonlyMap<string, number>, shares: ReadonlyMap<string, number>): number | null {
  let found: number | null = null;
  let units = 0;
  for (const [unit, value] of shares) {
    const own = goal.get(unit);
    if (own === undefined || own === 0) continue;
    const multiple = own / value;
    if (found !== null && Math.abs(multiple - found) > 1e-9 * Math.max(1, Math.abs(found))) return null;
    found ??= multiple;
    units += 1;
  }
  return units < 2 ? null : found;
}
