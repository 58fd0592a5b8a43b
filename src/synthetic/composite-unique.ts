import type { Column } from '../catalog/dataset.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { INDEX_SPACE, permutation, ROW, type Sql } from './draw.ts';
import { follows } from './entity-facts.ts';
import { dependencyOrder } from './hint-problems.ts';
import { columnStream, type TableContext } from './table-context.ts';

/** Columns that repeat alone but not together, and where each finds its index. */
export interface CompositeUnique {
  /** Index below its capacity, by column. */
  readonly indexOf: ReadonlyMap<string, Sql>;
  /** Puts what the indices are computed from beside the columns of a relation. */
  readonly wrap: (from: Sql) => Sql;
}

function groupsOf({ table }: TableContext): readonly (readonly string[])[] {
  return (table.simulation?.unique ?? []).filter((item) => typeof item !== 'string');
}

function capacityOf(context: TableContext, columns: readonly string[]): number {
  return columns.reduce((product, name) => Math.min(product * (context.shapes.get(name)?.capacity ?? 0), INDEX_SPACE), 1);
}

/**
 * Declared lists of columns without repetitions together: one permutation of the row index over the product of what the columns can
 * hold, taken apart into a digit for each. Nothing is retried. No column of them is NULL.
 * Source: synthetic-and-masking.md §3 (b: key uniqueness without retries).
 */
export function compositeUnique(context: TableContext): CompositeUnique {
  const indexOf = new Map<string, Sql>();
  let wrap = (from: Sql): Sql => from;
  for (const [at, columns] of groupsOf(context).entries()) {
    const before = wrap;
    const place = permutation(columnStream(context, columns.join(), 'key'), context.rows, capacityOf(context, columns), ROW, `__q${at}`);
    wrap = (from) => place(before(from));
    let divisor = 1;
    for (const name of columns) {
      const capacity = context.shapes.get(name)?.capacity ?? 1;
      indexOf.set(name, divisor >= INDEX_SPACE ? '0' : `((__q${at} // ${divisor}) % ${capacity})`);
      divisor *= capacity;
    }
  }
  return { indexOf, wrap };
}

/**
 * What stands against the lists of a table: too few combinations for its rows, a column in two of them, and columns that something
 * else decides (keys, links, dependencies, orderings, what follows from a person).
 * Source: synthetic-and-masking.md §3.
 */
export function compositeProblems(context: TableContext): readonly Problem[] {
  const { table } = context;
  const decided = new Set([
    ...table.primaryKey,
    ...context.links.flatMap((link) => link.columns),
    ...dependencyOrder(table).order.map((item) => item.column),
    ...(table.simulation?.orderings ?? []).flat(),
    ...(table.simulation?.unique ?? []).filter((item) => typeof item === 'string'),
    ...(context.given?.columns ?? []),
  ]);
  const isFree = (column: Column | undefined): boolean =>
    column !== undefined && !decided.has(column.name) && !follows(context, column) && context.demands.get(column.name)?.absent !== true;
  const problems: Problem[] = [];
  for (const columns of groupsOf(context)) {
    const free = columns.every((name) => isFree(table.columns.find((column) => column.name === name)));
    if (!free || capacityOf(context, columns) < context.rows)
      problems.push(problem('simulation.hint', { table: table.name, column: columns.join(', '), reason: 'unique' }));
    for (const name of columns) decided.add(name);
  }
  return problems;
}
