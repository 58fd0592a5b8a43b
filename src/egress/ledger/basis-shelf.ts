import { Combinations, MOST_OWN } from './combinations.ts';
import { LANES } from './sketch.ts';
import type { BasisFigure } from './small-reading.ts';

/** Bases that are kept, of about 11 MiB each where they are full. */
const MOST_KEPT = 16;
/** Smaller ones are prepared in no time. */
const LEAST_FIGURES = 8;

interface Kept {
  readonly figures: readonly BasisFigure[];
  readonly k: number;
  readonly combinations: Combinations;
}

/**
 * Prepared bases of one dataset's ledger: one statement after the other is decided beside the same newest figures of its
 * families, and preparing them costs more than asking. A basis that is taken is nobody else's until it is given back. What is found
 * beside it is the same as beside a new one. Source: gate.md §7 (combinations), ADR 0014.
 */
export class BasisShelf {
  #kept: Kept[] = [];

  /** The combinations of these figures, without any that were added, and with room for so many more at least. */
  take(figures: readonly BasisFigure[], k: number, room: number): Combinations {
    if (figures.length < LEAST_FIGURES) return new Combinations(figures, k, room);
    const at = this.#kept.findIndex((kept) => kept.k === k && isSameBasis(kept.figures, figures));
    const found = this.#kept[at];
    if (found === undefined) return new Combinations(figures, k, Math.max(room, MOST_OWN));
    this.#kept.splice(at, 1);
    found.combinations.forget();
    return found.combinations;
  }

  /** Puts combinations back with the figures they are of. The longest unused ones go. */
  give(figures: readonly BasisFigure[], k: number, combinations: Combinations): void {
    if (figures.length < LEAST_FIGURES) return;
    this.#kept = [...this.#kept.filter((kept) => kept.k !== k || !isSameBasis(kept.figures, figures)), { figures, k, combinations }].slice(
      -MOST_KEPT,
    );
  }
}

function isSameBasis(a: readonly BasisFigure[], b: readonly BasisFigure[]): boolean {
  return a.length === b.length && a.every((figure, at) => isSameFigure(figure, b[at]));
}

/** Numbers are given once in a ledger; the lanes are compared all the same. */
function isSameFigure(a: BasisFigure, b: BasisFigure | undefined): boolean {
  if (b === undefined || a.id !== b.id || (a.sketch.fine === null) !== (b.sketch.fine === null)) return false;
  for (let lane = 0; lane < LANES; lane += 1) if (a.sketch.lanes[lane] !== b.sketch.lanes[lane]) return false;
  return true;
}
