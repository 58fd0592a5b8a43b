import type { Records } from './records.ts';

/** Bits lost per attribute and level. */
export interface LossTable {
  /** `levels[attribute][level]`: bits lost over all rows, none suppressed. */
  readonly levels: readonly Float64Array[];
  /** `values[attribute][level][code of the value]`: bits a row of that value loses. */
  readonly values: readonly (readonly Float64Array[])[];
  /** Bits a row loses that is taken out, per attribute and value. */
  readonly suppressed: readonly Float64Array[];
}

/**
 * Non-uniform entropy: what is lost when a value becomes one of its group, by how often each occurs.
 * Source: Gionis and Tassa 2009; de Waal and Willenborg 1999; synthetic-and-masking.md §7.1 (the figures of ARX).
 */
export function lossTable(records: Records): LossTable {
  const levels: Float64Array[] = [];
  const values: Float64Array[][] = [];
  const suppressed: Float64Array[] = [];
  for (const [index, attribute] of records.attributes.entries()) {
    const counts = new Float64Array(attribute.values.length);
    const codes = records.codes[index] ?? new Int32Array();
    for (const [entry, code] of codes.entries()) counts[code] = (counts[code] ?? 0) + (records.weights[entry] ?? 0);
    const perLevel = attribute.translate.map((translate, level) => {
      const grouped = new Float64Array(attribute.names[level]?.length ?? 1);
      for (const [code, at] of translate.entries()) grouped[at] = (grouped[at] ?? 0) + (counts[code] ?? 0);
      return counts.map((count, code) => (count === 0 ? 0 : Math.log2((grouped[translate[code] ?? 0] ?? 0) / count)));
    });
    values.push(perLevel);
    levels.push(Float64Array.from(perLevel, (bits) => bits.reduce((sum, value, code) => sum + value * (counts[code] ?? 0), 0)));
    suppressed.push(counts.map((count) => (count === 0 ? 0 : Math.log2(records.rows / count))));
  }
  return { levels, values, suppressed };
}

/** Bits lost at these levels, none suppressed. Source: Gionis and Tassa 2009. */
export function lossAt(table: LossTable, levels: readonly number[]): number {
  return table.levels.reduce((sum, perLevel, index) => sum + (perLevel[levels[index] ?? 0] ?? 0), 0);
}
