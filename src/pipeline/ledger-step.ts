import type { Assessed } from '../egress/assess.ts';
import type { AssessedCell, AssessedGate, CellFinding } from '../egress/assessed.ts';
import type { KeyValue } from '../egress/executed.ts';
import { type Decimal, parseDecimal } from '../kernel/decimal.ts';
import { seal } from '../kernel/stage.ts';
import type { RunStatement } from './enclave-fault.ts';
import type { ExecutedGate } from './execute-gate.ts';
import { figureOf } from './figures.ts';
import { emptiedTerms } from './gather-evidence.ts';
import { answerOf, askedTerms, figuresOf, withValues } from './ledger-figures.ts';
import type { FigurePlace, LedgerPort, LedgerRow, LedgerVerdict, TotalPart } from './ledger-port.ts';
import { isSpecial } from './requirements.ts';
import { sketchesOf } from './take-sketches.ts';

/** One gate of a bundle: how it ran, and what the rules left of it. */
export interface GateToSettle {
  readonly gate: ExecutedGate;
  readonly assessed: Assessed;
  /** As which row it stands in the ledger, where that is not what its cells say. */
  readonly as?: Pick<LedgerRow, 'rowsId' | 'keys' | 'labels'>;
}

/** What the ledger left of a gate. */
export interface SettledGate {
  readonly assessed: Assessed;
  /** By cell and term, what its total is answered by. */
  readonly told: ReadonlyMap<number, ReadonlyMap<number, readonly TotalPart[]>>;
}

interface CellPlace {
  readonly gate: number;
  readonly cell: number;
  readonly figures: readonly FigurePlace[];
}

/**
 * Compares what the gates of one SELECT would release with everything released before: takes the sketches of those
 * figures in the same worker, lets the ledger decide and reserve, and puts its answers in place of the figures. Without a
 * ledger all figures are kept.
 *
 * Releases nothing; a figure that the ledger does not keep is answered by an earlier one or withheld. Throws what the
 * worker or the ledger throws. Source: gate.md §7, ADR 0014.
 */
export async function settleWithLedger(
  pairs: readonly GateToSettle[],
  ledger: LedgerPort | null,
  k: number,
  run: RunStatement,
): Promise<readonly SettledGate[]> {
  const gates = pairs.map((pair) => ({ ...pair, gate: withValues(pair.gate) }));
  const rows: LedgerRow[] = [];
  const places: CellPlace[] = [];
  for (const [index, item] of gates.entries()) {
    for (const { cell, figures } of await figuresIn(item, k, run)) {
      const { shape } = item.assessed;
      const known = item.assessed.cells[cell];
      if (known === undefined) throw new Error('A row without its cell');
      places.push({ gate: index, cell, figures });
      rows.push({
        gate: shape.name,
        rowsId: shape.rowsId,
        oneRow: shape.oneRow,
        keys: shape.keys.map((key) => key.id),
        labels: known.key,
        answered: known.answered,
        figures: figures.map((place) => place.figure),
        made: item.gate.program.outputs.flatMap((_, output) => (isSpecialOutput(item.gate, output) ? [output] : [])),
        ...item.as,
      });
    }
  }
  const verdicts = rows.length === 0 || ledger === null ? [] : await ledger.settle(rows);
  const found = places.map((place, row) => ({ place, verdicts: verdicts[row] ?? place.figures.map((): LedgerVerdict => KEEP) }));
  return gates.map(({ gate, assessed }, index) => {
    const byCell = new Map(found.flatMap((item) => (item.place.gate === index ? [[item.place.cell, item] as const] : [])));
    const settled = assessed.cells.map((cell, at) => {
      const own = byCell.get(at);
      return own === undefined ? { cell, told: NOTHING_TOLD } : applied(gate, cell, own.place.figures, own.verdicts);
    });
    return {
      assessed: seal<'assessed', AssessedGate>({ shape: assessed.shape, cells: settled.map((item) => item.cell) }),
      told: new Map(settled.map((item, at) => [at, item.told])),
    };
  });
}

const KEEP: LedgerVerdict = { kind: 'keep' };
const NOTHING_TOLD: ReadonlyMap<number, readonly TotalPart[]> = new Map();

/** The figures of the cells of which something may be released. */
async function figuresIn(
  { gate, assessed }: GateToSettle,
  k: number,
  run: RunStatement,
): Promise<readonly { readonly cell: number; readonly figures: readonly FigurePlace[] }[]> {
  const kept = assessed.cells.flatMap((cell, at) => (cell.withheld.some((findings) => findings.length === 0) ? [{ cell, at }] : []));
  const sketches = await sketchesOf(
    gate,
    kept.map(({ cell }) => cell.key),
    askedTerms(gate, assessed),
    run,
  );
  return kept.map(({ cell, at }) => ({ cell: at, figures: figuresOf(gate, cell, sketches, k) }));
}

