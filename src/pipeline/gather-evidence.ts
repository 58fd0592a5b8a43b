import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { CellEvidence, Requirement, Spread } from '../egress/evidence.ts';
import { checkOutput, passesOutput, type RuleOutcome } from '../egress/evidence-rules.ts';
import { compareDecimals, type Decimal, integer } from '../kernel/decimal.ts';
import type { QueryRows } from '../sandbox/enclave/port.ts';
import type { Reduction } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { bucketStatement } from '../sandbox/sql/statements/bucket-statement.ts';
import { exactStatement, unitsStatement } from '../sandbox/sql/statements/exact-statement.ts';
import { laneStatement } from '../sandbox/sql/statements/lane-statement.ts';
import { type Drop, withDrop } from '../sandbox/sql/statements/moved-rows.ts';
import { countedAlong } from '../sandbox/sql/statements/moves-statement.ts';
import type { CellKey, CellSelection, Variant } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import type { Grain } from './find-cells.ts';
import {
  type BucketCell,
  type CellFigures,
  cellName,
  keyTypes,
  MalformedAnswer,
  readBuckets,
  readCounts,
  readExact,
} from './read-evidence.ts';
import { requirementsOf } from './requirements.ts';
import { sampleBelow } from './unit-sample.ts';
import { type SketchesAhead, type TermsAhead, vectorColumns } from './vectors-ahead.ts';

/** The figures and bucket evidence of one pass, for all unit instances. */
export interface BucketPass {
  readonly figures: readonly CellFigures[];
  readonly evidence: ReadonlyMap<string, readonly CellEvidence[]>;
  readonly types: readonly string[];
  /** Where they were taken along. */
  readonly sketches?: SketchesAhead;
}

/** What the rules of one column said in one cell, with the unit type they looked at. */
export type UnitRule = RuleOutcome & { readonly unitType: string };

/** One cell with all that is known of it. */
export interface JudgedCell {
  readonly figures: CellFigures;
  readonly evidence: readonly CellEvidence[];
  /** By output of the program: its rules, for every term and unit instance. */
  readonly rules: readonly (readonly UnitRule[])[];
}

/**
 * One pass over the rows: figures, and bucket evidence for every unit instance.
 *
 * @param grain  how finely evidence is taken.
 * @param ahead  terms whose sketches are taken along, where evidence is taken by buckets.
 */
export async function bucketPass(
  program: GateProgram,
  variant: Variant,
  grain: Grain,
  run: RunStatement,
  ahead: TermsAhead | null = null,
): Promise<BucketPass> {
  const sketches: SketchesAhead[number][] = [];
  const evidence = new Map<string, CellEvidence[]>();
  let figures: readonly CellFigures[] = [];
  let types: readonly string[] = [];
  const isClassed = asksForTotals(program);
  for (let unit = 0; unit < program.units.length; unit++) {
    const below = sampleBelow(program, unit);
    const taken = ahead === null || grain !== 'buckets' ? undefined : vectorColumns(ahead, unit, variant);
    const answer = await run(
      grain === 'lanes'
        ? laneStatement(program, unit, variant)
        : bucketStatement(program, unit, variant, below === null, grain === 'groups', taken?.along),
    );
    sketches.push(taken?.read(answer) ?? new Map());
    const rows = partOf(answer, (values) => values.slice(0, program.keys.length + 1));
    const buckets = readBuckets(program, unit, rows);
    const cells = below === null || !isClassed ? buckets : await withSample(program, unit, variant, buckets, below, run);
    if (unit === 0) {
      types = keyTypes(program, rows);
      figures = cells.map(({ key, name, answers }) => ({ key, name, answers }));
    }
    for (const cell of cells) {
      const known = evidence.get(cell.name) ?? [];
      evidence.set(cell.name, [...known, touchingTotals(program, unit, cell.evidence, known[0])]);
    }
  }
  return { figures, evidence, types, sketches };
}

