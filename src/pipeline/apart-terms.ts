import type { CellEvidence } from '../egress/evidence.ts';
import type { Executed } from '../egress/executed.ts';
import type { GateOutput, GateProgram } from '../sandbox/sql/model/program.ts';
import type { UnitRule } from './gather-evidence.ts';
import { type CellFigures, cellName } from './read-evidence.ts';
import { isSpecial, termsOf } from './requirements.ts';
import type { SettledVariant } from './settle-operands.ts';

/** Numbers of a cell as they are told when they are asked alone. */
export interface ApartCell {
  readonly variant: SettledVariant;
  readonly answers: ReadonlyMap<number, CellFigures['answers'][number]>;
  readonly rules: ReadonlyMap<number, readonly UnitRule[]>;
}

/** A gate that ran, as far as it is looked at here. */
interface AskedAlone {
  readonly executed: Executed;
  readonly answers: ReadonlyMap<string, { readonly figures: CellFigures; readonly variant: SettledVariant }>;
}

/** More sets of numbers than these are not asked alone: what is in them stays withheld. */
const MOST_SETS = 3;

/**
 * Numbers that an operand moves by fewer than k units, in cells of which it moves something else by k: asked again alone,
 * they are what the same statement without the other columns would give, without that operand. So an average over
 * everybody under a period that nearly everybody is in has a divisor: off by fewer than k, as every figure may be.
 *
 * Does not decide whether they may stand beside the other columns: `mayStandApart` does.
 * @param withheld  by cell, the terms that an operand moves by too few.
 * @param ask       runs a gate over the same rows.
 * Source: gate.md §6 (neutral operands), docs/adr/0035.
 */
export async function answerApart(
  program: GateProgram,
  withheld: ReadonlyMap<string, ReadonlySet<number>>,
  ask: (alone: GateProgram) => Promise<AskedAlone>,
): Promise<ReadonlyMap<string, ApartCell>> {
  const sets = new Map<string, { readonly terms: readonly number[]; readonly cells: string[] }>();
  for (const [cell, own] of withheld) {
    const terms = [...own].sort((a, b) => a - b);
    if (terms.length === program.terms.length || !terms.every((term) => isNumber(program, term))) continue;
    const known = sets.get(terms.join()) ?? { terms, cells: [] };
    known.cells.push(cell);
    sets.set(terms.join(), known);
  }
  const found = new Map<string, ApartCell>();
  for (const { terms, cells } of [...sets.values()].slice(0, MOST_SETS)) {
    const { executed, answers } = await ask(alone(program, terms));
    const wanted = new Set(cells);
    for (const { key, outputs } of executed.cells) {
      const name = cellName(key);
      const answer = answers.get(name);
      if (!wanted.has(name) || answer === undefined) continue;
      found.set(name, {
        variant: answer.variant,
        answers: new Map(terms.flatMap((term, index) => ofTerm(term, answer.figures.answers[index]))),
        rules: new Map(terms.flatMap((term, index) => ofTerm(term, outputs[index]?.rules))),
      });
    }
  }
  return found;
}

function ofTerm<T>(term: number, value: T | undefined): readonly (readonly [number, T])[] {
  return value === undefined ? [] : [[term, value]];
}

function isNumber(program: GateProgram, term: number): boolean {
  const kind = program.terms[term]?.kind;
  return kind === 'rows' || kind === 'unit' || kind === 'present';
}

function alone(program: GateProgram, terms: readonly number[]): GateProgram {
  return {
    ...program,
    terms: terms.flatMap((term) => program.terms[term] ?? []),
    outputs: terms.map(
      (_, index): GateOutput => ({
        name: `a${index}`,
        shown: ['count(*)'],
        functional: { kind: 'count', parts: [{ term: index, factor: '1' }] },
        type: 'BIGINT',
        families: [],
        combined: false,
      }),
    ),
  };
}

/**
 * Whether numbers without an operand may stand beside figures under it. Those figures must follow no simple law in the
 * number of units that holds for all but fewer than k, nobody included: where everybody has one row, the number of rows
 * under the operand and the number of units without it differ by the few themselves.
 * Source: gate.md §5 (value classes), docs/adr/0015 and 0035.
 */
export function mayStandApart(
  program: GateProgram,
  evidence: readonly CellEvidence[],
  apart: ReadonlyMap<number, unknown>,
  k: number,
): boolean {
  const asked = new Set(program.outputs.flatMap((output) => termsOf(output.functional)));
  const countsUnits = [...apart.keys()].some((term) => program.terms[term]?.kind === 'unit');
  const isSafe = (term: number): boolean => evidence.every((item, unit) => unitsOff(program, item, unit, term, countsUnits) >= k);
  return [...asked].every((term) => apart.has(term) || isSafe(term));
}

/** Units with a row, or with a total where units are counted, that is not the commonest of a term; 0 where that is not known. */
function unitsOff(program: GateProgram, evidence: CellEvidence, unit: number, term: number, countsUnits: boolean): number {
  const known = evidence.terms[term];
  if (program.terms[term]?.kind === 'value' && (!countsUnits || program.units[unit]?.oneRow === true)) return known?.rowsOff ?? 0;
  return countsUnits ? (known?.totalsOff ?? 0) : 0;
}

/** Whether a column can be made of numbers that are told apart. Source: docs/adr/0035. */
export function takesApart({ functional }: GateOutput): boolean {
  return !isSpecial(functional) && functional.kind !== 'boolean';
}
