import type { ColumnLineage } from '../../../catalog/column-lineage.ts';
import type { Dataset } from '../../../catalog/dataset.ts';
import type { Grant } from '../../../catalog/grant.ts';
import type { Expression, FromItem, JoinItem, OrderItem, Query, Select, SelectItem } from '../ast.ts';
import { grantedTable } from '../compile/context.ts';
import { type CommonRows, renamedRows, type TracedColumn, type TracedRelation, type TracedRows, type TracedScope } from './relation.ts';
import { computed, type Sources, UNKNOWN, union, weakened } from './sources.ts';
import { traceCondition, traceExpression } from './trace-expression.ts';

/**
 * For every column of a query's result the columns of the dataset that it derives from, whatever function, CASE, alias, inner query, window, join
 * or set operation stands between. Read from the merchant's own tree, by names and scopes alone, apart from how the gate compiles it: a
 * second reading for the check of results. Says rather more than less: what groups, orders, joins or chooses the rows of a SELECT stands behind each of
 * its columns, and a name that is nowhere is `?`. Depends on query and catalogue only.
 *
 * @param names  names of the result's columns, in order. Where they are not as many as the columns found, all sources are unknown.
 * Source: requirements.md §10.2 (M: by lineage); ADR 0029.
 */
export function traceLineage(query: Query, dataset: Dataset, grant: Grant, names: readonly string[]): readonly ColumnLineage[] {
  const around: TracedScope = { relations: [], aliases: new Map(), tables: new Map(), parent: null };
  const { columns, rows } = new Tracer(dataset, grant).query(query, around);
  return names.map((column, at) => {
    const sources = columns.length === names.length ? union(columns[at]?.sources ?? UNKNOWN, rows) : UNKNOWN;
    return { column, sources: sources.map(({ plain: _plain, ...source }) => source).toSorted(byName) };
  });
}

function byName(one: { readonly column: string; readonly cut?: string }, other: typeof one): number {
  const [a, b] = [`${one.column} ${one.cut ?? ''}`, `${other.column} ${other.cut ?? ''}`];
  return a < b ? -1 : a > b ? 1 : 0;
}

const fold = (name: string): string => name.toLowerCase();

/** Columns of FROM and what joins them. */
interface TracedFrom {
  readonly relations: readonly TracedRelation[];
  readonly joined: Sources;
}

class Tracer {
  readonly #dataset: Dataset;
  readonly #grant: Grant;

  constructor(dataset: Dataset, grant: Grant) {
    this.#dataset = dataset;
    this.#grant = grant;
  }

  readonly query = (query: Query, outer: TracedScope): TracedRows => {
    const scope = this.#withCommonTables(query, outer);
    return query.body.kind === 'select' ? this.#select(query.body, query, scope) : this.#set(query.body, query, scope);
  };

