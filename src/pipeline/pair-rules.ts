import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { RuleOutcome } from '../egress/evidence-rules.ts';
import type { GateProgram } from '../sandbox/sql/model/program.ts';
import { pairsStatement, type TermPair } from '../sandbox/sql/statements/pairs-statement.ts';
import type { Variant } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import { readCounts } from './read-evidence.ts';
import { termsOf } from './requirements.ts';

/** More pairs are not looked at: what stands in one of them is withheld. */
const MAX_PAIRS = 60;

type PairOutcome = RuleOutcome & { readonly unitType: string };

/** By output, then by cell: the rule for what it differs from the outputs before it. */
export type PairRules = (output: number, cell: string) => readonly PairOutcome[];

/**
 * Pieces in one row that can be subtracted from each other: their rows differ in nobody or in at least k units. The
 * difference of a piece and all rows, and of a count and its NULLs, is looked at elsewhere (operands, NULL complements).
 * Counts of two columns with different NULLs are not compared.
 * Source: gate.md §7 (complements inside a statement), gate-examples.md D15 (the first stays).
 */
export async function pairRules(program: GateProgram, variant: Variant, policy: DisclosurePolicy, run: RunStatement): Promise<PairRules> {
  const pairs = pairsOf(program);
  if (pairs.length === 0) return () => [];
  const looked = pairs.slice(0, MAX_PAIRS);
  const counted: ReadonlyMap<string, readonly number[]>[] = [];
  for (let unit = 0; unit < program.units.length; unit++) {
    counted.push(readCounts(program, await run(pairsStatement(program, unit, variant, looked)), looked.length));
  }
  return (output, cell) => {
    const functional = program.outputs[output]?.functional;
    const own = new Set(functional === undefined ? [] : termsOf(functional));
    return pairs.flatMap((pair, index): readonly PairOutcome[] => {
      if (!own.has(pair.second)) return [];
      if (index >= MAX_PAIRS) return [{ rule: 'complement.pair', outcome: 'fail', unitType: '' }];
      return counted.map((cells, unit) => {
        const units = cells.get(cell)?.[index] ?? 0;
        const outcome = units === 0 || units >= policy.k ? 'pass' : 'fail';
        return { rule: 'complement.pair', outcome, counted: units, unitType: program.units[unit]?.type ?? '' };
      });
    });
  };
}

/** Pairs in the order of the outputs, the term of the earlier output first. */
export function pairsOf(program: GateProgram): readonly TermPair[] {
  const asked = [...new Set(program.outputs.flatMap((output) => termsOf(output.functional)))];
  return asked.flatMap((second, index) =>
    asked.slice(0, index).flatMap((first) => (isComparable(program, first, second) ? [{ first, second }] : [])),
  );
}

function isComparable(program: GateProgram, first: number, second: number): boolean {
  const [a, b] = [program.terms[first], program.terms[second]];
  if (a === undefined || b === undefined || a.kind === 'unit' || b.kind === 'unit') return false;
  if (a.kind === 'value' || b.kind === 'value')
    return a.kind === 'value' && b.kind === 'value' && a.sql === b.sql && a.piece !== null && b.piece !== null;
  return a.piece !== null && b.piece !== null && a.piece !== b.piece;
}
