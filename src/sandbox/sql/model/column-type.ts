import { readColumnType, type TypeFamily } from '../../../catalog/column-type.ts';
import type { Column } from '../../../catalog/dataset.ts';

export type TypeClass = 'number' | 'text' | 'date' | 'timestamp' | 'boolean' | 'other';

const CLASSES: Readonly<Record<TypeFamily, TypeClass>> = {
  boolean: 'boolean',
  integer: 'number',
  float: 'number',
  decimal: 'number',
  text: 'text',
  date: 'date',
  timestamp: 'timestamp',
};

/** What a column can be compared and computed with. A type the catalogue does not know is `other`: nothing is allowed. Source: gate.md §3 (unknown = refused). */
export function typeClass(column: Column): TypeClass {
  const type = readColumnType(column.type);
  return type === undefined ? 'other' : CLASSES[type.family];
}

/** Digits behind the point that the type holds; undefined for floating point and for what is no number. */
export function typeScale(column: Column): number | undefined {
  const type = readColumnType(column.type);
  return type?.family === 'integer' ? 0 : type?.scale;
}
