import type { Assessed } from '../egress/assess.ts';
import type { AssessedCell, AssessedGate, CellFinding } from '../egress/assessed.ts';
import type { KeyValue } from '../egress/executed.ts';
import { combineSketches, type Sketch } from '../egress/ledger/sketch.ts';
import { type Decimal, decimalText, parseDecimal } from '../kernel/decimal.ts';
import { seal } from '../kernel/stage.ts';
import { NOTHING_DROPPED, printTemplate } from '../sandbox/sql/model/condition.ts';
import type { Functional, GateOutput, GateProgram, Term } from '../sandbox/sql/model/program.ts';
import type { RunStatement } from './enclave-fault.ts';
import { type CellAnswer, type ExecutedGate, termName } from './execute-gate.ts';
import { figureOf } from './figures.ts';
import { emptiedTerms } from './gather-evidence.ts';
import { type LedgerPort, type LedgerRow, type LedgerVerdict, LINEAR, type RowFigure } from './ledger-port.ts';
import { cellName } from './read-evidence.ts';
import { isSpecial, termsOf } from './requirements.ts';
import { type GateSketches, sketchesOf } from './take-sketches.ts';

/** One gate of a bundle: how it ran, and what the rules left of it. */
export interface GateToSettle {
  readonly gate: ExecutedGate;
  readonly assessed: Assessed;
}

/**
 * Compares what the gates of one SELECT would release with everything released before: takes the sketches of those
 * figures in the same worker, lets the ledger decide and reserve, and puts its answers in place of the figures.
 *
 * Releases nothing; a figure that the ledger does not keep is answered by an earlier one or withheld. Throws what the
 * worker or the ledger throws. Source: gate.md §7, ADR 0014.
 */
export async function settleWithLedger(
  gates: readonly GateToSettle[],
  ledger: LedgerPort,
  run: RunStatement,
): Promise<readonly Assessed[]> {
  const rows: LedgerRow[] = [];
  const places: { readonly gate: number; readonly cell: number; readonly figures: readonly FigurePlace[] }[] = [];
  for (const [index, { gate: given, assessed }] of gates.entries()) {
    const gate = withValues(given);
    const kept = assessed.cells.flatMap((cell, at) => (cell.withheld.some((findings) => findings.length === 0) ? [{ cell, at }] : []));
    const sketches = await sketchesOf(
      gate,
      kept.map(({ cell }) => cell.key),
      askedTerms(gate, assessed),
      run,
    );
    for (const { cell, at } of kept) {
      const figures = figuresOf(gate, cell, sketches);
      places.push({ gate: index, cell: at, figures });
      rows.push({
        gate: assessed.shape.name,
        rowsId: assessed.shape.rowsId,
        oneRow: assessed.shape.oneRow,
        keys: assessed.shape.keys.map((key) => key.id),
        labels: cell.key,
        answered: cell.answered,
        figures: figures.map((item) => item.figure),
      });
    }
  }
  if (rows.length === 0) return gates.map((item) => item.assessed);
  const verdicts = await ledger.settle(rows);
  return gates.map(({ gate: given, assessed }, index) => {
    const gate = withValues(given);
    const byCell = new Map(
      places.flatMap((place, row) => (place.gate === index ? [[place.cell, { place, verdicts: verdicts[row] ?? [] }] as const] : [])),
    );
    const cells = assessed.cells.map((cell, at): AssessedCell => {
      const found = byCell.get(at);
      return found === undefined ? cell : applied(gate, cell, found.place.figures, found.verdicts);
    });
    return seal<'assessed', AssessedGate>({ shape: assessed.shape, cells });
  });
}

/** A figure with the columns of the gate that tell it, and the term or column whose answer it is. */
interface FigurePlace {
  readonly figure: RowFigure;
  readonly outputs: readonly number[];
  readonly term: number | null;
}

/** Terms that some column with a released cell rests on. */
function askedTerms(gate: ExecutedGate, assessed: Assessed): readonly number[] {
  const used = gate.program.outputs.filter((_, index) => assessed.cells.some((cell) => (cell.withheld[index]?.length ?? 1) === 0));
  const told = used.flatMap((output) => toldBy(output.functional));
  return [...new Set(told.flatMap((term) => [term, ...namesIn(gate.program, term)]))].sort((a, b) => a - b);
}

/** Terms whose totals a column tells; of other functionals, those that say what they were computed from. */
function toldBy(functional: Functional): readonly number[] {
  return functional.kind === 'boolean' ? [functional.term, functional.all] : termsOf(functional);
}

