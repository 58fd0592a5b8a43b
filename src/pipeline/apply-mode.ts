import type { Assessed } from '../egress/assess.ts';
import type { AssessedCell, AssessedGate, CellFinding } from '../egress/assessed.ts';
import { type ChangingMode, type Perturbation, perturbationOf } from '../egress/modes/perturb-total.ts';
import { addDecimals, type Decimal, integer, multiplyDecimals } from '../kernel/decimal.ts';
import { seal } from '../kernel/stage.ts';
import { type ExecutedGate, termName } from './execute-gate.ts';
import { answerOf, toldBy } from './ledger-figures.ts';
import type { TotalPart } from './ledger-port.ts';
import { outputsOf, type SettledGate, withTotal } from './ledger-step.ts';
import { isSpecial } from './requirements.ts';

/** Terms that a mode needs more of than is known: nothing that rests on them leaves. */
const UNTOLD: CellFinding = { rule: 'mode.untold', unitType: null, counted: null };

type Totals = ReadonlyMap<number, Decimal | undefined>;

/**
 * The gates of one SELECT with their counts and sums changed as the mode says: each from what answers it, so that a figure
 * that stands as it was released before is changed as it was then. Under rounding the total of a group is the sum of its
 * rounded parts where all of these are seen. What the mode cannot change is withheld; labels, quantiles and modes stay.
 *
 * Comes after the ledger, which knows exact figures only. Source: gate.md §8.
 */
export function inMode(gates: readonly ExecutedGate[], settled: readonly SettledGate[], mode: ChangingMode): readonly Assessed[] {
  const change = perturbationOf(mode);
  const changed = settled.map(({ assessed, told }, index) => {
    const gate = gateAt(gates, index);
    return assessed.cells.map((cell, at) => changedTotals(gate, cell, told.get(at) ?? new Map(), change));
  });
  const seen: readonly Seen[] = settled.map(({ assessed }, index) => ({
    gate: gateAt(gates, index),
    assessed,
    totals: changed[index] ?? [],
  }));
  return seen.map((item) => {
    const cells = item.assessed.cells.map((cell, at) => {
      const own = item.totals[at] ?? new Map();
      return withTotals(item.gate, cell, mode.kind === 'rounded' ? fromParts(item, cell, own, seen) : own);
    });
    return seal<'assessed', AssessedGate>({ shape: item.assessed.shape, cells });
  });
}

interface Seen {
  readonly gate: ExecutedGate;
  readonly assessed: Assessed;
  readonly totals: readonly Totals[];
}

function gateAt(gates: readonly ExecutedGate[], index: number): ExecutedGate {
  const gate = gates[index];
  if (gate === undefined) throw new Error('A gate that was not executed');
  return gate;
}

/** Terms behind the columns of a cell that are released. */
function releasedTerms({ program }: ExecutedGate, cell: AssessedCell): readonly number[] {
  const outputs = program.outputs.filter((output, index) => cell.withheld[index]?.length === 0 && !isSpecial(output.functional));
  return [...new Set(outputs.flatMap((output) => toldBy(output.functional)))];
}

function changedTotals(
  gate: ExecutedGate,
  cell: AssessedCell,
  told: ReadonlyMap<number, readonly TotalPart[]>,
  change: Perturbation,
): Totals {
  const terms = releasedTerms(gate, cell);
  if (terms.length === 0) return new Map();
  const { answers } = answerOf(gate, cell).figures;
  return new Map(
    terms.map((term) => {
      const how = gate.program.terms[term]?.kind === 'value' ? change.sum : change.count;
      const answer = answers[term];
      const alone = answer === undefined ? [] : [{ total: answer.sum ?? answer.count, sketch: null, coefficient: 1 }];
      return [term, summed(told.get(term) ?? alone, how)];
    }),
  );
}

function summed(
  parts: readonly { readonly total: Decimal; readonly sketch: TotalPart['sketch'] | null; readonly coefficient: number }[],
  how: Perturbation['sum'],
): Decimal | undefined {
  let total: Decimal | undefined = parts.length === 0 ? undefined : integer(0);
  for (const { total: own, sketch, coefficient } of parts) {
    const changed = how(own, sketch);
    total = changed === undefined || total === undefined ? undefined : addDecimals(total, multiplyDecimals(integer(coefficient), changed));
  }
  return total;
}

/** Totals of the finest grouping over the same rows, added up, where it shows all parts of the cell. */
function fromParts(total: Seen, cell: AssessedCell, own: Totals, all: readonly Seen[]): Totals {
  const { shape } = total.assessed;
  const ids = shape.keys.map((key) => key.id);
  const finer = all
    .filter(({ assessed }) => assessed.shape.rowsId === shape.rowsId && assessed.shape.keys.length > ids.length)
    .filter(({ assessed }) => ids.every((id) => assessed.shape.keys.some((key) => key.id === id)))
    .sort((a, b) => b.assessed.shape.keys.length - a.assessed.shape.keys.length);
  return new Map(
    [...own].map(([term, value]) => [
      term,
      finer.map((parts) => addedUp(total, cell, term, parts)).find((sum) => sum !== undefined) ?? value,
    ]),
  );
}

function addedUp(total: Seen, cell: AssessedCell, term: number, parts: Seen): Decimal | undefined {
  const { keys } = total.assessed.shape;
  const other = parts.assessed.shape;
  // A unit in two parts is counted in both.
  if (total.gate.program.terms[term]?.kind === 'unit' && !other.oneRow) return undefined;
  const name = termName(total.gate.program, term);
  const theirs = parts.gate.program.terms.findIndex((_, index) => termName(parts.gate.program, index) === name);
  const places = keys.map((key) => other.keys.findIndex((item) => item.id === key.id));
  let sum = integer(0);
  for (const [at, part] of parts.assessed.cells.entries()) {
    if (part.isEmpty || places.some((place, key) => part.key[place] !== cell.key[key])) continue;
    const value = parts.totals[at]?.get(theirs);
    if (value === undefined) return undefined;
    sum = addDecimals(sum, value);
  }
  return sum;
}

function withTotals(gate: ExecutedGate, cell: AssessedCell, totals: Totals): AssessedCell {
  if (totals.size === 0) return cell;
  const answers = [...answerOf(gate, cell).figures.answers];
  for (const [term, total] of totals) if (total !== undefined) answers[term] = withTotal(answers[term], total);
  const isUntold = (index: number): boolean => {
    const output = gate.program.outputs[index];
    return (
      output !== undefined &&
      !isSpecial(output.functional) &&
      toldBy(output.functional).some((term) => totals.has(term) && totals.get(term) === undefined)
    );
  };
  const withheld = cell.withheld.map((own, index) => (own.length === 0 && isUntold(index) ? [UNTOLD] : own));
  const kept = new Map(cell.outputs.flatMap((outcome, index) => (isSpecialAt(gate, index) ? [[index, outcome.value] as const] : [])));
  return { ...cell, withheld, outputs: outputsOf(gate, cell, answers, kept) };
}

function isSpecialAt({ program }: ExecutedGate, index: number): boolean {
  const output = program.outputs[index];
  return output !== undefined && isSpecial(output.functional);
}
