import type { Sketch } from '../egress/ledger/sketch.ts';
import { NOTHING_DROPPED } from '../sandbox/sql/model/condition.ts';
import type { CellKey } from '../sandbox/sql/statements/relation.ts';
import { needsUnitTotals, unitVectorStatement, type VectorForm, vectorStatement } from '../sandbox/sql/statements/vector-statement.ts';
import type { RunStatement } from './enclave-fault.ts';
import type { ExecutedGate } from './execute-gate.ts';
import { withKept } from './keep-rows.ts';
import { cellName } from './read-evidence.ts';
import { nobodysSketch, readVectors } from './read-vectors.ts';
import type { SettledVariant } from './settle-operands.ts';

/** The sketches of a term in a cell, one for each unit instance of the rows. */
export type GateSketches = (cell: string, term: number) => readonly { readonly unitType: string; readonly sketch: Sketch }[];

/** Above so many cells lanes are taken: buckets one by one would cost many times the query. Source: performance.md §4. */
const MOST_BUCKETED_CELLS = 300;

/**
 * Takes the sketches of some terms in some cells, each over the rows that answer the cell. Asks the worker once for each
 * set of dropped operands and unit instance. Source: ADR 0014.
 */
export async function sketchesOf(
  gate: ExecutedGate,
  cells: readonly CellKey[],
  terms: readonly number[],
  run: RunStatement,
): Promise<GateSketches> {
  const { program, answers, types } = gate;
  const form: VectorForm = cells.length > MOST_BUCKETED_CELLS ? 'lanes' : 'buckets';
  const groups = new Map<SettledVariant | null, CellKey[]>();
  for (const key of cells) {
    const variant = answers.get(cellName(key))?.variant;
    if (variant === undefined) throw new Error('A cell without its answer');
    // What moves no row leaves those of the whole condition: one reading for all such cells.
    const rows = variant.untouched ? null : variant;
    const keys = groups.get(rows) ?? [];
    keys.push(key);
    groups.set(rows, keys);
  }
  const found = program.units.map(() => new Map<string, Sketch>());
  for (const [variant, keys] of groups) {
    const isAll = keys.length === answers.size;
    const asked = { reduction: variant?.reduction ?? NOTHING_DROPPED, selection: isAll ? null : { cells: keys, types } };
    for (const [unit, sketches] of found.entries()) {
      const single = terms.filter((index) => {
        const term = program.terms[index];
        return term !== undefined && needsUnitTotals(program, unit, term, form);
      });
      const plain = terms.filter((index) => !single.includes(index));
      for (const [statement, some] of [
        [vectorStatement, plain],
        [unitVectorStatement, single],
      ] as const) {
        if (some.length === 0) continue;
        const read = readVectors(program, some, form, await run(withKept(statement(program, unit, asked, some, form), run)));
        for (const [name, vectors] of read) for (const [at, sketch] of vectors.entries()) sketches.set(`${some[at]} ${name}`, sketch);
      }
    }
  }
  const nobody = nobodysSketch(form);
  return (cell, term) =>
    program.units.map((unit, index) => ({ unitType: unit.type, sketch: found[index]?.get(`${term} ${cell}`) ?? nobody }));
}
