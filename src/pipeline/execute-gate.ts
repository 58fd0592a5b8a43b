import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { passesOutput } from '../egress/evidence-rules.ts';
import type { Executed, ExecutedCell, GateShape, OutputOutcome } from '../egress/executed.ts';
import { seal } from '../kernel/stage.ts';
import { leafCount, NOTHING_DROPPED, printTemplate } from '../sandbox/sql/model/condition.ts';
import type { GateOutput, GateProgram } from '../sandbox/sql/model/program.ts';
import { shownGate } from '../sandbox/sql/model/shown-gate.ts';
import { splitWhere, withLabelsApart } from '../sandbox/sql/statements/label-conditions.ts';
import type { CellKey, CellSelection } from '../sandbox/sql/statements/relation.ts';
import { type ApartCell, answerApart, apartRole, apartText, mayStandApart } from './apart-terms.ts';
import { askSamplesAhead } from './ask-ahead.ts';
import { EnclaveFault, type RunStatement } from './enclave-fault.ts';
import { figureOf } from './figures.ts';
import { expectedCells, findCells, publicLabels } from './find-cells.ts';
import {
  type BucketPass,
  bucketPass,
  completeEvidence,
  emptiedTerms,
  type JudgedCell,
  type UnitRule,
  withoutRows,
} from './gather-evidence.ts';
import { keepingRows } from './keep-rows.ts';
import { pairRules, toldFigures } from './pair-rules.ts';
import { type CellFigures, cellName } from './read-evidence.ts';
import { ReducedPasses } from './reduced-passes.ts';
import { isSpecial, requirementsOf, termsOf } from './requirements.ts';
import { type SettledVariant, settleOperands } from './settle-operands.ts';
import { type SpecialAnswer, specialAnswers } from './special-answers.ts';
import { type SketchesAhead, type TermsAhead, takesAhead } from './vectors-ahead.ts';

/**
 * Runs one gate: figures and bucket evidence of all cells, neutral operands, figures again for the cells of which a row
 * was moved, exact evidence where buckets leave a question open.
 *
 * @param termsAhead  what the ledger may ask for, where there is one: taken along with the first pass where that is cheaper.
 *
 * Throws EnclaveFault or MalformedAnswer; decides nothing about release. Source: gate.md §6.
 */
export async function executeGate(
  name: string,
  given: GateProgram,
  policy: DisclosurePolicy,
  worker: RunStatement,
  termsAhead: ((program: GateProgram) => TermsAhead) | null = null,
): Promise<ExecutedGate> {
  const run = keepingRows(worker, given.uniqueColumns);
  const labels = await publicLabels(given, run);
  const program = withLabelsApart(labels.program);
  await askSamplesAhead(program, labels.cells?.length ?? null, run);
  const expected = await expectedCells(program, run);
  const { grain } = expected;
  const ahead = termsAhead !== null && takesAhead(program, labels.cells, expected.cells) ? termsAhead(program) : null;
  const first = await bucketPass(program, WHOLE, grain, run, ahead);
  const passes = new ReducedPasses(grain);
  const universe = await cellsToSettle(program, first, labels.cells, run);
  const { variants: settled, withheld } = await settleOperands(program, policy.k, universe, passes, run);
  const reduced = settled.slice(1);
  const found = new Set(first.figures.map((cell) => cell.name));
  const variants = new Map<string, SettledVariant>();
  for (const variant of reduced) for (const key of variant.selection?.cells ?? []) variants.set(cellName(key), variant);
  // Cells of the list that are none of the relation are nobody's; of the others operators are to see why nothing is left.
  const empty = reduced
    .flatMap((variant) => (variant.untouched && !variant.bare ? (variant.selection?.cells ?? []) : []))
    .filter((key) => !found.has(cellName(key)));
  const same = first.figures.filter((cell) => variants.get(cell.name)?.untouched !== false);
  const answers = new Map<string, CellAnswer>();
  const apart = await answerApart(given, withheld, (alone) => executeGate(name, alone, policy, worker));
  const asked = { program, shown: given, withheld, apart, policy, run, answers };
  const cells = [
    ...(await judge(asked, WHOLE, withoutRows(program, { ...first, figures: same }, empty), (cell) => variants.get(cell) ?? WHOLE)),
  ];
  for (const variant of reduced) {
    if (variant.untouched) continue;
    const wanted = new Map((variant.selection?.cells ?? []).map((key) => [cellName(key), key]));
    const pass = passes.find(variant) ?? (await bucketPass(program, variant, grain, run));
    const figures = pass.figures.filter((cell) => wanted.has(cell.name));
    for (const cell of figures) wanted.delete(cell.name);
    cells.push(
      ...(await judge(asked, variant, withoutRows(program, { ...pass, figures, types: first.types }, [...wanted.values()]), () => variant)),
    );
  }
  const executed = seal<'executed', { shape: GateShape; cells: readonly ExecutedCell[] }>({ shape: shapeOf(name, program, first), cells });
  return { executed, program, answers, types: first.types, sketches: first.sketches ?? [] };
}

