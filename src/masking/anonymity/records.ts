import type { Attribute, CodedColumn } from './coded-column.ts';
import { denseIds } from './dense-ids.ts';

/**
 * Rows of a table as the models see them: rows with equal quasi-identifiers, sensitive values and unit are one entry with a weight. Where units have several rows, entries
 * are sorted by unit, and a unit counts once in each class.
 */
export interface Records {
  readonly rows: number;
  /** Distinct units; the number of rows where each is its own. */
  readonly units: number;
  readonly attributes: readonly Attribute[];
  /** Per attribute: code of each entry. */
  readonly codes: readonly Int32Array[];
  /** Rows of each entry. */
  readonly weights: Int32Array;
  /** Unit of each entry, in ascending order; null where each row is its own unit. */
  readonly unitOf: Int32Array | null;
  readonly sensitive: readonly (CodedColumn & { readonly entryCodes: Int32Array })[];
  /** Entry of each row. */
  readonly entryOf: Int32Array;
}

/**
 * Puts rows together. `units`: whose each row is; rows without one (NULL) are taken for rows of a single unit, so that
 * they never make a class larger than it surely is. Every column has the same length. Source: issue "Masking" ("Units, not rows: several rows of a person are one").
 */
export function makeRecords(
  attributes: readonly Attribute[],
  sensitive: readonly CodedColumn[],
  units: CodedColumn | null,
  rows: number,
): Records {
  const repeats = units !== null && units.values.length < rows;
  const owner = repeats ? { codes: units.codes, size: units.values.length } : null;
  const columns = [
    ...attributes.map(({ codes, values }) => ({ codes, size: values.length })),
    ...sensitive.map(({ codes, values }) => ({ codes, size: values.length })),
    ...(owner === null ? [] : [{ codes: owner.codes, size: owner.size }]),
  ];
  const { ids, count, first } = denseIds(columns, rows);
  const order = Int32Array.from({ length: count }, (_, entry) => entry);
  if (owner !== null) order.sort((a, b) => (owner.codes[first[a] ?? 0] ?? 0) - (owner.codes[first[b] ?? 0] ?? 0) || a - b);
  const place = new Int32Array(count);
  for (const [at, entry] of order.entries()) place[entry] = at;
  const entryOf = ids.map((id) => place[id] ?? 0);
  const weights = new Int32Array(count);
  for (const entry of entryOf) weights[entry] = (weights[entry] ?? 0) + 1;
  const pick = (codes: Int32Array): Int32Array => order.map((entry) => codes[first[entry] ?? 0] ?? 0);
  return {
    rows,
    units: owner === null ? rows : owner.size,
    attributes,
    codes: attributes.map(({ codes }) => pick(codes)),
    weights,
    unitOf: owner === null ? null : pick(owner.codes),
    sensitive: sensitive.map((column) => ({ ...column, entryCodes: pick(column.codes) })),
    entryOf,
  };
}
