import { denseIds } from './dense-ids.ts';
import type { Records } from './records.ts';

/** Rows that look alike at given levels. */
export interface Classes {
  readonly count: number;
  /** Class of each entry. */
  readonly classOf: Int32Array;
  /** Distinct units in each class. */
  readonly units: Int32Array;
  /** Rows in each class. */
  readonly rows: Int32Array;
}

/** The classes of records whose attributes stand at these levels. Source: Sweeney 2002 (equivalence classes). */
export function classesAt(records: Records, levels: readonly number[]): Classes {
  const columns = records.attributes.map((attribute, index) => {
    const level = levels[index] ?? 0;
    return {
      codes: records.codes[index] ?? new Int32Array(),
      size: attribute.names[level]?.length ?? 1,
      translate: level === 0 ? undefined : attribute.translate[level],
    };
  });
  return sizesOf(records, denseIds(columns, records.weights.length));
}

/** Sizes of classes that are given. Source: Sweeney 2002. */
export function sizesOf(records: Records, { ids, count }: { readonly ids: Int32Array; readonly count: number }): Classes {
  const units = new Int32Array(count);
  const rows = new Int32Array(count);
  const { weights, unitOf } = records;
  for (let entry = 0; entry < ids.length; entry += 1) {
    const id = ids[entry] ?? 0;
    rows[id] = (rows[id] ?? 0) + (weights[entry] ?? 0);
  }
  if (unitOf === null) units.set(rows);
  else {
    const last = new Int32Array(count).fill(-1);
    for (let entry = 0; entry < ids.length; entry += 1) {
      const id = ids[entry] ?? 0;
      if (last[id] === unitOf[entry]) continue;
      last[id] = unitOf[entry] ?? -1;
      units[id] = (units[id] ?? 0) + 1;
    }
  }
  return { count, classOf: ids, units, rows };
}
