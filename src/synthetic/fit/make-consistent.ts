import type { Attribute, Grouping } from './count-source.ts';
import type { ModelEdge } from './fitted-model.ts';
import { combineReadings, projectToSimplex, type Reading, rake } from './simplex.ts';

/** Noisy counts of (slice, parent group, child group). */
export interface MeasuredPair {
  readonly parent: number;
  readonly child: number;
  readonly noisy: Float64Array;
}

export interface Measurements {
  readonly attributes: readonly Attribute[];
  readonly target: number | null;
  readonly slices: Float64Array;
  readonly groupings: readonly Grouping[];
  /** (slice, cell) per attribute. */
  readonly oneWays: readonly Float64Array[];
  readonly oneWaySigma: number;
  readonly pairs: readonly MeasuredPair[];
  readonly pairSigma: number;
}

export interface Consistent {
  /** (slice, group) per attribute. */
  readonly margins: readonly Float64Array[];
  /** (slice, cell) per attribute; within a group they sum to its margin. */
  readonly fine: readonly Float64Array[];
  readonly edges: readonly ModelEdge[];
}

/** So that raking never meets an empty line. */
const TRACE = 1e-9;

/**
 * Closed-form inference: margins as inverse-variance means of all that was measured of them, projected to what counts can be;
 * pair tables projected and raked to the margins; cells within groups in proportion to their own noisy counts. A function
 * of noisy numbers only.
 * Source: synthetic-and-masking.md §4.1, step 6.
 */
export function makeConsistent(input: Measurements): Consistent {
  const margins = input.attributes.map((_, index) => marginOf(input, index));
  const fine = input.attributes.map((attribute, index) => fineOf(input, attribute, index, margins[index] ?? new Float64Array()));
  const edges = input.pairs.map((pair) => edgeOf(input, pair, margins));
  return { margins, fine, edges };
}

function groupsOf(input: Measurements, index: number): number {
  return input.groupings[index]?.groups ?? 1;
}

/** Per slice the best estimate of an attribute's groups. Empty for the target. */
function marginOf(input: Measurements, index: number): Float64Array {
  const groups = groupsOf(input, index);
  const oneWay = input.oneWays[index] ?? new Float64Array();
  if (oneWay.length === 0) return new Float64Array();
  const slices = input.slices.length;
  const readings: Reading[] = [groupedReading(input, index, oneWay)];
  for (const pair of input.pairs) {
    if (pair.parent !== index && pair.child !== index) continue;
    const [rows, columns] = [groupsOf(input, pair.parent), groupsOf(input, pair.child)];
    const values = new Float64Array(slices * groups);
    for (const [at, value] of pair.noisy.entries()) {
      const slice = Math.floor(at / (rows * columns));
      const group = pair.parent === index ? Math.floor(at / columns) % rows : at % columns;
      values[slice * groups + group] = (values[slice * groups + group] ?? 0) + value;
    }
    const variance = input.pairSigma ** 2 * (pair.parent === index ? columns : rows);
    readings.push({ values, variances: new Float64Array(values.length).fill(variance) });
  }
  const combined = combineReadings(readings);
  for (let slice = 0; slice < slices; slice += 1) {
    const part = combined.subarray(slice * groups, (slice + 1) * groups);
    part.set(projectToSimplex(part, input.slices[slice] ?? 0));
  }
  return combined;
}

function groupedReading(input: Measurements, index: number, oneWay: Float64Array): Reading {
  const groups = groupsOf(input, index);
  const cells = input.attributes[index]?.cells ?? 1;
  const values = new Float64Array(input.slices.length * groups);
  const variances = new Float64Array(values.length);
  for (const [at, value] of oneWay.entries()) {
    const group = Math.floor(at / cells) * groups + (input.groupings[index]?.groupOf[at % cells] ?? 0);
    values[group] = (values[group] ?? 0) + value;
    variances[group] = (variances[group] ?? 0) + input.oneWaySigma ** 2;
  }
  return { values, variances };
}

/** Cells within each group: their noisy counts, made to fit the group's margin. */
function fineOf(input: Measurements, attribute: Attribute, index: number, margin: Float64Array): Float64Array {
  const oneWay = input.oneWays[index] ?? new Float64Array();
  if (oneWay.length === 0) return new Float64Array();
  const result = new Float64Array(oneWay.length);
  const groups = groupsOf(input, index);
  const members: number[][] = Array.from({ length: groups }, () => []);
  for (let cell = 0; cell < attribute.cells; cell += 1) members[input.groupings[index]?.groupOf[cell] ?? 0]?.push(cell);
  for (let slice = 0; slice < input.slices.length; slice += 1) {
    for (const [group, cells] of members.entries()) {
      const own = Float64Array.from(cells, (cell) => oneWay[slice * attribute.cells + cell] ?? 0);
      const fitted = projectToSimplex(own, margin[slice * groups + group] ?? 0);
      for (const [at, cell] of cells.entries()) result[slice * attribute.cells + cell] = fitted[at] ?? 0;
    }
  }
  return result;
}

function edgeOf(input: Measurements, pair: MeasuredPair, margins: readonly Float64Array[]): ModelEdge {
  const [rows, columns] = [groupsOf(input, pair.parent), groupsOf(input, pair.child)];
  const size = rows * columns;
  const table = new Float64Array(pair.noisy.length);
  for (let slice = 0; slice < input.slices.length; slice += 1) {
    const part = projectToSimplex(pair.noisy.subarray(slice * size, (slice + 1) * size), input.slices[slice] ?? 0).map(
      (value) => value + TRACE,
    );
    const rowMargin = margins[pair.parent]?.subarray(slice * rows, (slice + 1) * rows) ?? new Float64Array(rows);
    const columnMargin = margins[pair.child]?.subarray(slice * columns, (slice + 1) * columns) ?? new Float64Array(columns);
    rake(part, rowMargin, columnMargin);
    table.set(part, slice * size);
  }
  return { parent: pair.parent, child: pair.child, table };
}
