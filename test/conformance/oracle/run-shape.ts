import type { RealData, Row } from '../real-data.ts';
import type { Shape } from './read-query.ts';
import { integer, printNode, type Tree } from './syntax.ts';

/** A label as the product writes it. */
export function label(value: Row[number] | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

/** The SELECT with other items, grouped by the first `grouped` of them, without HAVING, ORDER BY, DISTINCT and LIMIT. */
export async function runSelect(shape: Shape, items: readonly Tree[], grouped: number, data: RealData): Promise<readonly Row[]> {
  return data.rows(await printSelect(shape, items, grouped, data));
}

async function printSelect(shape: Shape, items: readonly Tree[], grouped: number, data: RealData): Promise<string> {
  const node = {
    ...shape.node,
    modifiers: [],
    having: null,
    qualify: null,
    select_list: items.map((item, index) => ({ ...item, alias: `c${index}` })),
    group_expressions: items.slice(0, grouped).map((_, index) => integer(index + 1)),
    group_sets: grouped === 0 ? [] : [items.slice(0, grouped).map((_, index) => index)],
    aggregate_handling: 'STANDARD_HANDLING',
  };
  return printNode(node, data);
}

/** Labels and output row of every cell. */
export async function cellsOf(
  shape: Shape,
  data: RealData,
): Promise<readonly { readonly labels: readonly (string | null)[]; readonly outputs: Row }[]> {
  const keys = shape.keys.map((key) => key.node);
  const rows = await runSelect(shape, [...keys, ...shape.outputs], keys.length, data);
  return rows.map((row) => ({ labels: row.slice(0, keys.length).map(label), outputs: row.slice(keys.length) }));
}

/** The components of every cell, by its labels; asked again each time the result is called. */
export async function componentsReader(shape: Shape, data: RealData): Promise<() => Promise<ReadonlyMap<string, Row>>> {
  const keys = shape.keys.map((key) => key.node);
  const text = await printSelect(shape, [...keys, ...shape.components.map((item) => item.node)], keys.length, data);
  return async () => {
    const rows = await data.rows(text);
    return new Map(rows.map((row) => [JSON.stringify(row.slice(0, keys.length).map(label)), row.slice(keys.length)]));
  };
}
