import type { Column } from '../catalog/dataset.ts';
import type { SimulationHints } from '../catalog/simulation-hints.ts';
import type { ColumnShape } from './column-shape.ts';
import { below, bits, literal, ROW, type Sql, skewedIndex, unitInterval } from './draw.ts';

type Distribution = NonNullable<NonNullable<SimulationHints['columns']>[string]['distribution']>;

/** One row in so many takes an edge of its range. Source: synthetic-and-masking.md §3 (d: edge injection, 1 %). */
const EDGES = 200;
/** Fewer values than that come at their ends anyway. */
const NARROW = 50;
/** One row in five belongs to a swarm, and there are sixteen of them. Source: synthetic-and-masking.md §1.4, §3 (swarm). */
const SWARM_SHARE = 5;
const SWARMS = 16;
const LEAST_SWARM_VALUES = 4;
const WEIGHT_STEPS = 2 ** 30;

/**
 * SQL of the index of a drawn value: by the declared distribution, else by the shape's own; with edges (least, largest, leap
 * day) and, for closed lists, swarms of rows that see a few of the values only, so that rare combinations occur.
 * Source: synthetic-and-masking.md §3 (d), §1.4.
 */
export function drawnIndex(column: Column, shape: ColumnShape, stream: string, distribution?: Distribution): Sql {
  const index = distributed(shape, stream, distribution);
  const { capacity } = shape;
  if (column.domain !== undefined)
    return distribution === undefined && capacity >= LEAST_SWARM_VALUES ? swarmed(index, capacity, stream) : index;
  if (column.bounds === undefined || capacity <= NARROW) return index;
  const edge = `(${bits(`${stream}e`)} % ${EDGES})`;
  const leap = shape.leapDay === undefined ? '' : ` WHEN ${edge} = 2 THEN ${literal(shape.leapDay)}`;
  return `CASE WHEN ${edge} = 0 THEN 0 WHEN ${edge} = 1 THEN ${literal(capacity - 1)}${leap} ELSE ${index} END`;
}

function distributed(shape: ColumnShape, stream: string, distribution: Distribution | undefined): Sql {
  const { capacity } = shape;
  switch (distribution?.kind) {
    case 'uniform':
      return below(stream, capacity);
    case 'skewed':
      return skewedIndex(stream, 0.02, capacity);
    case 'weights':
      return weighted(distribution.weights, stream);
    case 'normal': {
      // Twelve-fold sums would be closer; four uniforms are bell-shaped, bounded, and exact on every machine.
      const sum = ['a', 'b', 'c', 'd'].map((part) => unitInterval(`${stream}${part}`)).join(' + ');
      const value = `(${distribution.mean} + ${distribution.deviation} * ((${sum}) - 2) * 1.7320508075688772)`;
      const position = `round((${value} - ${shape.least ?? 0}) * ${shape.steps ?? 1})`;
      return `least(greatest(${position}, 0), ${literal(capacity - 1)})::BIGINT`;
    }
    default:
      return shape.evenness === undefined ? below(stream, capacity) : skewedIndex(stream, shape.evenness, capacity);
  }
}

function weighted(weights: readonly number[], stream: string): Sql {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const draw = below(stream, WEIGHT_STEPS);
  let sum = 0;
  const ends = weights.map((weight) => {
    sum += weight;
    return Math.round((sum / total) * WEIGHT_STEPS);
  });
  const search = (low: number, high: number): string => {
    if (high - low <= 1) return String(low);
    const middle = (low + high) >> 1;
    return `CASE WHEN ${draw} < ${ends[middle - 1]} THEN ${search(low, middle)} ELSE ${search(middle, high)} END`;
  };
  return `(${search(0, weights.length)})::BIGINT`;
}

function swarmed(index: Sql, values: number, stream: string): Sql {
  const offset = `(${bits(`${stream}s`, `(${ROW} // ${SWARM_SHARE} % ${SWARMS})`)} % ${values})::BIGINT`;
  const few = Math.max(1, Math.floor(values / 3));
  return `CASE WHEN ${ROW} % ${SWARM_SHARE} = 0 THEN (${offset} + (${index}) % ${few}) % ${values} ELSE ${index} END`;
}
