import type { Sketch } from '../egress/ledger/sketch.ts';
import { NOTHING_DROPPED } from '../sandbox/sql/model/condition.ts';
import type { CellKey } from '../sandbox/sql/statements/relation.ts';
import { needsUnitTotals, unitVectorStatement, type VectorForm, vectorStatement } from '../sandbox/sql/statements/vector-statement.ts';
import { namesIn } from './counted-names.ts';
import type { RunStatement } from './enclave-fault.ts';
import type { ExecutedGate } from './execute-gate.ts';
import { withKept } from './keep-rows.ts';
import { cellName } from './read-evidence.ts';
import { nobodysSketch, readVectors } from './read-vectors.ts';
import type { SettledVariant } from './settle-operands.ts';
import { MOST_BUCKETED_CELLS } from './vectors-ahead.ts';

/** The sketches of a term in a cell, one for each unit instance of the rows. */
export type GateSketches = (cell: string, term: number) => readonly { readonly unitType: string; readonly sketch: Sketch }[];

/**
 * Takes the sketches of some terms in some cells, each over the rows that answer the cell. Asks the worker once for each
 * set of dropped operands and unit instance, for what was not taken along with the first pass. Source: ADR 0014, ADR 0050.
 */
export async function sketchesOf(
  gate: ExecutedGate,
  cells: readonly CellKey[],
  terms: readonly number[],
  run: RunStatement,
): Promise<GateSketches> {
  const { program, answers, types } = gate;
  const form: VectorForm = cells.length > MOST_BUCKETED_CELLS ? 'lanes' : 'buckets';
  const found = program.units.map(() => new Map<string, Sketch>());
  for (const { variant, keys, terms: wanted } of readingsOf(gate, cells, terms)) {
    const isAll = keys.length === answers.size;
    const asked = { reduction: variant?.reduction ?? NOTHING_DROPPED, selection: isAll ? null : { cells: keys, types } };
    for (const [unit, sketches] of found.entries()) {
      const known = variant === null && form === 'buckets' ? gate.sketches?.[unit] : undefined;
      for (const [term, byCell] of known ?? []) for (const [name, sketch] of byCell) sketches.set(`${term} ${name}`, sketch);
      const left = wanted.filter((index) => known?.has(index) !== true);
      const single = left.filter((index) => {
        const term = program.terms[index];
        return term !== undefined && needsUnitTotals(program, unit, term, form);
      });
      const plain = left.filter((index) => !single.includes(index));
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

interface Reading {
  /** Null: the rows of the whole condition. */
  readonly variant: SettledVariant | null;
  readonly keys: CellKey[];
  readonly terms: readonly number[];
}

/**
 * Which terms are read over which rows, in which cells. What moves no row leaves those of the whole condition: one reading
 * for all such cells. Terms that are told apart are read over their own rows, and so are the names that they count.
 */
function readingsOf({ program, answers }: ExecutedGate, cells: readonly CellKey[], terms: readonly number[]): readonly Reading[] {
  const found = new Map<SettledVariant | null, Map<string, Reading>>();
  const add = (variant: SettledVariant, key: CellKey, wanted: readonly number[]): void => {
    if (wanted.length === 0) return;
    const rows = variant.untouched ? null : variant;
    const byTerms = found.get(rows) ?? new Map<string, Reading>();
    const reading = byTerms.get(wanted.join()) ?? { variant: rows, keys: [], terms: wanted };
    reading.keys.push(key);
    byTerms.set(wanted.join(), reading);
    found.set(rows, byTerms);
  };
  for (const key of cells) {
    const answer = answers.get(cellName(key));
    if (answer === undefined) throw new Error('A cell without its answer');
    const { variant, apart } = answer;
    const told = new Set([...(apart?.answers.keys() ?? [])].flatMap((term) => [term, ...namesIn(program, term)]));
    const own = terms.filter((term) => told.has(term));
    add(variant, key, own.length === 0 ? terms : terms.filter((term) => !told.has(term)));
    if (apart !== undefined) add(apart.variant, key, own);
  }
  return [...found.values()].flatMap((byTerms) => [...byTerms.values()]);
}
