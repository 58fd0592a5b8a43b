import { type ColumnType, readColumnType, type TypeFamily } from '../../catalog/column-type.ts';

const TIMESTAMPS: ReadonlySet<string> = new Set(['TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS']);

const FROM: Readonly<Record<TypeFamily, readonly TypeFamily[]>> = {
  boolean: ['boolean'],
  integer: ['integer'],
  decimal: ['decimal', 'integer'],
  float: ['float', 'integer', 'decimal'],
  text: ['text'],
  date: ['date'],
  timestamp: ['timestamp'],
};

/**
 * Whether values stored as `stored` (a DuckDB type name) may convert to `declared` unchanged. Single values are still
 * compared after conversion. Times with a zone are refused: their local time would depend on a setting.
 */
export function isLossless(stored: string, declared: ColumnType): boolean {
  if (TIMESTAMPS.has(stored)) return declared.family === 'timestamp';
  const type = readColumnType(stored);
  return type !== undefined && FROM[declared.family].includes(type.family);
}
