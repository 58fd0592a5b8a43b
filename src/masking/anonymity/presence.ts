import { type Classes, classesAt } from './classes.ts';
import type { Attribute } from './coded-column.ts';
import { denseIds } from './dense-ids.ts';
import type { Records } from './records.ts';

/** Everybody who might be in the table, as codes of its attributes, and the bounds on how likely each may be in it. */
export interface PresenceModel {
  readonly least: number;
  readonly most: number;
  /** Per attribute: codes of the table's entries, then those of the population's. */
  readonly codes: readonly Int32Array[];
  /** People of each entry of the population. */
  readonly weights: Int32Array;
}

const ROUNDING = 1e-9;

/**
 * The model over a population, one row for each person, or undefined where the table holds people whom the population does not. Source: Nergiz, Atzori and Clifton 2007 (δ-presence).
 */
export function presenceOf(
  records: Records,
  attributes: readonly (Attribute & { readonly moreCodes: Int32Array })[],
  bounds: { readonly least: number; readonly most: number },
): PresenceModel | undefined {
  const rows = attributes[0]?.moreCodes.length ?? 0;
  const { ids, count, first } = denseIds(
    attributes.map(({ moreCodes, values }) => ({ codes: moreCodes, size: values.length })),
    rows,
  );
  const weights = new Int32Array(count);
  for (const id of ids) weights[id] = (weights[id] ?? 0) + 1;
  const codes = attributes.map(({ moreCodes }, index) =>
    Int32Array.from([...(records.codes[index] ?? []), ...Array.from(first, (row) => moreCodes[row] ?? 0)]),
  );
  const model = { ...bounds, codes, weights };
  const levels = attributes.map(() => 0);
  const { inClass } = peopleByClass(records, model, levels);
  return classesAt(records, levels).units.every((units, id) => units <= (inClass[id] ?? 0)) ? model : undefined;
}

/**
 * Marks classes that say too much about who is in the table: units of the table over people of the population outside the bounds. False where somebody of the population is in
 * no class and the lower bound is above 0: of him it is known that he is not in it, and nothing that is taken out helps.
 * Source: Nergiz, Atzori and Clifton 2007, definition 3.
 */
export function markPresence(
  records: Records,
  model: PresenceModel,
  levels: readonly number[],
  classes: Classes,
  failing: Uint8Array,
): boolean {
  const { inClass, outside } = peopleByClass(records, model, levels);
  if (model.least > 0 && outside > 0) return false;
  for (let id = 0; id < classes.count; id += 1) {
    const chance = (classes.units[id] ?? 0) / Math.max(1, inClass[id] ?? 0);
    if (chance < model.least - ROUNDING || chance > model.most + ROUNDING) failing[id] = 1;
    // What is taken out is known to be out.
    if (failing[id] === 1 && model.least > 0) return false;
  }
  return true;
}

/** People of the population in each class of the table, and those in none. Ids are numbered by first appearance, so those of the table come first. */
function peopleByClass(records: Records, { codes, weights }: PresenceModel, levels: readonly number[]) {
  const entries = records.weights.length;
  const columns = records.attributes.map((attribute, index) => {
    const level = levels[index] ?? 0;
    return {
      codes: codes[index] ?? new Int32Array(),
      size: attribute.names[level]?.length ?? 1,
      translate: level === 0 ? undefined : attribute.translate[level],
    };
  });
  const { ids } = denseIds(columns, entries + weights.length);
  let classes = 0;
  for (let entry = 0; entry < entries; entry += 1) classes = Math.max(classes, (ids[entry] ?? 0) + 1);
  const inClass = new Float64Array(classes);
  let outside = 0;
  for (const [index, people] of weights.entries()) {
    const id = ids[entries + index] ?? 0;
    if (id < classes) inClass[id] = (inClass[id] ?? 0) + people;
    else outside += people;
  }
  return { inClass, outside };
}
