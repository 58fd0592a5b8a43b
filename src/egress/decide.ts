import { compareDecimals, decimalFigure, parseDecimal } from '../kernel/decimal.ts';
import { type Stage, seal } from '../kernel/stage.ts';
import type { Assessed } from './assess.ts';
import type { AssessedCell } from './assessed.ts';
import type { AnsweredApart, GateShape, KeyValue } from './executed.ts';

/** What a gate releases: its keys, then its columns; null stands where a cell is withheld. */
export interface ReleasedTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly KeyValue[])[];
}

export interface CellReason {
  /** Labels of the row. */
  readonly cell: readonly KeyValue[];
  /** What the gate calls the column, and how people are shown it. */
  readonly column: string;
  readonly shown: string;
  readonly rules: readonly string[];
}

export interface Decision {
  readonly table: ReleasedTable;
  /** Rows of the gate none of whose cells may leave. */
  readonly withheldRows: number;
  readonly withheldCells: number;
  /** Labels of a public domain for which nothing is released, empty or small alike; null where labels are not public. */
  readonly publicLabelsWithheld: number | null;
  readonly reasons: readonly CellReason[];
  /** By query, the labels of the rows that it answers. */
  readonly answered: readonly AnsweredRows[];
  /** Columns that are answered by earlier releases. Their own queries are those named here. */
  readonly replaced: readonly ReplacedFigure[];
  /** Figures that are kept, and the neighbours and combinations that the ledger compared them with. For operators only. */
  readonly looked: readonly {
    readonly cell: readonly KeyValue[];
    readonly column: string;
    readonly shown: string;
    readonly text: string;
  }[];
  readonly drops: readonly { readonly cell: readonly KeyValue[]; readonly operands: readonly string[] }[];
  /** Rows that hold several withheld ones together, with the labels of these. For operators only. Source: docs/adr/0043. */
  readonly merged: readonly { readonly cell: readonly KeyValue[]; readonly holds: readonly (readonly KeyValue[])[] }[];
}

/** Rows that one query answers, and another one where numbers are told apart. */
export interface AnsweredRows {
  readonly sql: string;
  readonly rows: readonly (readonly KeyValue[])[];
  readonly apart?: AnsweredApart;
}

/** A figure that the ledger answered by what was released before. For operators only. */
export interface ReplacedFigure {
  readonly cell: readonly KeyValue[];
  readonly column: string;
  readonly shown: string;
  /** The query that gave the figure, and the labels of its row there. */
  readonly answered: string;
  readonly labels: readonly KeyValue[];
  readonly text: string;
}

export type Decided = Stage<'decided', Decision>;

/**
 * Keeps the cells that passed and drops the labels of rows that keep none; rows are sorted by all columns.
 * Source: gate.md §9 (channels), gate-examples.md D8.
 */
export function decide(assessed: Assessed): Decided {
  const { shape } = assessed;
  const columns = [
    ...shape.keys.map((key, index) => ({ name: `__k${index}`, type: key.type.startsWith('ENUM') ? 'VARCHAR' : key.type })),
    ...shape.outputs.map(({ name, type }) => ({ name, type })),
  ];
  const kept = assessed.cells.filter((cell) => cell.withheld.some((findings) => findings.length === 0));
  const rows = sortRows(
    kept.map((cell) => rowOf(cell, shape)),
    columns,
    [],
  );
  const reasons = assessed.cells.flatMap((cell) => reasonsOf(cell, shape));
  return seal<'decided', Decision>({
    table: { columns, rows },
    withheldRows: assessed.cells.length - rows.length,
    withheldCells: reasons.length,
    publicLabelsWithheld: publicLabelsWithheld(shape, kept.filter((cell) => cell.merged === undefined).length),
    reasons,
    answered: answeredBy(assessed.cells, shape),
    replaced: assessed.cells.flatMap((cell) => replacedIn(cell, shape)),
    looked: assessed.cells.flatMap((cell) => lookedIn(cell, shape)),
    drops: assessed.cells.flatMap((cell): Decision['drops'] => {
      const operands = dropsOf(cell);
      return operands.length === 0 ? NONE : [{ cell: cell.key, operands }];
    }),
    merged: kept.flatMap((cell) => (cell.merged === undefined ? [] : [{ cell: cell.key, holds: cell.merged }])),
  });
}

/** Of thousands of cells nearly all have nothing to tell: one list for them all. */
const NONE: readonly never[] = [];

/** What was dropped for the whole row, and what for some of its terms. */
function dropsOf({ dropped, apart }: AssessedCell): readonly string[] {
  if (apart === undefined) return dropped;
  return [...dropped, ...[...apart].flatMap(([term, operands]) => operands.map((text) => `${text} (for ${term.trim()})`))];
}

function replacedIn(cell: AssessedCell, shape: GateShape): readonly ReplacedFigure[] {
  if (cell.replaced === undefined) return NONE;
  return cell.replaced.flatMap(({ outputs, answered, labels, text }) =>
    outputs
      .filter((index) => (cell.withheld[index]?.length ?? 1) === 0)
      .map((index) => {
        const { name = '', shown = '' } = shape.outputs[index] ?? {};
        return { cell: cell.key, column: name, shown, answered, labels, text };
      }),
  );
}