/** How one cell came by its figures. */
export interface CellAnswer {
  readonly figures: CellFigures;
  readonly variant: SettledVariant;
  /** Terms that are told without some of its operands, and the rows that they count. */
  readonly apart?: ApartCell;
}

/** A gate that ran, and what it takes to ask more about its cells in the same worker. */
export interface ExecutedGate {
  readonly executed: Executed;
  readonly program: GateProgram;
  /** By `cellName`. */
  readonly answers: ReadonlyMap<string, CellAnswer>;
  /** Engine types of the keys. */
  readonly types: readonly string[];
  /** Sketches over the rows of the whole condition that were taken along. */
  readonly sketches?: SketchesAhead;
}

const WHOLE: SettledVariant = { reduction: NOTHING_DROPPED, dropped: [], selection: null, untouched: true, bare: false };

/**
 * The cells whose operands are to be settled: every cell of the relation, so that one without a single row and one with
 * a row of one unit are treated alike. Only with one comparison and one term those without a row are left out: if the
 * comparison is neutral there, the whole cell rests on fewer than k units of that term. With two, the one that moves
 * little would decide for the other (gate-examples.md D4); and labels of a sensitive key vouch for one another.
 */
async function cellsToSettle(
  program: GateProgram,
  first: BucketPass,
  listed: readonly CellKey[] | null,
  run: RunStatement,
): Promise<CellSelection> {
  const { keys, terms, pieces, from } = program;
  const { rest } = splitWhere(program);
  const own = { cells: first.figures.map((cell) => cell.key), types: first.types };
  const isDeep = from.some((part) => typeof part !== 'string');
  if (keys.length === 0 || (rest === null && !isDeep)) return own;
  const isSimple = !isDeep && pieces.length === 0 && rest !== null && leafCount(rest) === 1 && terms.length === 1;
  if (isSimple && !keys.some((key) => key.sensitive)) return own;
  const found = listed ?? (await findCells(program, first.types, run));
  const names = new Set(found.map(cellName));
  return { cells: [...found, ...own.cells.filter((key) => !names.has(cellName(key)))], types: first.types };
}

interface Asked {
  readonly program: GateProgram;
  /** As it was written, for people. */
  readonly shown: GateProgram;
  /** By cell, terms that nothing may rest on. */
  readonly withheld: ReadonlyMap<string, ReadonlySet<number>>;
  /** By cell, what those of them are when they are asked alone. */
  readonly apart: ReadonlyMap<string, ApartCell>;
  readonly policy: DisclosurePolicy;
  readonly run: RunStatement;
  /** Filled as cells are judged. */
  readonly answers: Map<string, CellAnswer>;
}

