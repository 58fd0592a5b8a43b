declare const stage: unique symbol;

/**
 * Plain, JSON-safe data that only the stage named `S` may produce, so that it can be stored, hashed, audited and
 * replayed. A guide for readers and against mistakes; never a security control: release re-reads everything it trusts.
 */
export type Stage<S extends string, T extends object> = Readonly<T> & { readonly [stage]: S };

/** Marks `value` as the output of the stage `S` and freezes its top level. Call it only in the file of that stage. */
export function seal<S extends string, T extends object>(value: T): Stage<S, T> {
  return Object.freeze(value) as Stage<S, T>;
}