function partOf({ columns, rows }: QueryRows, pick: <T>(values: readonly T[]) => readonly T[]): QueryRows {
  return { columns: pick(columns), rows: rows.map((row) => pick(row)) };
}

/**
 * The pass over the rows that are there once an operand is dropped, with what the drop moves: the number of units by cell,
 * exact, and of rows. Undefined where one pass cannot tell both.
 */
export async function passWithMoves(
  program: GateProgram,
  question: { readonly reduction: Reduction; readonly drop: Drop; readonly selection: CellSelection | null },
  grain: Grain,
  run: RunStatement,
): Promise<{ readonly pass: BucketPass; readonly moves: ReadonlyMap<string, readonly number[]> } | undefined> {
  const { reduction, drop, selection } = question;
  const below = sampleBelow(program, 0);
  const along = countedAlong(program, reduction, drop);
  if (along === undefined || grain === 'lanes' || (below !== null && asksForTotals(program))) return undefined;
  const variant = { reduction: withDrop(reduction, drop), selection };
  const answer = await run(bucketStatement(program, 0, variant, below === null, grain === 'groups', along));
  const width = program.keys.length;
  const figures = partOf(answer, (values) => values.slice(0, width + 1));
  const cells = readBuckets(program, 0, figures);
  const pass = {
    figures: cells.map(({ key, name, answers }) => ({ key, name, answers })),
    evidence: new Map(cells.map((cell) => [cell.name, [cell.evidence]])),
    types: keyTypes(program, figures),
  };
  return {
    pass,
    moves: readCounts(
      program,
      partOf(answer, (values) => values.filter((_, at) => at !== width)),
      2,
    ),
  };
}

function asksForTotals(program: GateProgram): boolean {
  return program.outputs.some((output) => requirementsOf(program, output.functional).some((item) => item.unitsAreCounted));
}

/** The pass with cells that certainly have no row. */
export function withoutRows(program: GateProgram, pass: BucketPass, keys: readonly CellKey[]): BucketPass {
  if (keys.length === 0) return pass;
  const none = program.units.map((_, unit) => nobody(program, unit));
  const evidence = new Map([...pass.evidence, ...keys.map((key): [string, readonly CellEvidence[]] => [cellName(key), none])]);
  const answers = program.terms.map(() => ({ count: integer(0), sum: null }));
  return { ...pass, evidence, figures: [...pass.figures, ...keys.map((key) => ({ key, name: cellName(key), answers }))] };
}

/**
 * Touching rows are repeated once for each unit, and so would their total be: it is that of the rows themselves.
 * Source: gate.md §4.
 */
function touchingTotals(program: GateProgram, unit: number, evidence: CellEvidence, plain: CellEvidence | undefined): CellEvidence {
  if (program.units[unit]?.touching === null || plain === undefined) return evidence;
  const least = (a: Spread, b: Spread | undefined): Spread =>
    b !== undefined && compareDecimals(b.total, a.total) < 0 ? { ...a, total: b.total } : a;
  const terms = evidence.terms.map((term, index) => ({
    ...term,
    spreads: term.spreads.map((spread, at) => least(spread, plain.terms[index]?.spreads[at])),
  }));
  return { ...evidence, terms };
}

/**
 * Units off the commonest total are at most as many among a sample of units as among all, so that a sample decides for
 * nearly every cell what would cost much over all rows. Where it does not, exact evidence does.
 * Source: gate.md §5 (value classes), §6 (one-sided evidence).
 */
async function withSample(
  program: GateProgram,
  unit: number,
  variant: Variant,
  cells: readonly BucketCell[],
  below: number,
  run: RunStatement,
): Promise<readonly BucketCell[]> {
  const found = await sampledClasses(program, unit, variant, below, run);
  return cells.map((cell) => {
    const sampled = found.get(cell.name);
    const terms = cell.evidence.terms.map((item, index) => {
      const { rowsOff, totalsOff } = sampled?.[index] ?? { rowsOff: 0, totalsOff: 0 };
      return {
        ...item,
        rowsOff: item.rowsOff === null ? null : Math.max(item.rowsOff, rowsOff),
        totalsOff: item.totalsOff === null && totalsOff > 0 ? totalsOff : item.totalsOff,
      };
    });
    return { ...cell, evidence: { ...cell.evidence, terms } };
  });
}

