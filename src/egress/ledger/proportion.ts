import { inverseMod, mulMod } from '../../kernel/modular.ts';
import { fractionOf } from './combinations.ts';
import type { Sketch } from './sketch.ts';
import type { Combination } from './small-reading.ts';

/**
 * By which number one figure is the multiple of another in all places but fewer than k, and fewer than those that agree: a sum in cents beside
 * one in whole units, a number of visits beside the number of people who have four each. Undefined where it is none.
 *
 * Complete: of any k places in use one is not off. As a combination of one part, whose coefficient is undefined where it is no simple
 * fraction. Source: ADR 0052, gate.md §7.
 *
 * @param id  of the other figure.
 */
export function proportionTo(own: Sketch, other: Sketch, id: number, k: number): Combination | undefined {
  const isFine = own.fine !== null && other.fine !== null;
  const target = isFine ? own.fine : own.lanes;
  const by = isFine ? other.fine : other.lanes;
  if (target === null || by === null) return undefined;
  let [asked, place] = [0, 0];
  for (; place < target.length && asked < k; place += 1) {
    const [x, y] = [target[place] ?? 0, by[place] ?? 0];
    if (x === 0 && y === 0) continue;
    asked += 1;
    if (x === 0 || y === 0) continue;
    const units = placesOff(target, by, x, y, k);
    if (units !== undefined) return { parts: [{ id, coefficient: fractionOf(mulMod(x, inverseMod(y))) }], units };
  }
  return undefined;
}

/** Places where target : by is not x : y, where they are fewer than k and fewer than the others. */
function placesOff(target: Uint32Array, by: Uint32Array, x: number, y: number, k: number): number | undefined {
  let [off, agreeing] = [0, 0];
  for (let place = 0; place < target.length; place += 1) {
    const [own, other] = [target[place] ?? 0, by[place] ?? 0];
    if (own === 0 && other === 0) continue;
    if (mulMod(own, y) === mulMod(other, x)) agreeing += 1;
    else off += 1;
    if (off >= k) return undefined;
  }
  return off < agreeing ? off : undefined;
}
