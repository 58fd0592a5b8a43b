import type { Catalog } from '../case-file.ts';
import { quoteName, quoteText, type RealData } from '../real-data.ts';
import { tag } from './tag-relations.ts';

/**
 * Views over the tables that carry each row's unit as a column, without the rows of units that are taken out.
 * Made anew for every judgement: the data may have been refreshed.
 *
 * @param wide  whole numbers as BIGINT.
 */
export async function tagTables(catalog: Catalog, data: RealData, wide = false): Promise<void> {
  await data.run('CREATE SCHEMA IF NOT EXISTS tagged');
  await data.run('CREATE OR REPLACE TABLE tagged.__gone(unit_type VARCHAR, unit VARCHAR)');
  for (const [table, entry] of Object.entries(catalog)) {
    const units = Object.entries(entry.units ?? {}).map(([type, path]) => ({ type, sql: unitSql(path) }));
    const narrow = wide ? (await data.columns(table)).filter(({ type }) => /^U?(TINY|SMALL)?INT(EGER)?$/.test(type)) : [];
    const widened = narrow.map(({ name }) => `CAST(${quoteName(name)} AS BIGINT) AS ${quoteName(name)}`).join(', ');
    const all = widened === '' ? '*' : `* REPLACE (${widened})`;
    const columns = units.map(({ type, sql }) => `, CAST((${sql}) AS VARCHAR) AS ${quoteName(tag(type))}`).join('');
    const kept = units.map(
      ({ type }) =>
        `NOT EXISTS (SELECT 1 FROM tagged.__gone g WHERE g.unit_type = ${quoteText(type)} AND g.unit = ${quoteName(tag(type))})`,
    );
    const where = kept.length === 0 ? '' : ` WHERE ${kept.join(' AND ')}`;
    await data.run(
      `CREATE OR REPLACE VIEW tagged.${quoteName(table)} AS SELECT * FROM (SELECT ${all}${columns} FROM main.${quoteName(table)} AS here)${where}`,
    );
  }
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
