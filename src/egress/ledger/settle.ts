import type { DisclosurePolicy } from '../../catalog/disclosure-policy.ts';
import { addDecimals, type Decimal, decimalText, integer, multiplyDecimals } from '../../kernel/decimal.ts';
import type { KeyValue } from '../executed.ts';
import { type Combination, Combinations, MOST_BASIS } from './combinations.ts';
import { weighPair } from './difference.ts';
import { OwnFigures } from './own-figures.ts';
import { rollUps, withholdSmallRests } from './roll-ups.ts';
import { differingUnits, type Sketch } from './sketch.ts';
import type { LedgerFigure, LedgerReason, LedgerRow, LedgerVerdict } from './statement.ts';

/** A figure that is in the ledger. */
export interface RegisteredFigure {
  readonly seq: number;
  /** `own`: reserved by the statement that asks, and as good as released to it. */
  readonly state: 'released' | 'reserved' | 'own';
  readonly sketch: Sketch;
  readonly total: Decimal | null;
  readonly value: KeyValue;
  readonly answered: string;
  readonly labels: readonly KeyValue[];
}

/** What a statement may ask of the ledger. */
export interface LedgerSnapshot {
  /** Figures of a namespace that may be near, earliest first: none is left out of which fewer than k units differ. */
  near(unitType: string, namespace: string, sketch: Sketch, k: number): readonly RegisteredFigure[];
  /** Counts and sums of the same columns, newest first. */
  basis(unitType: string, family: string): readonly RegisteredFigure[];
}

/** A figure that the statement adds to the ledger, for one unit type. */
export interface NewEntry {
  /** Row of the statement, or null for what a reader can add up himself. */
  readonly row: number | null;
  readonly figure: LedgerFigure;
  readonly labels: readonly KeyValue[];
  readonly gate: string;
  readonly answered: string;
}

export interface Settlement {
  /** By row and figure. */
  readonly verdicts: readonly (readonly LedgerVerdict[])[];
  readonly entries: readonly NewEntry[];
}

const KEEP: LedgerVerdict = { kind: 'keep' };
/** Figures of the statement itself that take part in combinations. */
const OWN_ROOM = 24;

/**
 * Decides which figures of a statement may stand beside everything in the ledger and beside one another. Coarser gates
 * and larger cells come first; a figure near a released one is answered by the earliest of them, near one that waits for
 * its decision it is withheld, and so it is where its difference from another is one unit's, or where a combination of
 * released figures comes near it and cannot be given instead. Then sums of parts are held against totals.
 *
 * Pure and the same for the same input. Sees differences with at most 80 figures of the same columns, combinations as
 * `Combinations` does. Source: gate.md §7, gate-examples.md D7, D19, ADR 0014.
 */
export function settleStatement(rows: readonly LedgerRow[], snapshot: LedgerSnapshot, policy: DisclosurePolicy): Settlement {
  const verdicts: LedgerVerdict[][] = rows.map((row) => row.figures.map(() => KEEP));
  const own = new OwnFigures();
  const bases = new Bases(snapshot, policy.k);
  for (const index of inOrder(rows)) {
    const row = rows[index];
    if (row === undefined) continue;
    for (const [at, figure] of row.figures.entries()) {
      const twin = row.figures.findIndex((other, before) => before < at && isSame(other, figure));
      const verdict = twin >= 0 ? (verdicts[index]?.[twin] ?? KEEP) : settleFigure(figure, own, bases, snapshot, policy);
      (verdicts[index] ?? [])[at] = verdict;
      if (verdict.kind !== 'keep' || twin >= 0) continue;
      own.add(figure, row, index);
      bases.add(figure, own.lastId);
    }
  }
  withholdSmallRests(rows, verdicts, snapshot, policy);
  const kept = rows.flatMap((row, index) =>
    row.figures.flatMap((figure, at): readonly NewEntry[] => {
      const isTwin = row.figures.some((other, before) => before < at && isSame(other, figure));
      if (verdicts[index]?.[at]?.kind !== 'keep' || isTwin) return [];
      return [{ row: index, figure, labels: row.labels, gate: row.gate, answered: row.answered }];
    }),
  );
  return { verdicts, entries: [...kept, ...rollUps(rows, verdicts)] };
}

/** Fewer keys first, then more units, then by labels. */
function inOrder(rows: readonly LedgerRow[]): readonly number[] {
  const units = rows.map((row) => Math.max(0, ...row.figures.map((figure) => figure.units)));
  const label = rows.map((row) => JSON.stringify([row.gate, row.labels]));
  return rows
    .map((_, index) => index)
    .sort((a, b) => {
      const keys = (rows[a]?.keys.length ?? 0) - (rows[b]?.keys.length ?? 0);
      if (keys !== 0) return keys;
      const size = (units[b] ?? 0) - (units[a] ?? 0);
      if (size !== 0) return size;
      return (label[a] ?? '') < (label[b] ?? '') ? -1 : 1;
    });
}

/** Whether two figures of one row tell the same: the same totals of the same units. */
function isSame(a: LedgerFigure, b: LedgerFigure): boolean {
  if (a.namespace !== b.namespace || a.sketches.length !== b.sketches.length) return false;
  return a.sketches.every(({ sketch, unitType }, index) => {
    const other = b.sketches[index];
    return other !== undefined && other.unitType === unitType && differingUnits(sketch, other.sketch) === 0;
  });
}

