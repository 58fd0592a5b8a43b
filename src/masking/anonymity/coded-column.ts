import type { Hierarchy } from '../hierarchy.ts';

/** A column as codes; `values[code]` is what it holds, null for NULL. */
export interface CodedColumn {
  readonly name: string;
  readonly codes: Int32Array;
  readonly values: readonly (string | null)[];
}

/** A column whose values become coarser by level: level 0 the value itself, the last one usually `*`. */
export interface Attribute extends CodedColumn {
  /** Per level: code at the level of each value. */
  readonly translate: readonly Int32Array[];
  /** Per level: what each code is shown as. */
  readonly names: readonly (readonly string[])[];
  /** Whether values have an order as numbers. */
  readonly numeric: boolean;
}

/** What stands for any value at all. */
export const ANY = '*';

/** Codes in order of first appearance. Source: dictionary coding; issue "Masking" (typed arrays). */
export function encodeColumn(name: string, column: readonly (string | null)[]): CodedColumn {
  const known = new Map<string | null, number>();
  const codes = new Int32Array(column.length);
  for (let row = 0; row < column.length; row += 1) {
    const value = column[row] ?? null;
    let code = known.get(value);
    if (code === undefined) {
      code = known.size;
      known.set(value, code);
    }
    codes[row] = code;
  }
  return { name, codes, values: [...known.keys()] };
}

/**
 * A column with the levels of a hierarchy; one whose top is not a single name gets `*` above. NULL is shown as an empty value at level 0 and as `*` above.
 * Undefined where the hierarchy lacks a value. Source: Sweeney 2002 (domain generalisation hierarchies); synthetic-and-masking.md §7.1.
 */
export function withHierarchy(column: CodedColumn, hierarchy: Hierarchy, numeric: boolean): Attribute | undefined {
  const translate: Int32Array[] = [Int32Array.from(column.values, (_, code) => code)];
  const names: string[][] = [column.values.map((value) => value ?? '')];
  for (let level = 1; level <= hierarchy.levels; level += 1) {
    const known = new Map<string, number>();
    const codes = new Int32Array(column.values.length);
    for (const [code, value] of column.values.entries()) {
      const name = value === null ? ANY : hierarchy.names.get(value)?.[level - 1];
      if (name === undefined) return undefined;
      const at = known.get(name) ?? known.size;
      known.set(name, at);
      codes[code] = at;
    }
    translate.push(codes);
    names.push([...known.keys()]);
  }
  if ((names.at(-1)?.length ?? 0) > 1) {
    translate.push(new Int32Array(column.values.length));
    names.push([ANY]);
  }
  return { ...column, translate, names, numeric };
}
