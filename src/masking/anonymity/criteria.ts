import type { Classes } from './classes.ts';
import type { Attribute } from './coded-column.ts';
import type { PresenceModel } from './presence.ts';
import type { Records } from './records.ts';

export type DiversityModel =
  | { readonly kind: 'distinct'; readonly l: number }
  | { readonly kind: 'entropy'; readonly l: number }
  | { readonly kind: 'recursive'; readonly l: number; readonly c: number };

export type ClosenessModel =
  | { readonly kind: 'equal'; readonly t: number }
  | { readonly kind: 'ordered'; readonly t: number }
  | { readonly kind: 'hierarchical'; readonly t: number; readonly hierarchy: Attribute };

/** What each class must fulfil for a sensitive column, named by its place among those of the records. */
export interface SensitiveModel {
  readonly sensitive: number;
  readonly model: { readonly diversity: DiversityModel } | { readonly closeness: ClosenessModel };
}

/** All that classes must fulfil. */
export interface PrivacyModels {
  readonly k: number;
  readonly sensitive: readonly SensitiveModel[];
  readonly presence?: PresenceModel;
}

const ROUNDING = 1e-9;

/**
 * Which classes fail, 1 for each: fewer than k units, too little diversity, or too far from the whole table, which is `wholes` where
 * only a part of the records is given. A unit counts once for each of its values.
 * Source: Sweeney 2002 (k-anonymity); Machanavajjhala et al. 2007 (l-diversity); Li, Li and Venkatasubramanian 2007 (t-closeness).
 */
export function failingClasses(
  records: Records,
  classes: Classes,
  models: PrivacyModels,
  wholes: readonly Float64Array[] = models.sensitive.length === 0 ? [] : wholeShares(records),
): Uint8Array {
  const failing = new Uint8Array(classes.count);
  for (let id = 0; id < classes.count; id += 1) if ((classes.units[id] ?? 0) < models.k) failing[id] = 1;
  if (models.sensitive.length === 0) return failing;
  const order = entriesByClass(classes);
  for (const { sensitive, model } of models.sensitive) {
    const column = records.sensitive[sensitive];
    if (column === undefined) throw new Error('A model for a sensitive column that is not there');
    const whole = wholes[sensitive] ?? new Float64Array();
    const ranks = 'closeness' in model && model.closeness.kind === 'ordered' ? orderOf(column.values) : null;
    const counts = new Float64Array(column.values.length);
    for (let id = 0; id < classes.count; id += 1) {
      if (failing[id] === 1) continue;
      counts.fill(0);
      for (let at = order.start[id] ?? 0; at < (order.start[id + 1] ?? 0); at += 1) {
        const entry = order.entries[at] ?? 0;
        const code = column.entryCodes[entry] ?? 0;
        counts[code] = (counts[code] ?? 0) + (records.unitOf === null ? (records.weights[entry] ?? 0) : 1);
      }
      const holds =
        'diversity' in model
          ? isDiverse(counts, model.diversity)
          : distance(counts, whole, model.closeness, ranks) <= model.closeness.t + ROUNDING;
      if (!holds) failing[id] = 1;
    }
  }
  return failing;
}

function entriesByClass(classes: Classes): { readonly entries: Int32Array; readonly start: Int32Array } {
  const start = new Int32Array(classes.count + 1);
  for (const id of classes.classOf) start[id + 1] = (start[id + 1] ?? 0) + 1;
  for (let id = 0; id < classes.count; id += 1) start[id + 1] = (start[id + 1] ?? 0) + (start[id] ?? 0);
  const next = start.slice();
  const entries = new Int32Array(classes.classOf.length);
  for (const [entry, id] of classes.classOf.entries()) {
    const at = next[id] ?? 0;
    entries[at] = entry;
    next[id] = at + 1;
  }
  return { entries, start };
}

/** Shares of each sensitive value over all rows, per sensitive column. Source: Li, Li and Venkatasubramanian 2007. */
export function wholeShares(records: Records): readonly Float64Array[] {
  return records.sensitive.map(({ entryCodes, values }) => {
    const counts = new Float64Array(values.length);
    for (const [entry, code] of entryCodes.entries()) counts[code] = (counts[code] ?? 0) + (records.weights[entry] ?? 0);
    return counts.map((count) => count / records.rows);
  });
}

/** Whether the counts of sensitive values in a class are diverse. Source: Machanavajjhala et al. 2007, definitions 3.1 to 3.3. */
export function isDiverse(counts: Float64Array, model: DiversityModel): boolean {
  const present = counts.filter((count) => count > 0).sort((a, b) => b - a);
  if (model.kind === 'distinct') return present.length >= model.l;
  const all = present.reduce((sum, count) => sum + count, 0);
  if (model.kind === 'entropy') {
    const entropy = present.reduce((sum, count) => sum - (count / all) * Math.log(count / all), 0);
    return entropy >= Math.log(model.l) - ROUNDING;
  }
  const tail = present.slice(model.l - 1).reduce((sum, count) => sum + count, 0);
  return (present[0] ?? 0) < model.c * tail;
}

/** Earth mover's distance of a class from the whole table. Source: Li, Li and Venkatasubramanian 2007, §4.1 and §4.2. */
export function distance(counts: Float64Array, whole: Float64Array, model: ClosenessModel, ranks: Int32Array | null): number {
  const all = counts.reduce((sum, count) => sum + count, 0);
  const excess = counts.map((count, code) => count / all - (whole[code] ?? 0));
  if (model.kind === 'equal') return excess.reduce((sum, value) => sum + Math.abs(value), 0) / 2;
  if (model.kind === 'ordered') {
    const order = ranks ?? Int32Array.from(excess, (_, code) => code);
    let carried = 0;
    let moved = 0;
    for (const code of order) {
      carried += excess[code] ?? 0;
      moved += Math.abs(carried);
    }
    return order.length < 2 ? 0 : moved / (order.length - 1);
  }
  return hierarchicalDistance(excess, model.hierarchy);
}

function hierarchicalDistance(excess: Float64Array, { translate, names }: Attribute): number {
  const height = names.length - 1;
  let below = Array.from(excess);
  let moved = 0;
  for (let level = 1; level <= height; level += 1) {
    const size = names[level]?.length ?? 1;
    const [plus, minus] = [new Float64Array(size), new Float64Array(size)];
    const parent = parentsOf(translate, level);
    for (const [code, value] of below.entries()) {
      const at = parent[code] ?? 0;
      if (value > 0) plus[at] = (plus[at] ?? 0) + value;
      else minus[at] = (minus[at] ?? 0) - value;
    }
    for (let at = 0; at < size; at += 1) moved += (level / height) * Math.min(plus[at] ?? 0, minus[at] ?? 0);
    below = Array.from(plus, (value, at) => value - (minus[at] ?? 0));
  }
  return moved;
}

function parentsOf(translate: readonly Int32Array[], level: number): Int32Array {
  const [below, at] = [translate[level - 1] ?? new Int32Array(), translate[level] ?? new Int32Array()];
  const parents = new Int32Array(below.length);
  for (const [value, code] of below.entries()) parents[code] = at[value] ?? 0;
  return parents;
}

/** Codes in the order of their values: numbers as numbers, else as texts. */
function orderOf(values: readonly (string | null)[]): Int32Array {
  const numeric = values.every((value) => value === null || (value.trim() !== '' && Number.isFinite(Number(value))));
  const compare = (a: string, b: string): number => (numeric ? Number(a) - Number(b) : a < b ? -1 : a > b ? 1 : 0);
  return Int32Array.from(values.keys()).sort((a, b) => compare(values[a] ?? '', values[b] ?? ''));
}
