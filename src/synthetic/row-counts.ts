import type { Dataset, Table } from '../catalog/dataset.ts';
import type { Link } from './table-links.ts';

/** A tenth per generation: without a hint, a table has ten rows below it for each of its own. */
const PER_GENERATION = 10;

/**
 * Rows of each table: `rows` for the largest, the others in proportion to their declared hints. A table without a hint takes
 * the largest hint divided by ten for every step of links that leads down from it. At least one row each.
 * Own design: ADR 0011: a merchant thinks in the size of the table that grows, and the proportions keep averages per parent.
 */
export function rowCounts(dataset: Dataset, links: ReadonlyMap<string, readonly Link[]>, rows: number): ReadonlyMap<string, number> {
  const largestHint = Math.max(1, ...dataset.tables.map((table) => table.rows ?? 0));
  const hint = (table: Table): number => table.rows ?? largestHint / PER_GENERATION ** generations(table.name, links, new Set());
  const largest = Math.max(...dataset.tables.map(hint));
  const size = (table: Table): number => closedKey(table) ?? Math.max(1, Math.round((rows * hint(table)) / largest));
  const sizes = new Map(dataset.tables.map((table) => [table.name, size(table)]));
  // A declared mean of rows per parent says more than hints do; parents first, circles as they come.
  for (let round = 0; round < dataset.tables.length; round += 1) {
    for (const [table, list] of links) {
      const link = list.find((item) => item.cardinality !== undefined && item.target !== table);
      if (link?.cardinality !== undefined) {
        sizes.set(table, Math.max(1, Math.round((sizes.get(link.target) ?? 1) * link.cardinality.mean)));
      }
    }
  }
  return sizes;
}

/** A table keyed by a closed list, as a list of districts is, holds the whole list whatever the size of the others. */
function closedKey(table: Table): number | undefined {
  const [key, ...more] = table.primaryKey;
  return more.length > 0 ? undefined : table.columns.find((column) => column.name === key)?.domain?.length;
}

/** Length of the longest chain of tables that link to `table`, circles cut. */
function generations(table: string, links: ReadonlyMap<string, readonly Link[]>, seen: ReadonlySet<string>): number {
  if (seen.has(table) || seen.size > 6) return 0;
  const within = new Set([...seen, table]);
  const children = [...links].filter(([name, list]) => !within.has(name) && list.some((link) => link.target === table));
  return children.length === 0 ? 0 : 1 + Math.max(...children.map(([name]) => generations(name, links, within)));
}