/** Judges the cells of a pass over the rows of one variant; each is told as the variant that was settled for it. */
async function judge(
  { program, shown, withheld, apart: alone, policy, run, answers }: Asked,
  rows: SettledVariant,
  pass: BucketPass,
  variantOf: (cell: string) => SettledVariant,
): Promise<readonly ExecutedCell[]> {
  if (pass.figures.length === 0) return [];
  const cells = await completeEvidence(program, rows, variantOf, pass, policy, run);
  const hasSpecial = program.outputs.some((output) => isSpecial(output.functional));
  const special = hasSpecial ? await guardedAnswers(program, rows, policy, run) : NO_ANSWERS;
  const judged = { cells: pass.figures.map((cell) => cell.key), types: pass.types };
  const pairs = await pairRules(program, rows, judged, policy, run);
  const texts = new Map<SettledVariant, string>();
  const answeredBy = (variant: SettledVariant): string => {
    const known = texts.get(variant) ?? shownGate(variant.dropped.length === 0 ? shown : program, variant.reduction);
    texts.set(variant, known);
    return known;
  };
  const names = program.terms.map((_, index) => termName(program, index));
  return cells.map((cell): ExecutedCell => {
    const { name } = cell.figures;
    const variant = variantOf(name);
    const isEmptied = emptiedTerms(program, variant);
    const isTold = (term: number): boolean => withheld.get(name)?.has(term) !== true && passes(program, cell, term, policy);
    const alike = withoutSameRows(program, cell, pairs.alike(name, isTold));
    const apart = apartIn(program, cell, alone.get(name), alike, policy);
    const told = withApart(toldFigures(cell.figures, alike), apart);
    answers.set(name, { figures: told, variant, ...(apart === undefined ? {} : { apart }) });
    const outputs = program.outputs.map((output, index): OutputOutcome => {
      const own = cell.rules[index] ?? [];
      const more = [rateRule(program, output, variant), pairs.rules(index, name), restRule(output, withheld.get(name), apart)];
      const rules = more.every((some) => some.length === 0) ? own : [...own, ...more.flat()];
      if (!isSpecial(output.functional)) return { value: figureOf(output, told, isEmptied), rules };
      const answer = special.get(index)?.get(name);
      return { value: answer?.value ?? null, rules: [...rules, ...(answer?.rules ?? [NO_ANSWER])] };
    });
    const units = Math.min(...cell.evidence.map((item) => item.units));
    return {
      key: cell.figures.key,
      isEmpty: isEmpty(cell),
      units,
      magnitudes: magnitudesOf(names, cell),
      totals: new Map(told.answers.map(({ count, sum }, index) => [names[index] ?? '', sum ?? count])),
      dropped:
        alike.size === 0
          ? variant.dropped
          : [...variant.dropped, ...[...alike].map(([term, other]) => `${names[term]} (as ${names[other]})`)],
      ...(apart === undefined ? {} : toldApart(program, shown, apart)),
      answered: answeredBy(variant),
      outputs,
    };
  });
}

const NO_TERMS: ReadonlySet<number> = new Set();
const NO_RULES: readonly UnitRule[] = [];
const NO_ANSWER: UnitRule = { rule: 'threshold.k', outcome: 'fail', unitType: '' };
const NO_ANSWERS: ReadonlyMap<number, ReadonlyMap<string, SpecialAnswer>> = new Map();

/** A value that a type cannot hold withholds the figures it stands in: a failed job would tell of it. Source: gate.md §9. */
async function guardedAnswers(
  program: GateProgram,
  variant: SettledVariant,
  policy: DisclosurePolicy,
  run: RunStatement,
): Promise<typeof NO_ANSWERS> {
  try {
    return await specialAnswers(program, variant, policy, run);
  } catch (fault) {
    if (fault instanceof EnclaveFault && fault.failure === 'conversion') return NO_ANSWERS;
    throw fault;
  }
}

/** The last spread of a term is that of its absolute sum, or of its rows where it has none. */
function magnitudesOf(names: readonly string[], cell: JudgedCell): ExecutedCell['magnitudes'] {
  return new Map(names.map((name, index) => [name, cell.evidence.flatMap((item) => item.terms[index]?.spreads.at(-1) ?? [])]));
}

function isEmpty(cell: JudgedCell): boolean {
  return cell.figures.answers.every((answer) => answer.count.digits === 0n);
}

/** Where no unit has a NULL, two counts are of the same rows: nothing is told in another's place. */
function withoutSameRows(program: GateProgram, cell: JudgedCell, alike: ReadonlyMap<number, number>): ReadonlyMap<number, number> {
  if (alike.size === 0) return alike;
  const { answers } = cell.figures;
  const isFull = (term: number): boolean => cell.evidence.every((item) => item.terms[term]?.nulls === 0);
  const isSame = (a: number, b: number): boolean =>
    program.terms[a]?.piece === program.terms[b]?.piece && isFull(a) && isFull(b) && answers[a]?.count.digits === answers[b]?.count.digits;
  return new Map([...alike].filter(([term, other]) => !isSame(term, other)));
}

