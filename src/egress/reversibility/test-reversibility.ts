import { type Alignment, alignRows, pairCells } from './align-rows.ts';
import { anyOrder } from './any-order.ts';
import type { KnownBirth } from './id-candidates.ts';
import { textInverses, unkeyedHash } from './known-inverses.ts';
import { learnedDecoder } from './learned-decoder.ts';
import { linearSums } from './linear-sums.ts';
import { conditionalEntropy, entropyOf, oneToOne } from './mappings.ts';
import { numericInverses } from './numeric-inverses.ts';
import { maskPattern, partialMask } from './partial-masks.ts';
import {
  byShare,
  distinctOf,
  type ProtectedColumn,
  type ReversibilityFinding,
  type ReversibilityResult,
  type TestedColumn,
} from './tested-table.ts';

export type { ProtectedColumn, ReversibilityFinding, TestedColumn } from './tested-table.ts';

const MOST_PAIRS = 5000;
/** Share of rows that a decoder must restore beyond what is open. Source: models-and-audit.md M32 c. */
const LEAST_GAIN = 0.3;

/** What is tested: the columns that must not be restored, the whole original beside them, what is released now and what was before. */
export interface ReversibilityInput {
  readonly protectedColumns: readonly ProtectedColumn[];
  readonly original: readonly TestedColumn[];
  readonly released: readonly TestedColumn[];
  readonly earlier: readonly (readonly TestedColumn[])[];
  /** Units below which a group is a few. */
  readonly k: number;
}

/** Measures of T/CSAC 007-2024 that are no verdict: how far figures moved, and how much a column lost. */
export interface ColumnMeasure {
  readonly column: string;
  readonly measure: 'mean shift' | 'spread ratio' | 'entropy lost' | 'missing';
  readonly value: number;
}

export interface ReversibilityReport {
  readonly verdict: ReversibilityResult;
  readonly findings: readonly ReversibilityFinding[];
  /** The same findings and measures under the headings of T/CSAC 007-2024. */
  readonly report: {
    readonly reversibility: { readonly rowsMatched: boolean; readonly rowsTested: number; readonly tests: readonly string[] };
    readonly bias: readonly ColumnMeasure[];
    readonly informationLoss: readonly ColumnMeasure[];
  };
}

/**
 * The test M32: whether the protected columns of an original can be restored from what is released, alone or with what was released before. Every test of
 * every pair of columns gives a finding, also where nothing was found. `reversible`: nearly every row, or fewer than ten candidates
 * for one; `partly`: many rows, or a set of candidates that can be gone through. Rows that cannot be matched limit the tests to
 * those that need no rows: digests, masks, sums. Works on at most 5,000 rows, evenly spread. Pure: what is to be kept secret stays
 * in the caller's process, and findings hold no values.
 * Source: requirements.md GZ-28d; models-and-audit.md M32; T/CSAC 007-2024.
 */
export function testReversibility(input: ReversibilityInput): ReversibilityReport {
  const { protectedColumns, original, released, earlier, k } = input;
  const alignment = alignRows(released, original);
  const findings: ReversibilityFinding[] = [];
  for (const column of released) {
    for (const target of protectedColumns) {
      const own = testPair(column, target, input, alignment);
      findings.push(...own);
      if (own.every((finding) => finding.result === 'notFound') && !isOpen(column, input)) findings.push(...anyOrder(column, target));
    }
  }
  if (alignment !== null) findings.push(...jointly(input, alignment));
  findings.push(...linearSums([{ released }, ...earlier.map((table) => ({ released: table }))], original, protectedColumns, k));
  const tests = [...new Set(findings.map((finding) => finding.test))].toSorted();
  const rowsTested = Math.min(MOST_PAIRS, released[0]?.cells.length ?? 0);
  return {
    verdict: worst(findings),
    findings,
    report: {
      reversibility: { rowsMatched: alignment !== null, rowsTested, tests },
      bias: alignment === null ? [] : released.flatMap((column) => biasOf(column, original, alignment)),
      informationLoss: released.flatMap((column) => lossOf(column, original)),
    },
  };
}

function worst(findings: readonly ReversibilityFinding[]): ReversibilityResult {
  for (const result of ['reversible', 'partly'] as const) if (findings.some((finding) => finding.result === result)) return result;
  return 'notFound';
}

