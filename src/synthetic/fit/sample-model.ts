import type { FittedModel } from './fitted-model.ts';
import type { SeededRandom } from './seeded-random.ts';

/**
 * Draws `rows` rows from a model: the cell of every attribute, one array per attribute. Each distribution is met as closely as
 * whole rows allow (equal steps from one random offset), and which row gets which cell is chance. The same stream gives the
 * same rows. `given`: cells of the first attributes, where they are known already. Post-processing: costs no budget.
 * Source: synthetic-and-masking.md §4.1 (sample), §4.2 (generate).
 */
export function sampleModel(
  model: FittedModel,
  rows: number,
  random: SeededRandom,
  given: readonly Int32Array[] = [],
): readonly Int32Array[] {
  const sliceOf = dealt(model.slices, everyRow(rows), rows, random);
  const groups = new Map<number, Int32Array>();
  for (const [index, cells] of given.entries()) {
    groups.set(
      index,
      cells.map((cell) => model.groupings[index]?.groupOf[cell] ?? 0),
    );
  }
  for (const { parent, child, table } of model.edges) {
    const own = groups.get(parent) ?? drawAlone(model, parent, sliceOf, random);
    groups.set(parent, own);
    groups.set(child, drawChild(model, table, own, child, sliceOf, random));
  }
  return model.attributes.map((attribute, index) => {
    if (index === model.target) return sliceOf;
    const known = given[index];
    if (known !== undefined) return known;
    const own = groups.get(index) ?? drawAlone(model, index, sliceOf, random);
    return drawCells(model, index, attribute.cells, own, sliceOf, random);
  });
}

function groupsOf(model: FittedModel, index: number): number {
  return model.groupings[index]?.groups ?? 1;
}

/** A group per row from the attribute's own margin. */
function drawAlone(model: FittedModel, index: number, sliceOf: Int32Array, random: SeededRandom): Int32Array {
  const groups = groupsOf(model, index);
  const cells = model.attributes[index]?.cells ?? 1;
  const margin = new Float64Array(model.slices.length * groups);
  for (const [at, value] of (model.fine[index] ?? new Float64Array()).entries()) {
    const group = Math.floor(at / cells) * groups + (model.groupings[index]?.groupOf[at % cells] ?? 0);
    margin[group] = (margin[group] ?? 0) + value;
  }
  const result = new Int32Array(sliceOf.length);
  for (const { key, members } of blocksOf(sliceOf, model.slices.length)) {
    deal(margin.subarray(key * groups, (key + 1) * groups), members, result, random);
  }
  return result;
}

function drawChild(
  model: FittedModel,
  table: Float64Array,
  parents: Int32Array,
  child: number,
  sliceOf: Int32Array,
  random: SeededRandom,
): Int32Array {
  const columns = groupsOf(model, child);
  const rows = table.length / (model.slices.length * columns);
  const keys = parents.map((parent, row) => (sliceOf[row] ?? 0) * rows + parent);
  const result = new Int32Array(parents.length);
  for (const { key, members } of blocksOf(keys, model.slices.length * rows)) {
    deal(table.subarray(key * columns, (key + 1) * columns), members, result, random);
  }
  return result;
}

/** A fine cell per row within its group. */
function drawCells(
  model: FittedModel,
  index: number,
  cells: number,
  own: Int32Array,
  sliceOf: Int32Array,
  random: SeededRandom,
): Int32Array {
  const groups = groupsOf(model, index);
  const groupOf = model.groupings[index]?.groupOf ?? new Int32Array(cells);
  const fine = model.fine[index] ?? new Float64Array();
  const members: number[][] = Array.from({ length: groups }, () => []);
  for (const [cell, group] of groupOf.entries()) members[group]?.push(cell);
  const keys = own.map((group, row) => (sliceOf[row] ?? 0) * groups + group);
  const result = new Int32Array(own.length);
  for (const { key, members: rows } of blocksOf(keys, model.slices.length * groups)) {
    const choice = members[key % groups] ?? [];
    const slice = Math.floor(key / groups);
    const weights = Float64Array.from(choice, (cell) => fine[slice * cells + cell] ?? 0);
    deal(weights, rows, result, random);
    for (const row of rows) result[row] = choice[result[row] ?? 0] ?? 0;
  }
  return result;
}

function everyRow(rows: number): Int32Array {
  return Int32Array.from({ length: rows }, (_, row) => row);
}

function dealt(weights: Float64Array, members: Int32Array, rows: number, random: SeededRandom): Int32Array {
  const result = new Int32Array(rows);
  deal(weights, members, result, random);
  return result;
}

/** Rows by key, in order of the keys. */
function* blocksOf(keys: Int32Array, size: number): Generator<{ readonly key: number; readonly members: Int32Array }> {
  const starts = new Int32Array(size + 1);
  for (const key of keys) starts[key + 1] = (starts[key + 1] ?? 0) + 1;
  for (let key = 0; key < size; key += 1) starts[key + 1] = (starts[key + 1] ?? 0) + (starts[key] ?? 0);
  const sorted = new Int32Array(keys.length);
  const next = starts.slice();
  for (const [row, key] of keys.entries()) {
    sorted[next[key] ?? 0] = row;
    next[key] = (next[key] ?? 0) + 1;
  }
  for (let key = 0; key < size; key += 1) {
    const members = sorted.subarray(starts[key] ?? 0, starts[key + 1] ?? 0);
    if (members.length > 0) yield { key, members };
  }
}

/** Gives each member a choice so that the numbers follow the weights: one random offset, equal steps. All alike if no weight is positive. */
function deal(weights: Float64Array, members: Int32Array, result: Int32Array, random: SeededRandom): void {
  random.shuffle(members);
  let total = 0;
  for (const weight of weights) total += weight;
  const flat = !(total > 0);
  const step = (flat ? weights.length : total) / members.length;
  let position = random.unit() * step;
  let choice = 0;
  let end = flat ? 1 : (weights[0] ?? 0);
  for (const row of members) {
    while (position >= end && choice < weights.length - 1) {
      choice += 1;
      end += flat ? 1 : (weights[choice] ?? 0);
    }
    result[row] = choice;
    position += step;
  }
}
