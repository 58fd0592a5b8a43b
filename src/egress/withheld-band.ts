/** The only sizes of what did not come out that are ever told. Source: gate.md §9. */
export const WITHHELD_BANDS = ['0', '1–4', '5–19', '20+'] as const;

export type WithheldBand = (typeof WITHHELD_BANDS)[number];

/** What stands in the place of a band where labels are not public knowledge: not even that something is missing is told. */
export const UNTOLD = 'untold';

/** What merchants and releases are told: a band over labels of a public domain (empty and small are one), or nothing. */
export function publicBand(labels: number | null): WithheldBand | typeof UNTOLD {
  return labels === null ? UNTOLD : withheldBand(labels);
}

/** Band of a number of withheld cells. A number that is no count (negative, fractional, NaN) is a fault, not `0`. */
export function withheldBand(cells: number): WithheldBand {
  if (!Number.isInteger(cells) || cells < 0) throw new RangeError('Not a count of cells');
  if (cells === 0) return '0';
  if (cells < 5) return '1–4';
  return cells < 20 ? '5–19' : '20+';
}
