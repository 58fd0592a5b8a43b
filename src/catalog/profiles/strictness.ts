import type { ProfileKey, ProfileValue } from './profile-keys.ts';

/** Whether a value is one this key can have: its kind, its closed list of words, numbers whole and not negative. */
export function fitsKey(key: ProfileKey, value: unknown): value is ProfileValue {
  const known = (word: unknown): boolean => typeof word === 'string' && (key.words ?? []).includes(word);
  switch (key.kind) {
    case 'number':
      return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
    case 'flag':
      return typeof value === 'boolean';
    case 'word':
      return known(value);
    case 'words':
      return Array.isArray(value) && value.every(known) && new Set(value).size === value.length;
  }
}

/**
 * The least strict value that is at least as strict as both: how the rules of two cities stand over one job. Null is
 * "no rule". Throws for `perCity`, which is not merged, and for values that do not fit the key.
 * Commutative, associative, idempotent. Source: requirements.md §4.3 (column "Merge").
 */
export function strictestOf(key: ProfileKey, a: ProfileValue | null, b: ProfileValue | null): ProfileValue | null {
  if (key.rule === 'perCity') throw new TypeError('Rules of each city are not merged');
  if (a === null || b === null) return a ?? b;
  if (!fitsKey(key, a) || !fitsKey(key, b)) throw new TypeError('A value that does not fit its key');
  switch (key.rule) {
    case 'min':
      return Math.min(Number(a), Number(b));
    case 'max':
      return Math.max(Number(a), Number(b));
    case 'and':
      return a === true && b === true;
    case 'or':
      return a === true || b === true;
    case 'strictest':
      return rankOf(key, a) >= rankOf(key, b) ? a : b;
    case 'union':
      return inOrder(key, (word) => wordsOf(a).includes(word) || wordsOf(b).includes(word));
    case 'intersection':
      return inOrder(key, (word) => wordsOf(a).includes(word) && wordsOf(b).includes(word));
  }
}

/** Whether `a` asks at least as much as `b`. Always true of `perCity`, where there is no more and less. */
export function isAtLeastAsStrict(key: ProfileKey, a: ProfileValue | null, b: ProfileValue | null): boolean {
  return key.rule === 'perCity' || isSameValue(strictestOf(key, a, b), a);
}

/** Equal as rules: the order of words does not count. */
export function isSameValue(a: ProfileValue | null, b: ProfileValue | null): boolean {
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return a === b;
  return a.length === b.length && a.every((word) => b.includes(word));
}

const rankOf = (key: ProfileKey, value: ProfileValue): number => (key.words ?? []).indexOf(String(value));

const wordsOf = (value: ProfileValue): readonly string[] => (typeof value === 'object' ? value : []);

const inOrder = (key: ProfileKey, has: (word: string) => boolean): readonly string[] => (key.words ?? []).filter(has);