function figuresOf(gate: ExecutedGate, cell: AssessedCell, sketches: GateSketches): readonly FigurePlace[] {
  const { program } = gate;
  const answer = answerOf(gate, cell);
  const isEmptied = emptiedTerms(program, answer.variant);
  const released = program.outputs
    .map((output, index) => ({ output, index }))
    .filter(({ index }) => (cell.withheld[index]?.length ?? 1) === 0);
  const linear = new Map<number, number[]>();
  const found: FigurePlace[] = [];
  for (const { output, index } of released) {
    const terms = toldBy(output.functional).filter((term) => !isEmptied(term));
    if (!isSpecial(output.functional)) for (const term of terms) linear.set(term, [...(linear.get(term) ?? []), index]);
    else found.push(specialFigure(gate, cell, output, index, terms, sketches));
  }
  const families = new Map(released.flatMap(({ output }) => toldBy(output.functional).map((term) => [term, familyOf(output)] as const)));
  for (const [term, outputs] of linear) {
    const { count, sum } = answer.figures.answers[term] ?? { count: null, sum: null };
    const model = program.terms[term];
    const figure: RowFigure = {
      term: termName(program, term),
      namespace: LINEAR,
      family: model?.kind === 'value' ? (families.get(term) ?? '') : `count ${tablesOf(program)}`,
      total: sum ?? count,
      value: null,
      isMagnitude: model?.kind !== 'unit',
      isOneSigned: model?.kind !== 'value' || model.signs !== 'mixed',
      units: cell.units,
      outputs: [...new Set(outputs)],
      sketches: sketches(cellName(cell.key), term),
    };
    const [names = term] = namesIn(program, term);
    const elsewhere = sketches(cellName(cell.key), names);
    for (const one of model?.kind === 'unit' ? byType(figure, program.units[model.unit]?.type ?? '', elsewhere) : [figure])
      found.push({ outputs: figure.outputs, term, figure: one });
  }
  return found;
}

/**
 * A number of units of one type does not add up over the units of another: there it is compared, like a median, with
 * numbers of the same type alone, by whom each was counted with.
 *
 * @param elsewhere  sketches of the names that are counted.
 */
function byType(figure: RowFigure, type: string, elsewhere: RowFigure['sketches']): readonly RowFigure[] {
  const own = figure.sketches.filter(({ unitType }) => unitType === type);
  const others = elsewhere.filter(({ unitType }) => unitType !== type);
  const value = figure.total === null ? null : decimalText(figure.total);
  return [
    ...(own.length === 0 ? [] : [{ ...figure, sketches: own }]),
    ...(others.length === 0 ? [] : [{ ...figure, namespace: `number of ${type}`, total: null, value, sketches: others }]),
  ];
}

/**
 * The gate with one more term for every column under an aggregate that is no sum: the hashes of its values, so that the
 * same rows with other values do not pass for the same. And one for every number of units, of their names: beside units
 * of another type.
 */
function withValues(gate: ExecutedGate): ExecutedGate {
  const { program } = gate;
  const terms = [...program.terms];
  const outputs = program.outputs.map((output): GateOutput => {
    const { functional } = output;
    if (!('terms' in functional)) return output;
    const columns = 'value' in functional ? [functional.value] : [functional.x, functional.y];
    const { piece } = functional;
    const added = columns.map(({ sql }) => terms.push(hashTerm(sql, piece)) - 1);
    const rows = columns.slice(0, 1).map(({ sql }) => terms.push({ kind: 'present', piece, sql }) - 1);
    return { ...output, functional: { ...functional, terms: [...functional.terms, ...added, ...rows] } };
  });
  for (const term of program.terms) terms.push(...countedNames(program, term));
  return { ...gate, program: { ...program, terms, outputs } };
}

function countedNames(program: GateProgram, term: Term): readonly Term[] {
  const unit = term.kind === 'unit' ? program.units[term.unit] : undefined;
  // Those of a joined list of units stand in no other reading of the rows.
  if (unit === undefined || unit.touching !== null || program.units.every(({ type }) => type === unit.type)) return [];
  return [hashTerm(unit.number, term.piece)];
}

/** Where the names behind a number of units are summed: index of that term, if there is one. */
function namesIn(program: GateProgram, term: number): readonly number[] {
  const model = program.terms[term];
  const [wanted] = model === undefined ? [] : countedNames(program, model);
  return program.terms.flatMap((other, index) =>
    other.kind === 'value' && other.sql === (wanted?.kind === 'value' ? wanted.sql : null) && other.piece === wanted?.piece ? [index] : [],
  );
}

function hashTerm(sql: string, piece: number | null): Term {
  const hashed = `CASE WHEN ${sql} IS NOT NULL THEN CAST(hash(${sql}) % 1000003 AS BIGINT) END`;
  return { kind: 'value', piece, sql: hashed, factors: [], scale: 0, signs: 'nonnegative', nullable: true, sensitive: false };
}

/** Far apart weights: two sums of sketches are equal only where all of their parts are. */
const WEIGHTS = [1, 7919, 104_729, 1_299_709, 15_485_863];