function testPair(
  released: TestedColumn,
  original: ProtectedColumn,
  input: ReversibilityInput,
  alignment: Alignment | null,
): readonly ReversibilityFinding[] {
  const findings: ReversibilityFinding[] = [];
  const about = { column: released.name, original: original.name };
  const texts = present(released);
  const hash = unkeyedHash(texts, present(original));
  if (hash !== null) findings.push({ ...about, test: hash.test, result: byShare(hash.share), value: hash.share });
  const isMasked = texts.filter((text) => maskPattern(text) !== null).length >= texts.length / 2 && texts.length > 0;
  if (isMasked && (released.name === original.name || original.kind !== undefined) && fitsMask(released, original, alignment)) {
    const mask = partialMask(released, original, birthOf(input, released, original, alignment));
    if (mask !== null) findings.push(mask);
  }
  if (alignment === null) return released.name === original.name ? [...findings, sameValues(released, original)] : findings;
  const pairs = pairCells(released, original, alignment, MOST_PAIRS);
  const pair = { released, original, pairs };
  findings.push(...textInverses(pair));
  // What a column that is open anyway tells of others is a relation of the world, not of the masking.
  if (isOpen(released, input)) return findings;
  findings.push(...numericInverses(pair));
  for (const finding of [oneToOne(pair), conditionalEntropy(pair)]) if (finding !== null) findings.push(finding);
  const decoder = learnedDecoder(
    { column: released.name, features: pairs.map(([left]) => [left]), targets: pairs.map(([, right]) => right) },
    original,
  );
  return decoder === null ? findings : [...findings, decoder];
}

/** A released column that the declaration leaves open. */
function isOpen({ name }: TestedColumn, { original, protectedColumns }: ReversibilityInput): boolean {
  return original.some((column) => column.name === name) && !protectedColumns.some((column) => column.name === name);
}

function present(column: TestedColumn): readonly string[] {
  return column.cells.filter((cell) => cell !== null && cell !== '') as readonly string[];
}

/** Without matching rows: how many of the released values are original ones, where there are many of them. */
function sameValues(released: TestedColumn, original: ProtectedColumn): ReversibilityFinding {
  const [own, known] = [[...new Set(present(released))], new Set(present(original))];
  const share = own.length < 5 ? 0 : own.filter((text) => known.has(text)).length / own.length;
  return { column: released.name, original: original.name, test: 'identity (any order)', result: byShare(share), value: share };
}

const MOST_MASKS = 200;

/** Whether the shown signs are those of the original in most rows, or nearly all of them those of some original where rows do not match. */
function fitsMask(released: TestedColumn, original: ProtectedColumn, alignment: Alignment | null): boolean {
  if (alignment === null && released.name === original.name) return true;
  const pairs = alignment === null ? [] : pairCells(released, original, alignment, MOST_MASKS);
  const fitting = pairs.filter(([left, right]) => shows(left, right));
  if (pairs.length > 0 && fitting.length >= 0.5 * pairs.length) return true;
  const masks = [...new Set(present(released))].slice(0, MOST_MASKS);
  const values = [...new Set(present(original))];
  return masks.length > 0 && masks.filter((mask) => values.some((value) => shows(mask, value))).length >= 0.9 * masks.length;
}

function shows(mask: string, value: string): boolean {
  const parts = (maskPattern(mask) ?? '').split('*');
  const [head = '', tail = ''] = [parts[0], parts.at(-1)];
  return head.length + tail.length > 0 && value.startsWith(head) && value.toUpperCase().endsWith(tail.toUpperCase());
}

/** What other released columns say of the birth date in a resident id, where they say it of nearly every row. */
function birthOf(
  input: ReversibilityInput,
  released: TestedColumn,
  original: ProtectedColumn,
  alignment: Alignment | null,
): (row: number) => KnownBirth {
  if (original.kind !== 'residentId' || alignment === null) return () => ({});
  const births = alignment.map((row) => (row === null ? '' : (original.cells[row] ?? '').slice(6, 14)));
  const readers: readonly ((cell: string, birth: string) => KnownBirth | null)[] = [
    (cell, birth) =>
      cell.replaceAll(/[-/.]/g, '').slice(0, 8) === birth ? { date: `${birth.slice(0, 4)}-${birth.slice(4, 6)}-${birth.slice(6)}` } : null,
    (cell, birth) => (new RegExp(`^${birth.slice(0, 4)}(?!\\d)`).test(cell) ? { year: Number(birth.slice(0, 4)) } : null),
    (cell, birth) => (new RegExp(`^${birth.slice(0, 3)}0(s|年代)?$`).test(cell) ? { decade: Number(`${birth.slice(0, 3)}0`) } : null),
    ageReader(input, released, births),
  ];
  for (const reader of readers) {
    for (const column of [...input.released, ...input.earlier.filter((table) => table[0]?.cells.length === births.length).flat()]) {
      if (column === released) continue;
      const known = births.map((birth, row) => (birth.length === 8 ? reader(column.cells[row] ?? '', birth) : null));
      if (known.filter((item) => item !== null).length >= 0.9 * births.length) return (row) => known[row] ?? {};
    }
  }
  return () => ({});
}

