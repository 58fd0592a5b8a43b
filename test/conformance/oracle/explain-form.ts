import { equal } from './equal.ts';
import type { Explanation } from './find-combination.ts';
import type { Linear, LinearForm } from './linear-form.ts';
import type { Figure } from './safety.ts';

/** What a part of a figure was told as: its own row set, or known figures near it. */
interface Told {
  readonly part: Figure;
  readonly times: number;
  readonly value: number;
  readonly shares: ReadonlyMap<string, number>;
  readonly isOwn: boolean;
}

export interface ExplainedForm {
  readonly over: readonly Told[];
  readonly under: readonly Told[];
}

/** Known figures near a part, with this value; null: whatever their value. */
export type Search = (part: Figure, wanted: number | null) => readonly Explanation[];

/** Values that a part is tried with, and combinations of them. */
const MOST_VALUES = 12;
const MOST_TRIES = 200;

/**
 * How a figure that is made of several parts came about, where some were told as before: each part is its own row set's
 * or is explained by known figures, and together they give the value. Null where nothing does.
 *
 * @param parts  of one unit type, by component.
 */
export function explainForm(form: LinearForm, parts: ReadonlyMap<number, Figure>, value: number, search: Search): ExplainedForm | null {
  const overs = partsOf(form.over, parts);
  const unders = form.under === null ? [] : partsOf(form.under, parts);
  if (overs === null || unders === null) return null;
  for (const under of form.under === null ? [[]] : choices(unders, search)) {
    const by = form.under === null ? 1 : summed(under) + form.under.constant;
    if (by === 0) continue;
    const over = reaching(overs, value * by - form.over.constant, search);
    if (over !== null) return { over, under };
  }
  return null;
}

/** What the reader has of it: one figure, as it was really told. */
export function asTold(over: readonly Told[], like: Figure): Figure {
  const shares = new Map<string, number>();
  for (const told of over) for (const [unit, value] of told.shares) shares.set(unit, (shares.get(unit) ?? 0) + told.times * value);
  const size = Math.max(0, ...[...shares.values()].map(Math.abs));
  return { ...like, shares: new Map([...shares].filter(([, value]) => Math.abs(value) > 1e-12 * size)), total: null, column: null };
}

type Term = Omit<Told, 'value' | 'shares' | 'isOwn'>;

function partsOf({ of }: Linear, parts: ReadonlyMap<number, Figure>): readonly Term[] | null {
  const found = [...of].flatMap(([index, times]) => {
    const part = parts.get(index);
    return part === undefined ? [] : [{ part, times }];
  });
  // The last is solved for: the largest loses least by it.
  return found.length < of.size
    ? null
    : found.toSorted((a, b) => Math.abs(a.times * totalOf(a.part)) - Math.abs(b.times * totalOf(b.part)));
}

function totalOf(figure: Figure): number {
  return figure.total ?? [...figure.shares.values()].reduce((sum, value) => sum + value, 0);
}

function summed(told: readonly Told[]): number {
  return told.reduce((sum, item) => sum + item.times * item.value, 0);
}

function ownOf(term: Term): Told {
  return { ...term, value: totalOf(term.part), shares: term.part.shares, isOwn: true };
}

function toldAs(term: Term, { value, shares }: Explanation): Told {
  return { ...term, value, shares, isOwn: false };
}

/** Every way to tell the parts, their own rows last. */
function choices(terms: readonly Term[], search: Search): readonly (readonly Told[])[] {
  let found: readonly (readonly Told[])[] = [[]];
  for (const term of terms) {
    const values = new Map<string, Told>();
    for (const explanation of search(term.part, null)) {
      const name = explanation.value.toPrecision(10);
      if (!values.has(name) && values.size < MOST_VALUES) values.set(name, toldAs(term, explanation));
    }
    found = found.flatMap((chosen) => [...values.values(), ownOf(term)].map((told) => [...chosen, told])).slice(0, MOST_TRIES);
  }
  return found;
}

function reaching(terms: readonly Term[], target: number, search: Search): readonly Told[] | null {
  const last = terms.at(-1);
  if (last === undefined) return equal(target, 0, 1e-7) ? [] : null;
  for (const chosen of choices(terms.slice(0, -1), search)) {
    const wanted = (target - summed(chosen)) / last.times;
    const own = ownOf(last);
    const [known] = search(last.part, wanted);
    if (known !== undefined) return [...chosen, toldAs(last, known)];
    if (equal(own.value, wanted, 1e-7)) return [...chosen, own];
  }
  return null;
}
