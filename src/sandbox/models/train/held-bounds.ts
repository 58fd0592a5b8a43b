import type { Layout } from '../spec/layout.ts';
import { type CohortSource, type Held, type HeldBounds, type Split, TRAIN, valuedRowsSql } from './encode-sql.ts';
import { type Ask, numbersOf } from './kept-table.ts';

/** Steps of a bound, at least so many between the k-th least and the k-th greatest value. */
const FINENESS = 32;

/**
 * The declared bounds, drawn inwards to where at least k units that train stand on them or beyond: whoever is beyond everybody else by any amount
 * counts like the k-th, and a bound that cuts fewer than k units cuts as if it were not there. Steps are a power of two, whatever the specification
 * says. Where fewer than 2 k units have the number at all, all of it is one value. Of one row a unit; gives nothing that is released by itself.
 * Source: gate.md §6 (0 and 1 … k−1 give the same output); docs/adr/0039, 0051.
 */
export async function heldBounds(
  ask: Ask,
  source: CohortSource,
  layout: Layout,
  { split, fill, k }: { readonly split: Split; readonly fill: boolean; readonly k: number },
): Promise<HeldBounds> {
  const { features, label } = layout;
  const numbers = [...features.map((laid, at) => ({ laid, name: `r${at}` })), { laid: label, name: 'ry' }];
  const asked = numbers.flatMap(({ laid, name }) =>
    'low' in laid ? [`CAST(count(${name}) AS DOUBLE)`, `list_max(min(${name}, ${k}))`, `list_min(max(${name}, ${k}))`] : [],
  );
  if (asked.length === 0) return { features: features.map(() => null), label: null };
  const got = await numbersOf(ask, `SELECT ${asked.join(', ')} FROM (${valuedRowsSql(source, layout, split, fill)}) WHERE ${TRAIN} = 1`);
  let at = 0;
  const held = numbers.map(({ laid }): Held | null => {
    if (!('low' in laid)) return null;
    const [units = 0, least = 0, most = 0] = got.slice(at, at + 3);
    at += 3;
    const middle = (laid.low + laid.high) / 2;
    return units < 2 * k ? { low: middle, high: middle } : drawnIn(laid, least, most);
  });
  return { features: held.slice(0, -1), label: held.at(-1) ?? null };
}

/**
 * Bounds between which values are cut, by the k-th least and the k-th greatest value. Never wider than the declared ones, never crossed.
 * Source: docs/adr/0051.
 */
export function drawnIn({ low, high }: Held, least: number, most: number): Held {
  if (!(Number.isFinite(least) && Number.isFinite(most) && least < most)) {
    const only = Math.min(Math.max(least, low), high);
    return Number.isFinite(only) ? { low: only, high: only } : { low, high: low };
  }
  const step = 2 ** Math.floor(Math.log2((most - least) / FINENESS));
  const bottom = Math.min(Math.max(low, Math.ceil(least / step) * step), high);
  const top = Math.max(Math.min(high, Math.floor(most / step) * step), low);
  return bottom <= top ? { low: bottom, high: top } : { low: bottom, high: bottom };
}
