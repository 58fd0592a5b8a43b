import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { RuleOutcome } from '../egress/evidence-rules.ts';
import { NOTHING_DROPPED } from '../sandbox/sql/model/condition.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { pairsStatement, type TermPair } from '../sandbox/sql/statements/pairs-statement.ts';
import type { CellSelection, Variant } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import { type CellFigures, cellName, readCounts } from './read-evidence.ts';
import { isSpecial, termsOf } from './requirements.ts';
import { sampledStatement } from './sampled-statement.ts';
import { sampleBelow } from './unit-sample.ts';

/** More pairs are not looked at: what stands in one of them is withheld. */
const MAX_PAIRS = 120;

type PairOutcome = RuleOutcome & { readonly unitType: string };

/** What a row may tell of terms that can be subtracted from each other. */
export interface PairRules {
  /** By output, then by cell: the rule for what it differs from the outputs before it. */
  rules(output: number, cell: string): readonly PairOutcome[];
  /** By cell: the terms that are told like an earlier one, and which. Of terms that are not told nothing can be subtracted. */
  alike(cell: string, isTold: (term: number) => boolean): ReadonlyMap<number, number>;
}

const NO_RULES: readonly PairOutcome[] = [];
const NOTHING_ALIKE: ReadonlyMap<number, number> = new Map();
const NONE: PairRules = { rules: () => NO_RULES, alike: () => NOTHING_ALIKE };

/**
 * Terms of one row that count or add up the same over different rows: their difference is that of the rows. Where fewer
 * than k units lie between them, nobody included, the later one is told with the figure of the earlier: nobody and nine
 * give the same answer. An aggregate that is no sum has no figure to take over: it is withheld if 1 to k − 1 lie between.
 *
 * Does not look at a piece beside all rows, nor at a count beside its NULLs: operands and NULL complements do.
 * @param cells  those that will be asked about.
 * Source: gate.md §6 (0 and 1..k−1 give the same output), §7 (complements), gate-examples.md D15, docs/adr/0015.
 */
export async function pairRules(
  program: GateProgram,
  variant: Variant,
  cells: CellSelection,
  policy: DisclosurePolicy,
  run: RunStatement,
): Promise<PairRules> {
  const pairs = pairsOf(program);
  if (pairs.length === 0) return NONE;
  const looked = pairs.slice(0, MAX_PAIRS);
  const counted: ReadonlyMap<string, readonly number[]>[] = [];
  for (let unit = 0; unit < program.units.length; unit++) {
    counted.push(await countPairs(program, { unit, variant, cells, pairs: looked }, policy.k, run));
  }
  const unitsOf = (cell: string, pair: number): readonly number[] => counted.map((cells) => cells.get(cell)?.[pair] ?? 0);
  return {
    rules: (output, cell) => {
      const functional = program.outputs[output]?.functional;
      if (functional === undefined) return [];
      const own = new Set(termsOf(functional));
      return pairs.flatMap((pair, index): readonly PairOutcome[] => {
        if (!own.has(pair.second)) return [];
        if (index >= MAX_PAIRS) return [{ rule: 'complement.pair', outcome: 'fail', unitType: '' }];
        if (!isSpecial(functional)) return [];
        return unitsOf(cell, index).map((units, unit) => {
          const outcome = units === 0 || units >= policy.k ? 'pass' : 'fail';
          return { rule: 'complement.pair', outcome, counted: units, unitType: program.units[unit]?.type ?? '' };
        });
      });
    },
    alike: (cell, isTold) => {
      const found = new Map<number, number>();
      for (const [index, { first, second }] of looked.entries()) {
        if (found.has(second) || !isTold(first) || Math.min(...unitsOf(cell, index)) >= policy.k) continue;
        found.set(second, found.get(first) ?? first);
      }
      return found;
    },
  };
}

interface PairQuestion {
  readonly unit: number;
  readonly variant: Variant;
  readonly cells: CellSelection;
  readonly pairs: readonly TermPair[];
}

/** Units between the terms of each pair, by cell: a sample's where those are k already, otherwise exact. */
async function countPairs(
  program: GateProgram,
  { unit, variant, cells, pairs }: PairQuestion,
  k: number,
  run: RunStatement,
): Promise<ReadonlyMap<string, readonly number[]>> {
  const sql = await pairSample(program, { unit, variant, pairs }, run);
  const sampled = new Map<string, readonly number[]>();
  if (sql !== undefined) {
    for (const [name, counts] of readCounts(program, await run(sql), pairs.length)) if (Math.min(...counts) >= k) sampled.set(name, counts);
  }
  const open = cells.cells.filter((key) => !sampled.has(cellName(key)));
  if (open.length === 0) return sampled;
  const selection = open.length * 2 > cells.cells.length ? variant.selection : { ...cells, cells: open };
  const exact = readCounts(program, await run(pairsStatement(program, unit, { ...variant, selection }, pairs, null)), pairs.length);
  return new Map([...sampled, ...exact]);
}

/** The statement that asks a sample of units; undefined where all are asked at once. */
async function pairSample(
  program: GateProgram,
  { unit, variant, pairs }: Omit<PairQuestion, 'cells'>,
  run: RunStatement,
): Promise<string | undefined> {
  const below = sampleBelow(program, unit);
  if (below === null) return undefined;
  return sampledStatement(program, pairsStatement(program, unit, variant, pairs, below), below, run);
}

/** What `pairRules` asks first of the rows as they are; undefined where it asks for nothing, or for all units at once. */
export async function firstPairSample(program: GateProgram, run: RunStatement): Promise<string | undefined> {
  const pairs = pairsOf(program).slice(0, MAX_PAIRS);
  if (pairs.length === 0 || program.units.length === 0) return undefined;
  return pairSample(program, { unit: 0, variant: { reduction: NOTHING_DROPPED, selection: null }, pairs }, run);
}

/** The figures of a cell as they may be told. */
export function toldFigures(figures: CellFigures, alike: ReadonlyMap<number, number>): CellFigures {
  if (alike.size === 0) return figures;
  const answers = figures.answers.map((answer, index) => figures.answers[alike.get(index) ?? index] ?? answer);
  return { ...figures, answers };
}

/** Pairs in the order of the outputs, the term of the earlier output first. */
export function pairsOf(program: GateProgram): readonly TermPair[] {
  const asked = [...new Set(program.outputs.flatMap((output) => termsOf(output.functional)))];
  return asked.flatMap((second, index) =>
    asked.slice(0, index).flatMap((first) => (isComparable(program, first, second) ? [{ first, second }] : [])),
  );
}

/** What a term counts in the rows of its piece; null: every row. */
function countedOf(program: GateProgram, index: number): string | null {
  const term = program.terms[index];
  return term?.kind === 'present' ? term.sql : null;
}

function isComparable(program: GateProgram, first: number, second: number): boolean {
  const [a, b] = [program.terms[first], program.terms[second]];
  if (a === undefined || b === undefined) return false;
  const pieces = [a.piece, b.piece];
  const isBothPieces = a.piece !== b.piece && !pieces.includes(null);
  if (a.kind === 'unit' || b.kind === 'unit') return a.kind === 'unit' && b.kind === 'unit' && a.unit === b.unit && isBothPieces;
  if (a.kind === 'value' || b.kind === 'value') return a.kind === 'value' && b.kind === 'value' && a.sql === b.sql && isBothPieces;
  const counts = [countedOf(program, first), countedOf(program, second)];
  if (a.piece === b.piece) return !counts.includes(null) && counts[0] !== counts[1];
  return isBothPieces || counts[0] !== counts[1];
}
