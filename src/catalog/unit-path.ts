import type { Hop, UnitPath } from './dataset.ts';
import { isIdentifier } from './identifier.ts';

/** The most hops a path may take. */
export const MAX_HOPS = 8;

/**
 * Reads a unit path: zero or more `"column -> table.column"`, last the unit's column in the last table.
 * Undefined if the form is wrong. Does not look whether the tables and columns exist.
 * Source: formats.md, "Dataset declaration".
 */
export function readUnitPath(parts: readonly string[]): UnitPath | undefined {
  const last = parts.at(-1)?.trim();
  if (last === undefined || !isIdentifier(last) || parts.length > MAX_HOPS + 1) return undefined;
  const hops: Hop[] = [];
  for (const part of parts.slice(0, -1)) {
    const hop = readHop(part);
    if (hop === undefined) return undefined;
    hops.push(hop);
  }
  return { hops, column: last };
}

/** The same path as text, for declarations, catalogs and messages. */
export function printUnitPath(path: UnitPath): readonly string[] {
  return [...path.hops.map((hop) => `${hop.from} -> ${hop.table}.${hop.to}`), path.column];
}

function readHop(text: string): Hop | undefined {
  const [from, target, ...rest] = text.split('->').map((part) => part.trim());
  if (from === undefined || target === undefined || rest.length > 0 || !isIdentifier(from)) return undefined;
  const reference = readReference(target);
  return reference === undefined ? undefined : { from, table: reference.table, to: reference.column };
}

/** `table.column`, or undefined. */
export function readReference(text: string): { readonly table: string; readonly column: string } | undefined {
  const [table, column, ...rest] = text.split('.').map((part) => part.trim());
  if (table === undefined || column === undefined || rest.length > 0) return undefined;
  return isIdentifier(table) && isIdentifier(column) ? { table, column } : undefined;
}
