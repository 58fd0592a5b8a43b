import type { Dataset, Table } from '../catalog/dataset.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** Columns of one table that take the primary key of a row of another. */
export interface Link {
  readonly columns: readonly string[];
  readonly target: string;
  /** In the order of `columns`. */
  readonly references: readonly string[];
  /** Whether a row may have no partner: every column is nullable. */
  readonly optional: boolean;
  /** Whether the link reaches into the table's own primary key. */
  readonly inKey: boolean;
  /** Declared number of rows per row of the target. */
  readonly cardinality?: { readonly min: number; readonly mean: number; readonly max: number };
}

export interface TableLinks {
  readonly links: ReadonlyMap<string, readonly Link[]>;
  /** Tables in an order in which every primary key comes after those it is made of. */
  readonly order: readonly Table[];
  readonly problems: readonly Problem[];
}

/**
 * What has to be linked: declared foreign keys, and the hops of unit paths that no foreign key declares. A key whose columns
 * all lie in a longer one is left out where it follows from it. Only links inside primary keys order the tables: all
 * others, circles and references to the same table among them, are drawn once every key exists.
 * Source: formats.md (foreignKeys, units); synthetic-and-masking.md §3.
 */
export function readTableLinks(dataset: Dataset): TableLinks {
  const problems: Problem[] = [];
  const wanted = new Map(dataset.tables.map((table) => [table.name, wantedLinks(dataset, table)]));
  const links = new Map<string, readonly Link[]>();
  for (const table of dataset.tables) links.set(table.name, independentLinks(dataset, table, wanted, problems));
  const order = orderByKeys(dataset.tables, links);
  if (order.left.length > 0) problems.push(problem('simulation.key_cycle', { tables: order.left.map((table) => table.name) }));
  return { links, order: order.sorted, problems };
}

function wantedLinks(dataset: Dataset, table: Table): readonly Link[] {
  const found = new Map<string, Link>();
  const add = (columns: readonly string[], target: string, references: readonly string[]): void => {
    const optional = columns.every((name) => table.columns.find((column) => column.name === name)?.nullable === true);
    const inKey = columns.some((name) => table.primaryKey.includes(name));
    const declared = table.simulation?.cardinality?.find((item) => item.columns.join() === columns.join());
    const cardinality =
      declared === undefined || inKey ? {} : { cardinality: { min: declared.min, mean: declared.mean, max: declared.max } };
    const isOptional = optional && !inKey && declared === undefined;
    found.set(JSON.stringify([columns, target, references]), { columns, target, references, optional: isOptional, inKey, ...cardinality });
  };
  for (const key of table.foreignKeys) add(key.columns, key.table, key.references);
  for (const other of dataset.tables) {
    for (const path of Object.values(other.units)) {
      let here = other.name;
      for (const hop of path.hops) {
        if (here === table.name) add([hop.from], hop.table, [hop.to]);
        here = hop.table;
      }
    }
  }
  return [...found.values()].sort((left, right) => right.columns.length - left.columns.length);
}

function independentLinks(
  dataset: Dataset,
  table: Table,
  wanted: ReadonlyMap<string, readonly Link[]>,
  problems: Problem[],
): readonly Link[] {
  const chosen: Link[] = [];
  for (const link of wanted.get(table.name) ?? []) {
    const target = dataset.tables.find((other) => other.name === link.target);
    if (target === undefined || !sameSet(target.primaryKey, link.references)) {
      problems.push(problem('simulation.key_target', { table: table.name, target: link.target }));
      continue;
    }
    const shared = link.columns.filter((name) => chosen.some((other) => other.columns.includes(name)));
    if (shared.length === 0) chosen.push(link);
    else if (!follows(link, chosen, wanted, 0)) problems.push(problem('simulation.key_overlap', { table: table.name, columns: shared }));
  }
  return chosen;
}

/** Whether a chosen link already brings values that stand in the target of `link`. */
function follows(link: Link, chosen: readonly Link[], wanted: ReadonlyMap<string, readonly Link[]>, depth: number): boolean {
  const through = chosen.find((other) => link.columns.every((name) => other.columns.includes(name)));
  if (through === undefined || depth > 8) return false;
  const columns = link.columns.map((name) => through.references[through.columns.indexOf(name)] ?? '');
  const reaches = (columnsThere: readonly string[], target: string, references: readonly string[]): boolean =>
    target === link.target && sameSequence(references, link.references) && sameSequence(columnsThere, columns);
  if (through.target === link.target && sameSequence(columns, link.references)) return true;
  const further = wanted.get(through.target) ?? [];
  return further.some(
    (next) => reaches(next.columns, next.target, next.references) || follows({ ...link, columns }, [next], wanted, depth + 1),
  );
}

function orderByKeys(
  tables: readonly Table[],
  links: ReadonlyMap<string, readonly Link[]>,
): { readonly sorted: readonly Table[]; readonly left: readonly Table[] } {
  const sorted: Table[] = [];
  let left = [...tables];
  while (left.length > 0) {
    const ready = left.filter((table) =>
      (links.get(table.name) ?? []).every((link) => !link.inKey || sorted.some((done) => done.name === link.target)),
    );
    if (ready.length === 0) break;
    sorted.push(...ready);
    left = left.filter((table) => !ready.includes(table));
  }
  return { sorted, left };
}

function sameSet(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name) => right.includes(name));
}

function sameSequence(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((name, index) => name === right[index]);
}
