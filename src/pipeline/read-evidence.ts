import type { CellEvidence, MonomialEvidence, Spread } from '../egress/evidence.ts';
import { addDecimals, compareDecimals, type Decimal, integer, parseDecimal } from '../kernel/decimal.ts';
import type { Cell, QueryRows } from '../sandbox/enclave/port.ts';
import type { EvidenceProgram } from '../sandbox/sql/program.ts';
import { BUCKET_COLUMNS } from '../sandbox/sql/statements/bucket-statement.ts';
import { EXACT_COLUMNS } from '../sandbox/sql/statements/exact-statement.ts';
import type { CellKey } from '../sandbox/sql/statements/relation.ts';

/** Figures of one cell before any decision. They never leave the domain by themselves. */
export interface CellFigures {
  readonly key: CellKey;
  /** Per monomial: how many rows contribute, and their sum where it has one. Monomials of kind `unit` are filled later. */
  readonly answers: readonly { readonly count: Decimal; readonly sum: Decimal | null }[];
}

/** Name of a cell within one result. */
export function cellName(key: CellKey): string {
  return JSON.stringify(key);
}

/** Thrown when a worker's answer does not have the shape that was asked for: the job fails, nothing is guessed. */
export class MalformedAnswer extends Error {}

class RowReader {
  readonly #row: readonly Cell[];
  #next = 0;
  constructor(row: readonly Cell[]) {
    this.#row = row;
  }
  next(): Cell {
    const value = this.#row[this.#next++];
    if (value === undefined) throw new MalformedAnswer('A row is too short');
    return value;
  }
  key(length: number): CellKey {
    return Array.from({ length }, () => {
      const value = this.next();
      if (typeof value === 'object' && value !== null) throw new MalformedAnswer('A key is a list');
      return value as CellKey[number];
    });
  }
  number(): Decimal {
    return this.optionalNumber() ?? integer(0);
  }
  optionalNumber(): Decimal | null {
    return asDecimal(this.next());
  }
  count(): number {
    return Number(this.rows().digits);
  }
  /** A number of rows: whole, not negative. */
  rows(): Decimal {
    const value = this.number();
    if (value.scale !== 0 || value.digits < 0n) throw new MalformedAnswer('A count is no count');
    return value;
  }
  flag(): boolean {
    const value = this.next();
    if (value !== null && typeof value !== 'boolean') throw new MalformedAnswer('A flag is no flag');
    return value === true;
  }
  top(): readonly [Decimal, Decimal] {
    const value = this.next() ?? [];
    if (!Array.isArray(value) || value.length > 2) throw new MalformedAnswer('Largest shares are no list of two');
    const [first, second] = [asDecimal(value[0] ?? null) ?? integer(0), asDecimal(value[1] ?? null) ?? integer(0)];
    return [first, second];
  }
  /** Absolute totals: the largest first, together no more than the whole. */
  spread(): Spread {
    const total = this.number();
    const [first, second] = this.top();
    const isOrdered = second.digits >= 0n && compareDecimals(first, second) >= 0 && compareDecimals(addDecimals(first, second), total) <= 0;
    if (!isOrdered) throw new MalformedAnswer('Largest shares exceed their total');
    return { total, first, second };
  }
}

function asDecimal(value: Cell): Decimal | null {
  if (value === null) return null;
  const decimal = typeof value === 'string' || typeof value === 'number' ? parseDecimal(String(value)) : undefined;
  if (decimal === undefined) throw new MalformedAnswer('A figure is no number');
  return decimal;
}

function checkWidth(rows: QueryRows, width: number): void {
  if (rows.columns.length !== width || rows.rows.some((row) => row.length !== width))
    throw new MalformedAnswer('An answer has the wrong width');
}

/** A cell that came twice could be judged by one row and answered by the other. */
function checkDistinct(keys: readonly CellKey[]): void {
  if (new Set(keys.map(cellName)).size !== keys.length) throw new MalformedAnswer('A cell came twice');
}

const PLAIN = { nulls: 0, rowsOff: null, totalsOff: null, oneValue: false } as const;

/** A cell as one pass over the buckets of one unit instance shows it. */
export type BucketCell = CellFigures & { readonly evidence: CellEvidence };

