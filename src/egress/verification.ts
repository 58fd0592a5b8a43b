import type { Column, Dataset } from '../catalog/dataset.ts';
import { findColumn, findTable } from '../catalog/dataset.ts';
import type { Grant } from '../catalog/grant.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';

/**
 * What is approved when a verification service is released: whether a key is known, or whether a column of it holds what the asker
 * claims; on which basis; how many keys at least at once and at most in a day.
 * Source: requirements.md QY-24c, §7.3 (verification request).
 */
export interface VerificationDefinition {
  readonly format: 'sluice-verification-1';
  readonly table: string;
  readonly keyColumn: string;
  /** Null: only whether the key is known. */
  readonly compareColumn: string | null;
  readonly basis: { readonly kind: 'law' | 'consent'; readonly reference: string };
  readonly batchMinimum: number;
  readonly keysPerDay: number;
}

export const VERIFICATION_FILE = 'verification.json';

/** Smaller batches would be questions about one person. Project decision beside QY-24c; a definition may only raise it. */
const SMALLEST_BATCH = 20;
const LARGEST_BATCH = 1000;
/** How often one key may be verified in a month: more is a search for the value. */
const TIMES_PER_KEY = 3;
/** Keys that share all but their last four characters (running number and check digit), in one month. */
const KEYS_PER_NEIGHBOURHOOD = 5;
const TAIL = 4;
const LONGEST = 64;

const invalid = (reason: string): readonly Problem[] => [problem('product.definition_invalid', { reason })];

/**
 * Whether a definition can be followed on this dataset: a protected table without standing filters, a unit's key, a column that is
 * sealed, granted and no secret of state or work; consent where it is sensitive. Source: requirements.md QY-24c, GZ-21c; PIPL art. 29.
 */
export function checkVerification(
  definition: VerificationDefinition,
  dataset: Dataset,
  grant: Grant,
): Result<VerificationDefinition, readonly Problem[]> {
  const { table: tableName, keyColumn, compareColumn, basis, batchMinimum, keysPerDay } = definition;
  const table = findTable(dataset, tableName);
  const granted = Object.hasOwn(grant.tables, tableName) ? grant.tables[tableName] : undefined;
  if (table === undefined || table.visibility !== 'protected' || granted === undefined) return err(invalid('table'));
  if (table.standingFilters.length > 0) return err(invalid('standing filters'));
  const isGranted = (name: string): boolean => granted === '*' || granted.includes(name);
  if (findColumn(table, keyColumn)?.role !== 'unitId' || !isGranted(keyColumn)) return err(invalid('key'));
  const compared = compareColumn === null ? null : findColumn(table, compareColumn);
  if (compared === undefined || (compared !== null && !(isGranted(compared.name) && isComparable(compared, basis.kind))))
    return err(invalid('column'));
  if (basis.reference.trim() === '') return err(invalid('basis'));
  const areLimits = Number.isInteger(batchMinimum) && Number.isInteger(keysPerDay) && keysPerDay >= batchMinimum;
  return areLimits && batchMinimum >= SMALLEST_BATCH && batchMinimum <= LARGEST_BATCH ? ok(definition) : err(invalid('limits'));
}

function isComparable(column: Column, basis: 'law' | 'consent'): boolean {
  if (column.role === 'unitId' || column.role === 'directId') return false;
  if (column.label === 'workSecret' || column.label === 'stateSecret') return false;
  return column.label !== 'sensitivePersonal' || basis === 'consent';
}

/** The one spelling of a key: full-width forms narrowed, no outer space, capitals. Source: GB 11643 (X), GB 32100. */
export function normalKey(key: string): string {
  return key.normalize('NFKC').trim().toUpperCase();
}

/** What a key shares with its neighbours: all but running number and check digit. Source: GB 11643 §4; GB 32100 §4. */
export function neighbourhoodOf(key: string): string {
  return key.length > TAIL ? key.slice(0, -TAIL) : '';
}

/** What is known of a batch before it is answered. */
export interface BatchHistory {
  /** By key, how often it was verified before in this month. */
  readonly times: ReadonlyMap<string, number>;
  /** By neighbourhood, different keys of it verified before in this month. */
  readonly keysIn: ReadonlyMap<string, number>;
}

/**
 * Rules that a batch of normal keys breaks, by name; empty where it may be answered. A batch that is too small or large, holds a key
 * twice, asks for a key too often, or walks through a neighbourhood is refused whole.
 * Source: requirements.md §10.3 (verification: batch minimum, repeated-key detection, no enumeration).
 */
export function enumerationRules(definition: VerificationDefinition, keys: readonly string[], history: BatchHistory): readonly string[] {
  const isForm = keys.every((key) => key.length > 0 && key.length <= LONGEST);
  const near = new Map<string, number>();
  for (const key of keys) {
    const shared = neighbourhoodOf(key);
    near.set(shared, (near.get(shared) ?? 0) + ((history.times.get(key) ?? 0) === 0 ? 1 : 0));
  }
  const isWalk = [...near].some(([shared, fresh]) => fresh > 0 && fresh + (history.keysIn.get(shared) ?? 0) > KEYS_PER_NEIGHBOURHOOD);
  return [
    ...(isForm ? [] : ['key-form']),
    ...(keys.length >= definition.batchMinimum && keys.length <= LARGEST_BATCH ? [] : ['batch-size']),
    ...(new Set(keys).size === keys.length ? [] : ['key-twice']),
    ...(keys.some((key) => (history.times.get(key) ?? 0) >= TIMES_PER_KEY) ? ['repeated-key'] : []),
    ...(isWalk ? ['neighbours'] : []),
  ];
}

export type VerificationAnswer = 'yes' | 'no' | 'unknown';

/**
 * The answer on one key from the digests of what its rows hold. `unknown` where the key has no row, its value is missing, or its rows
 * disagree; never more than one of three words. Source: requirements.md QY-24c (match answers only).
 */
export function answerOf(claim: string | null, held: readonly (string | null)[] | undefined): VerificationAnswer {
  if (held === undefined || held.length === 0) return 'unknown';
  if (claim === null) return 'yes';
  if (held.some((item) => item !== held[0]) || held[0] === null) return 'unknown';
  return held[0] === claim ? 'yes' : 'no';
}

/** Whether so few keys of a batch are known that it looks like guessing: nothing of it is answered. Source: requirements.md §10.3 (no enumeration). */
export function isGuessing(answers: readonly VerificationAnswer[]): boolean {
  return answers.filter((answer) => answer === 'unknown').length * 2 > answers.length;
}
