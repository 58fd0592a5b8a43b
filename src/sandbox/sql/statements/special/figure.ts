import { decimalText } from '../../../../kernel/decimal.ts';

/** A numeric type of the engine, read as whole steps of 10^−scale. Source: gate.md §6. */
export interface Figure {
  readonly type: string;
  readonly scale: number;
  /** Figures of this many steps or more, of either sign, are cut to it: sums over all rows of a table then fit. Null: none can be. */
  readonly limit: bigint | null;
}

/** Decimal digits of the largest figure. */
const WHOLE: Readonly<Record<string, number>> = {
  TINYINT: 3,
  SMALLINT: 5,
  INTEGER: 10,
  BIGINT: 19,
  UTINYINT: 3,
  USMALLINT: 5,
  UINTEGER: 10,
  UBIGINT: 20,
  HUGEINT: 39,
};

const DIGITS = 38;
/** Leaves ten digits for the number of rows in a sum, and the scale once more for a sum in steps. */
const LARGEST = 28;

/** Products of two deviations keep twice the scale. */
const MAX_SCALE = 18;

/** How figures of a type are read; undefined for what is no exact number: those columns are withheld. */
export function figureOf(type: string): Figure | undefined {
  const decimal = /^DECIMAL\((\d+),(\d+)\)$/.exec(type);
  const digits = decimal === null ? (Object.hasOwn(WHOLE, type) ? WHOLE[type] : undefined) : Number(decimal[1]);
  if (digits === undefined) return undefined;
  const scale = decimal === null ? 0 : Number(decimal[2]);
  if (scale > MAX_SCALE) return undefined;
  const kept = LARGEST - scale;
  return { type, scale, limit: digits <= kept ? null : 10n ** BigInt(kept) };
}

/** The figure in its own type, cut to the limit. */
export function boundedSql(sql: string, figure: Figure): string {
  if (figure.limit === null) return sql;
  const bound = (digits: bigint): string => `CAST('${decimalText({ digits, scale: figure.scale })}' AS ${figure.type})`;
  return `greatest(least(${sql}, ${bound(figure.limit)}), ${bound(-figure.limit)})`;
}

/** The number of steps as HUGEINT. It divides 128-bit numbers: for figures of cells, never for every row. */
export function stepsSql(sql: string, figure: Figure): string {
  if (figure.scale === 0) return `CAST(${sql} AS HUGEINT)`;
  return `CAST(CAST(${sql} AS DECIMAL(${DIGITS},${figure.scale})) * ${10n ** BigInt(figure.scale)}::DECIMAL(${figure.scale + 1},0) AS HUGEINT)`;
}

/** A figure from its number of steps. */
export function fromSteps(sql: string, figure: Figure): string {
  const { scale, type } = figure;
  if (scale === 0) return `CAST(${sql} AS ${type})`;
  return `CAST(CAST(${sql} AS DECIMAL(${DIGITS},0)) * CAST('${decimalText({ digits: 1n, scale })}' AS DECIMAL(${scale},${scale})) AS ${type})`;
}

/**
 * Difference of two figures of one cell, in a type whose products do not overflow: the engine keeps a product of two
 * decimals of at most 18 digits in 64 bits, however large it is. Source: gate.md §9 (domain errors guarded).
 * @param small  it is below 10⁹ steps. @param decimal  it is multiplied with decimals: whole numbers would widen them.
 */
export function differenceSql(left: string, right: string, figure: Figure, small: boolean, decimal: boolean): string {
  const { scale, type } = figure;
  if (isDecimal(figure)) return `CAST(${left} - ${right} AS DECIMAL(${small && scale <= 9 ? 9 : 19},${scale}))`;
  const wide = type === 'UBIGINT' || type === 'HUGEINT' ? 'HUGEINT' : 'BIGINT';
  const narrow = small ? (decimal ? 'DECIMAL(9,0)' : 'BIGINT') : 'HUGEINT';
  return `CAST(CAST(${left} AS ${wide}) - CAST(${right} AS ${wide}) AS ${narrow})`;
}

/** Whether a type is a fixed-point number. */
export function isDecimal(figure: Figure): boolean {
  return figure.type.startsWith('DECIMAL');
}
