import type { Catalog } from '../case-file.ts';
import type { MatchedCell } from './matched-cell.ts';
import type { Component } from './read-query.ts';
import type { Figure } from './safety.ts';

/** The figures of a released row: its components, for every unit type, where the output they stand in was released, and what they make together. */
export function figuresOf(item: MatchedCell, prefix: string, catalog: Catalog): readonly Figure[] {
  return [...partsOf(item, prefix, catalog), ...formsOf(item, prefix)];
}

/** The components of a released row alone. */
export function partsOf({ recomputed, cell, row }: MatchedCell, prefix: string, catalog: Catalog): readonly Figure[] {
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
        part: index,
        reads: component.reads,
        shares: new Map(shares),
        total: item.totals?.[index] ?? null,
      };
    });
  });
}

/** Outputs that are sums of several components, `sum(3 * x - 2 * y)`: the reader has the sum and none of its parts. */
function formsOf({ recomputed, cell, row }: MatchedCell, prefix: string): readonly Figure[] {
  const { components, forms } = recomputed.shape;
  const isReleased = (output: number): boolean => row[output] !== null && row[output] !== undefined;
  const knowsCount = components.some((other) => other.family === 'count' && other.isBare && isReleased(other.output));
  return forms.flatMap((form, output) => {
    if (form === null || form.over.of.size < 2 || !isReleased(output)) return [];
    const parts = [...form.over.of].flatMap(([index, times]) =>
      components[index] === undefined ? [] : [{ component: components[index], index, times }],
    );
    if (parts.some(({ component }) => component.family.startsWith('count(DISTINCT'))) return [];
    const column = `${prefix}column ${output + 1}`;
    return cell.shares.map((item): Figure => {
      const shares = item.units.map((unit) => {
        const value = parts.reduce((sum, { index, times }) => sum + times * Number(unit.values[index] ?? 0), 0);
        const size = parts.reduce((sum, { index, times }) => sum + Math.abs(times * Number(unit.values[index] ?? 0)), 0);
        return [unit.unit, Math.abs(value) <= 1e-12 * size ? 0 : value] as const;
      });
      return {
        label: `${column} of ${cell.labels.join(' · ') || '(all)'}`,
        family: familyOf(parts),
        kind: 'sum',
        unitType: item.unitType,
        adds: form.under === null || knowsCount,
        column,
        output,
        reads: [...new Set(parts.flatMap(({ component }) => component.reads))],
        shares: new Map(shares.filter(([, value]) => value !== 0)),
        total: item.totals === null ? null : parts.reduce((sum, { index, times }) => sum + times * (item.totals?.[index] ?? 0), 0),
      };
    });
  });
}

/** Sums of the same multiples are one family, up to a factor; pieces of one sum are that sum. */
function familyOf(parts: readonly { readonly component: Component; readonly times: number }[]): string {
  const sorted = parts
    .map(({ component, times }) => ({ family: component.family, times }))
    .toSorted((a, b) => (a.family < b.family ? -1 : 1));
  const first = sorted[0]?.times ?? 1;
  const terms = [...new Set(sorted.map(({ family, times }) => `${Number((times / first).toPrecision(9))} ${family}`))];
  return terms.length === 1 ? (sorted[0]?.family ?? '') : terms.join(' + ');
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
