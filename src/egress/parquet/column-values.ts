import { isNumericType } from '../cell-types.ts';
import type { ReleaseCell } from '../release-content.ts';

/** How a column is stored: physical type, and what it means where that does not say it. Source: Apache Parquet, `parquet.thrift`. */
export interface StoredType {
  readonly physical: 'boolean' | 'int64' | 'double' | 'bytes';
  /** Digits behind the point of a decimal in `int64`. */
  readonly scale?: number;
}

const LARGEST = 2n ** 63n;
const MOST_DIGITS = 18;
const WHOLE = /^-?\d{1,19}$/;

type Cells = readonly ReleaseCell[];

/**
 * The narrowest way to store a column without changing a value: truth values, whole numbers, decimals of up to eighteen digits, doubles, and text for
 * everything else, also for numbers that are larger. Source: Apache Parquet, "Logical types".
 */
export function storedType(type: string, cells: Cells): StoredType {
  const present = cells.filter((cell) => cell !== null);
  if (/^BOOLEAN\b/i.test(type) && present.every((cell) => typeof cell === 'boolean')) return { physical: 'boolean' };
  if (!isNumericType(type)) return { physical: 'bytes' };
  if (/^(FLOAT|DOUBLE|REAL)\b/i.test(type))
    return present.every((cell) => Number.isFinite(Number(cell))) ? { physical: 'double' } : { physical: 'bytes' };
  const scale = Number(/^DECIMAL\(\d+,\s*(\d+)\)/i.exec(type)?.[1] ?? 0);
  const isExact = present.every((cell) => {
    const unscaled = unscaledText(String(cell), scale);
    if (unscaled === null || !WHOLE.test(unscaled)) return false;
    const value = BigInt(unscaled);
    return scale > 0 ? unscaled.replace('-', '').length <= MOST_DIGITS : value < LARGEST && value >= -LARGEST;
  });
  if (!isExact || scale > MOST_DIGITS) return { physical: 'bytes' };
  return scale > 0 ? { physical: 'int64', scale } : { physical: 'int64' };
}

/** Digits without their point; null where there are more behind it than the scale has. */
function unscaledText(text: string, scale: number): string | null {
  const parts = /^(-?\d+)(?:\.(\d+))?$/.exec(text);
  if (parts === null) return null;
  const [, whole = '', behind = ''] = parts;
  return behind.length > scale ? null : `${whole}${behind.padEnd(scale, '0')}`;
}

/** The cells that are there, one after the other (PLAIN). Source: Apache Parquet, "Encodings". */
export function plainValues({ physical, scale = 0 }: StoredType, cells: Cells): Buffer {
  const present = cells.filter((cell) => cell !== null);
  if (physical === 'boolean') {
    const bits = Buffer.alloc(Math.ceil(present.length / 8));
    for (const [at, cell] of present.entries()) if (cell === true) bits[at >> 3] = (bits[at >> 3] ?? 0) | (1 << (at & 7));
    return bits;
  }
  if (physical === 'bytes') {
    return Buffer.concat(
      present.flatMap((cell) => {
        const text = Buffer.from(String(cell), 'utf8');
        const length = Buffer.alloc(4);
        length.writeUInt32LE(text.length);
        return [length, text];
      }),
    );
  }
  const bytes = Buffer.alloc(8 * present.length);
  for (const [at, cell] of present.entries()) {
    if (physical === 'double') bytes.writeDoubleLE(Number(cell), 8 * at);
    else bytes.writeBigInt64LE(BigInt(unscaledText(String(cell), scale) ?? '0'), 8 * at);
  }
  return bytes;
}

/** Which cells are there, in runs, with the length of it all before them (RLE of one bit). Source: Apache Parquet, "Encodings". */
export function presenceLevels(cells: Cells): Buffer {
  const runs: number[] = [];
  for (let at = 0; at < cells.length; ) {
    const isThere = cells[at] !== null;
    let end = at + 1;
    while (end < cells.length && (cells[end] !== null) === isThere) end += 1;
    for (let rest = (end - at) * 2; ; rest = Math.floor(rest / 128)) {
      runs.push(rest < 128 ? rest : (rest % 128) + 128);
      if (rest < 128) break;
    }
    runs.push(isThere ? 1 : 0);
    at = end;
  }
  const length = Buffer.alloc(4);
  length.writeUInt32LE(runs.length);
  return Buffer.concat([length, Buffer.from(runs)]);
}
