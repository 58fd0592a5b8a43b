import { PROVINCE_CODES } from '../identifiers/resident-id.ts';

/** Dates of birth that a resident ID may hold, both ends included. */
export interface BirthYears {
  readonly from: number;
  readonly to: number;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECK_CHARACTERS = '10X98765432';
const LIVING: BirthYears = { from: 1900, to: 2025 };
const HIDDEN = '*';

/**
 * How many valid resident IDs have this mask: 18 places, `*` where one is hidden. Birth dates within `years` (what a column of ages
 * beside it may tell), check characters right, provinces that exist. 110105********002X leaves 4,182; with the year known, 34.
 * Counts by sums modulo 11, so that no number is listed. Gives 0 for a mask that no number has. Does not know which numbers were
 * given out. Source: GB 11643-1999; synthetic-and-masking.md §6.3 (R(mask, value)).
 */
export function residentIdCandidates(mask: string, years: BirthYears = LIVING): number {
  if (mask.length !== 18) return 0;
  let sums = convolve(regionSums(mask.slice(0, 6)), dateSums(mask.slice(6, 14), years));
  for (let place = 14; place < 17; place += 1) sums = convolve(sums, digitSums(mask.charAt(place), place));
  const check = mask.charAt(17);
  if (check === HIDDEN) return sums.reduce((all, count) => all + count, 0);
  const residue = CHECK_CHARACTERS.indexOf(check);
  return residue < 0 ? 0 : (sums[residue] ?? 0);
}

const MOST_REMEMBERED = 4000;
const remembered = new Map<string, readonly number[]>();

/** Sums of dates are the same for all values of a column that show the same digits. */
function dateSums(mask: string, years: BirthYears): readonly number[] {
  const key = `${mask}/${years.from}/${years.to}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const sums = countDates(mask, years);
  if (remembered.size < MOST_REMEMBERED) remembered.set(key, sums);
  return sums;
}

/** Dates whose eight digits fit, by the residue of their weighted sum. */
function countDates(mask: string, { from, to }: BirthYears): readonly number[] {
  const sums = new Array<number>(11).fill(0);
  for (let day = Date.UTC(from, 0, 1); day <= Date.UTC(to, 11, 31); day += 86_400_000) {
    const digits = new Date(day).toISOString().slice(0, 10).replaceAll('-', '');
    if (fits(digits, mask)) add(sums, digits, 6);
  }
  return sums;
}

/** Region codes that fit: a province of the mainland and four digits. */
function regionSums(mask: string): readonly number[] {
  const sums = new Array<number>(11).fill(0);
  for (const province of PROVINCE_CODES) if (fits(province, mask.slice(0, 2))) add(sums, province, 0);
  let all: readonly number[] = sums;
  for (let place = 2; place < 6; place += 1) all = convolve(all, digitSums(mask.charAt(place), place));
  return all;
}

function digitSums(character: string, place: number): readonly number[] {
  const sums = new Array<number>(11).fill(0);
  for (const digit of '0123456789') if (fits(digit, character)) add(sums, digit, place);
  return sums;
}

function add(sums: number[], digits: string, at: number): void {
  let sum = 0;
  for (const [index, digit] of [...digits].entries()) sum += Number(digit) * (WEIGHTS[at + index] ?? 0);
  sums[sum % 11] = (sums[sum % 11] ?? 0) + 1;
}

function fits(digits: string, mask: string): boolean {
  return [...digits].every((digit, index) => mask.charAt(index) === HIDDEN || mask.charAt(index) === digit);
}

function convolve(left: readonly number[], right: readonly number[]): readonly number[] {
  const sums = new Array<number>(11).fill(0);
  for (const [i, a] of left.entries()) for (const [j, b] of right.entries()) sums[(i + j) % 11] = (sums[(i + j) % 11] ?? 0) + a * b;
  return sums;
}
