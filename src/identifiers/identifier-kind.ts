/** Kinds of identifiers that are looked for. Source: formats.md, "detect". */
export const IDENTIFIER_KINDS = [
  'residentId',
  'uscc',
  'mobile',
  'landline',
  'bankCard',
  'plate',
  'passport',
  'email',
  'ip',
  'coordinate',
  'name',
  'address',
] as const;

export type IdentifierKind = (typeof IDENTIFIER_KINDS)[number];

/** What a find rests on: a check digit, the form alone, a list of words, or the name of the column. */
export type IdentifierEvidence = 'checksum' | 'format' | 'dictionary' | 'context';

/** One kind found in a text. Never holds the text. `disguise` names how it was hidden; absent where it stood open. */
export interface IdentifierFind {
  readonly kind: IdentifierKind;
  readonly evidence: IdentifierEvidence;
  readonly disguise?: string;
}
