import type { GateProgram } from '../sandbox/sql/model/program.ts';

/** From this many units on, a sample of them is asked first. */
const SAMPLE_FROM_UNITS = 20_000;
const SAMPLE_SHARE = 50;
const LARGER_SHARE = 8;
/** A first look: so many units for every cell that is asked about. Of fewer, it seldom shows k that an operand moves, and was in vain. */
const UNITS_PER_CELL = 400;
const LEAST_UNITS = 800;
/** A first look at more of the sample than this saves less than it costs where it leaves something open. */
const FIRST_LOOK_SHARE = 2;

/**
 * Units numbered below this are worth a pass of their own: what is counted among them is a lower bound of the count
 * among all. Null: there are so few units that all are asked at once.
 */
export function sampleBelow(program: GateProgram, unit: number): number | null {
  const size = program.units[unit]?.size ?? 0;
  return size < SAMPLE_FROM_UNITS ? null : Math.ceil(size / SAMPLE_SHARE);
}

/** Samples from small to large for a number of cells, each part of the next; empty where all units are asked at once. */
export function sampleLadder(program: GateProgram, unit: number, cells: number): readonly number[] {
  const below = sampleBelow(program, unit);
  if (below === null) return [];
  const first = Math.max(LEAST_UNITS, UNITS_PER_CELL * cells);
  const larger = Math.ceil((below * SAMPLE_SHARE) / LARGER_SHARE);
  return first <= below / FIRST_LOOK_SHARE ? [first, below, larger] : [below, larger];
}
