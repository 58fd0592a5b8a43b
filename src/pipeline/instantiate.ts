import { quoteText } from '../catalog/identifier.ts';
import type { KeyValue } from '../egress/executed.ts';
import { decimalText, parseDecimal } from '../kernel/decimal.ts';
import { GRIDS, roundToGrid } from '../sandbox/sql/compile/grid.ts';
import { replaceTokens } from '../sandbox/sql/compile/names.ts';
import type { GateProgram, ProgramStage } from '../sandbox/sql/model/program.ts';
import { printOpenQuery } from '../sandbox/sql/open/print.ts';
import { releasedRelation } from '../sandbox/sql/open/relation.ts';
import { MalformedAnswer } from './read-evidence.ts';

/** What a stage gave: a gate what it releases, an open query its rows. */
export interface StageRows {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly KeyValue[])[];
}

export type StageResults = ReadonlyMap<string, StageRows>;

/** The SQL of a query over released and public rows, the released ones written into it with their types. */
export function openSql(stage: Extract<ProgramStage, { kind: 'open' }>, results: StageResults): string {
  return printOpenQuery(stage.query, (name) => {
    const result = results.get(name);
    if (result !== undefined) return { sql: `(${releasedRelation(result.columns, result.rows)})`, columns: result.columns };
    return Object.hasOwn(stage.tables, name) ? stage.tables[name] : undefined;
  });
}

/** The SQL of a text in which the marks of earlier stages are replaced by what these released. */
function fillIn(sql: string, results: StageResults): string {
  return replaceTokens(sql, ([kind = '', stage = '', column = '0']) => {
    const result = results.get(stage);
    if (result === undefined) throw new Error('A stage runs before the one it rests on');
    if (kind === 'table') return `(${releasedRelation(result.columns, result.rows)})`;
    if (kind === 'list') return listSql(result);
    const value = result.rows[0]?.[Number(column)] ?? null;
    return literalSql(kind === 'rounded' ? rounded(value) : value, result.columns[Number(column)]?.type ?? 'VARCHAR');
  });
}

function listSql(result: StageRows): string {
  const type = result.columns[0]?.type ?? 'VARCHAR';
  const values = result.rows.flatMap((row) => (row[0] === null || row[0] === undefined ? [] : [literalSql(row[0], type)]));
  return values.length === 0 ? '(NULL)' : `(${values.join(', ')})`;
}

const NUMBER = /^(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT|U\w+|DECIMAL.*|DOUBLE|FLOAT)$/;

function literalSql(value: KeyValue, type: string): string {
  if (value === null) return 'NULL';
  if (typeof value === 'boolean') return value ? 'TRUE' : 'FALSE';
  if (!NUMBER.test(type))
    return type === 'DATE' || type.startsWith('TIMESTAMP')
      ? `CAST(${quoteText(String(value))} AS ${type === 'DATE' ? 'DATE' : 'TIMESTAMP'})`
      : quoteText(String(value));
  const number = parseDecimal(String(value));
  if (number === undefined) throw new MalformedAnswer('A released figure is no number');
  return decimalText(number);
}

/** What a merchant computed is a literal of his: it goes to the grid. Source: gate.md §5 (exempt: released scalars used bare). */
function rounded(value: KeyValue): KeyValue {
  const number = value === null ? undefined : parseDecimal(String(value));
  return number === undefined ? value : decimalText(roundToGrid(number, GRIDS['default'] ?? 'whole'));
}

/** Texts for people keep their marks: they say which stage a value comes from, not the value. */
const SHOWN = new Set(['text', 'name', 'shown', 'kind', 'type', 'piece', 'functional', 'family']);

/** A gate with the marks of earlier stages replaced. */
export function fillInGate(gate: GateProgram, results: StageResults): GateProgram {
  return fillValue(gate, results) as GateProgram;
}

function fillValue(value: unknown, results: StageResults): unknown {
  if (typeof value === 'string') return fillIn(value, results);
  if (Array.isArray(value)) return value.map((item) => fillValue(item, results));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, SHOWN.has(key) ? item : fillValue(item, results)]));
}
