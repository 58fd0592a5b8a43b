import type { Assessed } from '../egress/assess.ts';
import type { AssessedCell } from '../egress/assessed.ts';
import { combineSketches, type Sketch } from '../egress/ledger/sketch.ts';
import { type Decimal, decimalText } from '../kernel/decimal.ts';
import { NOTHING_DROPPED, printTemplate } from '../sandbox/sql/model/condition.ts';
import type { Functional, GateOutput, GateProgram } from '../sandbox/sql/model/program.ts';
import { composedFigures } from './composed-figures.ts';
import { countedNames, hashTerm, namesIn } from './counted-names.ts';
import { type CellAnswer, type ExecutedGate, termName } from './execute-gate.ts';
import { emptiedTerms } from './gather-evidence.ts';
import { impliedFigures } from './implied-figures.ts';
import { type FigurePlace, LINEAR, type RowFigure } from './ledger-port.ts';
import { cellName } from './read-evidence.ts';
import { isSpecial, termsOf } from './requirements.ts';
import type { GateSketches } from './take-sketches.ts';
import type { TermsAhead } from './vectors-ahead.ts';

/** Terms that some column with a released cell rests on: those whose sketches are taken. Source: ADR 0014. */
export function askedTerms(gate: ExecutedGate, assessed: Assessed): readonly number[] {
  const used = gate.program.outputs.filter((_, index) => assessed.cells.some((cell) => (cell.withheld[index]?.length ?? 1) === 0));
  return termsUnder(gate.program, used);
}

/** What `askedTerms` gives where every column is released, before anything ran. Source: ADR 0050. */
export function termsAhead(given: GateProgram): TermsAhead {
  const program = withValueTerms(given);
  return { program, terms: termsUnder(program, program.outputs) };
}

function termsUnder(program: GateProgram, used: readonly GateOutput[]): readonly number[] {
  const probed = (program.probes ?? []).flatMap((probe) => [probe.sum, probe.rows]);
  const told = [...used.flatMap((output) => learntFrom(output.functional)), ...(used.length === 0 ? [] : probed)];
  return [...new Set(told.flatMap((term) => [term, ...namesIn(program, term)]))].sort((a, b) => a - b);
}

/** Terms whose totals a column tells; of other functionals, those that say what they were computed from. Source: gate.md §5. */
export function toldBy(functional: Functional): readonly number[] {
  return functional.kind === 'boolean' ? [functional.term, functional.all] : termsOf(functional);
}

/** What a reader learns of a column: what it tells, and what its labels imply. Source: ADR 0040. */
export function learntFrom(functional: Functional): readonly number[] {
  return [...toldBy(functional), ...impliedBy(functional)];
}

function impliedBy(functional: Functional): readonly number[] {
  return 'implied' in functional ? (functional.implied ?? []) : [];
}

/** The figures of a cell that its released columns tell, with the sketches that the ledger compares. Source: gate.md §7, ADR 0014. */
export function figuresOf(gate: ExecutedGate, cell: AssessedCell, sketches: GateSketches, k: number): readonly FigurePlace[] {
  const { program } = gate;
  const answer = answerOf(gate, cell);
  const isEmptied = emptiedTerms(program, answer.variant);
  const released = program.outputs
    .map((output, index) => ({ output, index }))
    .filter(({ index }) => (cell.withheld[index]?.length ?? 1) === 0);
  const linear = new Map<number, number[]>();
  const found: FigurePlace[] = [];
  for (const { output, index } of released) {
    const terms = learntFrom(output.functional).filter((term) => !isEmptied(term));
    const own = isSpecial(output.functional) ? terms.filter((term) => impliedBy(output.functional).includes(term)) : terms;
    for (const term of own) linear.set(term, [...(linear.get(term) ?? []), index]);
    const special = toldBy(output.functional).filter((term) => !isEmptied(term));
    if (isSpecial(output.functional)) found.push(specialFigure(gate, cell, output, index, special, sketches));
  }
  const families = new Map(
    released.flatMap(({ output }) => learntFrom(output.functional).map((term) => [term, familyOf(output)] as const)),
  );
  for (const [term, outputs] of linear) {
    const own = sketches(cellName(cell.key), term);
    const { count, sum } = answer.figures.answers[term] ?? { count: null, sum: totalOf(own[0]?.sketch) };
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
      sketches: own,
      isImplied: answer.figures.answers[term] === undefined,
    };
    const [names = term] = namesIn(program, term);
    const elsewhere = sketches(cellName(cell.key), names);
    for (const one of model?.kind === 'unit' ? byType(figure, program.units[model.unit]?.type ?? '', elsewhere) : [figure])
      found.push({ outputs: figure.outputs, term, figure: one });
  }
  const columns = released.map(({ output, index }) => ({ output, index, family: familyOf(output) }));
  return [...found, ...impliedFigures(program, cell, sketches, found, k), ...composedFigures(columns, found)];
}

/** Terms that are only implied were asked for nowhere else. */
function totalOf(sketch: Sketch | undefined): Decimal | null {
  if (sketch === undefined) return null;
  return { digits: sketch.totals.digits.reduce((sum, digits) => sum + digits, 0n), scale: sketch.totals.scale };
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
 * of another type. Source: gate.md §7 (values in the fingerprint).
 */
export function withValues(gate: ExecutedGate): ExecutedGate {
  return { ...gate, program: withValueTerms(gate.program) };
}

function withValueTerms(program: GateProgram): GateProgram {
  const terms = [...program.terms, ...(program.impliedTerms ?? [])];
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
  return { ...program, terms, outputs };
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
      namespace: functionalKind(output.functional),
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

/**
 * A functional that is no sum, by what it computes. Of which columns does not matter: the sketch holds their values, and the median of a column that
 * is the same as another but for some people is near that one's.
 */
function functionalKind(functional: Functional): string {
  const own = 'q' in functional ? `${functional.name} ${functional.q}` : 'name' in functional ? functional.name : '';
  return `${functional.kind} | ${own}`;
}

/** A functional that is no sum, by what it computes of which columns. */
function functionalName(gate: ExecutedGate, output: GateOutput): string {
  const { functional } = output;
  const terms = toldBy(functional)
    .map((term) => termName(gate.program, term))
    .filter((name) => !name.includes('hash('));
  const columns = 'value' in functional ? functional.value.base : 'x' in functional ? [...functional.x.base, ...functional.y.base] : [];
  return [functionalKind(functional), ...columns, ...terms].join(' | ');
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

/** How a cell came by its figures. Throws where it has none. Source: gate.md §6. */
export function answerOf(gate: ExecutedGate, cell: AssessedCell): CellAnswer {
  const found = gate.answers.get(cellName(cell.key));
  if (found === undefined) throw new Error('A cell without its answer');
  return found;
}
