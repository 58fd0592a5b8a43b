import type { Reduction } from '../sandbox/sql/model/condition.ts';
import type { Variant } from '../sandbox/sql/statements/relation.ts';
import type { Grain } from './find-cells.ts';
import type { BucketPass } from './gather-evidence.ts';
import { cellName } from './read-evidence.ts';

interface KeptPass {
  /** Cells that were asked about. */
  readonly cells: ReadonlySet<string>;
  readonly pass: BucketPass;
}

/**
 * Passes that were made while operands were settled, over rows as they are with some of them dropped: whoever answers
 * cells under the same need not ask again. Holds figures of one gate while it runs. Source: gate.md §6.
 */
export class ReducedPasses {
  readonly grain: Grain;
  readonly #kept = new Map<string, KeptPass[]>();

  constructor(grain: Grain) {
    this.grain = grain;
  }

  keep(reduction: Reduction, cells: readonly string[], pass: BucketPass): void {
    const name = nameOf(reduction);
    this.#kept.set(name, [...(this.#kept.get(name) ?? []), { cells: new Set(cells), pass }]);
  }

  /** A pass over the rows of a variant that has all its cells. It may have others. */
  find({ reduction, selection }: Variant): BucketPass | undefined {
    if (selection === null) return undefined;
    const names = selection.cells.map(cellName);
    return this.#kept.get(nameOf(reduction))?.find(({ cells }) => names.every((name) => cells.has(name)))?.pass;
  }
}

function nameOf({ neutral, never }: Reduction): string {
  const sorted = (ids: ReadonlySet<number>): string => [...ids].sort((a, b) => a - b).join();
  return `${sorted(neutral)} ${sorted(never)}`;
}
