import type { Column, DataProfile } from '../../../catalog/dataset.ts';
import { absoluteDecimal, compareDecimals, type Decimal, decimalText, parseDecimal } from '../../../kernel/decimal.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeScale } from '../model/column-type.ts';
import type { Condition } from '../model/condition.ts';
import type { Signs, Term } from '../model/program.ts';
import type { Test } from '../model/scalar.ts';
import { type Factor, factorSql, monomialName, type Summand } from './argument.ts';
import { allOf } from './conditions.ts';
import type { Compilation } from './context.ts';
import { noteColumn } from './leaves.ts';
import { boundOf, productSql, type SizedFactor } from './product.ts';
import { physicalColumn, shownColumn } from './scope.ts';

/** A term by its factors (none: rows), its piece, and the columns that must not be NULL. */
export interface Made {
  readonly piece: number | null;
  readonly factors: readonly Factor[];
  readonly guard: readonly BoundColumn[];
}

/** The terms and pieces of one gate, each once. Source: gate.md §3.3, §4. */
export class TermTable {
  readonly terms: Term[] = [];
  readonly pieces: Condition[] = [];
  readonly #compilation: Compilation;
  readonly #names = new Map<string, number>();
  readonly #families = new Map<number, readonly string[]>();
  readonly #shown = new Map<number, string>();
  readonly #made = new Map<number, Made>();
  readonly #tests: (readonly Test[])[] = [];

  constructor(compilation: Compilation) {
    this.#compilation = compilation;
  }

  /** The piece of rows that satisfy all tests: its index, null for all rows, undefined for no row at all. */
  piece(tests: readonly Test[]): number | null | undefined {
    const settled = allOf(tests, this.#compilation);
    if (settled === true) return null;
    if (settled === false) return undefined;
    const known = this.pieces.findIndex((item) => item.text === settled.text);
    if (known >= 0) return known;
    this.#tests.push(tests);
    return this.pieces.push(settled) - 1;
  }

  /** What the rows of a piece satisfy, as it was asked. */
  testsOf(piece: number): readonly Test[] {
    return this.#tests[piece] ?? [];
  }

  rows(piece: number | null): number {
    return this.#noted(this.#add(`rows ${piece}`, { kind: 'rows', piece }), { piece, factors: [], guard: [] });
  }

  unit(piece: number | null, unit: number): number {
    return this.#add(`unit ${unit} ${piece}`, { kind: 'unit', piece, unit });
  }

  /** Rows of a piece in which none of the columns is NULL. */
  present(piece: number | null, columns: readonly BoundColumn[]): number {
    for (const column of columns) noteColumn(column, this.#compilation);
    const names = [...new Set(columns.map(physicalColumn))].sort();
    if (names.length === 0) return this.rows(piece);
    const sql = names.length === 1 ? (names[0] ?? '') : `CASE WHEN ${names.map((name) => `${name} IS NOT NULL`).join(' AND ')} THEN 1 END`;
    const index = this.#add(`present ${sql} ${piece}`, { kind: 'present', piece, sql });
    const written = [...new Set(columns.map(shownColumn))].sort();
    const all = written.map((name) => `${name} IS NOT NULL`).join(' AND ');
    this.#shown.set(index, written.length === 1 ? (written[0] ?? '') : `CASE WHEN ${all} THEN 1 END`);
    return this.#noted(index, { piece, factors: [], guard: columns });
  }

  /** The sum of a product over a piece, NULL wherever a column of `guard` is NULL. */
  value(piece: number | null, summand: Summand, guard: readonly BoundColumn[]): number {
    const { factors } = summand;
    if (factors.length === 0) return this.present(piece, guard);
    for (const factor of factors) noteColumn(factor.column, this.#compilation);
    const own = new Set(factors.map((item) => physicalColumn(item.column)));
    const others = [...new Set(guard.map(physicalColumn))].filter((name) => !own.has(name)).sort();
    const sized = factors.map((item) => sizedFactor(item));
    const product = productSql(sized);
    const sql =
      others.length === 0 ? product : `CASE WHEN ${others.map((name) => `${name} IS NOT NULL`).join(' AND ')} THEN ${product} END`;
    const known = this.#names.get(`value ${sql} ${piece}`);
    if (known !== undefined) return known;
    const largest = factors.some((item) => item.whole !== null) ? undefined : digitsBound(sized);
    const index = this.#add(`value ${sql} ${piece}`, {
      kind: 'value',
      piece,
      sql,
      factors: factors.length < 2 ? [] : factors.map((factor) => this.value(piece, { ...summand, factors: [factor] }, guard)),
      scale: factors.reduce((sum, item) => sum + (item.whole === null ? fixedScale(item.column.column) : 0), 0),
      ...(largest === undefined ? {} : { largest }),
      signs: productSigns(factors.map((item) => (item.whole === null ? signsOf(item.column, this.#compilation.profile) : 'mixed'))),
      nullable: guard.length > 0 || factors.some((item) => item.column.column.nullable || typeScale(item.column.column) === undefined),
      sensitive: factors.some((item) => isSensitive(item.column)),
    });
    const written = monomialName(summand);
    const there = [...new Set(guard.filter((column) => !own.has(physicalColumn(column))).map(shownColumn))].sort();
    this.#shown.set(
      index,
      there.length === 0 ? written : `CASE WHEN ${there.map((name) => `${name} IS NOT NULL`).join(' AND ')} THEN ${written} END`,
    );
    this.#families.set(
      index,
      factors.map((item) => item.column.column.factFamily),
    );
    return this.#noted(index, { piece, factors, guard });
  }

  /** What a term multiplies, of which rows; undefined for numbers of units. */
  made(term: number): Made | undefined {
    return this.#made.get(term);
  }

  /** What a term counts or adds up, as the merchant is shown it; empty for rows and units. */
  shown(term: number): string {
    return this.#shown.get(term) ?? '';
  }

  /** Families of the columns that a value term multiplies; none for counts. */
  families(term: number): readonly string[] {
    return this.#families.get(term) ?? [];
  }

  #noted(term: number, made: Made): number {
    this.#made.set(term, made);
    return term;
  }

  #add(name: string, term: Term): number {
    const known = this.#names.get(name);
    if (known !== undefined) return known;
    this.#names.set(name, this.terms.length);
    return this.terms.push(term) - 1;
  }
}

/** Whether a column, or what a feature is computed from, has the role sensitive. */
export function isSensitive(column: BoundColumn): boolean {
  return !isOpenColumn(column) && (column.column.role === 'sensitive' || column.column.semantic === 'sensitive feature');
}

const FIXED_SCALE = 6;

/** Floating-point columns are summed as fixed-point decimals: sum(DOUBLE) differs from run to run (sql-gate.md §4.4). */
export function summandSql(bound: BoundColumn): string {
  const printed = physicalColumn(bound);
  if (typeScale(bound.column) !== undefined) return printed;
  return `TRY_CAST(${printed} AS ${fixedType(bound.column)})`;
}

function sizedFactor(factor: Factor): SizedFactor {
  const { column } = factor.column;
  if (factor.whole !== null) return { sql: factorSql(factor), type: 'BIGINT', column };
  const isFloat = typeScale(column) === undefined;
  return { sql: summandSql(factor.column), type: isFloat ? fixedType(column) : column.type, column };
}

/** The bound of a product in units of its last digit: that of its factors, of which floating-point ones are rounded. */
function digitsBound(factors: readonly SizedFactor[]): number | undefined {
  let most = 1n;
  for (const factor of factors) {
    const bound = boundOf([factor]);
    if (bound === undefined) return undefined;
    most *= roundedUp(bound, fixedScale(factor.column)) + 1n;
  }
  return most > BigInt(Number.MAX_SAFE_INTEGER) ? undefined : Number(most);
}

function roundedUp({ digits, scale }: Decimal, to: number): bigint {
  if (scale <= to) return digits * 10n ** BigInt(to - scale);
  return digits / 10n ** BigInt(scale - to) + 1n;
}

/** Digits behind the point of the summand. */
function fixedScale(column: Column): number {
  return typeScale(column) ?? Number(/,(\d+)\)/.exec(fixedType(column))?.[1] ?? FIXED_SCALE);
}

