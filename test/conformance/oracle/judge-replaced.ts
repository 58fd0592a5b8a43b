import { equal } from './equal.ts';
import { asTold, explainForm, type Search } from './explain-form.ts';
import { figuresOf } from './figures.ts';
import { combinationsOf, type Explanation } from './find-combination.ts';
import type { ReplacedFigure } from './judge-gate.ts';
import type { Source } from './known-figures.ts';
import type { LinearForm } from './linear-form.ts';
import type { MatchedCell } from './matched-cell.ts';
import { nearMultiples } from './multiples.ts';
import type { OracleInput } from './oracle-input.ts';
import { proportionalTo } from './proportional.ts';
import { checkFigure, type Figure, type Violation } from './safety.ts';

export interface Before {
  /** Figures of earlier statements and of the same one, and what they add up to. */
  readonly known: readonly Source[];
  /** Parts of quotients that stand alone since others of them were answered. */
  readonly further: readonly Source[];
  /** Their rows, for figures that are no sums. */
  readonly specials: readonly MatchedCell[];
  /** Which statement, for people. */
  readonly prefix: string;
  readonly input: OracleInput;
}

export interface Explained {
  readonly violations: readonly Violation[];
  /** What a reader has besides what was released as such: parts of averages that now stand alone, and own parts of quotients. */
  readonly figures: readonly Figure[];
}

/**
 * A figure that is said to have been released before adds nothing new only if that is so: its value is one of those before,
 * a small combination of them, or a quotient of such, and these rest on nearly the units of the row's own text. Otherwise
 * it is unexplained. Does not judge the figure as resting on the row's own query.
 * Source: gate.md §7 (snap, combinations).
 */
export function explainReplaced(item: ReplacedFigure, before: Before): Explained {
  const { recomputed, cell, output, value } = item;
  const { policy, catalog } = before.input;
  const where = `${before.prefix}column ${output + 1} of ${cell.labels.join(' · ') || '(all)'}`;
  const few = cell.labels.length > 0 && cell.shares.some(({ units }) => units.length < policy.k);
  const violations: Violation[] = few ? [{ rule: 'threshold', text: `${where}: the row itself` }] : [];
  const components = recomputed.shape.components.filter((component) => component.output === output);
  const form = recomputed.shape.forms[output] ?? null;
  if (form === null || components.some((component) => component.kind !== 'count' && component.kind !== 'sum')) {
    if (wasReleased(item, before)) return { violations, figures: [] };
    return { violations: [...violations, { rule: 'unexplained', text: `${where} was not released before` }], figures: [] };
  }
  // As if the row's own query had given it: what it would rest on, component by component.
  const alone = { ...item, row: recomputed.shape.outputs.map((_, at) => (at === output ? 0 : null)) };
  const all = figuresOf(alone, before.prefix, catalog).filter((figure) => figure.output === output);
  const own = all.filter((figure) => figure.part !== undefined);
  const types = [...new Set(own.map((figure) => figure.unitType))];
  for (const unitType of types) {
    const found = explainIn(
      own.filter((figure) => figure.unitType === unitType),
      Number(value),
      components.length,
      before,
    );
    if (found !== null) return { violations, figures: found };
  }
  // One of its pieces was answered by an earlier release of the same rows, the others are its own: it is judged as its own.
  if (own.length > 0 && types.every((type) => addsUpTo(own.filter((figure) => figure.unitType === type).map(totalOf), Number(value))))
    return { violations: [...violations, ...own.flatMap((figure) => checkFigure(figure, policy))], figures: own };
  for (const unitType of types) {
    const found = explainAsForm(
      form,
      all.filter((figure) => figure.unitType === unitType),
      Number(value),
      before,
    );
    if (found !== null) return { violations: [...violations, ...found.violations], figures: found.figures };
  }
  return { violations: [...violations, { rule: 'unexplained', text: `${where} is nothing that was released before` }], figures: [] };
}

/** Units are counted by buckets, of which there are fewer: somewhat more than k may differ. */
function within(before: Before): number {
  return 2 * before.input.policy.k;
}

