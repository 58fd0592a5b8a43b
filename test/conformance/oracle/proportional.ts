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
  const columns = Map.groupBy(
    known.flatMap(({ of }) => (of.length === 1 ? of : [])),
    (figure) => `${figure.column} ${figure.unitType}`,
  );
  const multiples = new Map<Figure, number | null>();
  for (const figures of columns.values())
    for (const [index, multiple] of fitted(
      own.shares,
      figures.map((figure) => figure.shares),
    ).entries()) {
      const figure = figures[index];
      if (figure !== undefined) multiples.set(figure, multiple);
    }
  return known.flatMap((source) => {
    const own = source.of.map((figure) => multiples.get(figure) ?? null);
    if (own.length === 0 || own.includes(null) || own.every((multiple) => multiple === 1)) return [];
    const shares = new Map<string, number>();
    for (const [index, figure] of source.of.entries())
      for (const [unit, value] of figure.shares) shares.set(unit, (shares.get(unit) ?? 0) + value * (own[index] ?? 0));
    return [{ value: [...shares.values()].reduce((sum, value) => sum + value, 0), unitType: source.unitType, shares, of: source.of }];
  });
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
  if (goal === undefined || goals.some((figure) => gate.cells.flat().includes(figure))) return [];
  const isTold = (figure: Figure): boolean => {
    const more = goal.reads.filter((column) => !figure.reads.includes(column));
    const tells = goal.reads.length === 0 ? PER_UNIT.test(gate.text) : more.length > 0 && more.every((column) => names(gate.text, column));
    return figure.adds && figure.unitType === goal.unitType && tells;
  };
  const multiples = new Map<Figure, number>();
  for (const figures of Map.groupBy(gate.cells.flat().filter(isTold), (figure) => figure.column).values())
    for (const whole of Map.groupBy(goals, (figure) => figure.column).values()) {
      const found = fitted(
        added(whole),
        figures.map((figure) => figure.shares),
      );
      for (const [index, figure] of figures.entries()) {
        const multiple = found[index] ?? null;
        if (multiple !== null && multiple !== 1 && !multiples.has(figure)) multiples.set(figure, multiple);
      }
    }
  const times = (figure: Figure): readonly Figure[] => {
    const multiple = multiples.get(figure);
    if (multiple === undefined) return [];
    const column = `${figure.column ?? ''} times what is told`;
    const shares = new Map([...figure.shares].map(([unit, value]) => [unit, value * multiple]));
    return [{ ...goal, label: `${column} of ${figure.label}`, column, shares, total: null }];
  };
  const cells = gate.cells.map((cell) => cell.flatMap(times));
  const figures = cells.flat();
  // Columns of one row tell of disjoint pieces: a reader adds them up as well.
  const pieces = sumsOf(
    figures.map((figure) => [{ ...figure, column: '' }]),
    `${gate.prefix}times what is told, `,
  );
  return figures.length === 0 ? [] : [{ figures, sums: [...sumsOf(cells, `${gate.prefix}times what is told, `), ...pieces] }];
}

function added(figures: readonly Figure[]): ReadonlyMap<string, number> {
  const sum = new Map<string, number>();
  for (const { shares } of figures) for (const [unit, value] of shares) sum.set(unit, (sum.get(unit) ?? 0) + value);
  return sum;
}

/** Figures of units are rows of the query around. */
const PER_UNIT = /\(SELECT[^)]*\bcount\(/i;

function names(text: string, column: string): boolean {
  return new RegExp(`(?<!\\w)${column.replace(/\W/g, '\\$&')}(?!\\w)`, 'i').test(text);
}

/** With more cells than these only single ones are looked at. */
const MOST_FITTED = 40;

/**
 * By cell, what every unit gives to the goal for one that it gives to the cell: the same for two units at least, or, where
 * units stand in several cells, multiples by which the cells add up to the goal for everybody in them.
 */
function fitted(goal: ReadonlyMap<string, number>, cells: readonly ReadonlyMap<string, number>[]): readonly (number | null)[] {
  const single = cells.map((cell) => multipleIn(goal, cell));
  if (!single.includes(null) || cells.length < 2 || cells.length > MOST_FITTED) return single;
  const units = [...new Set(cells.flatMap((cell) => [...cell.keys()]))].filter((unit) => goal.has(unit));
  if (units.length <= 2 * cells.length) return single;
  const at = (cell: ReadonlyMap<string, number>, unit: string): number => cell.get(unit) ?? 0;
  const inner = (a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number =>
    units.reduce((sum, unit) => sum + at(a, unit) * at(b, unit), 0);
  const found = solved(cells.map((one) => [...cells.map((other) => inner(one, other)), inner(one, goal)]));
  if (found === null) return single;
  const rounded = found.map((value) => Number(value.toPrecision(7)));
  const isExact = units.every((unit) => {
    const wanted = at(goal, unit);
    const sum = cells.reduce((total, cell, index) => total + at(cell, unit) * (rounded[index] ?? 0), 0);
    return Math.abs(sum - wanted) <= 1e-9 * Math.max(1, Math.abs(wanted));
  });
  return isExact ? rounded : single;
}

/** The solution of linear equations, their right side last; null where there is not one. */
function solved(equations: readonly (readonly number[])[]): readonly number[] | null {
  const rows = equations.map((row) => [...row]);
  for (const [column, row] of rows.entries()) {
    const best = rows.reduce(
      (top, other, index) => (index > top && Math.abs(other[column] ?? 0) > Math.abs(rows[top]?.[column] ?? 0) ? index : top),
      column,
    );
    const pivot = rows[best] ?? row;
    [rows[best], rows[column]] = [rows[column] ?? row, pivot];
    const by = pivot[column] ?? 0;
    if (Math.abs(by) < 1e-9) return null;
    for (const [index, other] of rows.entries()) {
      const factor = (other[column] ?? 0) / by;
      if (index !== column && factor !== 0) rows[index] = other.map((value, place) => value - factor * (pivot[place] ?? 0));
    }
  }
  return rows.map((row, index) => (row.at(-1) ?? 0) / (row[index] ?? 1));
}

/**
 * What every unit gives to the goal for one that it gives to a figure, where that is the same for two units at least; those
 * that give nothing to the goal may not be among its rows.
 */
function multipleIn(goal: ReadonlyMap<string, number>, shares: ReadonlyMap<string, number>): number | null {
  let found: number | null = null;
  let units = 0;
  for (const [unit, value] of shares) {
    const own = goal.get(unit) ?? 0;
    if (own === 0) continue;
    const multiple = own / value;
    if (found !== null && Math.abs(multiple - found) > 1e-9 * Math.max(1, Math.abs(found))) return null;
    found ??= multiple;
    units += 1;
  }
  return units === 1 ? null : (found ?? 0);
}
