import { charactersOf, type Masked, maskKnown, maskWhole } from '../operator.ts';

/** Which characters are hidden, and by what. */
export interface CharacterRule {
  /** Characters at either end; `inner` hides what is between them, `outer` hides them. */
  readonly first: number;
  readonly last: number;
  readonly hide: 'inner' | 'outer';
  /** One mark per hidden character; a text that stands for all of them; or `class`: X, x and n for capitals, small letters and digits. */
  readonly fill: string;
  /** Hidden characters that a value must have; shorter ones are masked whole. At least 1. */
  readonly least: number;
}

/**
 * Hides the middle or the ends of any text. A value too short to hide `least` characters of it is masked whole: short values are the ones that
 * other tools give away. With `class`, marks of other kinds stay, so separators show. The set behind it is not counted: the format is not known.
 * Source: synthetic-and-masking.md §6.1, §6.2 (partial, mask_inner, mask_outer, mask_first_n).
 */
export function maskCharacters(value: string, rule: CharacterRule): Masked {
  const characters = charactersOf(value);
  const from = Math.min(rule.first, characters.length);
  const to = Math.max(from, characters.length - rule.last);
  const [head, middle, tail] = [characters.slice(0, from), characters.slice(from, to), characters.slice(to)];
  const hidden = rule.hide === 'inner' ? middle.length : head.length + tail.length;
  const overlap = rule.first + rule.last > characters.length;
  if (overlap || hidden < Math.max(1, rule.least)) return maskWhole();
  const marks = (part: readonly string[]): string => (part.length === 0 ? '' : filled(part, rule.fill));
  const text = rule.hide === 'inner' ? head.join('') + marks(middle) + tail.join('') : marks(head) + middle.join('') + marks(tail);
  // Separators alone, or a text that looks like its own mask, would pass in clear.
  return text === value ? maskWhole() : maskKnown(text, null);
}

function filled(part: readonly string[], fill: string): string {
  if (fill === 'class') return part.map(classOf).join('');
  return charactersOf(fill).length === 1 ? fill.repeat(part.length) : fill;
}

function classOf(character: string): string {
  if (/\p{Lu}/u.test(character)) return 'X';
  if (/\p{Ll}/u.test(character)) return 'x';
  if (/\p{Nd}/u.test(character)) return 'n';
  return /[\p{L}\p{N}]/u.test(character) ? 'x' : character;
}
