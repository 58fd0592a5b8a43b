import type { Column } from '../../catalog/dataset.ts';
import { quoteName, quoteText } from '../../catalog/identifier.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { isLossless } from './lossless-type.ts';
import type { StagedSession } from './staged-session.ts';
import { rejectsTable, ruleColumn, stagedTable, type TablePlan } from './table-plan.ts';
import { castSql, columnType, ruleSql, type Source } from './value-rules.ts';

/** Faulty lines of a CSV file that are kept; where there are more, only they are reported. */
export const MAX_REJECTS = 1000;

/** `rowFields`: SQL condition under which a staged row has the wrong fields (JSON), or null. */
interface Reader {
  readonly from: string;
  readonly source: (column: Column) => Source;
  readonly rowFields: string | null;
}

/**
 * Reads the file of a table once into its staging table: converted values, and beside each column that has rules the
 * rule its value breaks. Gives problems of the file as a whole; those of rows are found in the staging table
 * (`find-problems.ts`). Rows are staged in the order of the file.
 */
export async function readTable(session: StagedSession, plan: TablePlan, folder: string): Promise<readonly Problem[]> {
  const reader = await openReader(session, plan, folder);
  if (Array.isArray(reader)) return reader;
  const rows = await session.tryRun(stagingSql(plan, reader as Reader));
  return rows === null ? [unreadable(plan)] : [];
}

function openReader(session: StagedSession, plan: TablePlan, folder: string): Promise<Reader | readonly Problem[]> {
  if (plan.input.format === 'csv') return openCsv(session, plan, folder);
  return plan.input.format === 'parquet' ? openParquet(session, plan) : Promise.resolve(openJson(plan));
}

export function unreadable(plan: TablePlan): Problem {
  const format = { csv: 'CSV', parquet: 'Parquet', json: 'JSON' }[plan.input.format];
  return problem('load.file_unreadable', { file: plan.input.file, format });
}

/** One pass: the inner query names and converts, the outer judges, so that nothing is converted twice. */
function stagingSql(plan: TablePlan, reader: Reader): string {
  const inner: string[] = reader.rowFields === null ? [] : [`${reader.rowFields} AS __fields`];
  const outer: string[] = reader.rowFields === null ? [] : ['__fields'];
  for (const [index, column] of plan.table.columns.entries()) {
    const source = reader.source(column);
    const named: Source = { ...source, value: `x${index}`, ...(source.kind === 'json' ? { jsonType: `k${index}` } : {}) } as Source;
    inner.push(`${source.value} AS x${index}`, ...(source.kind === 'json' ? [`${source.jsonType} AS k${index}`] : []));
    const isStaged = plan.staged.includes(column);
    if (isStaged) outer.push(`v${index} AS ${quoteName(column.name)}`);
    outer.push(`${ruleSql(column, named, `v${index}`)} AS ${ruleColumn(index)}`);
  }
  const casts = plan.table.columns.map(
    (column, index) => `${castSql(column, { ...reader.source(column), value: `x${index}` })} AS v${index}`,
  );
  return (
    `CREATE TABLE ${stagedTable(plan.number)} AS SELECT ${outer.join(', ')} ` +
    `FROM (SELECT *, ${casts.join(', ')} FROM (SELECT ${inner.join(', ')} FROM ${reader.from}))`
  );
}

const CSV_FORM = `auto_detect = false, delim = ',', quote = '"', escape = '"', nullstr = '', allow_quoted_nulls = false, strict_mode = true`;

/**
 * An unquoted empty field is NULL, a quoted one the empty text. Blank lines are no records. As DuckDB reads CSV, one more
 * field at the end of a row is overlooked if it is empty, and so are spaces between a quote and a comma.
 */
async function openCsv(session: StagedSession, plan: TablePlan, folder: string): Promise<Reader | readonly Problem[]> {
  let path = plan.path;
  if (plan.input.encoding === 'gb18030') {
    path = `${folder}/${plan.number}.csv`;
    const decoded = await session.transcode(plan.path, path, 'gb18030');
    if (!decoded.ok) return [unreadable(plan)];
    if (decoded.value.badLine !== null) {
      return [problem('load.encoding_line', { file: plan.input.file, line: decoded.value.badLine, encoding: 'GB18030' })];
    }
  }
  const header = await readHeader(session, plan, path);
  if (!('order' in header)) return header;
  const columns = header.order.map((index) => `${quoteText(plan.table.columns[index]?.name ?? '')}: 'VARCHAR'`).join(', ');
  const rejects = `store_rejects = true, rejects_table = '${rejectsTable(plan.number)}', rejects_scan = 'scans_${plan.number}', rejects_limit = ${MAX_REJECTS}`;
  return {
    from: `read_csv(${quoteText(path)}, header = true, ${CSV_FORM}, columns = {${columns}}, ${rejects})`,
    source: (column) => ({ kind: 'text', value: quoteName(column.name) }),
    rowFields: null,
  };
}