interface ClassCounts {
  readonly rowsOff: number;
  readonly totalsOff: number;
}

/** By cell, then by term: units of the sample that are off. */
async function sampledClasses(
  program: GateProgram,
  unit: number,
  variant: Variant,
  below: number,
  run: RunStatement,
): Promise<ReadonlyMap<string, readonly ClassCounts[]>> {
  const exact = readExact(program, unit, await run(exactStatement(program, unit, variant, below)));
  const counts = (cell: CellEvidence): readonly ClassCounts[] =>
    cell.terms.map((item) => ({ rowsOff: item.rowsOff ?? 0, totalsOff: item.totalsOff ?? 0 }));
  return new Map([...exact].map(([name, cell]) => [name, counts(cell)]));
}

/** What each column asks, without the terms that no row can contribute to. */
type Asked = readonly (readonly Requirement[])[];

function askedOf(program: GateProgram, isEmptied: (term: number) => boolean): Asked {
  return program.outputs.map((output) => requirementsOf(program, output.functional).filter(({ term }) => !isEmptied(term)));
}

/** The rules of every column for one unit instance. */
function check(asked: Asked, evidence: CellEvidence, policy: DisclosurePolicy): readonly (readonly UnitRule[])[] {
  return asked.map((requirements) => {
    const isPassed = requirements.every((requirement) => passesOutput(evidence, requirement, policy));
    return isPassed ? passed(requirements, evidence, policy) : rulesOn(requirements, evidence, policy);
  });
}

function rulesOn(requirements: readonly Requirement[], evidence: CellEvidence, policy: DisclosurePolicy): readonly UnitRule[] {
  const { unitType } = evidence;
  return requirements.flatMap((requirement) => checkOutput(evidence, requirement, policy)).map((rule): UnitRule => ({ ...rule, unitType }));
}

/** By what a column asks, then by basis and unit type: there are cells by the ten thousand. */
const PASSED = new WeakMap<readonly Requirement[], Map<string, readonly UnitRule[]>>();

/** Rules that all passed, without what they counted: nobody is told of it. One list for all cells. */
function passed(requirements: readonly Requirement[], evidence: CellEvidence, policy: DisclosurePolicy): readonly UnitRule[] {
  const lists = PASSED.get(requirements) ?? new Map<string, readonly UnitRule[]>();
  PASSED.set(requirements, lists);
  const name = `${evidence.basis} ${evidence.unitType}`;
  const known = lists.get(name);
  if (known !== undefined) return known;
  const made = rulesOn(requirements, evidence, policy).map(({ rule, unitType }): UnitRule => ({ rule, outcome: 'pass', unitType }));
  lists.set(name, made);
  return made;
}

function isUndecided({ rules }: Checked): boolean {
  return rules.some((own) => own.every((rule) => rule.outcome !== 'fail') && own.some((rule) => rule.outcome === 'undecided'));
}

/** Whether no row can contribute to a term any more: its piece was dropped altogether. */
export function emptiedTerms(program: GateProgram, variant: Variant): (term: number) => boolean {
  return (index) => {
    const piece = program.terms[index]?.piece ?? null;
    const condition = piece === null ? undefined : program.pieces[piece];
    return condition !== undefined && variant.reduction.never.has(condition.id);
  };
}

interface Checked {
  readonly evidence: CellEvidence;
  readonly rules: readonly (readonly UnitRule[])[];
}

/**
 * Evidence of every cell of a pass: by buckets where they decide, otherwise exact, for those cells only.
 *
 * @param variant    whose rows the pass read.
 * @param variantOf  the variant that a cell is answered under; its rows in the cell are the same.
 * Source: gate.md §6.
 */
