/** Who can go back from the mask to the value. `anyoneByTrial`: whoever can list the possible values and try each. */
export type Reversal = 'nobody' | 'keyHolder' | 'anyoneByTrial';

/** What an operator says of itself, before it sees a value. Source: T/CSAC 007-2024 (可逆性); synthetic-and-masking.md §6.3. */
export interface OperatorStatement {
  readonly operator: string;
  readonly reversible: boolean;
  readonly by: Reversal;
  /** Whether what it leaves may go out of the domain at all; reversible ones never may. */
  readonly releasable: boolean;
  /** Whether equal values stay recognisable as equal, so that outputs can be joined on them. */
  readonly joinable: boolean;
  /** How many values could stand behind a mask, in words; `Masked.anonymitySet` has the number of one value. */
  readonly leaves: { readonly en: string; readonly zh: string };
}

/** One masked value. */
export interface Masked {
  readonly text: string;
  /** Values of the known format that have the same mask, side knowledge left out; null where nobody can count them. */
  readonly anonymitySet: number | null;
  /** False where the format was not known, so that the whole value was masked. */
  readonly recognised: boolean;
}

/** Masks one value after another, each without regard to the others. NULL stays NULL and never reaches it. */
export interface ValueOperator {
  readonly kind: 'value';
  readonly statement: OperatorStatement;
  /** `unit`: whom the row is about, for operators that treat a unit's values alike. Never throws, whatever the text. */
  readonly mask: (value: string, unit: string | null) => Masked;
}

/** Masks a column as a whole. NULL stays NULL. */
export interface ColumnOperator {
  readonly kind: 'column';
  readonly statement: OperatorStatement;
  /** One value for each one given, in their order. */
  readonly mask: (values: readonly (string | null)[]) => readonly (string | null)[];
}

export type Operator = ValueOperator | ColumnOperator;

/** What stands for a value that is masked as a whole: always the same, so that it does not give the length away. */
export const WHOLE_MASK = '***';

/** The mask of a value whose format is not known. Source: issue "Masking" (unknown formats fail closed). */
export function maskWhole(): Masked {
  return { text: WHOLE_MASK, anonymitySet: null, recognised: false };
}

/** A mask of a known format. `anonymitySet`: see `Masked`. Source: synthetic-and-masking.md §6.3. */
export function maskKnown(text: string, anonymitySet: number | null): Masked {
  return { text, anonymitySet, recognised: true };
}

/** Characters as people count them, so that none is cut in two. Source: Unicode 15, §3.8 (surrogates). */
export function charactersOf(text: string): readonly string[] {
  return [...text];
}
