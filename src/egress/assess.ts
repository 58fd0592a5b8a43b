import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { type Stage, seal } from '../kernel/stage.ts';
import type { AssessedCell, AssessedGate, CellFinding } from './assessed.ts';
import { withholdComplements } from './complements.ts';
import type { Executed, ExecutedCell, GateShape, OutputOutcome } from './executed.ts';
import { auditIntervals } from './interval-audit.ts';
import type { LinearSolver } from './ledger/feasibility.ts';

export type Assessed = Stage<'assessed', AssessedGate>;

/**
 * Turns the outcomes of the rules into findings per cell, and adds the rules that look at several cells or columns
 * together. Whatever is still undecided here is withheld.
 *
 * Does not compare with results of other statements: that is the ledger's part.
 *
 * @param executed  gates that are decided together: those of one SELECT.
 * @param earlier   gates of the same statement that are decided already.
 * @param solver    for intervals of withheld cells; without one, single totals alone are looked at.
 * Source: gate.md §5 (functionals), §6 (class disclosure), §9.
 */
export function assess(
  executed: readonly Executed[],
  earlier: readonly Assessed[],
  policy: DisclosurePolicy,
  solver: LinearSolver | null = null,
): readonly Assessed[] {
  const own = executed.map((gate) => assessGate(gate, policy));
  const apart = withholdComplements(earlier, own, policy);
  // What goes for an interval may leave another total with too little unseen.
  const audited = solver === null || apart.length < 2 ? apart : withholdComplements(earlier, auditIntervals(apart, policy, solver), policy);
  return audited.map((gate) => seal<'assessed', AssessedGate>(gate));
}

function assessGate(executed: Executed, policy: DisclosurePolicy): AssessedGate {
  const disclosed = classDisclosure(executed, policy.k);
  const most = mostFunctionals(executed.shape);
  const cells = executed.cells.map((cell, index): AssessedCell => {
    const found = cell.outputs.map(ownFindings);
    const own = disclosed.has(index) ? found.map((findings) => [...findings, DISCLOSED]) : found;
    const isCapped = most > functionalsAllowed(cell, policy);
    return { ...cell, withheld: isCapped ? capFunctionals(executed.shape, cell, own, policy) : own };
  });
  return { shape: executed.shape, cells };
}

const DISCLOSED: CellFinding = { rule: 'class-disclosure', unitType: null, counted: null };
const NOTHING_FOUND: readonly CellFinding[] = [];

function ownFindings({ rules }: OutputOutcome): readonly CellFinding[] {
  if (rules.every((rule) => rule.outcome === 'pass')) return NOTHING_FOUND;
  return rules
    .filter((rule) => rule.outcome !== 'pass')
    .map((rule) => ({ rule: rule.rule, unitType: rule.unitType === '' ? null : rule.unitType, counted: rule.counted ?? null }));
}

/**
 * Cells whose sensitive label everybody has but fewer than k units, among the rows that share all other labels: a second
 * label of nobody and one of nine give the same answer. Where units have several rows, those of several labels may be
 * the same units.
 */
function classDisclosure({ shape, cells }: Executed, k: number): ReadonlySet<number> {
  const found = new Set<number>();
  const standing = [...cells.entries()].filter(([, cell]) => !cell.isEmpty);
  for (const [position, key] of shape.keys.entries()) {
    if (!key.sensitive) continue;
    const groups = Map.groupBy(standing, ([, cell]) => JSON.stringify(cell.key.filter((_, at) => at !== position)));
    for (const group of groups.values()) {
      const [first = 0, second = 0] = group.map(([, cell]) => cell.units).sort((a, b) => b - a);
      const all = group.reduce((sum, [, cell]) => sum + cell.units, 0);
      for (const [index, { units }] of group) {
        const beside = shape.oneRow ? all - units : units === first ? second : first;
        if (beside < k) found.add(index);
      }
    }
  }
  return found;
}

const MOST_FUNCTIONALS = 3;

function functionalsAllowed({ units }: ExecutedCell, { k }: DisclosurePolicy): number {
  return Math.min(MOST_FUNCTIONALS, Math.max(1, Math.floor(units / k)));
}

/** Functionals of any family that all columns together ask for: a cell that allows as many caps none. */
function mostFunctionals({ outputs }: GateShape): number {
  const found = Map.groupBy(
    outputs.flatMap((output) => output.families),
    ({ family }) => family,
  );
  return Math.max(0, ...[...found.values()].map((items) => new Set(items.map(({ functional }) => functional)).size));
}

/**
 * Over one row set and family of columns at most max(1, ⌊units/k⌋) functionals, and never more than three: the first
 * ones stay, those of lower degree before others. Source: gate.md §5 (functionals), gate-examples.md D15.
 */
function capFunctionals(
  shape: GateShape,
  cell: ExecutedCell,
  withheld: readonly (readonly CellFinding[])[],
  policy: DisclosurePolicy,
): readonly (readonly CellFinding[])[] {
  const most = functionalsAllowed(cell, policy);
  const used = new Map<string, Set<string>>();
  const capped = new Set<number>();
  const inOrder = shape.outputs
    .map((output, index) => ({ output, index }))
    .sort((a, b) => degree(a.output) - degree(b.output) || a.index - b.index);
  for (const { output, index } of inOrder) {
    if ((withheld[index] ?? []).length > 0) continue;
    const isOver = output.families.some(({ family, functional }) => {
      const known = used.get(family) ?? new Set();
      return !known.has(functional) && known.size >= most;
    });
    if (isOver) capped.add(index);
    else for (const { family, functional } of output.families) used.set(family, (used.get(family) ?? new Set()).add(functional));
  }
  return withheld.map((findings, index) =>
    capped.has(index) ? [...findings, { rule: 'functionals.cap', unitType: null, counted: cell.units }] : findings,
  );
}

function degree(output: GateShape['outputs'][number]): number {
  return output.families.some((item) => item.functional !== 'linear') ? 1 : 0;
}
