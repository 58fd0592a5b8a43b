import type { Dataset } from '../../catalog/dataset.ts';
import { quoteName } from '../../catalog/identifier.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { MAX_REJECTS } from './read-table.ts';
import type { StagedSession } from './staged-session.ts';
import { rejectsTable, ruleColumn, stagedTable, type TablePlan } from './table-plan.ts';
import { RULES } from './value-rules.ts';

/** Rows that one problem lists; the rest is said in a band. */
export const LISTED_ROWS = 20;

/** How many rows, in bands: exact counts of rows stay inside. */
export function band(count: number): string {
  if (count <= 20) return '1-20';
  if (count <= 100) return '21-100';
  if (count <= 1000) return '101-1000';
  return count <= 10_000 ? '1001-10000' : '>10000';
}

const VALUE_CODES = {
  [RULES.type]: 'load.value_type',
  [RULES.missing]: 'load.value_null',
  [RULES.bounds]: 'load.value_bounds',
  [RULES.domain]: 'load.value_domain',
} as const;

/** Problems of the rows of one staged table: structure, then values by column and rule. */
export async function findRowProblems(session: StagedSession, plan: TablePlan): Promise<readonly Problem[]> {
  const problems: Problem[] = [];
  if (plan.input.format === 'csv') {
    const structure = await findRejects(session, plan);
    problems.push(...structure.problems);
    if (structure.isCut) return problems; // later row numbers would be wrong
  }
  if (plan.input.format === 'json') {
    const fields = await listRows(session, plan, '__fields');
    if (fields !== null) return [problem('load.row_fields', { file: plan.input.file, ...fields })];
  }
  const counts = plan.table.columns.flatMap((_, index) =>
    Object.values(RULES).map((rule) => `count(*) FILTER (WHERE ${ruleColumn(index)} = ${rule})`),
  );
  const [row = []] = await session.run(`SELECT ${counts.join(', ')} FROM ${stagedTable(plan.number)}`);
  for (const [at, count] of row.entries()) {
    if (Number(count) === 0) continue;
    const index = Math.floor(at / 4);
    const rule = Object.values(RULES)[at % 4];
    const column = plan.table.columns[index];
    const rows = await listRows(session, plan, `${ruleColumn(index)} = ${rule}`, Number(count));
    if (rule !== undefined && column !== undefined && rows !== null) {
      problems.push(problem(VALUE_CODES[rule], { file: plan.input.file, column: column.name, ...rows }));
    }
  }
  return problems;
}

interface RowList {
  readonly rows: readonly string[];
  readonly total: string;
}

/** The first rows of a staged table that meet a condition, or null if none does. */
async function listRows(session: StagedSession, plan: TablePlan, condition: string, known?: number): Promise<RowList | null> {
  const from = `FROM ${stagedTable(plan.number)} AS t WHERE ${condition}`;
  const count = known ?? Number((await session.run(`SELECT count(*) ${from}`))[0]?.[0]);
  if (count === 0) return null;
  const rows = await session.run(`SELECT ${rowNumber(plan)} ${from} ORDER BY t.rowid LIMIT ${LISTED_ROWS}`);
  return { rows: rows.map(([row]) => String(row)), total: band(count) };
}

/** Number of the data record, from 1. Faulty records of a CSV file are not staged but count. */
function rowNumber(plan: TablePlan): string {
  if (plan.input.format !== 'csv') return 't.rowid + 1';
  return `t.rowid + 1 + (SELECT count(*) FROM staging.before${plan.number} AS b WHERE b.rows_before <= t.rowid)`;
}

