import type { Decided } from '../../../src/pipeline.ts';
import { isSame } from './compare.ts';
import { label } from './contributions.ts';
import type { RawTables } from './raw-tables.ts';

/** Averages of one unit are added up to six digits behind the point. */
const PRECISION = 1e-5;

const isEqual = (a: string | null, b: string | null): boolean => (a === null ? b === null : isSame(a, b, PRECISION));

function sorted(rows: readonly (readonly (string | number | boolean | null)[])[]): readonly (readonly (string | null)[])[] {
  const byText = (a: readonly (string | null)[], b: readonly (string | null)[]): number => {
    for (const [index, value] of a.entries()) {
      const other = b[index] ?? null;
      if (isEqual(value, other)) continue;
      if (value === null || other === null) return value === null ? 1 : -1;
      const [x, y] = [Number(value), Number(other)];
      return Number.isNaN(x - y) ? (value < other ? -1 : 1) : x - y;
    }
    return 0;
  };
  return rows.map((row) => row.map(label)).sort(byText);
}

/**
 * Whether the answer is what the merchant's own text gives on the raw tables. Of a text with LIMIT only the number of
 * rows is compared: which of equal rows come is the gate's to say.
 */
export async function isExactly(decided: Decided, sql: string, raw: RawTables): Promise<boolean> {
  const [own, plain] = [sorted(decided.table.rows), sorted(await raw.query(sql))];
  if (own.length !== plain.length) return false;
  if (sql.includes(' LIMIT ')) return true;
  return own.every((row, index) => row.every((value, column) => isEqual(value, plain[index]?.[column] ?? null)));
}
