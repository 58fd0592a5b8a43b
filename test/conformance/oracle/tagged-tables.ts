import type { Catalog } from '../case-file.ts';
import { quoteName, quoteText, type RealData } from '../real-data.ts';
import { tag } from './tag-relations.ts';

interface Tagging {
  readonly catalog: Catalog;
  readonly wide: boolean;
  /** What was worked out over these views, by its text. */
  readonly known: Map<string, Promise<unknown>>;
}

const tagged = new WeakMap<RealData, Tagging>();

/**
 * Views over the tables that carry each row's unit as a column, without the rows of the unit that is taken out. They are
 * made once for data, which never change: a refresh builds others.
 *
 * @param wide  whole numbers as BIGINT.
 */
export async function tagTables(catalog: Catalog, data: RealData, wide = false): Promise<void> {
  const known = tagged.get(data);
  if (known?.catalog === catalog && known.wide === wide) return;
  tagged.delete(data);
  await data.run('CREATE SCHEMA IF NOT EXISTS tagged');
  await data.run('CREATE SCHEMA IF NOT EXISTS with_units');
  for (const [table, entry] of Object.entries(catalog)) {
    const name = quoteName(table);
    const units = Object.entries(entry.units ?? {}).map(([type, path]) => ({ type, sql: unitSql(path) }));
    const narrow = wide ? (await data.columns(table)).filter(({ type }) => /^U?(TINY|SMALL)?INT(EGER)?$/.test(type)) : [];
    const widened = narrow.map(({ name }) => `CAST(${quoteName(name)} AS BIGINT) AS ${quoteName(name)}`).join(', ');
    const all = widened === '' ? '*' : `* REPLACE (${widened})`;
    const columns = units.map(({ type, sql }) => `, CAST((${sql}) AS VARCHAR) AS ${quoteName(tag(type))}`).join('');
    await data.run(`CREATE OR REPLACE TABLE with_units.${name} AS SELECT ${all}${columns} FROM main.${name} AS here`);
    const kept = units.map(
      ({ type }) =>
        `(getvariable('gone_type') IS DISTINCT FROM ${quoteText(type)} OR ${quoteName(tag(type))} IS DISTINCT FROM getvariable('gone_unit'))`,
    );
    const where = kept.length === 0 ? '' : ` WHERE ${kept.join(' AND ')}`;
    await data.run(`CREATE OR REPLACE VIEW tagged.${name} AS SELECT * FROM with_units.${name}${where}`);
  }
  tagged.set(data, { catalog, wide, known: new Map() });
}

/** Runs `work` over data without one unit. Such works run one after another. */
export async function withoutUnit<T>(unitType: string, unit: string, data: RealData, work: () => Promise<T>): Promise<T> {
  await data.run(`SET VARIABLE gone_unit = ${quoteText(unit)}`);
  await data.run(`SET VARIABLE gone_type = ${quoteText(unitType)}`);
  return work().finally(() => data.run('RESET VARIABLE gone_type'));
}

/** Works something out over the tagged tables once: the same text over the same data gives the same. Not for stages, which change. */
export function onceOver<T>(data: RealData, text: string, work: () => Promise<T>): Promise<T> {
  const known = tagged.get(data)?.known;
  if (known === undefined || /__[gs]\d/.test(text)) return work();
  const made = known.get(text) ?? work();
  known.set(text, made);
  return made as Promise<T>;
}

/** Runs what `work` asks with the tagged views in place of the tables, and released stages beside them. */
export async function overTagged<T>(data: RealData, work: () => Promise<T>): Promise<T> {
  await data.run('CREATE SCHEMA IF NOT EXISTS stages');
  await data.run(`SET search_path = 'tagged,stages,main'`);
  try {
    return await work();
  } finally {
    await data.run(`SET search_path = 'main'`);
  }
}

/** The unit of a row as an expression over the alias `here`. Source: formats.md, unit paths. */
function unitSql(path: readonly string[]): string {
  let sql = quoteName(path.at(-1) ?? '');
  const hops = path.slice(0, -1).map((text) => /^\s*(\S+)\s*->\s*([^.\s]+)\.(\S+)\s*$/.exec(text)?.slice(1) ?? []);
  for (const [index, [from = '', table = '', key = '']] of [...hops.entries()].reverse()) {
    const alias = index === 0 ? 'here' : `hop${index - 1}`;
    sql = `SELECT ${sql.startsWith('SELECT') ? `(${sql})` : `hop${index}.${sql}`} FROM main.${quoteName(table)} AS hop${index} WHERE hop${index}.${quoteName(key)} = ${alias}.${quoteName(from)}`;
  }
  return hops.length === 0 ? `here.${sql}` : sql;
}
