import type { Classes } from './classes.ts';
import { ANY, type Attribute } from './coded-column.ts';
import type { Records } from './records.ts';

/** What each class shows, per attribute: all its rows the same. */
export type ClassLabels = readonly (readonly string[])[];

/** Labels of classes at levels of the hierarchies. Source: Sweeney 2002. */
export function levelLabels(records: Records, classes: Classes, levels: readonly number[]): ClassLabels {
  const first = new Int32Array(classes.count).fill(-1);
  for (const [entry, id] of classes.classOf.entries()) if (first[id] === -1) first[id] = entry;
  return records.attributes.map((attribute, index) => {
    const level = levels[index] ?? 0;
    const [translate, names, codes] = [attribute.translate[level], attribute.names[level], records.codes[index]];
    return Array.from(first, (entry) => names?.[translate?.[codes?.[entry] ?? 0] ?? 0] ?? ANY);
  });
}

/**
 * Labels of classes of any shape: the value where all rows have the same, `[least,most]` of numbers, else the lowest name that all share.
 * Source: LeFevre, DeWitt and Ramakrishnan 2006 (summaries of regions).
 */
export function rangeLabels(records: Records, classes: Classes): ClassLabels {
  return records.attributes.map((attribute, index) => {
    const held = Array.from({ length: classes.count }, () => new Set<number>());
    for (const [entry, id] of classes.classOf.entries()) held[id]?.add(records.codes[index]?.[entry] ?? 0);
    return held.map((codes) => labelOf(attribute, [...codes]));
  });
}

function labelOf(attribute: Attribute, codes: readonly number[]): string {
  const [only, ...more] = codes;
  if (only !== undefined && more.length === 0) return attribute.values[only] ?? '';
  if (attribute.numeric && codes.every((code) => attribute.values[code] !== null)) {
    const values = codes.map((code) => attribute.values[code] ?? '').sort((a, b) => Number(a) - Number(b));
    return `[${values[0] ?? ''},${values.at(-1) ?? ''}]`;
  }
  for (const [level, translate] of attribute.translate.entries()) {
    const names = new Set(codes.map((code) => translate[code] ?? 0));
    const [name, ...others] = names;
    if (name !== undefined && others.length === 0) return attribute.names[level]?.[name] ?? ANY;
  }
  return ANY;
}