function fixedType(column: Column): string {
  const bounds = column.bounds?.map((bound) => parseDecimal(String(bound))) ?? [];
  const [low, high] = bounds;
  if (low === undefined || high === undefined) return `DECIMAL(38,${FIXED_SCALE})`;
  const digits = decimalText(largest(low, high)).split('.')[0]?.length ?? 1;
  const scale = Math.min(FIXED_SCALE, 17 - digits);
  return scale >= 2 ? `DECIMAL(18,${scale})` : `DECIMAL(38,${FIXED_SCALE})`;
}

function largest(a: Decimal, b: Decimal): Decimal {
  const [x, y] = [absoluteDecimal(a), absoluteDecimal(b)];
  return compareDecimals(x, y) >= 0 ? x : y;
}

/** Signs of the values of a column: those that the loader measured, or those of what a feature is computed from. */
export function signsOf(bound: BoundColumn, profile: DataProfile): Signs {
  if (bound.column.semantic === 'count feature' || bound.instance.nonnegative?.has(bound.column.name) === true) return 'nonnegative';
  const measured = profile.units.find((item) => item.table === bound.instance.table.name)?.columns[bound.column.name];
  const min = measured?.min == null ? undefined : parseDecimal(measured.min);
  const max = measured?.max == null ? undefined : parseDecimal(measured.max);
  if (min !== undefined && min.digits >= 0n) return 'nonnegative';
  return max !== undefined && max.digits <= 0n ? 'nonpositive' : 'mixed';
}

function productSigns(signs: readonly Signs[]): Signs {
  if (signs.includes('mixed')) return 'mixed';
  return signs.filter((item) => item === 'nonpositive').length % 2 === 0 ? 'nonnegative' : 'nonpositive';
}
