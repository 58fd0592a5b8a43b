import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { RuleOutcome } from '../egress/evidence-rules.ts';
import type { Executed, ExecutedCell, GateShape, OutputOutcome } from '../egress/executed.ts';
import { seal } from '../kernel/stage.ts';
import { leafCount, NOTHING_DROPPED, printTemplate } from '../sandbox/sql/model/condition.ts';
import type { GateOutput, GateProgram } from '../sandbox/sql/model/program.ts';
import { shownGate } from '../sandbox/sql/model/shown-gate.ts';
import { splitWhere, withLabelsApart } from '../sandbox/sql/statements/label-conditions.ts';
import type { CellKey, CellSelection } from '../sandbox/sql/statements/relation.ts';
import { EnclaveFault, type RunStatement } from './enclave-fault.ts';
import { figureOf } from './figures.ts';
import { findCells, grainOf, publicLabels } from './find-cells.ts';
import { type BucketPass, bucketPass, completeEvidence, emptiedTerms, type JudgedCell, withoutRows } from './gather-evidence.ts';
import { pairRules } from './pair-rules.ts';
import { cellName } from './read-evidence.ts';
import { termsOf } from './requirements.ts';
import { type SettledVariant, settleOperands } from './settle-operands.ts';
import { type SpecialAnswer, specialAnswers } from './special-answers.ts';

/**
 * Runs one gate: figures and bucket evidence of all cells, neutral operands, figures again for the cells of which a row
 * was moved, exact evidence where buckets leave a question open.
 *
 * Throws EnclaveFault or MalformedAnswer; decides nothing about release. Source: gate.md §6.
 */
export async function executeGate(name: string, given: GateProgram, policy: DisclosurePolicy, run: RunStatement): Promise<Executed> {
  const labels = await publicLabels(given, run);
  const program = withLabelsApart(labels.program);
  const grain = await grainOf(program, run);
  const first = await bucketPass(program, WHOLE, grain, run);
  const universe = await cellsToSettle(program, first, labels.cells, run);
  const [, ...reduced] = await settleOperands(program, policy.k, universe, run);
  const found = new Set(first.figures.map((cell) => cell.name));
  const variants = new Map<string, SettledVariant>();
  for (const variant of reduced) for (const key of variant.selection?.cells ?? []) variants.set(cellName(key), variant);
  // Cells of the list that are none of the relation are nobody's; of the others operators are to see why nothing is left.
  const empty = reduced
    .flatMap((variant) => (variant.untouched && !variant.bare ? (variant.selection?.cells ?? []) : []))
    .filter((key) => !found.has(cellName(key)));
  const same = first.figures.filter((cell) => variants.get(cell.name)?.untouched !== false);
  const asked = { program, shown: given, policy, run };
  const cells = [
    ...(await judge(asked, WHOLE, withoutRows(program, { ...first, figures: same }, empty), (cell) => variants.get(cell) ?? WHOLE)),
  ];
  for (const variant of reduced) {
    if (variant.untouched) continue;
    const wanted = new Map((variant.selection?.cells ?? []).map((key) => [cellName(key), key]));
    const pass = await bucketPass(program, variant, grain, run);
    const figures = pass.figures.filter((cell) => wanted.has(cell.name));
    for (const cell of figures) wanted.delete(cell.name);
    cells.push(
      ...(await judge(asked, variant, withoutRows(program, { ...pass, figures, types: first.types }, [...wanted.values()]), () => variant)),
    );
  }
  return seal<'executed', { shape: GateShape; cells: readonly ExecutedCell[] }>({ shape: shapeOf(name, program, first), cells });
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
  readonly policy: DisclosurePolicy;
  readonly run: RunStatement;
}

/** Judges the cells of a pass over the rows of one variant; each is told as the variant that was settled for it. */
async function judge(
  { program, shown, policy, run }: Asked,
  rows: SettledVariant,
  pass: BucketPass,
  variantOf: (cell: string) => SettledVariant,
): Promise<readonly ExecutedCell[]> {
  if (pass.figures.length === 0) return [];
  const cells = await completeEvidence(program, rows, variantOf, pass, policy, run);
  const hasSpecial = program.outputs.some((output) => isSpecial(output));
  const special = hasSpecial ? await guardedAnswers(program, rows, policy, run) : NO_ANSWERS;
  const pairs = await pairRules(program, rows, policy, run);
  const answers = new Map<SettledVariant, string>();
  const answeredBy = (variant: SettledVariant): string => {
    const known = answers.get(variant) ?? shownGate(variant.dropped.length === 0 ? shown : program, variant.reduction);
    answers.set(variant, known);
    return known;
  };
  return cells.map((cell): ExecutedCell => {
    const { name } = cell.figures;
    const variant = variantOf(name);
    const isEmptied = emptiedTerms(program, variant);
    const outputs = program.outputs.map((output, index): OutputOutcome => {
      const rules = [...(cell.rules[index] ?? []), ...rateRule(program, output, variant), ...pairs(index, name)];
      if (!isSpecial(output)) return { value: figureOf(output, cell.figures, isEmptied), rules };
      const answer = special.get(index)?.get(name);
      const missing: RuleOutcome & { readonly unitType: string } = { rule: 'threshold.k', outcome: 'fail', unitType: '' };
      return { value: answer?.value ?? null, rules: [...rules, ...(answer?.rules ?? [missing])] };
    });
    const units = Math.min(...cell.evidence.map((item) => item.units));
    return {
      key: cell.figures.key,
      isEmpty: isEmpty(cell),
      units,
      magnitudes: magnitudesOf(program, cell),
      dropped: variant.dropped,
      answered: answeredBy(variant),
      outputs,
    };
  });
}

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
function magnitudesOf(program: GateProgram, cell: JudgedCell): ExecutedCell['magnitudes'] {
  return new Map(
    program.terms.map((_, index) => [termName(program, index), cell.evidence.flatMap((item) => item.terms[index]?.spreads.at(-1) ?? [])]),
  );
}

function isSpecial(output: GateOutput): boolean {
  return !['count', 'sum', 'avg', 'boolean'].includes(output.functional.kind);
}

function isEmpty(cell: JudgedCell): boolean {
  return cell.figures.answers.every((answer) => answer.count.digits === 0n);
}

/** A rate of which the FILTER was dropped would be exactly 1. Source: gate-examples.md D6. */
function rateRule(
  program: GateProgram,
  output: GateOutput,
  variant: SettledVariant,
): readonly (RuleOutcome & { readonly unitType: string })[] {
  if (!output.combined || !('parts' in output.functional)) return [];
  const dropped = output.functional.parts.some((part) => {
    const piece = program.terms[part.term]?.piece ?? null;
    const condition = piece === null ? undefined : program.pieces[piece];
    return condition !== undefined && variant.reduction.neutral.has(condition.id);
  });
  return dropped ? [{ rule: 'rate.filter', outcome: 'fail', unitType: '' }] : [];
}

/** A term by what it adds up; the numbers of table instances are those of the rows. */
function termName(program: GateProgram, index: number): string {
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
