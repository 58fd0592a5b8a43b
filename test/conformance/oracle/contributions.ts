import type { Catalog } from '../case-file.ts';
import { quoteName, type RealData, type Row } from '../real-data.ts';
import { asList, call, column, readShape, type Shape, type Tree } from './read-query.ts';

/** What one unit adds to the components of one cell. */
export interface Share {
  readonly unit: string;
  /** By component: a number, or the list of its values for `raw`. */
  readonly values: readonly (number | readonly (string | null)[])[];
  /** By component: least and greatest summand, where the component is a sum of flat rows. */
  readonly spread: readonly (readonly [number, number] | null)[];
}

/** One cell of an answered query, recomputed: its labels, its output row, and who stands behind it, by unit type. */
export interface RecomputedCell {
  readonly labels: readonly (string | null)[];
  readonly outputs: Row;
  readonly shares: readonly { readonly unitType: string; readonly units: readonly Share[] }[];
}

export interface Recomputed {
  readonly shape: Shape;
  readonly cells: readonly RecomputedCell[];
}

/** Most units that are taken out one by one where the query is not flat. */
const MAX_REMOVED = 1200;

/** Views over the tables that carry each row's unit as a column; made once per state of the data. */
export async function tagTables(catalog: Catalog, data: RealData): Promise<void> {
  await data.run('CREATE SCHEMA IF NOT EXISTS tagged');
  await data.run('CREATE OR REPLACE TABLE tagged.__gone(unit_type VARCHAR, unit VARCHAR)');
  await data.run('CREATE OR REPLACE TABLE tagged.__none AS SELECT 1 WHERE false');
  for (const [table, entry] of Object.entries(catalog)) {
    const units = Object.entries(entry.units ?? {}).map(([type, path]) => ({ type, sql: unitSql(path) }));
    const columns = units.map(({ type, sql }) => `, CAST((${sql}) AS VARCHAR) AS ${quoteName(tag(type))}`).join('');
    const kept = units.map(
      ({ type }) => `NOT EXISTS (SELECT 1 FROM tagged.__gone g WHERE g.unit_type = '${type}' AND g.unit = ${quoteName(tag(type))})`,
    );
    const where = kept.length === 0 ? '' : ` WHERE ${kept.join(' AND ')}`;
    await data.run(
      `CREATE OR REPLACE VIEW tagged.${quoteName(table)} AS SELECT * FROM (SELECT *${columns} FROM main.${quoteName(table)} AS here)${where}`,
    );
  }
}

const tag = (type: string): string => `__unit_${type}`;

/** The unit of a row as an expression over the alias `here`. */
function unitSql(path: readonly string[]): string {
  let sql = quoteName(path.at(-1) ?? '');
  const hops = path.slice(0, -1).map((text) => /^\s*(\S+)\s*->\s*([^.\s]+)\.(\S+)\s*$/.exec(text)?.slice(1) ?? []);
  for (const [index, [from = '', table = '', key = '']] of [...hops.entries()].reverse()) {
    const alias = index === 0 ? 'here' : `hop${index - 1}`;
    sql = `SELECT ${sql.startsWith('SELECT') ? `(${sql})` : `hop${index}.${sql}`} FROM main.${quoteName(table)} AS hop${index} WHERE hop${index}.${quoteName(key)} = ${alias}.${quoteName(from)}`;
  }
  return hops.length === 0 ? `here.${sql}` : sql;
}

/** Recomputes what a query answered from the raw tables, cell by cell and unit by unit; null where its shape is not understood. */
export async function recompute(sql: string, catalog: Catalog, data: RealData): Promise<Recomputed | null> {
  await data.run(`SET search_path = 'tagged,main'`);
  try {
    const aggregates = new Set(
      (await data.rows(`SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_type = 'aggregate'`)).map(([name]) =>
        String(name),
      ),
    );
    aggregates.add('count_star');
    const [row] = await data.rows('SELECT json_serialize_sql($1::VARCHAR)::VARCHAR', [sql]);
    const shape = readShape(withoutPlaces(JSON.parse(String(row?.[0]))), aggregates);
    if (shape === null || asList(shape.node.group_sets).length > 1) return null;
    return shape.isFlat ? await flat(shape, catalog, data) : await removing(shape, catalog, data, sql);
  } finally {
    await data.run(`SET search_path = 'main'`);
  }
}

/** Places in the text do not survive JSON numbers. */
function withoutPlaces(tree: unknown): unknown {
  return JSON.parse(JSON.stringify(tree, (field, value: unknown) => (field === 'query_location' ? undefined : value)));
}

/** FROM holds base tables only: grouping by the unit as well shows each one's share at once, for every instance of a unit. */
async function flat(shape: Shape, catalog: Catalog, data: RealData): Promise<Recomputed> {
  const cells = await cellsOf(shape, data);
  const shares = new Map<string, { unitType: string; units: readonly Share[] }[]>();
  for (const instance of shape.instances) {
    for (const unitType of Object.keys(catalog[instance.table]?.units ?? {})) {
      const byCell = new Map<string, Share[]>();
      for (const { labels, share } of await sharesOf(shape, column(instance.name, tag(unitType)), data)) {
        byCell.set(JSON.stringify(labels), [...(byCell.get(JSON.stringify(labels)) ?? []), share]);
      }
      for (const cell of cells) {
        const name = JSON.stringify(cell.labels);
        shares.set(name, [...(shares.get(name) ?? []), { unitType, units: byCell.get(name) ?? [] }]);
      }
    }
  }
  return { shape, cells: cells.map((cell) => ({ ...cell, shares: shares.get(JSON.stringify(cell.labels)) ?? [] })) };
}

