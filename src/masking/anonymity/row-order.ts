import { encodeColumn } from './coded-column.ts';
import type { ClassLabels } from './label-classes.ts';

/** Which class each row is in, which classes are taken out, and what each shows. */
export interface ShownRows {
  readonly classOf: Int32Array;
  readonly failing: Uint8Array;
  readonly labels: ClassLabels;
}

/**
 * Rows that stay, by what their class shows, then by what else is carried: the order of the file would tell who is who. One pass a column (stable counting sort), so that a million rows take no minute.
 * Source: issue "Masking" (nothing else leaves; 1 M rows); Knuth, TAOCP 3, §5.2.5 (radix sorting).
 */
export function rowOrder({ classOf, failing, labels }: ShownRows, carried: readonly (readonly (string | null)[])[]): Int32Array {
  const shown = Array.from(failing, (_, id) => labels.map((label) => label[id] ?? '').join('\u0000'));
  let order: Int32Array = Int32Array.from(classOf.keys()).filter((row) => failing[classOf[row] ?? 0] === 0);
  for (const values of carried.toReversed()) {
    const { codes, values: names } = encodeColumn('', values);
    order = sortedBy(order, codes, ranksOf(names.map((name) => name ?? '')));
  }
  return sortedBy(order, classOf, ranksOf(shown));
}

/** Place of each text among all, equal ones sharing it. */
function ranksOf(texts: readonly string[]): Int32Array {
  const ranks = new Int32Array(texts.length);
  const order = Array.from(texts.keys()).sort((a, b) => compare(texts[a] ?? '', texts[b] ?? ''));
  let rank = -1;
  let before: string | undefined;
  for (const at of order) {
    if (texts[at] !== before) rank += 1;
    before = texts[at];
    ranks[at] = rank;
  }
  return ranks;
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

function sortedBy(order: Int32Array, codes: Int32Array, ranks: Int32Array): Int32Array {
  const places = new Int32Array(ranks.length + 1);
  for (const row of order) {
    const next = (ranks[codes[row] ?? 0] ?? 0) + 1;
    places[next] = (places[next] ?? 0) + 1;
  }
  for (let at = 1; at < places.length; at += 1) places[at] = (places[at] ?? 0) + (places[at - 1] ?? 0);
  const sorted = new Int32Array(order.length);
  for (const row of order) {
    const rank = ranks[codes[row] ?? 0] ?? 0;
    const place = places[rank] ?? 0;
    sorted[place] = row;
    places[rank] = place + 1;
  }
  return sorted;
}

/** The items at some places, in their order. Source: issue "Masking" (1 M rows): `Array.from` over a typed array takes ten times as long. */
export function pick<T>(items: readonly T[], places: Int32Array, missing: T): readonly T[] {
  const picked = new Array<T>(places.length);
  for (let at = 0; at < places.length; at += 1) picked[at] = items[places[at] ?? 0] ?? missing;
  return picked;
}
