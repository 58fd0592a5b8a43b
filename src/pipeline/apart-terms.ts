import type { CellEvidence } from '../egress/evidence.ts';
import type { AnsweredApart, Executed } from '../egress/executed.ts';
import type { GateOutput, GateProgram } from '../sandbox/sql/model/program.ts';
import { shownGate } from '../sandbox/sql/model/shown-gate.ts';
import type { UnitRule } from './gather-evidence.ts';
import { type CellFigures, cellName } from './read-evidence.ts';
import { termsOf } from './requirements.ts';
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

/** How a column is made of numbers that are told apart; absent: nothing of it is, or in a way that no query could say. */
export type ApartRole = 'column' | 'divisor';

/**
 * What of a column is told apart: the whole of it, or what an average is divided by. A sum of both kinds of terms is
 * nothing that could be shown, run again or explained: it stays withheld. Source: docs/adr/0035.
 */
export function apartRole({ functional }: GateOutput, apart: Pick<ApartCell, 'answers'> | undefined): ApartRole | undefined {
  if (apart === undefined || !('parts' in functional)) return undefined;
  const isApart = (term: number): boolean => apart.answers.has(term);
  const terms = termsOf(functional);
  if (terms.every(isApart)) return 'column';
  const isDivided = functional.kind === 'avg' && isApart(functional.count) && !functional.parts.some(({ term }) => isApart(term));
  return isDivided ? 'divisor' : undefined;
}

/** The query that gives what a cell is told apart, with the columns that it is; absent where no column takes it. */
export function apartText(program: GateProgram, shown: GateProgram, apart: ApartCell): AnsweredApart | undefined {
  const roles = program.outputs.map((output) => ({ name: output.name, role: apartRole(output, apart) }));
  const columns = roles.filter(({ role }) => role !== undefined).map(({ name }) => name);
  if (columns.length === 0) return undefined;
  const chosen = [...program.keys.map((_, index) => `__k${index}`), ...columns].map((name) => ({ column: name, name }));
  const gate = apart.variant.dropped.length === 0 ? shown : program;
  const divisors = roles.filter(({ role }) => role === 'divisor').map(({ name }) => name);
  return { sql: shownGate(gate, apart.variant.reduction, chosen), columns, divisors };
}