/** A cell with the ledger's answers instead of its own. */
function applied(
  gate: ExecutedGate,
  cell: AssessedCell,
  places: readonly FigurePlace[],
  verdicts: readonly LedgerVerdict[],
): { readonly cell: AssessedCell; readonly told: SettledGate['told'] extends ReadonlyMap<number, infer T> ? T : never } {
  if (verdicts.length !== places.length) throw new Error('A figure without a verdict');
  const answer = answerOf(gate, cell);
  const answers = [...answer.figures.answers];
  const values = new Map<number, AssessedCell['outputs'][number]['value']>();
  const findings = new Map<number, CellFinding[]>();
  const replaced: NonNullable<AssessedCell['replaced']>[number][] = [];
  const looked: NonNullable<AssessedCell['looked']>[number][] = [];
  const told = new Map<number, readonly TotalPart[]>();
  const implied: { readonly outputs: readonly number[]; readonly finding: CellFinding }[] = [];
  for (const [index, { term, outputs, figure }] of places.entries()) {
    const verdict = verdicts[index] ?? KEEP;
    if (verdict.kind === 'keep') {
      if (verdict.looked !== undefined) looked.push({ outputs, text: verdict.looked });
      const [first] = figure.sketches;
      if (term !== null && figure.isImplied !== true && first !== undefined && figure.total !== null && !told.has(term))
        told.set(term, [{ total: figure.total, sketch: first.sketch, coefficient: 1 }]);
      continue;
    }
    if (verdict.kind === 'withhold') {
      const finding: CellFinding = { rule: verdict.reason.rule, unitType: null, counted: verdict.reason.counted };
      for (const output of outputs) findings.set(output, [...(findings.get(output) ?? []), finding]);
      continue;
    }
    const { answered, labels, reason } = verdict;
    const made = outputs.filter((output) => figure.isImplied === true || (term !== null && isSpecialOutput(gate, output)));
    if (made.length > 0 && reason.counted !== 0)
      implied.push({ outputs: made, finding: { rule: reason.rule, unitType: null, counted: reason.counted } });
    if (figure.isImplied === true) {
      looked.push({ outputs, text: reason.text });
      continue;
    }
    replaced.push({ outputs, answered, labels, text: reason.text });
    if (term === null) for (const output of outputs) values.set(output, verdict.value);
    else {
      answers[term] = withTotal(answers[term], verdict.total ?? numberOf(verdict.value));
      told.set(term, verdict.parts);
    }
  }
  // What labels imply cannot be answered by an earlier release: it stands only beside a figure that is.
  const isReplaced = new Set([
    ...replaced.flatMap(({ outputs }) => outputs.filter((output) => !isSpecialOutput(gate, output))),
    ...values.keys(),
  ]);
  for (const { outputs, finding } of implied)
    for (const output of outputs) if (!isReplaced.has(output)) findings.set(output, [...(findings.get(output) ?? []), finding]);
  const withheld = cell.withheld.map((own, index) => [...own, ...(findings.get(index) ?? [])]);
  return { cell: { ...cell, withheld, replaced, looked, outputs: outputsOf(gate, cell, answers, values) }, told };
}

/** A variance tells sums that it is not computed from here: answered otherwise, they leave it as it was. */
function isSpecialOutput(gate: ExecutedGate, output: number): boolean {
  const functional = gate.program.outputs[output]?.functional;
  return functional !== undefined && isSpecial(functional);
}

/** The columns of a cell, computed from these answers of its terms; values of other functionals as given, or as they were. Source: gate.md §5. */
export function outputsOf(
  gate: ExecutedGate,
  cell: AssessedCell,
  answers: ReturnType<typeof answerOf>['figures']['answers'],
  values: ReadonlyMap<number, KeyValue>,
): AssessedCell['outputs'] {
  const answer = answerOf(gate, cell);
  const isEmptied = emptiedTerms(gate.program, answer.variant);
  const figures = { ...answer.figures, answers };
  return cell.outputs.map((outcome, index) => {
    const output = gate.program.outputs[index];
    if (output === undefined || values.has(index)) return { ...outcome, value: values.get(index) ?? null };
    return isSpecial(output.functional) ? outcome : { ...outcome, value: figureOf(output, figures, isEmptied) };
  });
}

function numberOf(value: KeyValue): Decimal {
  const number = parseDecimal(String(value));
  if (number === undefined) throw new Error('An earlier number that is none');
  return number;
}

type Answer = ReturnType<typeof answerOf>['figures']['answers'][number];

/** The answer of a term with another total. Throws where there is none. Source: gate.md §7. */
export function withTotal(answer: Answer | undefined, total: Decimal): Answer {
  if (answer === undefined) throw new Error('A term without an answer');
  return answer.sum === null ? { count: total, sum: null } : { ...answer, sum: total };
}