export async function completeEvidence(
  program: GateProgram,
  variant: Variant,
  variantOf: (cell: string) => Variant,
  pass: BucketPass,
  policy: DisclosurePolicy,
  run: RunStatement,
): Promise<readonly JudgedCell[]> {
  const askedBy = new Map<Variant, Asked>();
  const askedIn = (cell: CellFigures): Asked => {
    const own = variantOf(cell.name);
    const asked = askedBy.get(own) ?? askedOf(program, emptiedTerms(program, own));
    askedBy.set(own, asked);
    return asked;
  };
  /** By cell, in the order of the pass. */
  const checked: Checked[][] = pass.figures.map(() => []);
  for (let unit = 0; unit < program.units.length; unit++) {
    const open: number[] = [];
    for (const [at, cell] of pass.figures.entries()) {
      const evidence = pass.evidence.get(cell.name)?.[unit];
      const known = evidence === undefined ? undefined : { evidence, rules: check(askedIn(cell), evidence, policy) };
      if (known === undefined || isUndecided(known)) open.push(at);
      else checked[at]?.push(known);
    }
    if (open.length === 0) continue;
    const selection: CellSelection = { cells: open.flatMap((at) => [pass.figures[at]?.key ?? []]), types: pass.types };
    const exact = readExact(program, unit, await run(exactStatement(program, unit, { ...variant, selection })));
    for (const at of open) {
      const [cell, done] = [pass.figures[at], checked[at]];
      if (cell === undefined || done === undefined) continue;
      const evidence = touchingTotals(program, unit, exact.get(cell.name) ?? nobody(program, unit), done[0]?.evidence);
      done.push({ evidence, rules: check(askedIn(cell), evidence, policy) });
    }
  }
  const units = await countUnits(program, variant, pass, run);
  return pass.figures.map((cell, at): JudgedCell => {
    const found = checked[at] ?? [];
    // A cell that some unit instance has no evidence for would pass for want of a rule that fails.
    if (found.length !== program.units.length) throw new MalformedAnswer('A cell has no evidence');
    const rules = askedIn(cell).map((asked, output): readonly UnitRule[] => (asked.length === 0 ? PIECE_EMPTY : rulesOf(found, output)));
    const figures = units.size === 0 ? cell : { ...cell, answers: withUnits(program, cell, units) };
    return { figures, evidence: found.map((item) => item.evidence), rules };
  });
}

const PIECE_EMPTY: readonly UnitRule[] = [{ rule: 'piece.empty', outcome: 'fail', unitType: '' }];

/** The rules of a column, for every unit instance. */
function rulesOf(found: readonly Checked[], output: number): readonly UnitRule[] {
  const [only, ...more] = found;
  return only !== undefined && more.length === 0 ? (only.rules[output] ?? []) : found.flatMap((item) => item.rules[output] ?? []);
}

/** Evidence of a cell in which no row has a unit. */
function nobody(program: GateProgram, unit: number): CellEvidence {
  const none = { contributors: 0, spreads: [], nulls: 0, rowsOff: 0, totalsOff: 0, oneValue: false };
  return { basis: 'units', unitType: program.units[unit]?.type ?? '', units: 0, terms: program.terms.map(() => none) };
}

/** Exact numbers of units for `count(DISTINCT unit)`. */
async function countUnits(
  program: GateProgram,
  variant: Variant,
  pass: BucketPass,
  run: RunStatement,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const asked = program.terms.filter((term) => term.kind === 'unit').length;
  if (asked === 0 || pass.figures.length === 0) return new Map();
  return readCounts(program, await run(unitsStatement(program, variant)), asked);
}

function withUnits(
  program: GateProgram,
  cell: CellFigures,
  units: ReadonlyMap<string, readonly number[]>,
): readonly { readonly count: Decimal; readonly sum: Decimal | null }[] {
  const counted = units.get(cell.name) ?? [];
  let next = 0;
  return cell.answers.map((answer, index) =>
    program.terms[index]?.kind === 'unit' ? { count: integer(counted[next++] ?? 0), sum: null } : answer,
  );
}