function specialFigure(
  gate: ExecutedGate,
  cell: AssessedCell,
  output: GateOutput,
  index: number,
  terms: readonly number[],
  sketches: GateSketches,
): FigurePlace {
  const parts = terms.map((term) => sketches(cellName(cell.key), term));
  const joined = (parts[0] ?? []).map(({ unitType }, instance) => {
    const shares = parts.map((part, at) => ({ sketch: part[instance]?.sketch, coefficient: WEIGHTS[at] ?? at + 2 }));
    const known = shares.flatMap(({ sketch, coefficient }) => (sketch === undefined ? [] : [{ sketch, coefficient }]));
    return { unitType, sketch: certain(combineSketches(known)) };
  });
  const value = cell.outputs[index]?.value ?? null;
  return {
    outputs: [index],
    term: null,
    figure: {
      term: functionalName(gate, output),
      namespace: functionalName(gate, output),
      family: familyOf(output),
      total: null,
      value,
      isMagnitude: false,
      isOneSigned: false,
      units: cell.units,
      outputs: [index],
      sketches: joined,
      // The last term counts the rows: see `withValues`.
      rowSets: parts.at(-1) ?? [],
    },
  };
}

/** A sum of sketches that is registered says of its own buckets only what is certain. */
function certain(sketch: Sketch): Sketch {
  return { ...sketch, mask: sketch.sure };
}

/** A functional that is no sum, by what it computes of which columns. */
function functionalName(gate: ExecutedGate, output: GateOutput): string {
  const { functional } = output;
  const terms = toldBy(functional)
    .map((term) => termName(gate.program, term))
    .filter((name) => !name.includes('hash('));
  const { kind } = functional;
  const own = 'q' in functional ? `${functional.name} ${functional.q}` : 'name' in functional ? functional.name : '';
  const columns = 'value' in functional ? functional.value.base : 'x' in functional ? [...functional.x.base, ...functional.y.base] : [];
  return [kind, own, ...columns, ...terms].join(' | ');
}

/** Tables whose rows are counted. */
function tablesOf(program: GateProgram): string {
  const text = printTemplate(program.from, NOTHING_DROPPED);
  return [...new Set([...text.matchAll(TABLE)].map((match) => match[1] ?? ''))].sort().join(', ');
}

const TABLE = /("(?:[^"]|"")+") AS t\d+\b/g;

function familyOf(output: GateOutput): string {
  return [...new Set(output.families.map((item) => item.family))].sort().join(', ');
}

function answerOf(gate: ExecutedGate, cell: AssessedCell): CellAnswer {
  const found = gate.answers.get(cellName(cell.key));
  if (found === undefined) throw new Error('A cell without its answer');
  return found;
}

/** A cell with the ledger's answers instead of its own. */
function applied(gate: ExecutedGate, cell: AssessedCell, places: readonly FigurePlace[], verdicts: readonly LedgerVerdict[]): AssessedCell {
  if (verdicts.length !== places.length) throw new Error('A figure without a verdict');
  const { program } = gate;
  const answer = answerOf(gate, cell);
  const isEmptied = emptiedTerms(program, answer.variant);
  const answers = [...answer.figures.answers];
  const values = new Map<number, AssessedCell['outputs'][number]['value']>();
  const findings = new Map<number, CellFinding[]>();
  const replaced: NonNullable<AssessedCell['replaced']>[number][] = [];
  for (const [index, { term, outputs }] of places.entries()) {
    const verdict = verdicts[index];
    if (verdict === undefined || verdict.kind === 'keep') continue;
    if (verdict.kind === 'withhold') {
      const finding: CellFinding = { rule: verdict.reason.rule, unitType: null, counted: verdict.reason.counted };
      for (const output of outputs) findings.set(output, [...(findings.get(output) ?? []), finding]);
      continue;
    }
    const { answered, labels, reason } = verdict;
    replaced.push({ outputs, answered, labels, text: reason.text });
    if (term === null) for (const output of outputs) values.set(output, verdict.value);
    else answers[term] = withTotal(answers[term], verdict.total ?? numberOf(verdict.value));
  }
  const figures = { ...answer.figures, answers };
  return {
    ...cell,
    withheld: cell.withheld.map((own, index) => [...own, ...(findings.get(index) ?? [])]),
    replaced,
    outputs: cell.outputs.map((outcome, index) => {
      const output = program.outputs[index];
      if (output === undefined || values.has(index)) return { ...outcome, value: values.get(index) ?? null };
      return isSpecial(output.functional) ? outcome : { ...outcome, value: figureOf(output, figures, isEmptied) };
    }),
  };
}

function numberOf(value: KeyValue): Decimal {
  const number = parseDecimal(String(value));
  if (number === undefined) throw new Error('An earlier number that is none');
  return number;
}

function withTotal(
  answer: CellAnswer['figures']['answers'][number] | undefined,
  total: NonNullable<RowFigure['total']>,
): CellAnswer['figures']['answers'][number] {
  if (answer === undefined) throw new Error('A term without an answer');
  return answer.sum === null ? { count: total, sum: null } : { ...answer, sum: total };
}
