import { findColumn, type Table } from '../catalog/dataset.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { ColumnShape } from './column-shape.ts';
import type { Link } from './table-links.ts';

type Reason = 'column' | 'circle' | 'ordering' | 'unique' | 'weights' | 'cardinality';

/**
 * What stands against the simulation hints of one table, all at once. `shapes` are those of its columns.
 * Source: synthetic-and-masking.md §3 (functional dependencies, orderings, cardinalities).
 */
export function hintProblems(
  table: Table,
  rows: number,
  links: readonly Link[],
  shapes: ReadonlyMap<string, ColumnShape>,
): readonly Problem[] {
  const { simulation: hints } = table;
  if (hints === undefined) return [];
  const problems: Problem[] = [];
  const say = (column: string, reason: Reason): void => {
    problems.push(problem('simulation.hint', { table: table.name, column, reason }));
  };
  const named = [
    ...(hints.cardinality ?? []).flatMap((item) => item.columns),
    ...(hints.dependencies ?? []).flatMap((item) => [...item.from, ...item.to]),
    ...(hints.orderings ?? []).flat(),
    ...(hints.unique ?? []).flat(),
    ...Object.keys(hints.columns ?? {}),
  ];
  for (const name of new Set(named)) if (findColumn(table, name) === undefined) say(name, 'column');
  if (problems.length > 0) return problems;
  for (const item of hints.cardinality ?? []) {
    const isLink = links.some((link) => !link.inKey && link.columns.join() === item.columns.join());
    if (!isLink || item.mean < item.min || item.mean > item.max) say(item.columns.join(', '), 'cardinality');
  }
  for (const order of hints.orderings ?? []) for (const name of unorderable(table, order, links)) say(name, 'ordering');
  for (const name of hints.unique ?? []) if (typeof name === 'string' && (shapes.get(name)?.capacity ?? 0) < rows) say(name, 'unique');
  for (const [name, hint] of Object.entries(hints.columns ?? {})) {
    if (hint.distribution?.kind !== 'weights') continue;
    const { weights } = hint.distribution;
    const values = findColumn(table, name)?.domain?.length;
    if (weights.length !== values || !weights.some((weight) => weight > 0)) say(name, 'weights');
  }
  const circle = dependencyOrder(table).circle;
  if (circle !== undefined) say(circle, 'circle');
  return problems;
}

function unorderable(table: Table, order: readonly string[], links: readonly Link[]): readonly string[] {
  const fixed = new Set([...table.primaryKey, ...links.flatMap((link) => link.columns)]);
  const type = findColumn(table, order[0] ?? '')?.type;
  return order.filter((name) => {
    const column = findColumn(table, name);
    return column?.bounds === undefined || column.domain !== undefined || fixed.has(name) || column.type !== type;
  });
}

/** One column and what it is a function of. */
export interface Dependency {
  readonly column: string;
  readonly from: readonly string[];
}

/**
 * Declared dependencies in an order in which each comes after those of its own determinants; `circle` names a column that
 * depends on itself. Of several dependencies of one column the first counts. Source: synthetic-and-masking.md §3 (c).
 */
export function dependencyOrder(table: Table): { readonly order: readonly Dependency[]; readonly circle?: string } {
  const open = new Map<string, Dependency>();
  for (const { from, to } of table.simulation?.dependencies ?? []) {
    for (const column of to) if (!open.has(column)) open.set(column, { column, from });
  }
  const order: Dependency[] = [];
  while (open.size > 0) {
    const ready = [...open.values()].filter((item) => item.from.every((name) => !open.has(name)));
    const first = open.keys().next().value;
    if (ready.length === 0) return first === undefined ? { order } : { order, circle: first };
    for (const item of ready) {
      order.push(item);
      open.delete(item.column);
    }
  }
  return { order };
}
