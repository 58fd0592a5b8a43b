import type { CellEvidence, Spread, TermEvidence } from '../egress/evidence.ts';
import { addDecimals, compareDecimals, type Decimal, integer, parseDecimal } from '../kernel/decimal.ts';
import type { Cell, QueryRows } from '../sandbox/enclave/port.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { type Layout, layoutOf } from '../sandbox/sql/statements/layout.ts';
import type { CellKey } from '../sandbox/sql/statements/relation.ts';

/** Figures of one cell before any decision. They never leave the domain by themselves. */
export interface CellFigures {
  readonly key: CellKey;
  /** `cellName` of the key. */
  readonly name: string;
  /** Per term: how many rows contribute, and their sum where it has one. Terms of kind `unit` are filled later. */
  readonly answers: readonly { readonly count: Decimal; readonly sum: Decimal | null }[];
}

/** Name of a cell within one result. */
export function cellName(key: CellKey): string {
  return JSON.stringify(key);
}

/** Thrown when a worker's answer does not have the shape that was asked for: the job fails, nothing is guessed. */
export class MalformedAnswer extends Error {}

/** Reads the packed figures of one row, in order: `(12, 3.50, NULL, [7, 5])`. Source: gate.md §6. */
class FigureReader {
  readonly #text: string;
  #at = 1;
  constructor(text: string) {
    if (!text.startsWith('(') || !text.endsWith(')')) throw new MalformedAnswer('A row is no row');
    this.#text = text.slice(0, -1);
  }
  /** The next figure as it stands; empty where it is NULL. */
  next(): string {
    const text = this.#text;
    const start = this.#at;
    if (start > text.length) throw new MalformedAnswer('A row is too short');
    const found = text.indexOf(', ', text[start] === '[' ? text.indexOf(']', start) : start);
    const end = found < 0 ? text.length : found;
    this.#at = end + 2;
    const figure = text.slice(start, end);
    return figure === 'NULL' ? '' : figure;
  }
  /** Throws where figures are left. */
  end(): void {
    if (this.#at <= this.#text.length) throw new MalformedAnswer('A row is too long');
  }
  number(): Decimal {
    return this.optionalNumber() ?? ZERO;
  }
  optionalNumber(): Decimal | null {
    const text = this.next();
    return text === '' ? null : asDecimal(text);
  }
  count(): number {
    return this.optionalCount() ?? 0;
  }
  optionalCount(): number | null {
    const text = this.next();
    return text === '' ? null : asCount(text);
  }
  /** A number of rows: whole, not negative. */
  rows(): Decimal {
    return integer(this.count());
  }
  flag(): boolean {
    const text = this.next();
    if (text !== '' && text !== 'true' && text !== 'false') throw new MalformedAnswer('A flag is no flag');
    return text === 'true';
  }
  /** Absolute totals: the largest first, together no more than the whole. */
  spread(): Spread {
    const total = this.number();
    const [first, second] = largestTwo(this.next());
    const isOrdered = second.digits >= 0n && compareDecimals(first, second) >= 0 && compareDecimals(addDecimals(first, second), total) <= 0;
    if (!isOrdered) throw new MalformedAnswer('Largest shares exceed their total');
    return { total, first, second };
  }
}

/** A list of at most two numbers, or nothing. */
function largestTwo(list: string): readonly [Decimal, Decimal] {
  if (list !== '' && !(list.startsWith('[') && list.endsWith(']'))) throw new MalformedAnswer('The largest shares are no list');
  if (list.length <= 2) return [ZERO, ZERO];
  const comma = list.indexOf(', ');
  if (comma < 0) return [asDecimal(list.slice(1, -1)), ZERO];
  // A third number is read as part of the second, which is none then.
  return [asDecimal(list.slice(1, comma)), asDecimal(list.slice(comma + 2, -1))];
}

const ZERO = integer(0);

function asDecimal(text: string): Decimal {
  const decimal = parseDecimal(text);
  if (decimal === undefined) throw new MalformedAnswer('A figure is no number');
  return decimal;
}

/** Whole, not negative, and small enough to be exact. */
function asCount(value: string | number): number {
  const count = typeof value === 'number' ? value : COUNT.test(value) ? Number(value) : Number.NaN;
  if (!Number.isSafeInteger(count) || count < 0) throw new MalformedAnswer('A count is no count');
  return count;
}

const COUNT = /^\d{1,16}$/;

/** The labels that a row begins with. Throws where one is no label. */
export function keyOf(row: readonly Cell[], length: number): CellKey {
  return row.slice(0, length).map((value) => {
    if (value === undefined || (typeof value === 'object' && value !== null)) throw new MalformedAnswer('A key is a list');
    return value as CellKey[number];
  });
}

/** A reader over the figures of each row, with its key; every cell once. */
function packedRows(program: GateProgram, rows: QueryRows): readonly PackedRow[] {
  checkWidth(rows, program.keys.length + 1);
  const found = rows.rows.map((row): PackedRow => {
    const key = keyOf(row, program.keys.length);
    const text = row[program.keys.length];
    return { key, name: cellName(key), reader: new FigureReader(typeof text === 'string' ? text : '') };
  });
  checkDistinct(found.map((row) => row.name));
  return found;
}

interface PackedRow {
  readonly key: CellKey;
  readonly name: string;
  readonly reader: FigureReader;
}

function checkWidth(rows: QueryRows, width: number): void {
  if (rows.columns.length !== width || rows.rows.some((row) => row.length !== width))
    throw new MalformedAnswer('An answer has the wrong width');
}

/** A cell that came twice could be judged by one row and answered by the other. */
function checkDistinct(names: readonly string[]): void {
  if (new Set(names).size !== names.length) throw new MalformedAnswer('A cell came twice');
}

/** A cell as one pass over the buckets of one unit instance shows it. */
export type BucketCell = CellFigures & { readonly evidence: CellEvidence };

interface CounterFigures {
  readonly rows: Decimal;
  readonly contributors: number;
  readonly spread: Spread;
  readonly nulls: number;
  readonly totalsOff: number | null;
}

interface SumFigures {
  readonly sum: Decimal | null;
  readonly contributors: number;
  readonly spreads: readonly Spread[];
  readonly totalsOff: number | null;
  readonly rowsOff: number | null;
  readonly oneValue: boolean;
}

/** Evidence of the terms from that of the counters and sums they share. */
function termEvidence(
  program: GateProgram,
  layout: Layout,
  counters: readonly CounterFigures[],
  sums: readonly SumFigures[],
): readonly TermEvidence[] {
  return program.terms.map((_, index) => {
    const place = layout.terms[index];
    const counter = counters[place?.counter ?? -1];
    const sum = place === undefined || place.sum === null ? undefined : sums[place.sum];
    if (counter === undefined || (sum === undefined && place?.sum !== null)) throw new Error('A term without figures');
    const { contributors, spread, nulls, totalsOff } = counter;
    if (sum === undefined) return { contributors, spreads: [spread], nulls, rowsOff: null, totalsOff, oneValue: false };
    const { rowsOff, oneValue } = sum;
    return { contributors: sum.contributors, spreads: [spread, ...sum.spreads], nulls, rowsOff, totalsOff: sum.totalsOff, oneValue };
  });
}

/** Reads the rows of `bucketStatement` and `laneStatement`. */
export function readBuckets(program: GateProgram, unit: number, rows: QueryRows): readonly BucketCell[] {
  const layout = layoutOf(program);
  const unitType = program.units[unit]?.type ?? '';
  const oneRow = program.units[unit]?.oneRow === true;
  // Without sums and NULLs, and with one row for each unit, to count rows is to count units.
  const isExact = oneRow && layout.sums.length === 0 && layout.counters.every((counter) => counter.base === null);
  return packedRows(program, rows).map(({ key, name, reader }) => {
    const counters = layout.counters.map((item, index): CounterFigures => {
      const [rows, contributors, spread] = [reader.rows(), reader.count(), reader.spread()];
      const nulls = item.base === null ? 0 : readNulls(reader);
      const found = { rows, contributors, spread, nulls, totalsOff: index === 0 && oneRow ? 0 : null };
      return isExact ? ofSingleRows(found) : found;
    });
    const sums = layout.sums.map((item): SumFigures => {
      const sum = reader.optionalNumber();
      const contributors = reader.count();
      const spreads = [reader.spread()];
      const [rowsOff, oneValue] = [reader.count(), reader.flag()];
      return { sum, contributors: item.signs === 'mixed' ? 0 : contributors, spreads, totalsOff: null, rowsOff, oneValue };
    });
    reader.end();
    const answers = layout.terms.map((place) => ({
      count: counters[place.counter]?.rows ?? integer(0),
      sum: place.sum === null ? null : (sums[place.sum]?.sum ?? null),
    }));
    const terms = termEvidence(program, layout, counters, sums);
    return {
      key,
      name,
      answers,
      evidence: { basis: isExact ? 'units' : 'buckets', unitType, units: counters[0]?.contributors ?? 0, terms },
    };
  });
}

/** What a counter says of units that have one row each. */
function ofSingleRows(counter: CounterFigures): CounterFigures {
  const { total } = counter.spread;
  const one = (place: bigint): Decimal => integer(total.digits >= place ? 1 : 0);
  return { ...counter, contributors: Number(total.digits), spread: { total, first: one(1n), second: one(2n) }, totalsOff: 0 };
}

/** NULL rows without a unit are in no bucket, yet some unit of another type may stand behind them: not certainly none. */
function readNulls(reader: FigureReader): number {
  const [nullRows, nullBuckets] = [reader.count(), reader.count()];
  return nullRows === 0 ? 0 : Math.max(nullBuckets, 1);
}

/** Reads the rows of `exactStatement`. */
export function readExact(program: GateProgram, unit: number, rows: QueryRows): ReadonlyMap<string, CellEvidence> {
  const layout = layoutOf(program);
  const unitType = program.units[unit]?.type ?? '';
  const cells = packedRows(program, rows).map(({ name, reader }): [string, CellEvidence] => {
    const counters = layout.counters.map((item): CounterFigures => {
      const contributors = reader.count();
      const spread = reader.spread();
      const totalsOff = reader.optionalCount();
      return { rows: integer(0), contributors, spread, totalsOff, nulls: item.base === null ? 0 : reader.count() };
    });
    const sums = layout.sums.map((): SumFigures => {
      const contributors = reader.count();
      const spreads = [reader.spread(), reader.spread()];
      const [totalsOff, rowsOff] = [reader.optionalCount(), reader.count()];
      return { sum: null, contributors, spreads, totalsOff, rowsOff, oneValue: rowsOff === 0 };
    });
    reader.end();
    const terms = termEvidence(program, layout, counters, sums);
    return [name, { basis: 'units', unitType, units: counters[0]?.contributors ?? 0, terms }];
  });
  return new Map(cells);
}

/** Reads rows of a key and numbers of units. */
export function readCounts(program: GateProgram, rows: QueryRows, columns: number): ReadonlyMap<string, readonly number[]> {
  return new Map([...readMoves(program, rows, columns)].map(([name, counts]) => [name, counts.map((count) => count ?? 0)]));
}

/** Reads rows of a key and numbers that may not apply. */
export function readMoves(program: GateProgram, rows: QueryRows, columns: number): ReadonlyMap<string, readonly (number | null)[]> {
  const width = program.keys.length;
  checkWidth(rows, width + columns);
  const names = readKeys(program, rows).map(cellName);
  checkDistinct(names);
  return new Map(rows.rows.map((row, index) => [names[index] ?? '', row.slice(width).map(countIn)]));
}

function countIn(value: Cell): number | null {
  if (value === null) return null;
  if (typeof value !== 'string' && typeof value !== 'number') throw new MalformedAnswer('A count is no count');
  return asCount(value);
}

/** The key of each row, in its order. */
export function readKeys(program: GateProgram, rows: QueryRows): readonly CellKey[] {
  return rows.rows.map((row) => keyOf(row, program.keys.length));
}

export function keyTypes(program: GateProgram, rows: QueryRows): readonly string[] {
  return rows.columns.slice(0, program.keys.length).map((column) => column.type);
}
