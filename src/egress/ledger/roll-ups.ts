import { dominanceBeside, weighPair } from './difference.ts';
import { isDominatedBeside, type Judging, nearEntries, REACH } from './judge-figure.ts';
import { labelText } from './labels.ts';
import type { LedgerFinding, LedgerGate } from './ledger-statement.ts';
import type { OwnFigure } from './own-figures.ts';
import { combineSketches, differingUnits, type Sketch } from './sketch.ts';

/** Groupings of a gate that are added up: all subsets of so many keys, beyond that the whole and each key alone. */
const MOST_KEYS = 6;

/**
 * Sums that the reader can make of the cells of a statement, beside earlier figures and beside totals of the statement:
 * what a total holds that the sum does not must be nobody's or rest on k units and not be dominated. Otherwise the next
 * part is withheld, fewest units first, ties by label, until it does. Figures of earlier statements count as parts but
 * cannot be taken back. Repeats until nothing changes, and says whether anything did.
 *
 * Adds up what is *answered*, so that what a snap takes from a cell counts as not seen (D2). Does not add up arbitrary
 * sets of cells: those are combinations (`settleOwnCombinations`).
 * Source: gate.md §7 (complements), gate-examples.md D2, D7, D19.
 */
export function settleRollUps(judging: Judging): boolean {
  let hasChanged = false;
  for (let changed = true; changed; ) {
    changed = false;
    for (const [at, gate] of judging.own.statement.gates.entries())
      for (const keys of subsetsOf(gate.keys.length))
        for (const group of groupsOf(gate, keys)) {
          if (group.length < 2) continue;
          for (const term of gate.terms.keys()) if (settleSum({ at, gate, keys, group, term }, judging)) changed = true;
        }
    hasChanged ||= changed;
  }
  return hasChanged;
}

interface Sum {
  readonly at: number;
  readonly gate: LedgerGate;
  readonly keys: readonly number[];
  /** Numbers of the cells that are added up. */
  readonly group: readonly number[];
  readonly term: number;
}

function settleSum(sum: Sum, judging: Judging): boolean {
  let changed = false;
  for (;;) {
    const parts = sum.group.map((cell) => judging.own.at({ gate: sum.at, cell, term: sum.term }));
    const answered = parts.filter((part) => part.answer !== null);
    if (answered.length < 2) return changed;
    const total = combineSketches(answered.flatMap(({ answer }) => (answer === null ? [] : [{ sketch: answer, coefficient: 1 }])));
    const finding = besideEarlier(total, sum, judging) ?? besideOwn(total, sum, judging);
    const next = finding === undefined ? undefined : nextPart(answered, sum.gate);
    if (finding === undefined || next === undefined) return changed;
    judging.own.withdraw(next, finding);
    changed = true;
  }
}

function besideEarlier(total: Sketch, sum: Sum, judging: Judging): LedgerFinding | undefined {
  const isMagnitude = sum.gate.terms[sum.term]?.isMagnitude ?? true;
  for (const entry of nearEntries(total, judging)) {
    const units = differingUnits(total, entry.sketch);
    if (units > 0) return { rule: 'ledger.part', entries: [entry.id], units };
  }
  const isDominated = dominanceBeside(total, judging.policy);
  for (const entry of judging.snapshot.basis)
    if (entry.statement !== judging.own.statement.id && isDominated(entry.sketch, isMagnitude || entry.isMagnitude))
      return { rule: 'ledger.part', entries: [entry.id], units: null };
  for (const found of judging.own.earlier.find(total, Math.max(REACH, judging.policy.k))) {
    const entries = found.parts.map((part) => part.id);
    if (found.units > 0 && found.units < judging.policy.k) return { rule: 'ledger.part', entries, units: found.units };
    if (found.units > 0 && isDominatedBeside(total, found, isMagnitude, judging))
      return { rule: 'ledger.part', entries, units: found.units };
  }
  return undefined;
}

/** Beside totals of the statement: those of its labels, and whatever else of other gates comes near. */
function besideOwn(total: Sketch, sum: Sum, judging: Judging): LedgerFinding | undefined {
  const { own, policy } = judging;
  for (const near of own.near(total, policy.k)) {
    const units = differingUnits(total, near.figure.sketch);
    if (near.place.gate !== sum.at && near.answer !== null && units > 0 && units < policy.k)
      return { rule: 'ledger.part', entries: [], units };
  }
  const term = sum.gate.terms[sum.term];
  for (const other of totalsOf(sum, judging)) {
    const units = differingUnits(total, other);
    const isMagnitude = term?.isMagnitude ?? true;
    const signs = term?.isOneSigned === true ? 'one' : 'mixed';
    if (units > 0 && weighPair(other, total, policy, { isMagnitude, signs }).verdict !== 'far')
      return { rule: 'ledger.part', entries: [], units };
  }
  return undefined;
}

/** What other gates over the same rows answer for the same term under the same labels. */
function* totalsOf(sum: Sum, judging: Judging): Generator<Sketch> {
  const { gates } = judging.own.statement;
  const ids = sum.keys.map((at) => sum.gate.keys[at] ?? '');
  const [cell] = sum.group.flatMap((number) => sum.gate.cells[number] ?? []);
  const name = sum.gate.terms[sum.term]?.name;
  for (const [at, gate] of gates.entries()) {
    if (at === sum.at || gate.rowsId !== sum.gate.rowsId || gate.keys.length !== ids.length || !ids.every((id) => gate.keys.includes(id)))
      continue;
    const wanted = labelText(ids.map((id) => cell?.key[sum.gate.keys.indexOf(id)] ?? null));
    for (const [number, other] of gate.cells.entries()) {
      if (labelText(ids.map((id) => other.key[gate.keys.indexOf(id)] ?? null)) !== wanted) continue;
      for (const [term, { name: its }] of gate.terms.entries()) {
        const answer = its === name ? judging.own.at({ gate: at, cell: number, term }).answer : null;
        if (answer !== null) yield answer;
      }
    }
  }
}

/** The part with the fewest units that this statement would add; ties by label. */
function nextPart(answered: readonly OwnFigure[], gate: LedgerGate): OwnFigure | undefined {
  const label = (part: OwnFigure): string => labelText(gate.cells[part.place.cell]?.key ?? []);
  return answered
    .filter((part) => part.action.kind === 'register')
    .sort((a, b) => a.figure.units - b.figure.units || (label(a) < label(b) ? -1 : 1))[0];
}

function groupsOf(gate: LedgerGate, keys: readonly number[]): readonly (readonly number[])[] {
  const groups = new Map<string, number[]>();
  for (const [number, cell] of gate.cells.entries()) {
    const name = labelText(keys.map((at) => cell.key[at] ?? null));
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [number]);
    else group.push(number);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, group]) => group);
}

/** Proper subsets of the keys, the empty one first. */
function subsetsOf(keys: number): readonly (readonly number[])[] {
  const all = Array.from({ length: keys }, (_, at) => at);
  if (keys > MOST_KEYS) return [[], ...all.map((at) => [at])];
  return Array.from({ length: 2 ** keys - 1 }, (_, bits) => all.filter((at) => ((bits >>> at) & 1) === 1)).sort(
    (a, b) => a.length - b.length,
  );
}
