import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { CellEvidence, Requirement } from '../egress/evidence.ts';
import { checkOutput, combine, type RuleOutcome } from '../egress/evidence-rules.ts';
import type { ExecutedCell } from '../egress/executed.ts';
import { type Decimal, integer } from '../kernel/decimal.ts';
import type { EvidenceProgram } from '../sandbox/sql/program.ts';
import { bucketStatement } from '../sandbox/sql/statements/bucket-statement.ts';
import { exactStatement, unitsStatement } from '../sandbox/sql/statements/exact-statement.ts';
import type { CellSelection } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
import { type BucketCell, type CellFigures, cellName, keyTypes, readBuckets, readCounts, readExact } from './read-evidence.ts';
import type { ConditionVariant } from './settle-operands.ts';
import { sampleBelow } from './unit-sample.ts';

/** The figures and bucket evidence of one pass, for all unit instances. */
export interface BucketPass {
  readonly figures: readonly CellFigures[];
  readonly evidence: ReadonlyMap<string, readonly CellEvidence[]>;
  readonly types: readonly string[];
}

/** What every aggregate of the query asks of its monomial, in the order of outputs. */
export function requirements(program: EvidenceProgram): readonly Requirement[] {
  const unitsAreCounted = program.monomials.some((item) => item.kind === 'unit' && program.units[item.unit]?.oneRow !== true);
  return program.outputs.flatMap((output) => {
    if (output.kind === 'key') return [];
    const item = program.monomials[output.monomial];
    if (item === undefined) throw new Error('An output without a monomial');
    const sensitive = item.kind === 'value' && item.sensitive;
    return [
      {
        monomial: output.monomial,
        kind: item.kind,
        functional: output.functional,
        sensitive,
        unitsAreCounted: unitsAreCounted && item.kind !== 'unit',
      },
    ];
  });
}

/** One pass over the rows: figures, and bucket evidence for every unit instance. */
export async function bucketPass(program: EvidenceProgram, variant: ConditionVariant, run: RunStatement): Promise<BucketPass> {
  const evidence = new Map<string, CellEvidence[]>();
  let figures: readonly CellFigures[] = [];
  let types: readonly string[] = [];
  for (let unit = 0; unit < Math.max(1, program.units.length); unit++) {
    const rows = await run(bucketStatement(program, unit, variant.condition, variant.selection));
    types = keyTypes(program, rows);
    const cells = await withSampledTotals(program, unit, variant, readBuckets(program, unit, rows), run);
    if (unit === 0) figures = cells.map(({ key, answers }) => ({ key, answers }));
    for (const cell of cells) evidence.set(cellName(cell.key), [...(evidence.get(cellName(cell.key)) ?? []), cell.evidence]);
  }
  return { figures, evidence: program.units.length === 0 ? new Map() : evidence, types };
}

/**
 * Units whose total is not the commonest one cannot be seen in buckets. Among a sample of units there are at most as
 * many as among all, so a sample decides for nearly every cell what would cost a pass over all units.
 * Source: gate.md §5 (value classes), §6 (one-sided evidence).
 */
async function withSampledTotals(
  program: EvidenceProgram,
  unit: number,
  variant: ConditionVariant,
  cells: readonly BucketCell[],
  run: RunStatement,
): Promise<readonly BucketCell[]> {
  const below = sampleBelow(program, unit);
  if (below === null || !requirements(program).some((item) => item.unitsAreCounted)) return cells;
  const sample = readExact(program, unit, await run(exactStatement(program, unit, variant.condition, variant.selection, below)));
  return cells.map((cell) => {
    const found = sample.get(cellName(cell.key))?.monomials;
    const monomials = cell.evidence.monomials.map((item, index) => {
      const totalsOff = found?.[index]?.totalsOff ?? 0;
      return item.totalsOff === null && totalsOff > 0 ? { ...item, totalsOff } : item;
    });
    return { ...cell, evidence: { ...cell.evidence, monomials } };
  });
}

/**
 * Judges every cell of a pass: by buckets where they decide, otherwise by exact evidence for those cells only.
 * Source: gate.md §6.
 */
