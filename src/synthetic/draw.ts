import { createHash } from 'node:crypto';
import { quoteText } from '../catalog/identifier.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';

/** Largest index space a permutation works in; products of two indices and a constant stay within 64 bits. */
export const INDEX_SPACE = 2 ** 31;

/** SQL text of one value per row. Every expression here is over the row index `ROW`, unless it says otherwise. */
export type Sql = string;

/** Column of the row index, 0 … rows − 1. No declared column starts with `__`. */
export const ROW: Sql = '__r';

/**
 * Names one stream of draws: what is drawn for (seed, table, column, purpose) depends on nothing else, so neither the
 * order of tables and columns nor the number of threads changes a value. Hex, safe inside a SQL literal.
 */
export function streamKey(...parts: readonly string[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('hex').slice(0, 16);
}

/**
 * 64 uniform bits per row as UBIGINT: two rounds of the engine's 64-bit mixer with a key of the stream before each. The mixer
 * is one-to-one, so two rows never share a draw, and with a key between the rounds two streams have nothing in common. Ten
 * times as fast as a digest; its values are those of the pinned engine (a test holds some).
 * Source: sql-gate.md §4.4 (why one round with a constant is not enough); Own design: ADR 0016.
 */
export function bits(stream: string, row: Sql = ROW): Sql {
  const [first, second] = mixerKeys(stream);
  return `hash(xor(hash(xor((${row})::UBIGINT, ${first}::UBIGINT)), ${second}::UBIGINT))`;
}

function mixerKeys(stream: string): readonly [bigint, bigint] {
  const digest = createHash('sha256').update(`mixer|${stream}`).digest();
  return [digest.readBigUInt64BE(0), digest.readBigUInt64BE(8)];
}

/** Uniform in [0, 1), 53 bits. */
export function unitInterval(stream: string, row: Sql = ROW): Sql {
  return `((${bits(stream, row)} >> 11)::DOUBLE * ${2 ** -53})`;
}

/** Uniform BIGINT in [0, size). */
export function below(stream: string, size: number, row: Sql = ROW): Sql {
  return `(${bits(stream, row)} % ${Math.max(1, Math.floor(size))})::BIGINT`;
}

/**
 * DOUBLE from 0 to about 1 with most of its weight near 0: e · ((1 + e) / (1 + e − u) − 1), a bounded Pareto tail. The
 * first values are (1 + e) / e times as frequent as the average. Only + − · /, which IEEE 754 fixes to the bit everywhere.
 */
export function skewed(stream: string, evenness: number, row: Sql = ROW): Sql {
  return `(${evenness} * (${1 + evenness} / (${1 + evenness} - ${unitInterval(stream, row)}) - 1))`;
}

/** BIGINT in [0, size), small ones more frequent. `size` may be SQL of a positive whole number. */
export function skewedIndex(stream: string, evenness: number, size: number | Sql, row: Sql = ROW): Sql {
  return `least(floor(${skewed(stream, evenness, row)} * (${size}))::BIGINT, (${size})::BIGINT - 1)`;
}

/**
 * One-to-one map of the whole numbers below `space` into themselves, as layers of sub-queries: no two rows ever meet, so
 * nothing is retried. `wrap(from)` puts the column `name` beside the columns of `from`; `index` names the input column.
 *
 * A Feistel network over Z_A × Z_B with additive, quadratic round functions where A·B ≤ `space` still holds `used` rows; where
 * the space is too tight for that, one affine step modulo `space`. Not a cipher: it hides order, not secrets.
 */
export function permutation(stream: string, used: number, space: number, index: Sql, name: string): (from: Sql) => Sql {
  const size = Math.min(Math.max(used, Math.floor(space)), INDEX_SPACE);
  const right = Math.max(1, Math.floor(Math.sqrt(size)));
  const left = Math.floor(size / right);
  const keys = roundKeys(stream);
  if (left * right < used || right < 4) {
    const factor = coprimeTo(size, keys[0] ?? 1);
    const shift = (keys[1] ?? 0) % size;
    return (from) => `SELECT *, ((${index}) * ${factor} + ${shift}) % ${size} AS ${name} FROM (${from})`;
  }
  const [a, b, c, d] = [`${name}_a`, `${name}_b`, `${name}_c`, `${name}_d`];
  const mix = (value: Sql, round: number): Sql =>
    `((${value} * ${value} * ${keys[round]} + ${value} * 48271 + ${keys[round]}) % 2147483647)`;
  const exclude = `EXCLUDE (${a}, ${b}, ${c}, ${d}, ${c}2, ${d}2)`;
  return (from) => {
    const split = `SELECT *, (${index}) % ${right} AS ${a}, (${index}) // ${right} AS ${b} FROM (${from})`;
    const first = `SELECT *, (${b} + ${mix(a, 0)}) % ${left} AS ${c} FROM (${split})`;
    const second = `SELECT *, (${a} + ${mix(c, 1)}) % ${right} AS ${d} FROM (${first})`;
    const third = `SELECT *, (${c} + ${mix(d, 2)}) % ${left} AS ${c}2 FROM (${second})`;
    const fourth = `SELECT *, (${d} + ${mix(`${c}2`, 3)}) % ${right} AS ${d}2 FROM (${third})`;
    return `SELECT * ${exclude}, ${c}2 * ${right} + ${d}2 AS ${name} FROM (${fourth})`;
  };
}

/** BIGINT in [0, size), no two alike among `size` rows that follow one another: one affine step. Own design: ADR 0016. */
export function stepped(stream: string, size: number, row: Sql = ROW): Sql {
  const keys = roundKeys(stream);
  return `(((${row}) % ${size} * ${coprimeTo(size, keys[0] ?? 1)} + ${(keys[1] ?? 0) % size}) % ${size})::BIGINT`;
}

/** Four numbers below 2³¹ from a stream's name. */
function roundKeys(stream: string): readonly number[] {
  const digest = createHash('sha256').update(`permutation|${stream}`).digest();
  return [0, 4, 8, 12].map((at) => (digest.readUInt32BE(at) >>> 1) | 1);
}

function coprimeTo(size: number, start: number): number {
  let factor = Math.max(1, start % size);
  while (greatestCommonDivisor(factor, size) !== 1) factor += 1;
  return factor;
}

function greatestCommonDivisor(left: number, right: number): number {
  let [a, b] = [left, right];
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/** A SQL literal. Numbers must be finite. */
export function literal(value: string | number): Sql {
  if (typeof value === 'string') return quoteText(value);
  if (!Number.isFinite(value)) throw new RangeError('Not a finite number');
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** Element `index` (from 0) of a constant list. */
export function element(values: readonly (string | number)[], index: Sql): Sql {
  return `[${values.map(literal).join(', ')}][(${index}) + 1]`;
}

const WORD = (1n << 64n) - 1n;
const FACTOR = 0xd6e8feb86659fd93n;

/** The value of `bits` for one whole number, computed here: the engine's mixer by its definition. Source: Own design: ADR 0016. */
export function mixedBits(stream: string, row: bigint): bigint {
  const [first, second] = mixerKeys(stream);
  return mixed(mixed(row ^ first) ^ second);
}

function mixed(value: bigint): bigint {
  let word = value & WORD;
  word ^= word >> 32n;
  word = (word * FACTOR) & WORD;
  word ^= word >> 32n;
  word = (word * FACTOR) & WORD;
  return word ^ (word >> 32n);
}
