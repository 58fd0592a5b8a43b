import type { Sketch } from '../egress/ledger/sketch.ts';
import type { QueryRows } from '../sandbox/enclave/port.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import type { CountedAlong } from '../sandbox/sql/statements/bucket-statement.ts';
import type { CellKey, Variant } from '../sandbox/sql/statements/relation.ts';
import { needsUnitTotals, vectorsAlong } from '../sandbox/sql/statements/vector-statement.ts';
import { readVectors } from './read-vectors.ts';

/** Above so many cells lanes are taken: buckets one by one would cost many times the query. Source: performance.md §4. */
export const MOST_BUCKETED_CELLS = 300;

/** The terms that the ledger may ask for, and the program that they are terms of. */
export interface TermsAhead {
  readonly program: GateProgram;
  readonly terms: readonly number[];
}

/** Sketches of the rows of the whole condition: by unit instance, those of each term by cell. */
export type SketchesAhead = readonly ReadonlyMap<number, ReadonlyMap<string, Sketch>>[];

/** How many cells a gate has at most, as its labels say; undefined where nobody knows. */
function mostCells({ keys }: GateProgram, listed: readonly CellKey[] | null): number | undefined {
  if (listed !== null) return listed.length;
  let most = 1;
  for (const { publicLabels } of keys) {
    if (publicLabels === null) return undefined;
    most *= publicLabels.length + 1; // NULL, too
  }
  return most;
}

/** A sample of units misses labels: of a result of so many cells it shows at least one half. */
const MISSED = 2;

/**
 * Whether the sketches are taken along with the first pass over the rows: where few cells are certain or to be expected, it groups by the
 * same buckets, and to read the rows once more costs more than what is added up in vain for cells that are not released. Where there are
 * more cells after all, what was taken along is not used. Source: ADR 0050.
 *
 * @param expected  labels that a sample of units has; null where none was asked.
 */
export function takesAhead(program: GateProgram, listed: readonly CellKey[] | null, expected: number | null): boolean {
  const guess = expected === null ? Number.POSITIVE_INFINITY : MISSED * expected;
  return (mostCells(program, listed) ?? guess) <= MOST_BUCKETED_CELLS;
}

/** The columns that a pass over the rows of a unit instance takes along, and how they are read; undefined where there are none. */
export function vectorColumns(
  { program, terms }: TermsAhead,
  unit: number,
  variant: Variant,
): { readonly along: CountedAlong; read(rows: QueryRows): SketchesAhead[number] } | undefined {
  const own = terms.filter((index) => {
    const term = program.terms[index];
    return term !== undefined && !needsUnitTotals(program, unit, term, 'buckets');
  });
  if (own.length === 0) return undefined;
  return {
    along: vectorsAlong(program, unit, variant, own),
    read(rows) {
      const width = program.keys.length;
      const ofUnits = rows.rows.filter((row) => row[width + 1] !== null);
      const texts = { columns: [], rows: ofUnits.map((row) => [...row.slice(0, width), row[width + 1] ?? null]) };
      const cells = [...readVectors(program, own, 'buckets', texts)];
      return new Map(own.map((term, at) => [term, new Map(cells.flatMap(([name, found]) => withSketch(name, found[at])))]));
    },
  };
}

function withSketch(name: string, sketch: Sketch | undefined): readonly (readonly [string, Sketch])[] {
  return sketch === undefined ? [] : [[name, sketch]];
}
