import type { Query } from '../../../src/sandbox/sql/ast.ts';

/** Chooses among the spellings of one thing. */
export interface Speller {
  one<T>(...choices: readonly T[]): T;
  /** A keyword in some mixture of cases. */
  word(text: string): string;
  /** What may stand between two words. */
  space(): string;
}

/** A speller that can also write the queries inside an expression. */
export interface Printer extends Speller {
  query(query: Query): string;
}

/** A speller whose choices follow from the seed. */
export function speller(seed: number): Speller {
  let state = seed >>> 0;
  const next = (below: number): number => {
    // Numerical Recipes' linear congruential generator: any spread of choices will do here.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const one = <T>(...choices: readonly T[]): T => choices[next(choices.length)] as T;
  return {
    one,
    word: (text) =>
      one(
        text,
        text.toUpperCase(),
        text.replace(/^./, (letter) => letter.toUpperCase()),
      ),
    space: () => one(' ', '  ', '\n', '\t', ' /* note */ ', ' -- note\n'),
  };
}