function explainIn(own: readonly Figure[], value: number, components: number, before: Before): readonly Figure[] | null {
  const search = searchIn(own, before);
  if (components === 1) {
    for (const figure of own) {
      const [found] = search(figure, value);
      if (found !== undefined) return standingAlone(found);
    }
    return null;
  }
  const [sum, count] = [own.find((figure) => figure.kind === 'sum'), own.find((figure) => figure.kind === 'count')];
  if (components !== 2 || sum === undefined || count === undefined) return null;
  const rows = totalOf(count);
  const counts: readonly (Explanation | null)[] = [...search(count, null), null];
  for (const one of counts) {
    const by = one?.value ?? rows;
    const [found] = search(sum, value * by);
    if (found !== undefined) return one === null ? [count] : [];
    if (one !== null && equal(value * by, totalOf(sum), 1e-7)) return [sum];
  }
  return null;
}

function searchIn(own: readonly Figure[], before: Before): Search {
  const isOwn = (source: Source): boolean => source.unitType === own[0]?.unitType;
  const known = before.known.filter(isOwn);
  const further = [...known, ...before.further.filter(isOwn)];
  const [near, more] = [new Map<Figure, Finder>(), new Map<Figure, Finder>()];
  const finder = (figure: Figure, finders: Map<Figure, Finder>, parts: 2 | 4, sources: () => readonly Source[]): Finder => {
    const found = finders.get(figure) ?? combinationsOf(sources(), { shares: figure.shares, within: within(before), parts });
    finders.set(figure, found);
    return found;
  };
  return (figure, wanted) => {
    const found = finder(figure, near, 4, () => [...known, ...proportionalTo(figure, known)])(wanted);
    if (found.length > 0) return found;
    // Of all figures and their multiples there are many: combinations of two are looked at.
    return finder(figure, more, 2, () => [...further, ...nearMultiples(figure, further)])(wanted);
  };
}

type Finder = ReturnType<typeof combinationsOf>;

/** A figure of several parts, some told as before: it is judged as what it really rests on, and its own parts as such. */
function explainAsForm(form: LinearForm, all: readonly Figure[], value: number, before: Before): Explained | null {
  const parts = new Map(all.flatMap((figure) => (figure.part === undefined ? [] : [[figure.part, figure] as const])));
  const like = all.find((figure) => figure.part === undefined) ?? all.find((figure) => figure.part === [...form.over.of.keys()][0]);
  const found = like === undefined ? null : explainForm(form, parts, value, searchIn(all, before));
  if (found === null || like === undefined) return null;
  // Whoever knows what a sum was divided by has the sum.
  const told = { ...asTold(found.over, like), adds: found.under.every(({ isOwn }) => !isOwn) };
  const own = [...found.over, ...found.under].filter(({ isOwn }) => isOwn).map(({ part }) => part);
  return { violations: own.flatMap((figure) => checkFigure(figure, before.input.policy)), figures: [told, ...own] };
}

/** Whether pieces, added or subtracted, give a value: `abs(x)` subtracts those below zero. */
function addsUpTo([first, ...more]: readonly number[], value: number): boolean {
  if (first === undefined) return equal(value, 0, 1e-7);
  return more.length < MOST_PIECES && (addsUpTo(more, value - first) || addsUpTo(more, value + first));
}

const MOST_PIECES = 8;

function totalOf(figure: Figure): number {
  return figure.total ?? [...figure.shares.values()].reduce((sum, value) => sum + value, 0);
}

/** Parts of averages that a sum or count now shows as such. */
function standingAlone(found: Explanation): readonly Figure[] {
  return found.sources
    .flatMap((source) => source.of)
    .filter((figure) => !figure.adds && !figure.family.startsWith('count(DISTINCT'))
    .map((figure) => ({ ...figure, adds: true, column: null }));
}

/** The same functional of nearly the same rows gave the same value. */
function wasReleased({ recomputed, cell, output, value }: ReplacedFigure, before: Before): boolean {
  return before.specials.some((other) =>
    other.recomputed.shape.outputs.some(
      (node, at) =>
        String(node.function_name) === String(recomputed.shape.outputs[output]?.function_name) &&
        (other.row[at] ?? null) !== null &&
        equal(other.row[at], value) &&
        cell.shares.every(({ units }, instance) => {
          const held = new Set(units.map((unit) => unit.unit));
          const theirs = new Set(other.cell.shares[instance]?.units.map((unit) => unit.unit));
          const differing = [...held].filter((unit) => !theirs.has(unit)).length + [...theirs].filter((unit) => !held.has(unit)).length;
          return differing <= within(before);
        }),
    ),
  );
}
