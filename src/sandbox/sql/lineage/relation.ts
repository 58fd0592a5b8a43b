import { type Sources, UNKNOWN, union } from './sources.ts';

export interface TracedColumn {
  readonly name: string;
  readonly sources: Sources;
}

/** Rows of FROM: what they are called, what stands behind each column, and what chose the rows. */
export interface TracedRelation extends TracedRows {
  readonly alias: string;
}

export interface TracedRows {
  readonly columns: readonly TracedColumn[];
  /** What decides which rows there are: conditions, joins, grouping, DISTINCT, set operations, LIMIT. */
  readonly rows: Sources;
}

/** What names can stand for in one SELECT: its relations, its own aliases, and the query around it. */
export interface TracedScope {
  readonly relations: readonly TracedRelation[];
  readonly aliases: ReadonlyMap<string, () => Sources>;
  readonly tables: ReadonlyMap<string, CommonRows>;
  readonly parent: TracedScope | null;
}

/** A table of WITH, traced where it stands. */
export interface CommonRows {
  readonly trace: () => TracedRows;
}

const fold = (name: string): string => name.toLowerCase();

function inRelations(relations: readonly TracedRelation[], path: readonly string[]): Sources | undefined {
  const [name = '', table] = path.map(fold).toReversed();
  const wanted = table === undefined ? relations : relations.filter((relation) => fold(relation.alias) === table);
  const found = wanted.flatMap((relation) => relation.columns.filter((column) => fold(column.name) === name));
  return found.length === 0 ? undefined : union(...found.map((column) => column.sources));
}

/**
 * What a name stands for: a column of the rows, an alias of the same SELECT, a column of a query around it. A name inside a name
 * (a field) stands for all of its parts that are columns. What is nowhere is unknown. Own design: ADR 0029.
 */
export function resolvePath(path: readonly string[], scope: TracedScope): Sources {
  for (let at: TracedScope | null = scope; at !== null; at = at.parent) {
    const own = inRelations(at.relations, path);
    if (own !== undefined) return own;
    const alias = path.length === 1 ? at.aliases.get(fold(path[0] ?? '')) : undefined;
    if (alias !== undefined) return alias();
    const parts = path.length < 2 ? [] : path.flatMap((name) => inRelations(at.relations, [name]) ?? []);
    if (parts.length > 0) return union(parts.map((part) => ({ ...part, plain: false })));
  }
  return UNKNOWN;
}

/** Rows whose columns go by other names, as `AS t(a, b)` gives them; those behind keep their own. Own design: ADR 0029. */
export function renamedRows({ columns, rows }: TracedRows, names: readonly string[]): TracedRows {
  return { columns: columns.map((column, at) => ({ ...column, name: names[at] ?? column.name })), rows };
}
