import type { Artefact, FittedTable } from './artefact.ts';
import { drawChildCounts } from './child-buckets.ts';
import { decodeCells } from './decode-cell.ts';
import type { FittedModel } from './fitted-model.ts';
import { sampleModel } from './sample-model.ts';
import { SeededRandom } from './seeded-random.ts';

/** Sampled rows of one table: the modelled columns as CSV text, and whose row each is. */
export interface SampledTable {
  readonly table: string;
  readonly rows: number;
  readonly columns: ReadonlyMap<string, readonly (string | null)[]>;
  /** Of a child: index of the unit that each row belongs to, and the columns that name it. */
  readonly parent?: { readonly table: string | null; readonly columns: readonly string[]; readonly rowOf: Int32Array };
}

/**
 * Draws every table of an artefact: `rows` rows of its first table (of the units' rows, where units have no table of their
 * own), then the children of each of them. The same seed gives the same rows. Free: what was fitted is public by now.
 * Source: synthetic-and-masking.md §4.1 (sample), §4.2 (generate).
 */
export function sampleTables(artefact: Artefact, rows: number, seed: string): readonly SampledTable[] {
  const sampled: SampledTable[] = [];
  const cells = new Map<string, readonly Int32Array[]>();
  for (const table of artefact.tables.filter((item) => item.child === undefined)) {
    const random = new SeededRandom('l1', seed, table.table);
    const size = table.table === '' ? unitsFor(table, artefact, rows) : rows;
    const drawn = sampleModel(table.model, size, random);
    cells.set(table.table, drawn);
    if (table.table !== '') sampled.push({ table: table.table, rows: size, columns: decoded(table, drawn, 0, random) });
  }
  for (const table of artefact.tables) {
    if (table.child === undefined) continue;
    sampled.push(sampleChild(artefact, table, cells.get(table.child.parent ?? '') ?? [], new SeededRandom('l1', seed, table.table)));
  }
  return sampled;
}

function sampleChild(artefact: Artefact, table: FittedTable, parentCells: readonly Int32Array[], random: SeededRandom): SampledTable {
  const { child } = table;
  if (child === undefined) throw new Error('A child table without a link');
  const counts = drawChildCounts(bucketsOf(artefact, table, parentCells), child.edges, random);
  const rows = counts.reduce((sum, count) => sum + count, 0);
  const rowOf = new Int32Array(rows);
  let at = 0;
  for (const [parent, count] of counts.entries()) {
    rowOf.fill(parent, at, at + count);
    at += count;
  }
  const buckets = bucketsOf(artefact, table, parentCells);
  const given = [...parentCells.slice(0, child.given - 1), buckets].map((values) => rowOf.map((parent) => values[parent] ?? 0));
  const drawn = sampleModel(table.model, rows, random, given);
  return {
    table: table.table,
    rows,
    columns: decoded(table, drawn, child.given, random),
    parent: { table: child.parent, columns: child.columns, rowOf },
  };
}

/** The bucket of each parent row for this child: the parent's attributes beyond its columns are one per child, in order. */
function bucketsOf(artefact: Artefact, table: FittedTable, parentCells: readonly Int32Array[]): Int32Array {
  const siblings = artefact.tables.filter((item) => item.child !== undefined);
  const columns = artefact.tables.find((item) => item.child === undefined)?.columns.length ?? 0;
  const index = columns + siblings.indexOf(table);
  const model = artefact.tables.find((item) => item.child === undefined)?.model;
  const most = model === undefined ? 0 : highestBucket(model, index);
  return (parentCells[index] ?? new Int32Array()).map((bucket) => Math.min(bucket, most));
}

/**
 * The highest bucket that is not noise: noise of a few units in the bucket of a thousand rows would otherwise outweigh everybody
 * else's rows. What lies above goes into it. Reads released numbers only.
 * Source: Own design: ADR 0014; synthetic-and-masking.md §4.1 step 3 (compress; 1.5σ of the whole tail, measured: 3σ cuts real tails).
 */
function highestBucket(model: FittedModel, index: number): number {
  const cells = model.attributes[index]?.cells ?? 1;
  const noise =
    model.errors.find((error) => error.attributes.length === 1 && error.attributes[0] === model.attributes[index]?.name)?.noise ?? 0;
  const sums = new Float64Array(cells);
  for (const [at, value] of (model.fine[index] ?? new Float64Array()).entries()) sums[at % cells] = (sums[at % cells] ?? 0) + value;
  let above = 0;
  for (let bucket = cells - 1; bucket > 0; bucket -= 1) {
    above += sums[bucket] ?? 0;
    if (above >= 1.5 * noise * Math.sqrt((cells - bucket) * model.slices.length)) return bucket;
  }
  return 0;
}

function decoded(
  table: FittedTable,
  cells: readonly Int32Array[],
  from: number,
  random: SeededRandom,
): ReadonlyMap<string, readonly (string | null)[]> {
  return new Map(
    table.columns.map((column, index) => [column.name, decodeCells(column, cells[from + index] ?? new Int32Array(), random)] as const),
  );
}

/** How many units have about `rows` rows between them. */
function unitsFor(units: FittedTable, artefact: Artefact, rows: number): number {
  const child = artefact.tables.find((item) => item.child !== undefined)?.child;
  const buckets = units.model.fine[0] ?? new Float64Array();
  let [mass, children] = [0, 0];
  for (const [bucket, value] of buckets.entries()) {
    const low = child?.edges[bucket] ?? 0;
    mass += value;
    children += value * ((low + (child?.edges[bucket + 1] ?? low * 2 + 1) - 1) / 2);
  }
  return Math.max(1, Math.round((rows * mass) / Math.max(1e-9, children)));
}
