import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { CellEvidence, Requirement } from '../egress/evidence.ts';
import { checkOutput, combine, type RuleOutcome } from '../egress/evidence-rules.ts';
import type { ExecutedCell } from '../egress/executed.ts';
import { type Decimal, integer } from '../kernel/decimal.ts';
import type { EvidenceProgram } from '../sandbox/sql/program.ts';
import { bucketStatement, variedStatement } from '../sandbox/sql/statements/bucket-statement.ts';
import { exactStatement, unitsStatement } from '../sandbox/sql/statements/exact-statement.ts';
import type { CellSelection } from '../sandbox/sql/statements/relation.ts';
import type { RunStatement } from './enclave-fault.ts';
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
    const below = sampleBelow(program, unit);
    const rows = await run(bucketStatement(program, unit, variant.condition, variant.selection, below === null));
    types = keyTypes(program, rows);
    const buckets = readBuckets(program, unit, rows);
    const cells = below === null ? buckets : await withSample(program, unit, variant, buckets, below, run);
    if (unit === 0) figures = cells.map(({ key, answers }) => ({ key, answers }));
    for (const cell of cells) evidence.set(cellName(cell.key), [...(evidence.get(cellName(cell.key)) ?? []), cell.evidence]);
  }
  return { figures, evidence: program.units.length === 0 ? new Map() : evidence, types };
}

/**
 * Units off the commonest value or total are at most as many among a sample of units as among all, so that a sample
 * decides for nearly every cell what would cost much over all rows. Where it does not, exact evidence does.
 * Source: gate.md §5 (value classes), §6 (one-sided evidence).
 */
async function withSample(
  program: EvidenceProgram,
  unit: number,
  variant: ConditionVariant,
  cells: readonly BucketCell[],
  below: number,
  run: RunStatement,
): Promise<readonly BucketCell[]> {
  const found = await sampledClasses(program, unit, variant, below, run);
  return cells.map((cell) => {
    const sampled = found.get(cellName(cell.key));
    const monomials = cell.evidence.monomials.map((item, index) => {
      const { rowsOff, totalsOff } = sampled?.[index] ?? { rowsOff: 0, totalsOff: 0 };
      return {
        ...item,
        rowsOff: item.rowsOff === null ? null : Math.max(item.rowsOff, rowsOff),
        totalsOff: item.totalsOff === null && totalsOff > 0 ? totalsOff : item.totalsOff,
      };
    });
    return { ...cell, evidence: { ...cell.evidence, monomials } };
  });
}

interface ClassCounts {
  readonly rowsOff: number;
  readonly totalsOff: number;
}

/** By cell, then by monomial: units (or buckets) of the sample that are off. */
async function sampledClasses(
  program: EvidenceProgram,
  unit: number,
  variant: ConditionVariant,
  below: number,
  run: RunStatement,
): Promise<ReadonlyMap<string, readonly ClassCounts[]>> {
  const { condition, selection } = variant;
  if (requirements(program).some((item) => item.unitsAreCounted)) {
    const exact = readExact(program, unit, await run(exactStatement(program, unit, condition, selection, below)));
    const counts = (cell: CellEvidence): readonly ClassCounts[] =>
      cell.monomials.map((item) => ({ rowsOff: item.rowsOff ?? 0, totalsOff: item.totalsOff ?? 0 }));
    return new Map([...exact].map(([name, cell]) => [name, counts(cell)]));
  }
  const values = program.monomials.filter((item) => item.kind === 'value').length;
  if (values === 0) return new Map();
  const varied = readCounts(program, await run(variedStatement(program, unit, condition, selection, below)), values);
  const spread = (found: readonly number[]): readonly ClassCounts[] => {
    let next = 0;
    return program.monomials.map((item) => ({ rowsOff: item.kind === 'value' ? (found[next++] ?? 0) : 0, totalsOff: 0 }));
  };
  return new Map([...varied].map(([name, found]) => [name, spread(found)]));
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
    const exact = readExact(program, unit, await run(exactStatement(program, unit, variant.condition, selection)));
    for (const cell of open) {
      const name = cellName(cell.key);
      const found = exact.get(name) ?? nobody(program, unit);
      const known = settled.get(name) ?? [];
      settled.set(
        name,
        program.units.map((_, index) => (index === unit ? found : (known[index] ?? nobody(program, index)))),
      );
    }
  }
  const units = await countUnits(program, variant, pass, run);
  return pass.figures.map((cell) => {
    const evidence = settled.get(cellName(cell.key)) ?? [];
    // A cell that some unit instance has no evidence for would pass for want of a rule that fails.
    if (evidence.length !== program.units.length) throw new MalformedAnswer('A cell has no evidence');
    const outputs = asked.map((requirement) => ({
      requirement,
      rules: evidence.flatMap((item) => checkOutput(item, requirement, policy).map((rule) => ({ ...rule, unitType: item.unitType }))),
    }));
    return { key: cell.key, answers: withUnits(program, cell, units), dropped: variant.dropped, outputs };
  });
}

/** Figures of a cell that has no row under its condition. */
export function emptyFigures(program: EvidenceProgram, key: CellFigures['key']): CellFigures {
  return { key, answers: program.monomials.map(() => ({ count: integer(0), sum: null })) };
}

/** Evidence of a cell in which no row has a unit. */
function nobody(program: EvidenceProgram, unit: number): CellEvidence {
  const none = { contributors: 0, spreads: [], nulls: 0, rowsOff: 0, totalsOff: 0, oneValue: false };
  return { basis: 'units', unitType: program.units[unit]?.type ?? '', units: 0, monomials: program.monomials.map(() => none) };
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