/** Reads the rows of `bucketStatement`. */
export function readBuckets(program: EvidenceProgram, unit: number, rows: QueryRows): readonly BucketCell[] {
  checkWidth(rows, program.keys.length + BUCKET_COLUMNS.cell + program.monomials.reduce((sum, item) => sum + BUCKET_COLUMNS[item.kind], 0));
  const unitType = program.units[unit]?.type ?? '';
  const oneRow = program.units[unit]?.oneRow === true;
  checkDistinct(readKeys(program, rows));
  return rows.rows.map((row) => {
    const reader = new RowReader(row);
    const key = reader.key(program.keys.length);
    const allRows = reader.rows();
    const units = reader.count();
    const rowsSpread = reader.spread();
    const answers: { count: Decimal; sum: Decimal | null }[] = [];
    const monomials = program.monomials.map((item): MonomialEvidence => {
      if (item.kind === 'rows' || item.kind === 'unit') {
        answers.push({ count: allRows, sum: null });
        return { ...PLAIN, contributors: units, spreads: [rowsSpread], totalsOff: oneRow ? 0 : null };
      }
      const count = reader.rows();
      const counted = readCounted(reader);
      if (item.kind === 'present') {
        answers.push({ count, sum: null });
        return { ...PLAIN, ...counted };
      }
      answers.push({ count, sum: reader.optionalNumber() });
      const contributors = reader.count();
      const spreads = [...counted.spreads, reader.spread()];
      const rowsOff = reader.count();
      const oneValue = reader.flag();
      return { contributors: item.signs === 'mixed' ? 0 : contributors, spreads, nulls: counted.nulls, rowsOff, totalsOff: null, oneValue };
    });
    return { key, answers, evidence: { basis: 'buckets', unitType, units, monomials } };
  });
}

/** Columns after the row count of a monomial that counts non-NULL rows. */
function readCounted(reader: RowReader): { readonly contributors: number; readonly spreads: readonly Spread[]; readonly nulls: number } {
  const contributors = reader.count();
  const spread = reader.spread();
  const nullRows = reader.rows();
  const nullBuckets = reader.count();
  // NULL rows without a unit are in no bucket, yet some unit of another type may stand behind them: not certainly none.
  const nulls = nullRows.digits === 0n ? 0 : Math.max(nullBuckets, 1);
  return { contributors, spreads: [spread], nulls };
}

/** Reads the rows of `exactStatement`. */
export function readExact(program: EvidenceProgram, unit: number, rows: QueryRows): ReadonlyMap<string, CellEvidence> {
  checkWidth(rows, program.keys.length + EXACT_COLUMNS.cell + program.monomials.reduce((sum, item) => sum + EXACT_COLUMNS[item.kind], 0));
  checkDistinct(readKeys(program, rows));
  const unitType = program.units[unit]?.type ?? '';
  const cells = rows.rows.map((row): [string, CellEvidence] => {
    const reader = new RowReader(row);
    const key = reader.key(program.keys.length);
    const units = reader.count();
    const rowsSpread = reader.spread();
    const rowTotalsOff = reader.count();
    const monomials = program.monomials.map((item): MonomialEvidence => {
      if (item.kind === 'rows' || item.kind === 'unit')
        return { ...PLAIN, contributors: units, spreads: [rowsSpread], totalsOff: rowTotalsOff };
      const contributors = reader.count();
      const counted = reader.spread();
      const nulls = reader.count();
      const countsOff = reader.count();
      if (item.kind === 'present') return { ...PLAIN, contributors, spreads: [counted], nulls, totalsOff: countsOff };
      const summed = reader.count();
      const spreads = [counted, reader.spread(), reader.spread()];
      const totalsOff = reader.count();
      const rowsOff = reader.count();
      return { contributors: summed, spreads, nulls, rowsOff, totalsOff, oneValue: rowsOff === 0 };
    });
    return [cellName(key), { basis: 'units', unitType, units, monomials }];
  });
  return new Map(cells);
}

/** Reads rows of a key and numbers of units. */
export function readCounts(program: EvidenceProgram, rows: QueryRows, columns: number): ReadonlyMap<string, readonly number[]> {
  checkWidth(rows, program.keys.length + columns);
  checkDistinct(readKeys(program, rows));
  return new Map(
    rows.rows.map((row) => {
      const reader = new RowReader(row);
      const key = reader.key(program.keys.length);
      return [cellName(key), Array.from({ length: columns }, () => reader.count())];
    }),
  );
}

/** The key of each row, in its order. */
export function readKeys(program: EvidenceProgram, rows: QueryRows): readonly CellKey[] {
  return rows.rows.map((row) => new RowReader(row).key(program.keys.length));
}

export function keyTypes(program: EvidenceProgram, rows: QueryRows): readonly string[] {
  return rows.columns.slice(0, program.keys.length).map((column) => column.type);
}
