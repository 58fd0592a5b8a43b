import type { Layout } from '../spec/layout.ts';
import { seededNumbers } from './draws.ts';
import { BIN, DESIGN, KEY_PRIME, LABEL, mixedKeySql, TRAIN } from './encode-sql.ts';
import type { Ask } from './kept-table.ts';
import type { EncodedRows } from './memory-aggregates.ts';

/** Units that the release check looks at; of more a part is drawn by their keys. Source: issue "Models" (whole check on 50,000 units). */
const MOST_SAMPLED = 50_000;

/** Encoded rows in memory, and which of them the model learnt from. */
export interface Sample {
  readonly rows: EncodedRows;
  readonly isMember: readonly boolean[];
  /** Units of the whole cohort. */
  readonly units: number;
  readonly members: number;
}

/**
 * A sample of the encoded rows for the attacks of the release check: bins, design columns and labels, in an order that says nothing; keys are
 * numbers made up here, so that no unit is named outside the worker. Source: models-and-audit.md §1.10 (coverage); ADR 0021.
 */
export async function readSample(ask: Ask, table: string, layout: Layout): Promise<Sample> {
  const [counts = []] = await ask(`SELECT CAST(count(*) AS DOUBLE), CAST(coalesce(sum(${TRAIN}), 0) AS DOUBLE) FROM "${table}"`);
  const [units = 0, members = 0] = counts.map(Number);
  const share = Math.min(1, MOST_SAMPLED / Math.max(1, units));
  const drawn = share === 1 ? '' : ` WHERE ${mixedKeySql(2_654_431)} < ${Math.floor(share * KEY_PRIME)}`;
  const columns = [TRAIN, LABEL, ...layout.features.map((_, at) => BIN(at)), ...layout.design.map((_, at) => DESIGN(at))];
  const got = await ask(`SELECT ${columns.join(', ')} FROM "${table}"${drawn} ORDER BY ${mixedKeySql(1_299_709)}`);
  const count = got.length;
  const column = (at: number): Float64Array => Float64Array.from(got, (row) => Number(row[at] ?? 0));
  const first = 2 + layout.features.length;
  const next = seededNumbers(count);
  return {
    units,
    members,
    isMember: got.map((row) => Number(row[0]) === 1),
    rows: {
      count,
      keys: Float64Array.from({ length: count }, () => next() * 512 + 1),
      label: column(1),
      bins: layout.features.map((_, at) => Uint8Array.from(column(2 + at))),
      design: layout.design.map((_, at) => column(first + at)),
    },
  };
}
