import type { Catalog } from './case-file.ts';
import { type DataColumn, quoteName, type RealData } from './real-data.ts';

/** A column all of whose values are found in the primary key of another table. */
export interface Link {
  readonly table: string;
  readonly column: string;
  readonly target: string;
  readonly key: string;
}

/** What the data say of keys, found by plain SQL. */
export interface KeyFacts {
  readonly columns: ReadonlyMap<string, readonly DataColumn[]>;
  /** Primary key by table; empty: none was found. */
  readonly keys: ReadonlyMap<string, readonly string[]>;
  readonly links: readonly Link[];
  /** Pairs of column names that some case equates. */
  readonly equated: readonly (readonly [string, string])[];
}

export async function findKeys(catalog: Catalog, data: RealData, texts: readonly string[]): Promise<KeyFacts> {
  const columns = new Map<string, readonly DataColumn[]>();
  for (const table of Object.keys(catalog)) columns.set(table, await data.columns(table));
  const keys = new Map<string, readonly string[]>();
  const equated = equatedNames(texts);
  for (const [table, entry] of Object.entries(catalog)) {
    const key = await primaryKey(table, entry, columns.get(table) ?? [], data, catalog);
    keys.set(table, key.length > 0 ? key : await pairedKey(table, entry, columns.get(table) ?? [], data, equated));
  }
  const facts = { columns, keys, equated };
  return { ...facts, links: await findLinks(catalog, facts, data) };
}

const INTEGER_OR_NAME = /INT|^VARCHAR/;

async function primaryKey(
  table: string,
  entry: Catalog[string],
  columns: readonly DataColumn[],
  data: RealData,
  catalog: Catalog,
): Promise<readonly string[]> {
  const declared = await data.declaredKey(table);
  if (declared.length > 0) return declared;
  const hops = hopTargets(catalog);
  const isCandidate = (column: DataColumn): boolean =>
    INTEGER_OR_NAME.test(column.type) && !['measure', 'sensitive', 'quasiId'].includes(entry.columns?.[column.name] ?? '');
  const rank = (column: DataColumn): number =>
    hops.has(`${table}.${column.name}`) ? 0 : ['unitId', 'directId'].includes(entry.columns?.[column.name] ?? '') ? 1 : 2;
  for (const column of columns.filter(isCandidate).toSorted((a, b) => rank(a) - rank(b))) {
    const name = quoteName(column.name);
    const [row] = await data.rows(`SELECT count(*) > 0 AND count(*) = count(DISTINCT ${name}) FROM ${quoteName(table)}`);
    if (row?.[0] === true) return [column.name];
  }
  return [];
}

/** Two columns of a public table that cases equate with others, unique together: `ps_partkey, ps_suppkey`. */
async function pairedKey(
  table: string,
  entry: Catalog[string],
  columns: readonly DataColumn[],
  data: RealData,
  equated: KeyFacts['equated'],
): Promise<readonly string[]> {
  const named = new Set(equated.flat());
  const candidates = entry.visibility === 'public' ? columns.filter(({ name, type }) => named.has(name) && INTEGER_OR_NAME.test(type)) : [];
  for (const [index, first] of candidates.entries())
    for (const second of candidates.slice(index + 1)) {
      const names = [first, second].map((column) => quoteName(column.name)).join(', ');
      const [row] = await data.rows(
        `SELECT count(*) > 0 AND bool_and(n = 1) FROM (SELECT count(*) AS n FROM ${quoteName(table)} GROUP BY ${names})`,
      );
      if (row?.[0] === true) return [first.name, second.name];
    }
  return [];
}

function hopTargets(catalog: Catalog): ReadonlySet<string> {
  return new Set(hops(catalog).map((hop) => `${hop.target}.${hop.key}`));
}

/** Hops of all unit paths: `column -> table.column`, walked from the table that declares them. */
function hops(catalog: Catalog): readonly Link[] {
  return Object.entries(catalog).flatMap(([table, entry]) =>
    Object.values(entry.units ?? {}).flatMap((path) => {
      let here = table;
      return path.slice(0, -1).flatMap((text) => {
        const [, column = '', target = '', key = ''] = /^\s*(\S+)\s*->\s*([^.\s]+)\.(\S+)\s*$/.exec(text) ?? [];
        const link = { table: here, column, target, key };
        here = target;
        return [link];
      });
    }),
  );
}