function settleFigure(
  figure: LedgerFigure,
  own: OwnFigures,
  bases: Bases,
  snapshot: LedgerSnapshot,
  policy: DisclosurePolicy,
): LedgerVerdict {
  const { k } = policy;
  const near = figure.sketches.flatMap(({ unitType, sketch }) =>
    [...snapshot.near(unitType, figure.namespace, sketch, k), ...own.near(unitType, figure.namespace, sketch, k)].filter(
      (other) => differingUnits(other.sketch, sketch) < k,
    ),
  );
  const released = near.filter((item) => item.state !== 'reserved').sort((a, b) => a.seq - b.seq)[0];
  if (released !== undefined) return answeredBy(released, figure, near.length);
  if (near.length > 0) return withheld('ledger.reserved', 'near a figure that waits for its decision', null);
  if (figure.namespace !== 'linear') return KEEP;
  for (const { unitType, sketch } of figure.sketches) {
    const basis = bases.of(unitType, figure.family);
    const dominated = basis.figures.find((other) => weighPair(sketch, other.sketch, policy, MIXED).verdict === 'dominated');
    if (dominated !== undefined)
      return withheld('ledger.difference', `its difference from ${nameOf(dominated)} is mostly that of one or two units`, null);
    const [combination] = basis.combinations.find(sketch, k);
    if (combination !== undefined) {
      const verdict = byCombination(combination, basis.byId);
      if (verdict.kind !== 'keep') return verdict;
    }
  }
  return KEEP;
}

const MIXED = { isMagnitude: true, signs: 'mixed' } as const;

function nameOf(figure: RegisteredFigure): string {
  return `entry ${figure.seq} (${figure.labels.length === 0 ? 'all' : figure.labels.join(' · ')})`;
}

function withheld(rule: LedgerReason['rule'], text: string, counted: number | null): LedgerVerdict {
  return { kind: 'withhold', reason: { rule, text, counted } };
}

function answeredBy(earliest: RegisteredFigure, figure: LedgerFigure, neighbours: number): LedgerVerdict {
  const { total, value, answered, labels } = earliest;
  const counted = Math.min(...figure.sketches.map(({ sketch }) => differingUnits(sketch, earliest.sketch)));
  const text = `answered by ${nameOf(earliest)}, from which at least ${counted} units differ; ${neighbours} neighbours`;
  return { kind: 'replace', total, value, answered, labels, reason: { rule: 'ledger.near', text, counted } };
}

/**
 * What a combination leads to: among figures of the statement itself, nothing where nobody is off (the parts add up),
 * otherwise the figure is withheld; among earlier ones it is answered as their combination, nobody or somebody off.
 */
function byCombination(combination: Combination, byId: ReadonlyMap<number, RegisteredFigure>): LedgerVerdict {
  const parts = combination.parts.map(({ id, coefficient }) => ({ figure: byId.get(id), coefficient }));
  const text = parts.map(({ figure, coefficient }) => `${coefficient?.numerator ?? '?'} × entry ${figure?.seq ?? '?'}`).join(' + ');
  const counted = combination.units;
  if (parts.some(({ figure }) => figure?.state === 'own'))
    return counted === 0
      ? KEEP
      : withheld('ledger.complement', `with others of this statement it leaves fewer than k units: ${text}`, counted);
  if (parts.some(({ figure }) => figure?.state === 'reserved'))
    return withheld('ledger.reserved', `near a combination of figures that wait for their decision: ${text}`, counted);
  let total: Decimal = integer(0);
  for (const { figure, coefficient } of parts) {
    const isWhole = coefficient !== undefined && coefficient.denominator === 1;
    if (figure?.total == null || !isWhole)
      return withheld('ledger.combination', `near a combination of released figures: ${text}`, counted);
    total = addDecimals(total, multiplyDecimals(integer(coefficient.numerator), figure.total));
  }
  const answered = `${parts.map(({ figure, coefficient }) => `${coefficient?.numerator} * (${figure?.answered ?? ''})`).join(' + ')} = ${decimalText(total)}`;
  return {
    kind: 'replace',
    total,
    value: null,
    answered,
    labels: [],
    reason: { rule: 'ledger.combination', text: `answered as ${text}, from which at least ${counted} units differ`, counted },
  };
}

interface Basis {
  readonly figures: readonly RegisteredFigure[];
  readonly combinations: Combinations;
  readonly byId: Map<number, RegisteredFigure>;
}

/** The bases of a statement, each prepared once. */
class Bases {
  readonly #snapshot: LedgerSnapshot;
  readonly #k: number;
  readonly #known = new Map<string, { figures: RegisteredFigure[]; combinations: Combinations; byId: Map<number, RegisteredFigure> }>();

  constructor(snapshot: LedgerSnapshot, k: number) {
    this.#snapshot = snapshot;
    this.#k = k;
  }

  of(unitType: string, family: string): Basis {
    return this.#of(unitType, family);
  }

  #of(unitType: string, family: string): { figures: RegisteredFigure[]; combinations: Combinations; byId: Map<number, RegisteredFigure> } {
    const name = JSON.stringify([unitType, family]);
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const figures = this.#snapshot.basis(unitType, family).slice(0, MOST_BASIS - OWN_ROOM);
    const made = {
      figures: [...figures],
      combinations: new Combinations(
        figures.map(({ seq, sketch }) => ({ id: seq, sketch })),
        this.#k,
        OWN_ROOM,
      ),
      byId: new Map(figures.map((figure) => [figure.seq, figure])),
    };
    this.#known.set(name, made);
    return made;
  }

  /** Takes a figure of the statement that is kept. */
  add(figure: LedgerFigure, id: number): void {
    if (figure.namespace !== 'linear') return;
    for (const { unitType, sketch } of figure.sketches) {
      const basis = this.#of(unitType, figure.family);
      if (basis.combinations.isFull) continue;
      const own: RegisteredFigure = { seq: id, state: 'own', sketch, total: figure.total, value: figure.value, answered: '', labels: [] };
      basis.combinations.add({ id, sketch });
      basis.byId.set(id, own);
      basis.figures.push(own);
    }
  }
}
