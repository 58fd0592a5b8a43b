import type { BoundColumn } from '../model/bound.ts';
import type { Scalar } from '../model/scalar.ts';

/** A text that two scalars share exactly if they are the same expression of the same columns. Source: gate.md §3.3, §4. */
export function scalarName(scalar: Scalar): string {
  return JSON.stringify(scalar, (key, value: unknown) => {
    if (key === 'at') return undefined;
    if (key === 'column' && isBound(value)) return `t${value.instance.index}.${value.column.name}`;
    return value;
  });
}

function isBound(value: unknown): value is BoundColumn {
  return typeof value === 'object' && value !== null && 'instance' in value && 'column' in value;
}
