import type { Scorer, SlotValue } from './scorer.ts';

/** How a slot's values were written: a number within trimmed bounds, or the position of a level (−1: another). */
export type SlotForm =
  | { readonly kind: 'number'; readonly low: number; readonly high: number; readonly missing: number }
  | { readonly kind: 'levels'; readonly levels: readonly string[]; readonly isText: boolean };

/** What is known of a class of rows: sums over its units, no row. */
export interface RowClass {
  readonly id: number;
  /** Least number of units, over all types of units. */
  readonly units: number;
  /** Mean of a number, middle level of a category. */
  readonly middle: readonly number[];
  readonly mean: readonly number[];
  readonly deviation: readonly number[];
}

export interface Split {
  readonly id: number;
  readonly slot: number;
  /** Rows above it are parted from the others. */
  readonly edge: number;
}

/** Points along one slot at which a model is asked. */
const POINTS = 17;
/** A jump of this share of all change along a slot is an edge of the model's own. */
const JUMP = 0.2;
/** A number is told to a thousandth of its trimmed bounds. */
const STEPS = 1_000;

/**
 * The values that a model is given for every row of a class: means to a thousandth of the trimmed bounds, middle levels. Of a class whose rows
 * are alike they are those of the rows. Source: ADR 0030 (classes of at least k units).
 */
export function standIn(of: RowClass, forms: readonly SlotForm[]): readonly SlotValue[] {
  return forms.map((form, slot) => slotValue(form, of.middle[slot] ?? 0, of.deviation[slot] ?? 0));
}

function slotValue(form: SlotForm, middle: number, deviation: number): SlotValue {
  if (form.kind === 'levels') {
    const level = form.levels[Math.round(middle)];
    return form.isText ? (level ?? '') : level === 'true' ? 1 : Number(level === 'false' ? 0 : (level ?? 0));
  }
  const step = (form.high - form.low) / STEPS;
  return deviation === 0 || step === 0 ? middle : form.low + Math.round((middle - form.low) / step) * step;
}

/**
 * Where to part each class, if anywhere: along the slot on which the model changes most within two deviations of the mean, at the edge where it
 * jumps, else near the mean. The model is asked at means and beside them, never at a row. Classes of fewer than 2 k units, and those over which
 * the model is flat, are not parted. Source: ADR 0030; Mondrian (LeFevre 2006) with the change of the model in the place of the widest range.
 *
 * @param blocked  by class and slot, `id:slot`: a side would have had too few units.
 */
export async function chooseSplits(
  classes: readonly RowClass[],
  forms: readonly SlotForm[],
  scorer: Scorer,
  { k, blocked }: { readonly k: number; readonly blocked: ReadonlySet<string> },
): Promise<readonly Split[]> {
  const open = classes.filter((item) => item.units >= 2 * k);
  const asked = open.flatMap((item) =>
    forms.flatMap((form, slot) => {
      const points = blocked.has(`${item.id}:${slot}`) ? [] : pointsOf(item, form, slot);
      return points.length < 2 ? [] : [{ item, slot, form, points }];
    }),
  );
  const rows = asked.flatMap(({ item, slot, form, points }) => {
    const base = standIn(item, forms);
    return points.map((point) => base.with(slot, slotValue(form, point, 0)));
  });
  const scores = await scorer.score(rows);
  const best = new Map<number, Split & { readonly change: number }>();
  let first = 0;
  for (const { item, slot, form, points } of asked) {
    const found = bestEdge(points, scores.slice(first, first + points.length), form, item.mean[slot] ?? 0);
    first += points.length;
    if (found === null || found.change <= (best.get(item.id)?.change ?? 0)) continue;
    best.set(item.id, { id: item.id, slot, ...found });
  }
  return [...best.values()].map(({ id, slot, edge }) => ({ id, slot, edge }));
}

function pointsOf(item: RowClass, form: SlotForm, slot: number): readonly number[] {
  const [mean, deviation] = [item.mean[slot] ?? 0, item.deviation[slot] ?? 0];
  if (deviation === 0) return [];
  const [from, to] = [mean - 2 * deviation, mean + 2 * deviation];
  if (form.kind === 'levels') {
    const [low, high] = [Math.max(-1, Math.floor(from)), Math.min(form.levels.length - 1, Math.ceil(to))];
    return Array.from({ length: Math.min(POINTS, high - low + 1) }, (_, at) => low + at);
  }
  const [low, high] = [Math.max(form.low, from), Math.min(form.high, to)];
  return high > low ? Array.from({ length: POINTS }, (_, at) => low + ((high - low) * at) / (POINTS - 1)) : [];
}

function bestEdge(
  points: readonly number[],
  scores: readonly number[],
  form: SlotForm,
  mean: number,
): { readonly edge: number; readonly change: number } | null {
  let [change, jump, at] = [0, 0, 0];
  for (let index = 1; index < points.length; index += 1) {
    const moved = Math.abs((scores[index] ?? 0) - (scores[index - 1] ?? 0));
    if (!Number.isFinite(moved)) continue;
    change += moved;
    if (moved > jump) [jump, at] = [moved, index];
  }
  if (change === 0) return null;
  const [before, after] = [points[at - 1] ?? 0, points[at] ?? 0];
  if (form.kind === 'levels') return { edge: before + 0.5, change };
  const width = after - before;
  return { edge: jump / change >= JUMP ? roundest(before, after) : roundest(mean - width / 2, mean + width / 2), change };
}

/** The decimal with the fewest digits above `low`, not above `high`. */
function roundest(low: number, high: number): number {
  let exponent = Math.floor(Math.log10(high - low)) + 1;
  for (let tries = 0; tries < 3; tries += 1, exponent -= 1) {
    const value = (Math.floor(low * 10 ** -exponent) + 1) / 10 ** -exponent;
    if (value > low && value <= high) return value;
  }
  return high;
}
