import { createHash } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Dataset } from './dataset.ts';

/** The one text of a dataset's declaration that is hashed (RFC 8785). The order of tables and columns counts. */
export function canonicalDataset(dataset: Dataset): string {
  return canonicalJson({ ...dataset, tables: dataset.tables.map((table) => ({ ...table, units: Object.entries(table.units) })) });
}

/** SHA-256 of the canonical text, lower-case hex: the catalog digest that jobs and results carry. */
export function catalogDigest(dataset: Dataset): string {
  return createHash('sha256').update(canonicalDataset(dataset), 'utf8').digest('hex');
}

/**
 * SHA-256 of what simulation and queries depend on: the tables with everything said of them, not the titles and the people of the
 * dataset. Simulation sets of another one are stale. Does not cover the policy (`k`), nor how many rows there are.
 * Source: requirement GZ-7a (simset{schema_version}).
 */
export function schemaDigest(dataset: Dataset): string {
  const tables = dataset.tables.map(({ rows: _rows, ...table }) => ({ ...table, units: Object.entries(table.units) }));
  return createHash('sha256').update(canonicalJson(tables), 'utf8').digest('hex');
}