  #withCommonTables(query: Query, outer: TracedScope): TracedScope {
    let scope = outer;
    for (const common of query.commonTables) {
      const around = scope;
      let known: TracedRows | undefined;
      const trace = (): TracedRows => {
        known ??= renamedRows(this.query(common.query, around), common.columns);
        return known;
      };
      const entry: CommonRows = { trace };
      scope = { ...scope, tables: new Map([...scope.tables, [fold(common.name), entry]]) };
    }
    return scope;
  }

  #set(body: Exclude<Query['body'], Select>, query: Query, scope: TracedScope): TracedRows {
    const left = this.query(body.left, scope);
    const right = this.query(body.right, scope);
    const isPlain = body.kind === 'union' && body.all;
    const columns = left.columns.map(({ name, sources }, at) => {
      const other = right.columns[at]?.sources ?? UNKNOWN;
      return { name, sources: union(sources, body.kind === 'union' ? other : weakened(other, 'figure')) };
    });
    const own: TracedScope = { relations: [{ alias: '', columns, rows: [] }], aliases: new Map(), tables: scope.tables, parent: scope };
    const compared = isPlain ? [] : weakened(union(...columns.map((column) => column.sources)), 'figure');
    return { columns, rows: union(left.rows, right.rows, compared, this.#ordering(query.orderBy, own, [])) };
  }

  #select(select: Select, query: Query, outer: TracedScope): TracedRows {
    const { relations, joined } = select.from === null ? { relations: [], joined: [] } : this.#from(select.from, outer);
    const plain: TracedScope = { relations, aliases: new Map(), tables: outer.tables, parent: outer };
    const scope: TracedScope = { ...plain, aliases: this.#aliases(select.items, plain) };
    const trace = (part: Expression): Sources => traceExpression(part, scope, this.query);
    const columns = select.items.flatMap((item) => this.#item(item, scope, select.from));
    const chosen = [select.where, select.having, select.qualify].flatMap((part) =>
      part === null ? [] : traceCondition(part, scope, this.query),
    );
    const grouped = this.#grouping(select, columns, trace);
    return { columns, rows: union(joined, chosen, grouped, this.#ordering(query.orderBy, scope, select.items)) };
  }

  /** Aliases of a SELECT, each traced when it is asked for; one that rests on itself is unknown. */
  #aliases(items: readonly SelectItem[], rows: TracedScope): TracedScope['aliases'] {
    const aliases = new Map<string, () => Sources>();
    const scope = { ...rows, aliases };
    for (const { alias, expression } of items) {
      if (alias === '' || aliases.has(fold(alias))) continue;
      let isOpen = false;
      aliases.set(fold(alias), () => {
        if (isOpen) return UNKNOWN;
        isOpen = true;
        const sources = traceExpression(expression, scope, this.query);
        isOpen = false;
        return sources;
      });
    }
    return aliases;
  }

  #item({ expression, alias }: SelectItem, scope: TracedScope, from: FromItem | null): readonly TracedColumn[] {
    if (expression.kind !== 'star') {
      const own = expression.kind === 'column' ? (expression.path.at(-1) ?? '') : '';
      return [{ name: alias === '' ? own : alias, sources: traceExpression(expression, scope, this.query) }];
    }
    const left = new Set(expression.exclude.map(fold));
    const replaced = new Map(expression.replace.map((item) => [fold(item.name), item.expression]));
    const wanted = scope.relations.filter((relation) => expression.table === '' || fold(relation.alias) === fold(expression.table));
    const merged = expression.table === '' && from !== null ? mergedNames(from, scope.relations) : new Set<string>();
    const seen = new Set<string>();
    return wanted
      .flatMap((relation) => relation.columns)
      .filter((column) => {
        const name = fold(column.name);
        const isRepeated = merged.has(name) && seen.has(name);
        seen.add(name);
        return !left.has(name) && !isRepeated;
      })
      .map((column) => {
        const other = replaced.get(fold(column.name));
        return other === undefined ? column : { ...column, sources: computed(traceExpression(other, scope, this.query)) };
      });
  }

  #grouping(select: Select, items: readonly TracedColumn[], trace: (part: Expression) => Sources): Sources {
    const { grouping, distinct } = select;
    const all = (): Sources => weakened(union(...items.map((item) => item.sources)), 'figure');
    if (grouping === 'all') return all();
    const keys = (grouping?.expressions ?? []).map((key) => {
      const place = key.kind === 'literal' && key.type === 'integer' ? select.items[Number(key.text) - 1] : undefined;
      return trace(place?.expression ?? key);
    });
    return union(weakened(union(...keys), 'figure'), distinct ? all() : []);
  }

  #ordering(orderBy: Query['orderBy'], scope: TracedScope, items: readonly SelectItem[]): Sources {
    if (!isList(orderBy)) return [];
    const keys = orderBy.map(({ expression }) => {
      const place = expression.kind === 'literal' && expression.type === 'integer' ? items[Number(expression.text) - 1] : undefined;
      return traceExpression(place?.expression ?? expression, scope, this.query);
    });
    return weakened(union(...keys), 'figure');
  }

  #from(from: FromItem, outer: TracedScope): TracedFrom {
    if (from.kind === 'join') return this.#join(from, outer);
    const alias = from.alias === '' && from.kind === 'table' ? from.table : from.alias;
    const traced = renamedRows(this.#rows(from, outer), from.columns);
    return { relations: [{ alias, ...traced }], joined: traced.rows };
  }

  #rows(from: Exclude<FromItem, JoinItem>, outer: TracedScope): TracedRows {
    if (from.kind === 'subquery') return this.query(from.query, outer);
    if (from.kind === 'values') {
      const width = Math.max(0, ...from.rows.map((row) => row.length));
      const columns = Array.from({ length: width }, (_, at) => ({
        name: `col${at}`,
        sources: union(...from.rows.map((row) => (row[at] === undefined ? [] : traceExpression(row[at], outer, this.query)))),
      }));
      return { columns, rows: [] };
    }
    const common = outer.tables.get(fold(from.table));
    if (common !== undefined) return common.trace();
    const table = grantedTable(this.#dataset, this.#grant, from.table);
    const columns = (table?.columns ?? []).map(
      ({ name }): TracedColumn => ({ name, sources: [{ column: `${table?.name}.${name}`, how: 'value', plain: true }] }),
    );
    return { columns, rows: [] };
  }

  #join(join: JoinItem, outer: TracedScope): TracedFrom {
    const left = this.#from(join.left, outer);
    // LATERAL: what stands on the right may see the left.
    const right = this.#from(join.right, { relations: left.relations, aliases: new Map(), tables: outer.tables, parent: outer });
    const relations = [...left.relations, ...right.relations];
    const scope: TracedScope = { relations, aliases: new Map(), tables: outer.tables, parent: outer };
    const on = join.on === null ? [] : traceCondition(join.on, scope, this.query);
    const names = join.natural === true ? [...mergedNames(join, relations)] : join.using.map(fold);
    const by = relations.flatMap((relation) => relation.columns.filter((column) => names.includes(fold(column.name))));
    const joined = union(left.joined, right.joined, on, weakened(union(...by.map((column) => column.sources)), 'figure'));
    const isSeen = join.join !== 'semi' && join.join !== 'anti';
    return { relations: isSeen ? relations : left.relations, joined };
  }
}

function isList(orderBy: Query['orderBy']): orderBy is readonly OrderItem[] {
  return Array.isArray(orderBy);
}

/** Columns that a star shows once though two tables have them: those of USING, and of NATURAL those that both have. */
function mergedNames(from: FromItem, relations: readonly TracedRelation[]): ReadonlySet<string> {
  if (from.kind !== 'join') return new Set();
  const inner = [...mergedNames(from.left, relations), ...mergedNames(from.right, relations), ...from.using.map(fold)];
  if (from.natural !== true) return new Set(inner);
  const names = relations.flatMap((relation) => relation.columns.map((column) => fold(column.name)));
  return new Set([...inner, ...names.filter((name, at) => names.indexOf(name) !== at)]);
}