/** Columns looked at beyond the declared ones, to say where a file has more. */
const SPARE_COLUMNS = 64;

/** Which declared column stands at each position. The names of the file are compared inside the worker and not fetched. */
async function readHeader(
  session: StagedSession,
  plan: TablePlan,
  path: string,
): Promise<{ readonly order: readonly number[] } | readonly Problem[]> {
  const names = plan.table.columns.map((column) => column.name);
  const width = names.length + SPARE_COLUMNS;
  const cells = Array.from({ length: width }, (_, index) => `c${index}`);
  const declared = `[${names.map(quoteText).join(', ')}]`;
  const rows = await session.tryRun(
    `SELECT ${cells.map((cell) => `CASE WHEN ${cell} IS NULL THEN -1 ELSE coalesce(list_position(${declared}, ${cell}), 0) END`).join(', ')} ` +
      `FROM (SELECT * FROM read_csv(${quoteText(path)}, header = false, ${CSV_FORM}, null_padding = true, parallel = false, ignore_errors = true, ` +
      `columns = {${cells.map((cell) => `${cell}: 'VARCHAR'`).join(', ')}}) LIMIT 1)`,
  );
  if (rows === null) return [unreadable(plan)];
  const found = (rows[0] ?? []).map(Number);
  const length = found.findLastIndex((position) => position >= 0) + 1;
  const order = found.slice(0, length).map((position) => position - 1);
  return columnSetProblems(plan, order) ?? { order };
}

/** `order`: per column of the file the number of the declared column, negative if there is none. Null if all is well. */
function columnSetProblems(plan: TablePlan, order: readonly number[]): readonly Problem[] | null {
  const names = plan.table.columns.map((column) => column.name);
  const missing = names.filter((_, index) => !order.includes(index));
  const undeclared = order.flatMap((index, position) => (index < 0 ? [String(position + 1)] : []));
  const repeated = names.filter((_, index) => order.indexOf(index) !== order.lastIndexOf(index));
  if (missing.length + undeclared.length + repeated.length === 0) return null;
  return [problem('load.columns', { file: plan.input.file, missing, undeclared, repeated })];
}

async function openParquet(session: StagedSession, plan: TablePlan): Promise<Reader | readonly Problem[]> {
  const from = `read_parquet(${quoteText(plan.path)})`;
  const described = await session.tryRun(`SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM ${from})`);
  if (described === null) return [unreadable(plan)];
  const names = plan.table.columns.map((column) => column.name);
  const wrongSet = columnSetProblems(
    plan,
    described.map(([name]) => names.indexOf(String(name))),
  );
  if (wrongSet !== null) return wrongSet;
  const types = new Map(described.map(([name, type]) => [String(name), String(type)]));
  const wrong = plan.table.columns.filter((column) => !isLossless(types.get(column.name) ?? '', columnType(column)));
  if (wrong.length > 0) {
    return wrong.map((column) => problem('load.column_type', { file: plan.input.file, column: column.name, declared: column.type }));
  }
  return {
    from,
    source: (column) => ({ kind: 'typed', value: quoteName(column.name), type: types.get(column.name) ?? '' }),
    rowFields: null,
  };
}

/** Objects in an array or one after another. Every object must have exactly the declared fields; null stands for no value. */
function openJson(plan: TablePlan): Reader {
  const names = plan.table.columns.map((column) => column.name);
  const keys = `list_sort([${names.map(quoteText).join(', ')}])`;
  return {
    from: `read_json_objects(${quoteText(plan.path)}, format = 'auto')`,
    source: (column) => {
      const path = quoteText(`$."${column.name}"`);
      return { kind: 'json', value: `json_extract_string(json, ${path})`, jsonType: `json_type(json, ${path})` };
    },
    rowFields: `(json_type(json) <> 'OBJECT' OR list_sort(json_keys(json)) IS DISTINCT FROM ${keys})`,
  };
}