/** `table.column` of everything that stands in a unit path. */
export function pathColumns(catalog: Catalog): ReadonlySet<string> {
  const ends = unitColumns(catalog).map((unit) => `${unit.table}.${unit.column}`);
  return new Set([...ends, ...hops(catalog).flatMap((hop) => [`${hop.table}.${hop.column}`, `${hop.target}.${hop.key}`])]);
}

/** The unit's own column at the end of every path, in the table where it stands. */
export function unitColumns(catalog: Catalog): readonly { readonly type: string; readonly table: string; readonly column: string }[] {
  return Object.entries(catalog).flatMap(([table, entry]) =>
    Object.entries(entry.units ?? {}).map(([type, path]) => {
      const last = /->\s*([^.\s]+)\./.exec(path.at(-2) ?? '')?.[1] ?? table;
      return { type, table: last, column: path.at(-1) ?? '' };
    }),
  );
}

/** Pairs of names around `=` and inside USING, of all statements of a file. */
function equatedNames(texts: readonly string[]): readonly (readonly [string, string])[] {
  return texts.flatMap((text) => {
    const plain = text.replace(/["`]/g, '');
    const compared = [
      ...plain.matchAll(/(?<![\p{L}\d_])([\p{L}_][\p{L}\d_]*)\s*=\s*(?:[\p{L}\d_]+\.)?([\p{L}_][\p{L}\d_]*)(?![\p{L}\d_])(?!\s*\()/gu),
    ];
    const using = [...plain.matchAll(/USING\s*\(([^)]*)\)/gi)].flatMap((match) => (match[1] ?? '').split(',').map((name) => name.trim()));
    return [...compared.map(([, a = '', b = '']) => [a, b] as const), ...using.map((name) => [name, name] as const)];
  });
}

/** Tables whose only key column some case equates with this column, or that have it under the same name. */
export function joinTargets(
  table: string,
  column: string,
  facts: Omit<KeyFacts, 'links'>,
): readonly { readonly table: string; readonly key: string }[] {
  return [...facts.keys].flatMap(([target, [key, ...more]]) => {
    if (target === table || key === undefined || more.length > 0) return [];
    const equated = facts.equated.some(([a, b]) => (a === column && b === key) || (b === column && a === key));
    return equated || key === column ? [{ table: target, key }] : [];
  });
}

async function findLinks(catalog: Catalog, facts: Omit<KeyFacts, 'links'>, data: RealData): Promise<readonly Link[]> {
  const units = unitColumns(catalog);
  const candidates = new Map<string, Link>();
  const add = (link: Link): void => {
    if (!candidates.has(`${link.table}.${link.column}`)) candidates.set(`${link.table}.${link.column}`, link);
  };
  for (const hop of hops(catalog)) add(hop);
  for (const unit of units) {
    const home = units.find((other) => other.type === unit.type && other.table !== unit.table && isKey(facts, other.table, other.column));
    if (home !== undefined && !isKey(facts, unit.table, unit.column))
      add({ table: unit.table, column: unit.column, target: home.table, key: home.column });
  }
  for (const [table, columns] of facts.columns) {
    for (const column of columns)
      for (const target of joinTargets(table, column.name, facts))
        add({ table, column: column.name, target: target.table, key: target.key });
  }
  const found: Link[] = [];
  for (const link of candidates.values()) if (await isTotal(link, facts, data)) found.push(link);
  return found;
}

function isKey(facts: Omit<KeyFacts, 'links'>, table: string, column: string): boolean {
  const key = facts.keys.get(table) ?? [];
  return key.length === 1 && key[0] === column;
}

async function isTotal(link: Link, facts: Omit<KeyFacts, 'links'>, data: RealData): Promise<boolean> {
  const family = (table: string, name: string): string =>
    (facts.columns.get(table)?.find((column) => column.name === name)?.type ?? '').replace(/^U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?$/, 'INT');
  if (!isKey(facts, link.target, link.key) || family(link.table, link.column) !== family(link.target, link.key)) return false;
  const from = quoteName(link.column);
  const [row] = await data.rows(
    `SELECT count(*) FROM ${quoteName(link.table)} WHERE ${from} IS NOT NULL AND ${from} NOT IN (SELECT ${quoteName(link.key)} FROM ${quoteName(link.target)})`,
  );
  return row?.[0] === 0;
}