/** An age is a birth year when year and age have the same sum in nearly all rows; birthdays leave one year open. */
function ageReader(
  input: ReversibilityInput,
  released: TestedColumn,
  births: readonly string[],
): (cell: string, birth: string) => KnownBirth | null {
  const sums = new Map<number, number>();
  for (const column of input.released) {
    if (column === released) continue;
    for (const [row, cell] of column.cells.entries()) {
      const sum = Number(cell) + Number((births[row] ?? '').slice(0, 4));
      if (/^\d{1,3}$/.test(cell ?? '') && sum > 1990 && sum < 2100) sums.set(sum, (sums.get(sum) ?? 0) + 1);
    }
  }
  const [usual] = [...sums].toSorted((one, other) => other[1] - one[1]);
  if (usual === undefined || usual[1] < 0.4 * births.length) return () => null;
  return (cell, birth) =>
    /^\d{1,3}$/.test(cell) && Math.abs(Number(cell) + Number(birth.slice(0, 4)) - usual[0]) <= 1
      ? { year: Number(birth.slice(0, 4)) }
      : null;
}

/** All released columns together, with those of earlier releases of the same rows: what none restores alone, and what open columns do not tell by themselves. */
function jointly(input: ReversibilityInput, alignment: Alignment): readonly ReversibilityFinding[] {
  const rows = alignment.length;
  const all = [...input.released, ...input.earlier.filter((table) => table[0]?.cells.length === rows).flat()].filter(
    (column) => distinctOf(present(column)) > 1,
  );
  const open = all.filter((column) => isOpen(column, input));
  if (all.length < 2 || open.length === all.length) return [];
  const featuresOf = (columns: readonly TestedColumn[]) =>
    Array.from({ length: rows }, (_, row) => columns.map((column) => column.cells[row] ?? null));
  return input.protectedColumns.flatMap((original) => {
    const targets = alignment.map((row) => (row === null ? null : (original.cells[row] ?? null)));
    const finding = learnedDecoder({ column: '*', features: featuresOf(all), targets }, original);
    if (finding === null) return [];
    const base = open.length === 0 ? null : learnedDecoder({ column: '*', features: featuresOf(open), targets }, original);
    const value = Math.max(0, finding.value - (base?.value ?? 0));
    return [{ ...finding, test: 'learned decoder, all columns', result: value >= LEAST_GAIN ? finding.result : 'notFound', value }];
  });
}

function numbersOf(column: TestedColumn): readonly number[] | null {
  const numbers = present(column).map(Number);
  return numbers.length > 0 && numbers.every(Number.isFinite) ? numbers : null;
}

function biasOf(released: TestedColumn, original: readonly TestedColumn[], alignment: Alignment): readonly ColumnMeasure[] {
  const source = original.find((column) => column.name === released.name);
  const [own, other] = [numbersOf(released), source === undefined ? null : numbersOf(source)];
  if (own === null || other === null || alignment.length === 0) return [];
  const mean = (list: readonly number[]): number => list.reduce((sum, value) => sum + value, 0) / list.length;
  const spread = (list: readonly number[]): number => {
    const middle = mean(list);
    return Math.sqrt(mean(list.map((value) => (value - middle) ** 2)));
  };
  const [from, to] = [spread(other), spread(own)];
  if (from === 0) return [];
  return [
    { column: released.name, measure: 'mean shift', value: (mean(own) - mean(other)) / from },
    { column: released.name, measure: 'spread ratio', value: to / from },
  ];
}

function lossOf(released: TestedColumn, original: readonly TestedColumn[]): readonly ColumnMeasure[] {
  const source = original.find((column) => column.name === released.name);
  if (source === undefined) return [];
  const before = entropyOf(present(source));
  const lost = before === 0 ? 0 : Math.max(0, 1 - entropyOf(present(released)) / before);
  return [
    { column: released.name, measure: 'entropy lost', value: lost },
    { column: released.name, measure: 'missing', value: 1 - present(released).length / Math.max(1, released.cells.length) },
  ];
}
