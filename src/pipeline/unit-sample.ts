import type { EvidenceProgram } from '../sandbox/sql/program.ts';

/** From this many units on, a sample of them is asked first. */
const SAMPLE_FROM_UNITS = 20_000;
const SAMPLE_SHARE = 50;

/**
 * Units numbered below this are worth a pass of their own: what is counted among them is a lower bound of the count
 * among all. Null: there are so few units that all are asked at once.
 */
export function sampleBelow(program: EvidenceProgram, unit: number): number | null {
  const size = program.units[unit]?.size ?? 0;
  return size >= SAMPLE_FROM_UNITS ? Math.ceil(size / SAMPLE_SHARE) : null;
}