/** Whether a term could be told by itself. */
function passes(program: GateProgram, cell: JudgedCell, term: number, policy: DisclosurePolicy): boolean {
  const asked = requirementsOf(program, { kind: 'sum', parts: [{ term, factor: '1' }] });
  return cell.evidence.every((evidence) => asked.every((item) => passesOutput(evidence, item, policy)));
}

/** A figure that rests on a term which an operand moves by too few units: what is told apart brings rules of its own. Source: docs/adr/0015. */
function restRule(output: GateOutput, withheld: ReadonlySet<number> = NO_TERMS, apart?: ApartCell): readonly UnitRule[] {
  if (withheld.size === 0 && apart === undefined) return NO_RULES;
  const { functional } = output;
  const terms = functional.kind === 'boolean' ? [functional.term, functional.all] : termsOf(functional);
  const role = apartRole(output, apart);
  const own = terms.flatMap((term) => (role === undefined ? [] : (apart?.rules.get(term) ?? [])));
  const isLeft = terms.some((term) => withheld.has(term) && (role === undefined || apart?.rules.has(term) !== true));
  return isLeft ? [{ rule: 'operand.few', outcome: 'fail', unitType: '' }] : own;
}

/** What is told apart in a cell: nothing where a number told in another's place, or a law, would tell it from the rest. */
function apartIn(
  program: GateProgram,
  cell: JudgedCell,
  apart: ApartCell | undefined,
  alike: ReadonlyMap<number, number>,
  policy: DisclosurePolicy,
): ApartCell | undefined {
  if (apart === undefined || [...alike].flat().some((term) => apart.answers.has(term))) return undefined;
  return mayStandApart(program, cell.evidence, apart.answers, policy.k) ? apart : undefined;
}

function withApart(figures: CellFigures, apart: ApartCell | undefined): CellFigures {
  if (apart === undefined) return figures;
  return { ...figures, answers: figures.answers.map((answer, term) => apart.answers.get(term) ?? answer) };
}

/** What operators are told of numbers without further operands. */
function toldApart(program: GateProgram, shown: GateProgram, apart: ApartCell): Pick<ExecutedCell, 'apart' | 'answeredApart'> {
  const { answers, variant } = apart;
  const answeredApart = apartText(program, shown, apart);
  return {
    apart: new Map([...answers.keys()].map((term) => [termName(program, term), variant.dropped])),
    ...(answeredApart === undefined ? {} : { answeredApart }),
  };
}

/** A rate of which the FILTER was dropped would be exactly 1. Source: gate-examples.md D6. */
function rateRule(program: GateProgram, output: GateOutput, variant: SettledVariant): readonly UnitRule[] {
  if (!output.combined || !('parts' in output.functional)) return NO_RULES;
  const dropped = output.functional.parts.some((part) => {
    const piece = program.terms[part.term]?.piece ?? null;
    const condition = piece === null ? undefined : program.pieces[piece];
    return condition !== undefined && variant.reduction.neutral.has(condition.id);
  });
  return dropped ? [{ rule: 'rate.filter', outcome: 'fail', unitType: '' }] : [];
}

/** A term by what it adds up: the same in all gates over the same rows. The numbers of table instances are those of the rows. */
export function termName(program: GateProgram, index: number): string {
  const term = program.terms[index];
  const piece = term?.piece === null || term === undefined ? '' : (program.pieces[term.piece]?.text ?? '');
  const of = term === undefined ? '' : 'sql' in term ? term.sql.replace(/\bt\d+\./g, '') : term.kind === 'unit' ? String(term.unit) : '';
  return `${term?.kind ?? ''} ${of} ${piece}`;
}

function shapeOf(name: string, program: GateProgram, first: BucketPass): GateShape {
  return {
    name,
    rowsId: program.rowsId,
    bundle: program.bundle,
    oneRow: program.units.every((unit) => unit.oneRow),
    keys: program.keys.map((key, index) => ({
      name: key.name,
      id: key.id,
      type: first.types[index] ?? 'VARCHAR',
      sensitive: key.sensitive,
      publicLabels: key.publicLabels,
    })),
    outputs: program.outputs.map((output) => ({
      name: output.name,
      shown: printTemplate(output.shown, { neutral: new Set(), never: new Set() }, 'shown'),
      type: output.type,
      terms: termsOf(output.functional).map((term) => termName(program, term)),
      families: output.families,
    })),
  };
}