async function cellsOf(shape: Shape, data: RealData): Promise<readonly Omit<RecomputedCell, 'shares'>[]> {
  const outputs = asList(shape.node.select_list) as Tree[];
  const rows = await runSelect(shape, [...shape.keys.map((key) => key.node), ...outputs], shape.keys.length, data);
  return rows.map((row) => ({ labels: row.slice(0, shape.keys.length).map(label), outputs: row.slice(shape.keys.length) }));
}

async function sharesOf(
  shape: Shape,
  unit: Tree,
  data: RealData,
): Promise<readonly { readonly labels: readonly (string | null)[]; readonly share: Share }[]> {
  const spreads = shape.components.flatMap((item) =>
    item.kind === 'sum' && item.argument !== null
      ? [call('min', [item.argument]), call('max', [item.argument])].map((node) => ({ ...node, filter: item.node.filter ?? null }))
      : [],
  );
  const keys = shape.keys.map((key) => key.node);
  const rows = await runSelect(shape, [...keys, unit, ...shape.components.map((item) => item.node), ...spreads], keys.length + 1, data);
  return rows
    .filter((row) => row[keys.length] !== null)
    .map((row) => {
      const values = row.slice(keys.length + 1, keys.length + 1 + shape.components.length);
      const rest = [...row.slice(keys.length + 1 + shape.components.length)];
      const spread = shape.components.map((item): readonly [number, number] | null => {
        if (item.kind !== 'sum' || item.argument === null) return null;
        const [low, high] = [rest.shift(), rest.shift()];
        return low === null || low === undefined ? null : [Number(low), Number(high)];
      });
      const share = {
        unit: String(row[keys.length]),
        values: values.map((value) => (Array.isArray(value) ? value : Number(value ?? 0))),
        spread,
      };
      return { labels: row.slice(0, keys.length).map(label), share };
    });
}

/** The SELECT with other items, grouped by the first `grouped` of them, without HAVING, ORDER BY, DISTINCT and LIMIT. */
async function runSelect(shape: Shape, items: readonly Tree[], grouped: number, data: RealData): Promise<readonly Row[]> {
  const named = items.map((item, index) => ({ ...item, alias: `c${index}` }));
  const keys = items.slice(0, grouped).map((item) => ({ ...item, alias: '' }));
  const node = {
    ...shape.node,
    modifiers: [],
    having: null,
    qualify: null,
    select_list: named,
    group_expressions: keys,
    group_sets: grouped === 0 ? [] : [keys.map((_, index) => index)],
    aggregate_handling: 'STANDARD_HANDLING',
  };
  const tree = JSON.stringify({ error: false, statements: [{ node, named_param_map: [] }] });
  const [row] = await data.rows('SELECT json_deserialize_sql($1::JSON)', [tree]);
  return data.rows(String(row?.[0]));
}

/**
 * FROM holds subqueries: every unit is taken out of the data in turn, and what its absence changes is its share. Right for
 * whatever the query does with it, and slow.
 */
async function removing(shape: Shape, catalog: Catalog, data: RealData, sql: string): Promise<Recomputed | null> {
  const tables = Object.keys(catalog).filter((table) => new RegExp(`\\b${table}\\b`, 'i').test(sql));
  const types = [...new Set(tables.flatMap((table) => Object.keys(catalog[table]?.units ?? {})))];
  const cells = await cellsOf(shape, data);
  if (types.length === 0) return { shape, cells: cells.map((cell) => ({ ...cell, shares: [] })) };
  const whole = await componentsByCell(shape, data);
  const shares = new Map<string, { unitType: string; units: Share[] }[]>();
  for (const unitType of types) {
    const holding = tables.filter((table) => catalog[table]?.units?.[unitType] !== undefined);
    const units = await data.rows(
      `SELECT DISTINCT u FROM (${holding.map((table) => `SELECT ${quoteName(tag(unitType))} AS u FROM tagged.${quoteName(table)}`).join(' UNION ALL ')}) WHERE u IS NOT NULL`,
    );
    if (units.length > MAX_REMOVED) return null;
    for (const name of whole.keys()) shares.set(name, [...(shares.get(name) ?? []), { unitType, units: [] }]);
    for (const [unit] of units) {
      await data.run(`INSERT INTO tagged.__gone VALUES ('${unitType}', '${String(unit).replaceAll("'", "''")}')`);
      const without = await componentsByCell(shape, data);
      await data.run('DELETE FROM tagged.__gone');
      for (const [name, values] of whole) {
        const left = without.get(name);
        const moved = values.map((value, index) => (Array.isArray(value) ? value : Number(value) - Number(left?.[index] ?? 0)));
        if (moved.some((value) => Array.isArray(value) || Math.abs(Number(value)) > 1e-9)) {
          shares
            .get(name)
            ?.at(-1)
            ?.units.push({ unit: String(unit), values: moved as Share['values'], spread: shape.components.map(() => null) });
        }
      }
    }
  }
  return { shape, cells: cells.map((cell) => ({ ...cell, shares: shares.get(JSON.stringify(cell.labels)) ?? [] })) };
}

async function componentsByCell(shape: Shape, data: RealData): Promise<ReadonlyMap<string, Row>> {
  const keys = shape.keys.map((key) => key.node);
  const rows = await runSelect(shape, [...keys, ...shape.components.map((item) => item.node)], keys.length, data);
  return new Map(rows.map((row) => [JSON.stringify(row.slice(0, keys.length).map(label)), row.slice(keys.length)]));
}

/** A label as the product writes it. */
function label(value: Row[number]): string | null {
  return value === null ? null : String(value);
}
