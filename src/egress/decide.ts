import { compareDecimals, type Decimal, decimalNumber, decimalText, parseDecimal } from '../kernel/decimal.ts';
import { type Stage, seal } from '../kernel/stage.ts';
import type { Assessed, AssessedCell } from './assess.ts';
import type { KeyValue, ResultShape } from './executed.ts';

/** What may leave, in canonical order; null stands where a cell is withheld. */
export interface ReleasableTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly KeyValue[])[];
}

export interface CellReason {
  /** Labels of the row. */
  readonly cell: readonly KeyValue[];
  readonly column: string;
  readonly rules: readonly string[];
}

export interface Decision {
  readonly table: ReleasableTable;
  /** Rows of the answer none of whose cells may leave. */
  readonly withheldRows: number;
  readonly withheldCells: number;
  /** Labels of a public domain for which nothing is released, empty or small alike; null where labels are not public. */
  readonly publicLabelsWithheld: number | null;
  readonly reasons: readonly CellReason[];
  readonly drops: readonly { readonly cell: readonly KeyValue[]; readonly operands: readonly string[] }[];
}

export type Decided = Stage<'decided', Decision>;

/**
 * Keeps the cells that passed, drops the labels of rows that keep none, and sorts by the query's own order over
 * released columns and then by all columns.
 * Source: gate.md §9 (channels), gate-examples.md D8.
 */
export function decide(assessed: Assessed): Decided {
  const { shape } = assessed;
  const rows = assessed.cells.filter((cell) => cell.withheld.some((findings) => findings.length === 0)).map((cell) => rowOf(cell, shape));
  const reasons = assessed.cells.flatMap((cell) => reasonsOf(cell, shape));
  const decision: Decision = {
    table: { columns: columnsOf(shape, assessed.cells), rows: rows.sort((a, b) => compareRows(a, b, shape)) },
    withheldRows: assessed.cells.length - rows.length,
    withheldCells: reasons.length,
    publicLabelsWithheld: publicLabelsWithheld(shape, rows.length),
    reasons,
    drops: assessed.cells.filter((cell) => cell.dropped.length > 0).map((cell) => ({ cell: cell.key, operands: cell.dropped })),
  };
  return seal<'decided', Decision>(decision);
}

function rowOf(cell: AssessedCell, shape: ResultShape): readonly KeyValue[] {
  return shape.outputs.map((output) => {
    if (output.kind === 'key') return labelOf(cell.key[output.index] ?? null, shape.keys[output.index]?.type ?? '');
    return (cell.withheld[output.index]?.length ?? 1) > 0 ? null : figureOf(cell, output.index);
  });
}

/** Whole numbers of 64 bits and decimals arrive as text; a label of such a type is written like a figure. */
function labelOf(value: KeyValue, type: string): KeyValue {
  const number = typeof value === 'string' && !TEXTUAL.test(type) ? parseDecimal(value) : undefined;
  return number === undefined ? value : plain(number);
}

function figureOf(cell: AssessedCell, aggregate: number): KeyValue {
  const requirement = cell.outputs[aggregate]?.requirement;
  const answer = requirement === undefined ? undefined : cell.answers[requirement.monomial];
  if (requirement === undefined || answer === undefined) throw new Error('An output without an answer');
  if (requirement.functional === 'count') return plain(answer.count);
  if (answer.sum === null) return null;
  return requirement.functional === 'sum' ? plain(answer.sum) : average(answer.sum, answer.count);
}

/** avg is the released sum divided by the released count, once: never the engine's own (performance.md finding 9). */
function average(sum: Decimal, count: Decimal): number | null {
  return count.digits === 0n ? null : decimalNumber(sum) / decimalNumber(count);
}

const EXACT_DIGITS = 15;

/** A number where a double holds it exactly, otherwise its decimal text. */
function plain(value: Decimal): number | string {
  const text = decimalText(value);
  return text.replace(/\D/g, '').length <= EXACT_DIGITS ? Number(text) : text;
}

function columnsOf(shape: ResultShape, cells: readonly AssessedCell[]): ReleasableTable['columns'] {
  const first = cells[0];
  return shape.outputs.map((output) => {
    if (output.kind === 'key') return { name: output.name, type: shape.keys[output.index]?.type ?? 'VARCHAR' };
    const functional = first?.outputs[output.index]?.requirement.functional;
    return { name: output.name, type: functional === 'count' ? 'BIGINT' : functional === 'avg' ? 'DOUBLE' : 'DECIMAL' };
  });
}

function reasonsOf(cell: AssessedCell, shape: ResultShape): readonly CellReason[] {
  return shape.outputs.flatMap((output) => {
    const findings = output.kind === 'aggregate' ? (cell.withheld[output.index] ?? []) : [];
    if (findings.length === 0) return [];
    const rules = findings.map(
      (item) => `${item.rule}${item.unitType === null ? '' : ` (${item.unitType})`}${item.counted === null ? '' : `: ${item.counted}`}`,
    );
    return [{ cell: cell.key, column: output.name, rules: [...new Set(rules)] }];
  });
}

function publicLabelsWithheld(shape: ResultShape, released: number): number | null {
  let labels = 1;
  for (const key of shape.keys) {
    if (key.publicLabels === null) return null;
    labels *= key.publicLabels.length;
  }
  return Math.max(0, labels - released);
}

function compareRows(a: readonly KeyValue[], b: readonly KeyValue[], shape: ResultShape): number {
  const compare = (output: number): number => compareValues(a[output] ?? null, b[output] ?? null, isNumber(shape, output));
  for (const item of shape.order) {
    const order = compare(item.output);
    if (order !== 0) return item.descending ? -order : order;
  }
  for (const output of shape.outputs.keys()) {
    const order = compare(output);
    if (order !== 0) return order;
  }
  return 0;
}

const TEXTUAL = /^(VARCHAR|DATE|TIMESTAMP|BOOLEAN)/;

/** Large numbers arrive as text, and labels may look like numbers: the type of the column decides. */
function isNumber(shape: ResultShape, output: number): boolean {
  const item = shape.outputs[output];
  return item?.kind === 'aggregate' || !TEXTUAL.test(shape.keys[item?.index ?? -1]?.type ?? '');
}

function compareValues(a: KeyValue, b: KeyValue, numbers: boolean): number {
  if (a === null || b === null) return a === b ? 0 : a === null ? 1 : -1;
  const [x, y] = numbers ? [parseDecimal(String(a)), parseDecimal(String(b))] : [undefined, undefined];
  if (x !== undefined && y !== undefined) return compareDecimals(x, y);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