/** Faulty records of a CSV file by kind. `isCut`: there are more than the engine kept. */
async function findRejects(
  session: StagedSession,
  plan: TablePlan,
): Promise<{ readonly problems: readonly Problem[]; readonly isCut: boolean }> {
  const faulty = `(SELECT DISTINCT line::BIGINT - 2 AS place FROM ${rejectsTable(plan.number)})`;
  await session.run(
    `CREATE TABLE staging.before${plan.number} AS SELECT place - (row_number() OVER (ORDER BY place) - 1) AS rows_before FROM ${faulty}`,
  );
  const rows = await session.run(
    `SELECT kind, count(*), list(place + 1 ORDER BY place)[1:${LISTED_ROWS}] FROM (SELECT DISTINCT line::BIGINT - 2 AS place, CASE error_type::VARCHAR ` +
      `WHEN 'INVALID ENCODING' THEN 'encoding' WHEN 'MISSING COLUMNS' THEN 'fields' WHEN 'TOO MANY COLUMNS' THEN 'fields' ELSE 'quotes' END AS kind ` +
      `FROM ${rejectsTable(plan.number)}) GROUP BY kind ORDER BY kind`,
  );
  const codes = { encoding: 'load.row_encoding', fields: 'load.row_fields', quotes: 'load.row_quotes' } as const;
  const problems = rows.map(([kind, count, list]) => {
    const facts = { file: plan.input.file, rows: Array.isArray(list) ? list.map(String) : [], total: band(Number(count)) };
    return problem(codes[kind as keyof typeof codes], facts);
  });
  // One record can have several faults, and the engine's limit is on faults.
  const [faults] = await session.run(`SELECT count(*) FROM ${rejectsTable(plan.number)}`);
  return { problems, isCut: Number(faults?.[0]) >= MAX_REJECTS };
}

/** Rows whose primary key an earlier row has. */
export async function findDuplicateKeys(session: StagedSession, plan: TablePlan): Promise<readonly Problem[]> {
  const table = stagedTable(plan.number);
  const key = plan.table.primaryKey.map(quoteName).join(', ');
  const whole = plan.table.primaryKey.map((name) => `${quoteName(name)} IS NOT NULL`).join(' AND ');
  const [summary] = await session.run(
    `SELECT coalesce(sum(n - 1), 0) FROM (SELECT count(*) AS n FROM ${table} WHERE ${whole} GROUP BY ${key} HAVING count(*) > 1)`,
  );
  const count = Number(summary?.[0]);
  if (count === 0) return [];
  const later =
    `t.rowid IN (SELECT r FROM (SELECT rowid AS r, row_number() OVER (PARTITION BY ${key} ORDER BY rowid) AS n FROM ${table} ` +
    `WHERE ${whole}) WHERE n > 1)`;
  const rows = await listRows(session, plan, later, count);
  return rows === null ? [] : [problem('load.key_duplicate', { file: plan.input.file, column: plan.table.primaryKey.join(', '), ...rows })];
}

interface Link {
  readonly from: TablePlan;
  readonly columns: readonly string[];
  readonly to: TablePlan;
  readonly references: readonly string[];
  readonly code: 'load.key_dangling' | 'load.unit_dangling';
}

/** Every foreign key and every hop of a unit path, each once. */
export function linksOf(dataset: Dataset, plans: readonly TablePlan[]): readonly Link[] {
  const links = new Map<string, Link>();
  const add = (from: string, columns: readonly string[], to: string, references: readonly string[], code: Link['code']): void => {
    const key = JSON.stringify([from, columns, to, references]);
    const source = plans.find((plan) => plan.table.name === from);
    const target = plans.find((plan) => plan.table.name === to);
    if (!links.has(key) && source !== undefined && target !== undefined)
      links.set(key, { from: source, columns, to: target, references, code });
  };
  for (const table of dataset.tables) {
    for (const key of table.foreignKeys) add(table.name, key.columns, key.table, key.references, 'load.key_dangling');
  }
  for (const table of dataset.tables) {
    for (const path of Object.values(table.units)) {
      let here = table.name;
      for (const hop of path.hops) {
        add(here, [hop.from], hop.table, [hop.to], 'load.unit_dangling');
        here = hop.table;
      }
    }
  }
  return [...links.values()];
}

/** Rows whose key finds nothing in the other table. Keys with a NULL refer to nothing and are not looked up. */
export async function findDangling(session: StagedSession, link: Link): Promise<readonly Problem[]> {
  const matches = link.columns.map((name, index) => `o.${quoteName(link.references[index] ?? '')} = t.${quoteName(name)}`).join(' AND ');
  const whole = link.columns.map((name) => `t.${quoteName(name)} IS NOT NULL`).join(' AND ');
  const condition = `${whole} AND NOT EXISTS (SELECT 1 FROM ${stagedTable(link.to.number)} AS o WHERE ${matches})`;
  const rows = await listRows(session, link.from, condition);
  return rows === null ? [] : [problem(link.code, { file: link.from.input.file, column: link.columns.join(', '), ...rows })];
}
