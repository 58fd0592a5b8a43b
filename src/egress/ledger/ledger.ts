import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { FamilySpan } from './family-span.ts';
import { type Judging, judgeFigure, nearEntries, snapTo, verdict } from './judge-figure.ts';
import { labelText } from './labels.ts';
import type { LedgerDecision, LedgerEntry, LedgerOptions, LedgerSnapshot, LedgerStatement } from './ledger-statement.ts';
import { settleOwnCombinations } from './own-combinations.ts';
import { basisById, type OwnFigure, OwnFigures } from './own-figures.ts';
import { settleRollUps } from './roll-ups.ts';

/**
 * Decides on every figure of a statement beside what was released or reserved before: answered with an earlier figure,
 * held, withheld, answered as a combination, or registered. Coarser gates come first, then larger cells, ties by label.
 * Then the sums that the reader can make of the cells are looked at, and parts withheld.
 *
 * The same statement and snapshot give the same decision, whatever the order of cells and whatever is on the shelf. Reads no state of the store
 * and writes none: reserving what is registered is the caller's part, in one transaction with the look-ups.
 * Findings are for operators only. Source: gate.md §7, gate-examples.md D4, D7, D19; ADR 0014.
 */
export function decideByLedger(
  statement: LedgerStatement,
  snapshot: LedgerSnapshot,
  policy: DisclosurePolicy,
  options: LedgerOptions,
): LedgerDecision {
  const others: LedgerSnapshot = {
    near: (sketch, k) => snapshot.near(sketch, k),
    basis: snapshot.basis.filter((entry) => entry.statement !== statement.id),
    ...(snapshot.shelf === undefined ? {} : { shelf: snapshot.shelf }),
    span: snapshot.span.filter((entry) => entry.statement !== statement.id),
  };
  const judging: Judging = { snapshot: others, basis: basisById(others), own: new OwnFigures(statement, others, policy.k), policy };
  const containing = containingCells(statement);
  for (const { gate, cell } of inOrder(statement)) {
    const row = judging.own.row(gate, cell).filter((own) => own.figure.isReleased);
    const bound = options.rows === 'whole' ? boundRow(row, judging) : undefined;
    for (const own of row) {
      const judged = bound === undefined ? judge(own, containing, judging) : bindTo(own, bound, judging);
      judging.own.settle(own, judged.action, judged.findings);
    }
  }
  do settleRollUps(judging);
  while (settleOwnCombinations(judging));
  if (settleSpan(judging)) settleRollUps(judging);
  judging.own.end();
  return judging.own.decisions();
}

/** Takes back what would complete what all figures of the family together tell of fewer than k units. Says whether anything was. */
function settleSpan({ own: figures, snapshot, policy }: Judging): boolean {
  const registered = figures.registered();
  const earlier = snapshot.span.map((entry) => entry.sketch);
  const { gates } = figures.statement;
  const isOneTable = gates.length === 1 && gates[0]?.terms.length === 1;
  const span = new FamilySpan(earlier, policy.k, { figures: registered.length, isOneTable });
  let changed = false;
  for (const { own } of registered) {
    if (own.action.kind !== 'register') continue; // answered with one that was taken back
    const found = span.take(own.figure.sketch);
    if (found === undefined) continue;
    figures.withdraw(own, { rule: 'ledger.combination', entries: [], units: found.units });
    changed = true;
  }
  return changed;
}

function judge(own: OwnFigure, containing: ContainingCells, judging: Judging): ReturnType<typeof judgeFigure> {
  const { gates } = judging.own.statement;
  const term = gates[own.place.gate]?.terms[own.place.term];
  const coarser = containing(own.place.gate, own.place.cell).flatMap(({ gate, cell }) =>
    judging.own
      .row(gate, cell)
      .filter((other) => gates[gate]?.terms[other.place.term]?.name === term?.name && other.action.kind === 'register'),
  );
  return judgeFigure(own, coarser, term?.isMagnitude ?? true, judging);
}

/** What a row is bound to because one of its figures is near: a row released before, or the wait for a reservation. */
type Bound = { readonly row: string } | { readonly wait: readonly number[] };

/**
 * The earliest row that holds a near figure for every term, otherwise the earliest that holds one for any; a wait where only
 * reserved figures are near. Undefined where none is.
 */
function boundRow(row: readonly OwnFigure[], judging: Judging): Bound | undefined {
  const near = row.filter((own) => own.figure.units >= judging.policy.k).map((own) => nearEntries(own.figure.sketch, judging));
  const released = near.map((entries) => entries.filter((entry) => entry.state === 'released'));
  const rows = released
    .flat()
    .sort((a, b) => a.id - b.id)
    .map((entry) => entry.row);
  const complete = rows.find((name) => released.every((entries) => entries.some((entry) => entry.row === name)));
  const [first] = rows;
  const chosen = complete ?? first;
  if (chosen !== undefined) return { row: chosen };
  const reserved = near.flat();
  return reserved.length === 0 ? undefined : { wait: reserved.map((entry) => entry.id) };
}

function bindTo(own: OwnFigure, bound: Bound, judging: Judging): ReturnType<typeof judgeFigure> {
  if (own.figure.units < judging.policy.k) return verdict('withhold', 'ledger.small', [], own.figure.units);
  if ('wait' in bound) return verdict('hold', 'ledger.reserved', bound.wait, null);
  const inRow = (entry: LedgerEntry): boolean => entry.row === bound.row && entry.state === 'released';
  const entry = nearEntries(own.figure.sketch, judging).find(inRow);
  return entry === undefined ? verdict('withhold', 'ledger.row', [], null) : snapTo(entry, own.figure.sketch);
}

/** Coarser gates first, then larger cells, ties by gate and label. */
function inOrder(statement: LedgerStatement): readonly { readonly gate: number; readonly cell: number }[] {
  return statement.gates
    .flatMap((gate, at) =>
      gate.cells.map((item, cell) => ({
        gate: at,
        cell,
        keys: gate.keys.length,
        units: item.units,
        label: labelText([...gate.keys, ...item.key]),
      })),
    )
    .sort((a, b) => a.keys - b.keys || b.units - a.units || (a.label < b.label ? -1 : a.label > b.label ? 1 : a.gate - b.gate));
}

type ContainingCells = (gate: number, cell: number) => readonly { readonly gate: number; readonly cell: number }[];

/** Finds the cells of coarser gates over the same rows that contain a cell: those with some of its keys and their labels. */
function containingCells(statement: LedgerStatement): ContainingCells {
  const byLabels = statement.gates.map((gate) => {
    const cells = new Map<string, number>();
    for (const [number, cell] of gate.cells.entries()) cells.set(labelText(cell.key), number);
    return cells;
  });
  return (at, cell) => {
    const gate = statement.gates[at];
    const key = gate?.cells[cell]?.key ?? [];
    return statement.gates.flatMap((other, number) => {
      if (gate === undefined || other.rowsId !== gate.rowsId || other.keys.length >= gate.keys.length) return [];
      const places = other.keys.map((id) => gate.keys.indexOf(id));
      if (places.includes(-1)) return [];
      const found = byLabels[number]?.get(labelText(places.map((place) => key[place] ?? null)));
      return found === undefined ? [] : [{ gate: number, cell: found }];
    });
  };
}
