import { BasisShelf } from './basis-shelf.ts';
import { type Combinations, MOST_OWN } from './combinations.ts';
import type {
  FigureDecision,
  LedgerAction,
  LedgerEntry,
  LedgerFigure,
  LedgerFinding,
  LedgerSnapshot,
  LedgerStatement,
  Place,
} from './ledger-statement.ts';
import { NearIndex } from './near-index.ts';
import { combineSketches, type Sketch } from './sketch.ts';

export interface OwnFigure {
  readonly place: Place;
  readonly figure: LedgerFigure;
  /** What the reader gets, as a sketch; null while nothing is. */
  answer: Sketch | null;
  action: LedgerAction;
  findings: LedgerFinding[];
}

/**
 * The figures of one statement while they are decided: what became of each, and those accepted so far with an index of
 * their own. In combinations they have negative numbers. Holds state for one decision; decides nothing.
 * Source: gate.md §7 (complements), ADR 0014.
 */
export class OwnFigures {
  readonly statement: LedgerStatement;
  readonly #figures: readonly (readonly (readonly OwnFigure[])[])[];
  readonly #accepted: OwnFigure[] = [];
  readonly #index = new NearIndex(256);
  /** Combinations of earlier figures, with room for those of the statement's own that join them. */
  readonly earlier: Combinations;
  readonly #giveBack: () => void;

  constructor(statement: LedgerStatement, snapshot: LedgerSnapshot, k: number) {
    this.statement = statement;
    this.#figures = statement.gates.map((gate, at) =>
      gate.cells.map((cell, number) =>
        cell.figures.map(
          (figure, term): OwnFigure => ({
            place: { gate: at, cell: number, term },
            figure,
            answer: null,
            action: { kind: 'none' },
            findings: [],
          }),
        ),
      ),
    );
    const { basis, shelf = new BasisShelf() } = snapshot;
    this.earlier = shelf.take(basis, k, Math.min(MOST_OWN, this.#figures.flat(2).length));
    this.#giveBack = () => shelf.give(basis, k, this.earlier);
  }

  /** When everything is decided. `earlier` may not be asked any more. */
  end(): void {
    this.#giveBack();
  }

  at(place: Place): OwnFigure {
    const found = this.#figures[place.gate]?.[place.cell]?.[place.term];
    if (found === undefined) throw new Error('No such figure in the statement');
    return found;
  }

  row(gate: number, cell: number): readonly OwnFigure[] {
    return this.#figures[gate]?.[cell] ?? [];
  }

  /** Notes what became of a figure. A registered one is found by those that follow. */
  settle(own: OwnFigure, action: LedgerAction, findings: readonly LedgerFinding[]): void {
    own.action = action;
    own.findings.push(...findings);
    own.answer = this.#answerOf(own);
    if (action.kind !== 'register') return;
    this.#accepted.push(own);
    this.#index.add(this.#accepted.length, own.figure.sketch);
  }

  /** Takes a figure back, and with it those that were answered with it. */
  withdraw(own: OwnFigure, finding: LedgerFinding): void {
    for (const row of this.#figures.flat())
      for (const other of row) {
        const to = other.action.kind === 'snap' && 'place' in other.action.to ? this.at(other.action.to.place) : undefined;
        if (other !== own && to !== own) continue;
        other.action = { kind: 'withhold' };
        other.findings.push(finding);
        other.answer = null;
      }
  }

  /** Accepted figures that fewer than k units may separate from the sketch, in the order they were accepted. */
  near(sketch: Sketch, k: number): readonly OwnFigure[] {
    return this.#index.near(sketch, k).flatMap((id) => this.#accepted[id - 1] ?? []);
  }

  /** Figures that are still accepted, in order, with their numbers in combinations. */
  registered(): readonly { readonly id: number; readonly own: OwnFigure }[] {
    return this.#accepted.flatMap((own, at) => (own.action.kind === 'register' ? [{ id: -at - 1, own }] : []));
  }

  /** The figure with this number in combinations, which is negative. */
  numbered(id: number): OwnFigure | undefined {
    return this.#accepted[-id - 1];
  }

  decisions(): readonly (readonly (readonly FigureDecision[])[])[] {
    return this.#figures.map((cells) => cells.map((row) => row.map(({ action, findings }) => ({ action, findings }))));
  }

  #answerOf(own: OwnFigure): Sketch | null {
    const { action } = own;
    if (action.kind === 'register') return own.figure.sketch;
    if (action.kind === 'combine')
      return combineSketches(action.parts.map((part) => ({ sketch: part.entry.sketch, coefficient: part.coefficient })));
    if (action.kind !== 'snap') return null;
    return 'entry' in action.to ? action.to.entry.sketch : this.at(action.to.place).answer;
  }
}

/** Entries of other statements by number, as far as they stand in the basis. Source: ADR 0014. */
export function basisById(snapshot: LedgerSnapshot): ReadonlyMap<number, LedgerEntry> {
  return new Map(snapshot.basis.map((entry) => [entry.id, entry]));
}
