import type { Catalog } from '../case-file.ts';
import type { MatchedCell } from './matched-cell.ts';
import type { Component } from './read-query.ts';
import type { Figure } from './safety.ts';

/** The figures of a released row: its components, for every unit type, where the output they stand in was released. */
export function figuresOf({ recomputed, cell, row }: MatchedCell, prefix: string, catalog: Catalog): readonly Figure[] {
  const { components } = recomputed.shape;
  const isReleased = (output: number): boolean => output < 0 || (row[output] !== null && row[output] !== undefined);
  // An average alone shows neither its sum nor its count; beside a released count it shows both.
  const knowsCount = components.some((other) => other.family === 'count' && other.isBare && isReleased(other.output));
  return components.flatMap((component, index) => {
    const { kind, family, output } = component;
    if ((kind !== 'count' && kind !== 'sum') || !isReleased(output)) return [];
    const column = `${prefix}column ${output + 1}`;
    return cell.shares.map((item): Figure => {
      const shares = item.units.map((unit) => [unit.unit, Number(unit.values[index] ?? 0)] as const).filter(([, value]) => value !== 0);
      return {
        label: `${column} of ${cell.labels.join(' · ') || '(all)'}`,
        family,
        kind,
        unitType: item.unitType,
        adds: (component.isBare || knowsCount) && addsUp(component, item.unitType, catalog),
        column,
        output,
        reads: component.reads,
        shares: new Map(shares),
        total: item.totals?.[index] ?? null,
      };
    });
  });
}

/** A number of different things adds up over units only where the things are those units. */
function addsUp({ family }: Component, unitType: string, catalog: Catalog): boolean {
  if (!family.startsWith('count(DISTINCT')) return true;
  const ends = Object.values(catalog).flatMap((entry) => entry.units?.[unitType]?.at(-1)?.toLowerCase() ?? []);
  return ends.some((end) => family === `count(DISTINCT unit ${end})`);
}

/** Columns added up: what a reader of one result can always compute. */
export function sumsOf(rows: readonly (readonly Figure[])[], prefix: string): readonly Figure[] {
  const sums = new Map<string, Map<string, number>>();
  const first = new Map<string, Figure>();
  for (const figure of rows.flat()) {
    const name = `${figure.unitType}|${figure.family}|${figure.column}`;
    const sum = sums.get(name) ?? new Map<string, number>();
    for (const [unit, value] of figure.shares) sum.set(unit, (sum.get(unit) ?? 0) + value);
    sums.set(name, sum);
    first.set(name, figure);
  }
  if (rows.length < 2) return [];
  return [...sums].flatMap(([name, shares]) => {
    const figure = first.get(name);
    return figure === undefined ? [] : [{ ...figure, label: `${prefix}sum of a column`, column: null, shares }];
  });
}
