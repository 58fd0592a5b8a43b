import { foldText } from '../../identifiers/fold-text.ts';
import { GIVEN_SIGNS } from '../../identifiers/name-characters.ts';
import { countResidentIds, type KnownBirth } from './id-candidates.ts';
import type { ProtectedColumn, ReversibilityFinding, ReversibilityResult, TestedColumn } from './tested-table.ts';

const MASK_RUN = /[*•●○█■□#?？_◦∗✱]+|(?<![A-Za-z])[xX]{3,}(?![A-Za-z])/gu;
const MOST_VALUES = 300;
const LEAST_SHARE = 0.5;
/** Candidates up to which a mask hides nothing, and from which it is no longer counted as partly open. Own design: ADR 0017. */
const NOTHING_HIDDEN = 10;
const WELL_HIDDEN = 1_000_000;

/** A value with `*` for each masked sign; null where it has none. Signs of other masks count as `*`. */
export function maskPattern(text: string): string | null {
  const pattern = foldText(text)
    .trim()
    .replaceAll(MASK_RUN, (run) => '*'.repeat(run.length));
  return pattern.includes('*') ? pattern : null;
}

/**
 * Scores a column of partly masked values by how many valid values agree with each (its anonymity set), counted through check digits, the
 * calendar and what other released columns say of the birth. `value` is the smallest set of the column. Null where less than
 * half of the values are masked. Source: synthetic-and-masking.md §6.3, §11.9.
 */
export function partialMask(
  released: TestedColumn,
  original: ProtectedColumn,
  birthOf: (row: number) => KnownBirth,
): ReversibilityFinding | null {
  const texts = released.cells.flatMap((cell, row) => (cell === null || cell === '' ? [] : [{ row, pattern: maskPattern(cell) }]));
  const masked = texts.flatMap(({ row, pattern }) => (pattern === null ? [] : [{ row, pattern }]));
  if (masked.length === 0 || masked.length < LEAST_SHARE * texts.length) return null;
  const known = new Map<string, number>();
  let smallest = Number.POSITIVE_INFINITY;
  for (const { row, pattern } of masked) {
    const birth = birthOf(row);
    const key = `${pattern}|${birth.year ?? ''}|${birth.decade ?? ''}|${birth.date ?? ''}`;
    if (known.has(key) || known.size >= MOST_VALUES) continue;
    const count = countCandidates(pattern, original, birth);
    known.set(key, count);
    if (count > 0) smallest = Math.min(smallest, count);
  }
  if (!Number.isFinite(smallest)) return null;
  return { column: released.name, original: original.name, test: 'partial mask', result: byCandidates(smallest), value: smallest };
}

function byCandidates(count: number): ReversibilityResult {
  if (count <= NOTHING_HIDDEN) return 'reversible';
  return count < WELL_HIDDEN ? 'partly' : 'notFound';
}

/** Valid values of the column's kind that agree with a pattern; for kinds without a rule, values of the original column that do. */
function countCandidates(pattern: string, original: ProtectedColumn, birth: KnownBirth): number {
  const compact = pattern.replaceAll(/[\s-]/g, '').toUpperCase();
  const stars = (compact.match(/\*/g) ?? []).length;
  switch (original.kind) {
    case 'residentId':
      return compact.length === 18 ? countResidentIds(compact, birth) : countResidentIds(spread(compact, 18), birth);
    case 'mobile':
      return (
        (compact.startsWith('**') ? 7 : compact.charAt(1) === '*' ? 7 : 10) * 10 ** Math.max(0, stars - (compact.startsWith('*') ? 2 : 1))
      );
    case 'bankCard':
      return Math.max(1, 10 ** (stars - 1));
    case 'uscc':
      return countCodes(spread(compact, 18));
    case 'landline':
    case 'passport':
      return 10 ** stars;
    case 'plate':
      return 34 ** stars;
    case 'ip':
      return pattern.split(/[.:]/).reduce((count, part) => (part.includes('*') ? count * 256 : count), 1);
    case 'email':
      return 36 ** (compact.split('@')[0]?.match(/\*/g) ?? []).length;
    case 'name':
      return GIVEN_SIGNS.size ** stars;
    default:
      return agreeing(pattern, original);
  }
}

/** A run of stars that stands for more than its length, as in `110105***002X`, is stretched. */
function spread(pattern: string, length: number): string {
  if (pattern.length >= length) return pattern.slice(0, length);
  return pattern.replace(/\*+/, (run) => run + '*'.repeat(length - pattern.length));
}

/** Credit codes: signs of each place, over 31 for a shown check sign and 11 for a shown inner one. Source: GB 32100-2015. */
function countCodes(pattern: string): number {
  let count = 1;
  for (const [at, sign] of [...pattern].entries()) if (sign === '*' && at < 16) count *= at >= 2 && at < 8 ? 10 : 31;
  if (count > 1 && pattern.charAt(17) !== '*') count /= 31;
  if (count > 1 && pattern.charAt(16) !== '*') count /= 11;
  return Math.max(1, Math.round(count));
}

function agreeing(pattern: string, original: ProtectedColumn): number {
  const parts = pattern.split(/\*+/).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const form = new RegExp(`^${parts.join('.+')}$`, 'u');
  return new Set(original.cells.filter((cell) => cell !== null && form.test(foldText(cell)))).size;
}
