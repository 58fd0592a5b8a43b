import { readColumnType } from '../catalog/column-type.ts';
import type { Column, Table } from '../catalog/dataset.ts';
import { foldName } from '../catalog/identifier.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { type ColumnShape, type DayRange, dayRange, keyShape, shapeOf } from './column-shape.ts';
import { streamKey } from './draw.ts';
import { hintProblems } from './hint-problems.ts';
import type { IdentifierStyle } from './identifier-sql.ts';
import type { ColumnWish } from './query-wishes.ts';
import { type ColumnDemand, readStandingFilters } from './standing-filter.ts';
import type { Link } from './table-links.ts';

/** Rows of a table that a fitted model has drawn: which columns, and which foreign keys (`__parent_0`, … hold row indices). */
export interface GivenRows {
  readonly rows: number;
  readonly columns: readonly string[];
  readonly links: readonly (readonly string[])[];
}

/** What all tables of a plan share, and what is known of this one. */
export interface ContextInput {
  readonly seed: string;
  readonly rows: number;
  readonly links: readonly Link[];
  readonly style: IdentifierStyle;
  readonly wishes: ReadonlyMap<string, ColumnWish>;
  readonly given?: GivenRows;
}

/** Everything the SQL of one table is made from. */
export interface TableContext {
  readonly table: Table;
  /** Position in the dataset; names the table of its keys. */
  readonly index: number;
  readonly seed: string;
  readonly rows: number;
  readonly links: readonly Link[];
  readonly shapes: ReadonlyMap<string, ColumnShape>;
  readonly demands: ReadonlyMap<string, ColumnDemand>;
  /** Column that holds the resident ID from which birth date and sex follow. */
  readonly idColumn?: string;
  readonly birthColumn?: string;
  readonly sexColumn?: string;
  readonly unreadFilters: readonly string[];
  readonly style: IdentifierStyle;
  /** What a query compares columns with, by column in lower case. */
  readonly wishes: ReadonlyMap<string, ColumnWish>;
  /** Columns, and rows of other tables, that are known already: they stand in `givenTable`, one row per row index. */
  readonly given?: GivenRows;
  /** Column that holds the credit code of an enterprise, in tables that are not about people. */
  readonly creditColumn?: string;
  /** Range of birth dates where a person needs an ID that no column holds. */
  readonly births: DayRange;
}

/** Of whom a column may say that it speaks, where a row is about that person: not a mother's, not a guarantor's. */
const OF_WHOM = '(?:(?:person|resident|citizen|patient|member|holder|insured|customer|client|user|employee|worker|student|applicant)_?)?';
const BIRTH_NAME = new RegExp(
  `^${OF_WHOM}(birth|birth_?day|birth_?da?te?|date_?of_?birth|born|born_?(?:on|at|date|day)|dob|csrq|csny|出生|出生日期|出生年月|出生年月日|出生时间|生日)$`,
  'iu',
);
const ANY_BIRTHS: DayRange = { firstDay: '1936-01-01', days: 31_000 };
const SEX_NAME = new RegExp(`^${OF_WHOM}(sex|gender|xb|性别)$`, 'iu');

/** A number that names rows counts them: it is no figure, whatever role it was given. Own design: ADR 0011. */
function counted(column: Column): Column {
  const family = readColumnType(column.type)?.family;
  return family === 'integer' || family === 'decimal' ? { ...column, role: 'dimension' } : column;
}

/**
 * The context of a table, and what stands against simulating it.
 * Source: Own design: ADR 0011.
 */
export function tableContext(
  table: Table,
  index: number,
  { seed, rows, links, style, wishes, given }: ContextInput,
): { readonly context: TableContext; readonly problems: readonly Problem[] } {
  const filters = readStandingFilters(table.standingFilters);
  const demandOf = (column: Column): ColumnDemand | undefined => filters.demands.get(foldName(column.name));
  const idColumn = residentIdColumn(table);
  const birthColumn = table.columns.find((column) => column.type === 'DATE' && BIRTH_NAME.test(column.name));
  const births = dayRange(birthColumn, birthColumn === undefined ? undefined : demandOf(birthColumn), 'births');
  const shapes = new Map<string, ColumnShape>();
  const problems: Problem[] = [];
  for (const column of table.columns) {
    const isUnique = table.primaryKey.includes(column.name) || table.simulation?.unique?.includes(column.name) === true;
    const shape = shapeOf(isUnique ? counted(column) : column, demandOf(column), rows, births, style);
    if (shape === 'type') problems.push(problem('simulation.column_type', { table: table.name, column: column.name }));
    else if (shape === 'empty') problems.push(problem('simulation.no_value', { table: table.name, column: column.name }));
    else shapes.set(column.name, table.primaryKey.includes(column.name) ? keyShape(column, shape, rows) : shape);
  }
  const sexColumn = table.columns.find(
    (column) => SEX_NAME.test(column.name) && demandOf(column) === undefined && sexValues(column) !== undefined,
  );
  const creditColumn = table.columns.find((column) => column.semantic === 'uscc' && column.domain === undefined);
  const demands = new Map(table.columns.flatMap((column) => [[column.name, demandOf(column) ?? {}] as const]));
  const context: TableContext = {
    table,
    index,
    seed,
    rows,
    links,
    shapes,
    demands,
    unreadFilters: filters.unread,
    style,
    wishes,
    ...(given === undefined ? {} : { given }),
    births: births ?? ANY_BIRTHS,
    ...(creditColumn === undefined || idColumn !== undefined ? {} : { creditColumn: creditColumn.name }),
    ...(idColumn === undefined ? {} : { idColumn: idColumn.name }),
    ...(birthColumn === undefined ? {} : { birthColumn: birthColumn.name }),
    ...(sexColumn === undefined ? {} : { sexColumn: sexColumn.name }),
  };
  return { context, problems: [...problems, ...hintProblems(table, rows, links, shapes)] };
}

/** Values of a closed domain that mean male and female, if it is one of sexes. */
export function sexValues(column: Column): { readonly male: string | number; readonly female: string | number } | undefined {
  const find = (words: readonly (string | number)[]): string | number | undefined =>
    column.domain?.find((value) => words.includes(typeof value === 'string' ? value.toLowerCase() : value));
  const male = find(['男', '男性', 'm', 'male', '1', 1]);
  const female = find(['女', '女性', 'f', 'female', '2', 2]);
  return male === undefined || female === undefined ? undefined : { male, female };
}

/** The stream of one column, or of one purpose of it. */
export function columnStream(context: TableContext, column: string, purpose: string): string {
  return streamKey(context.seed, context.table.name, column, purpose);
}

/** Name of the table that holds the primary keys of the table with this index while a simulation is made. */
export function keyTable(index: number): string {
  return `__k${index}`;
}

/** Name of the table of rows that a model has drawn. */
export function givenTable(index: number): string {
  return `__g${index}`;
}

/** Name of the table that says to which parent each row belongs, for the link at this position with a declared cardinality. */
export function linkTable(index: number, link: number): string {
  return `__l${index}_${link}`;
}

/** Key columns first: what identifies the row says who is meant. */
function residentIdColumn(table: Table): Column | undefined {
  const all = table.columns.filter((column) => column.semantic === 'residentId' && column.domain === undefined);
  return all.find((column) => table.primaryKey.includes(column.name)) ?? all.find((column) => column.role === 'unitId') ?? all[0];
}