function lookedIn(cell: AssessedCell, shape: GateShape): Decision['looked'] {
  if (cell.looked === undefined) return NONE;
  return cell.looked.flatMap(({ outputs, text }) =>
    outputs
      .filter((index) => cell.withheld[index]?.length === 0)
      .map((index) => {
        const { name = '', shown = '' } = shape.outputs[index] ?? {};
        return { cell: cell.key, column: name, shown, text };
      }),
  );
}

type RowsOfOne = AnsweredRows & { readonly rows: (readonly KeyValue[])[] };

function answeredBy(cells: readonly AssessedCell[], shape: GateShape): Decision['answered'] {
  const found = new Map<string, RowsOfOne>();
  // A query of which nothing is told apart is known by its text alone.
  const plain = new Map<string, RowsOfOne>();
  for (const { answered, answeredApart, key } of cells) {
    const known = answeredApart === undefined ? plain.get(answered) : undefined;
    const own = known ?? rowsOfOne(found, answered, answeredApart);
    if (answeredApart === undefined) plain.set(answered, own);
    own.rows.push(labelsOf(key, shape));
  }
  return [...found.values()];
}

function rowsOfOne(found: Map<string, RowsOfOne>, answered: string, apart: AnsweredApart | undefined): RowsOfOne {
  const name = JSON.stringify([answered, apart]);
  const own = found.get(name) ?? { sql: answered, rows: [], ...(apart === undefined ? {} : { apart }) };
  found.set(name, own);
  return own;
}

function labelsOf(key: readonly KeyValue[], shape: GateShape): KeyValue[] {
  return key.map((value, index) => labelOf(value, shape.keys[index]?.type ?? ''));
}

function rowOf(cell: AssessedCell, shape: GateShape): readonly KeyValue[] {
  const row = labelsOf(cell.key, shape);
  for (const [index, output] of cell.outputs.entries()) row.push((cell.withheld[index]?.length ?? 1) > 0 ? null : output.value);
  return row;
}

/** Whole numbers of 64 bits and decimals arrive as text; a label of such a type is written like a figure. */
export function labelOf(value: KeyValue, type: string): KeyValue {
  const number = typeof value === 'string' && !isTextual(type) ? parseDecimal(value) : undefined;
  return number === undefined ? value : decimalFigure(number);
}

function reasonsOf(cell: AssessedCell, shape: GateShape): readonly CellReason[] {
  if (shape.outputs.every((_, index) => cell.withheld[index]?.length === 0)) return NONE;
  return shape.outputs.flatMap((output, index) => {
    const findings = cell.withheld[index] ?? [];
    if (findings.length === 0) return [];
    const rules = findings.map(
      (item) => `${item.rule}${item.unitType === null ? '' : ` (${item.unitType})`}${item.counted === null ? '' : `: ${item.counted}`}`,
    );
    return [{ cell: cell.key, column: output.name, shown: output.shown, rules: [...new Set(rules)] }];
  });
}

function publicLabelsWithheld(shape: GateShape, released: number): number | null {
  let labels = 1;
  for (const key of shape.keys) {
    if (key.publicLabels === null) return null;
    labels *= key.publicLabels.length;
  }
  return Math.max(0, labels - released);
}

/** Sorts rows in place by the order given, then by all columns; NULL last. */
export function sortRows<T extends readonly KeyValue[]>(
  rows: T[],
  columns: ReleasedTable['columns'],
  order: readonly { readonly column: number; readonly descending: boolean }[],
): T[] {
  const isNumber = columns.map(({ type }) => !isTextual(type));
  const compare = (a: T, b: T, column: number): number => compareValues(a[column] ?? null, b[column] ?? null, isNumber[column] ?? true);
  return rows.sort((a, b) => {
    for (const item of order) {
      const found = compare(a, b, item.column);
      if (found !== 0) return item.descending ? -found : found;
    }
    for (let column = 0; column < columns.length; column++) {
      const found = compare(a, b, column);
      if (found !== 0) return found;
    }
    return 0;
  });
}

const TEXTUAL = /^(VARCHAR|DATE|TIMESTAMP|BOOLEAN|ENUM)/;
/** By type: there are few, and a label of each for every cell. */
const KNOWN = new Map<string, boolean>();
const MOST_KNOWN = 100;

function isTextual(type: string): boolean {
  const known = KNOWN.get(type);
  if (known !== undefined) return known;
  if (KNOWN.size >= MOST_KNOWN) KNOWN.clear();
  const found = TEXTUAL.test(type);
  KNOWN.set(type, found);
  return found;
}

function compareValues(a: KeyValue, b: KeyValue, numbers: boolean): number {
  if (a === b) return 0;
  if (a === null || b === null) return a === null ? 1 : -1;
  if (!numbers && typeof a === 'string' && typeof b === 'string') return a < b ? -1 : a > b ? 1 : 0;
  const [x, y] = numbers ? [parseDecimal(String(a)), parseDecimal(String(b))] : [undefined, undefined];
  if (x !== undefined && y !== undefined) return compareDecimals(x, y);
  return String(a) < String(b) ? -1 : String(a) > String(b) ? 1 : 0;
}
