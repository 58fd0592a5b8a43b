import type { FieldDefinition } from '../field.ts';

/** Words of a person. Source: requirements.md §7. */
export function text(zh: string): FieldDefinition {
  return { kind: 'text', zh };
}

export function date(zh: string): FieldDefinition {
  return { kind: 'date', zh };
}

export function flag(zh: string): FieldDefinition {
  return { kind: 'flag', zh };
}

/** A reference into another system or file: number, id. */
export function name(zh: string): FieldDefinition {
  return { kind: 'name', zh };
}

export function names(zh: string): FieldDefinition {
  return { kind: 'names', zh };
}

export function word(zh: string, ...words: readonly string[]): FieldDefinition {
  return { kind: 'word', zh, words };
}

export function words(zh: string, ...list: readonly string[]): FieldDefinition {
  return { kind: 'words', zh, words: list };
}

/** The id of another matter of that kind; of any kind without one. */
export function matter(zh: string, noun?: string): FieldDefinition {
  return noun === undefined ? { kind: 'matter', zh } : { kind: 'matter', zh, noun };
}
