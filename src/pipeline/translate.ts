import type { Dataset } from '../catalog/dataset.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import { readDialect, type ValueType } from '../sandbox/sql/dialect/dialect.ts';
import { toDuckdb } from '../sandbox/sql/dialect/to-duckdb.ts';
import { typeClass, typeScale } from '../sandbox/sql/model/column-type.ts';

/** A query in the language of the gate, and what the translation could not keep. */
export interface TranslatedQuery {
  readonly sql: string;
  readonly dialect: string;
  readonly differences: readonly string[];
}

/**
 * Translates a query from the dialect that the job names. The result goes through the gate like any other text.
 * Source: architecture.md (other dialects), ADR 0012.
 */
export async function translate(sql: string, dialect: string, dataset: Dataset): Promise<Result<TranslatedQuery, readonly Problem[]>> {
  const named = readDialect(dialect);
  if (!named.ok) return named;
  const translated = await toDuckdb(sql, named.value, (name) => columnType(dataset, name));
  return translated.ok ? ok({ ...translated.value, dialect: named.value }) : translated;
}

/** The type that a column has in every table where it occurs; unknown where tables differ. */
function columnType(dataset: Dataset, name: string): ValueType {
  const columns = dataset.tables.flatMap((table) => table.columns.filter((column) => column.name.toLowerCase() === name.toLowerCase()));
  const types = new Set(
    columns.map((column): ValueType => {
      const kind = typeClass(column);
      if (kind === 'number') return typeScale(column) === 0 ? 'integer' : 'fraction';
      return kind === 'other' ? 'unknown' : kind;
    }),
  );
  const [only = 'unknown', ...others] = types;
  return others.length === 0 ? only : 'unknown';
}