export async function judge(
  program: EvidenceProgram,
  variant: ConditionVariant,
  pass: BucketPass,
  policy: DisclosurePolicy,
  run: RunStatement,
): Promise<readonly ExecutedCell[]> {
  const asked = requirements(program);
  const check = (evidence: CellEvidence): readonly (readonly RuleOutcome[])[] =>
    asked.map((requirement) => checkOutput(evidence, requirement, policy));
  const settled = new Map(pass.evidence);
  for (let unit = 0; unit < program.units.length; unit++) {
    const open = pass.figures.filter((cell) => {
      const evidence = pass.evidence.get(cellName(cell.key))?.[unit];
      return evidence === undefined || check(evidence).some((rules) => combine(rules) === 'undecided');
    });
    if (open.length === 0) continue;
    const selection: CellSelection = { cells: open.map((cell) => cell.key), types: pass.types };
    const exact = await exactEvidence(program, unit, variant, selection, pass, run);
    for (const cell of open) {
      const name = cellName(cell.key);
      const found = exact.get(name) ?? nobody(program, unit);
      settled.set(
        name,
        (settled.get(name) ?? []).map((item, index) => (index === unit ? found : item)),
      );
    }
  }
  const units = await countUnits(program, variant, pass, run);
  return pass.figures.map((cell) => {
    const evidence = settled.get(cellName(cell.key)) ?? [];
    const outputs = asked.map((requirement) => ({
      requirement,
      rules: evidence.flatMap((item) => checkOutput(item, requirement, policy).map((rule) => ({ ...rule, unitType: item.unitType }))),
    }));
    return { key: cell.key, answers: withUnits(program, cell, units), dropped: variant.dropped, outputs };
  });
}

/** Evidence of a cell in which no row has a unit. */
function nobody(program: EvidenceProgram, unit: number): CellEvidence {
  const none = { contributors: 0, spreads: [], nulls: 0, rowsOff: 0, totalsOff: 0, oneValue: false };
  return { basis: 'units', unitType: program.units[unit]?.type ?? '', units: 0, monomials: program.monomials.map(() => none) };
}

async function exactEvidence(
  program: EvidenceProgram,
  unit: number,
  variant: ConditionVariant,
  selection: CellSelection,
  pass: BucketPass,
  run: RunStatement,
): Promise<ReadonlyMap<string, CellEvidence>> {
  const exact = readExact(program, unit, await run(exactStatement(program, unit, variant.condition, selection)));
  const withOneValue = (name: string, cell: CellEvidence): CellEvidence => {
    const known = pass.evidence.get(name)?.[unit]?.monomials;
    return { ...cell, monomials: cell.monomials.map((item, index) => ({ ...item, oneValue: known?.[index]?.oneValue === true })) };
  };
  return new Map([...exact].map(([name, cell]) => [name, withOneValue(name, cell)]));
}

/** Exact numbers of units for `count(DISTINCT unit)`: the row count where a unit has one row, else one statement. */
async function countUnits(
  program: EvidenceProgram,
  variant: ConditionVariant,
  pass: BucketPass,
  run: RunStatement,
): Promise<ReadonlyMap<string, ReadonlyMap<number, Decimal>>> {
  const counts = new Map<string, Map<number, Decimal>>();
  for (const [index, monomial] of program.monomials.entries()) {
    if (monomial.kind !== 'unit') continue;
    const exact = readCounts(program, await run(unitsStatement(program, monomial.unit, variant.condition, variant.selection)), 1);
    for (const cell of pass.figures) {
      const name = cellName(cell.key);
      counts.set(name, (counts.get(name) ?? new Map()).set(index, integer(exact.get(name)?.[0] ?? 0)));
    }
  }
  return counts;
}

function withUnits(
  program: EvidenceProgram,
  cell: CellFigures,
  units: ReadonlyMap<string, ReadonlyMap<number, Decimal>>,
): CellFigures['answers'] {
  const counted = units.get(cellName(cell.key));
  return cell.answers.map((answer, index) =>
    program.monomials[index]?.kind === 'unit' ? { count: counted?.get(index) ?? integer(0), sum: null } : answer,
  );
}
