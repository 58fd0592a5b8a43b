/** What else is known of the person behind a masked id. */
export interface KnownBirth {
  readonly year?: number;
  /** First year of ten. */
  readonly decade?: number;
  /** ISO date. */
  readonly date?: string;
}

/** Birth dates that are counted; people of the registers were born in them. Source: synthetic-and-masking.md §6.3. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2025;
/** Region codes in use, roughly: as many as counties. Source: GB/T 2260. */
const REGIONS = 3200;
const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2] as const;
const CHECKS = '10X98765432';

/**
 * How many resident ids agree with a masked one of eighteen signs (`*` for a masked one): counted over all dates from 1900 to 2025 and all
 * masked digits, through the check character where it is shown. Six and four shown leave 4,182, and 34 with the birth year.
 * A region masked by more than two digits is counted by its size only. 0 where the shown signs fit no id.
 * Source: GB 11643-1999; synthetic-and-masking.md §6.3.
 */
export function countResidentIds(pattern: string, known: KnownBirth = {}): number {
  if (!/^[\d*]{17}[\dX*]$/.test(pattern)) return 0;
  const dates = dateResidues(pattern.slice(6, 14), known);
  const [region, regions] = digitResidues(pattern.slice(0, 6), 0);
  const [sequence] = digitResidues(pattern.slice(14, 17), 14);
  const joined = convolve(convolve(dates, region), sequence);
  const check = pattern.charAt(17);
  const count = check === '*' ? joined.reduce((sum, ways) => sum + ways, 0) : (joined[CHECKS.indexOf(check)] ?? 0);
  return Math.round(regions > REGIONS ? (count * REGIONS) / regions : count);
}

/** Ways per residue of the weighted sum modulo 11. */
type Residues = readonly number[];

const remembered = new Map<string, Residues>();
const MOST_REMEMBERED = 4000;

function dateResidues(pattern: string, known: KnownBirth): Residues {
  const key = `${pattern}|${known.year ?? ''}|${known.decade ?? ''}|${known.date ?? ''}`;
  const before = remembered.get(key);
  if (before !== undefined) return before;
  const shown = known.date?.replaceAll('-', '') ?? pattern;
  const [first, last] = yearsOf(known);
  const ways = new Array<number>(11).fill(0);
  for (let year = Math.max(first, FIRST_YEAR); year <= Math.min(last, LAST_YEAR); year += 1) {
    if (!fits(shown, 0, year, 4) || !fits(pattern, 0, year, 4)) continue;
    for (let month = 1; month <= 12; month += 1) {
      if (!fits(shown, 4, month, 2) || !fits(pattern, 4, month, 2)) continue;
      const days = new Date(Date.UTC(year, month, 0)).getUTCDate();
      for (let day = 1; day <= days; day += 1) {
        if (!fits(shown, 6, day, 2) || !fits(pattern, 6, day, 2)) continue;
        const residue = (weighted(6, year, 4) + weighted(10, month, 2) + weighted(12, day, 2)) % 11;
        ways[residue] = (ways[residue] ?? 0) + 1;
      }
    }
  }
  if (remembered.size < MOST_REMEMBERED) remembered.set(key, ways);
  return ways;
}

function yearsOf({ year, decade }: KnownBirth): readonly [number, number] {
  if (year !== undefined) return [year, year];
  return decade === undefined ? [FIRST_YEAR, LAST_YEAR] : [decade, decade + 9];
}

/** Whether the digits of a number agree with the shown ones. */
function fits(pattern: string, at: number, value: number, digits: number): boolean {
  let rest = value;
  for (let place = at + digits - 1; place >= at; place -= 1) {
    const sign = pattern.charCodeAt(place);
    if (sign !== 42 && sign !== 48 + (rest % 10)) return false;
    rest = Math.floor(rest / 10);
  }
  return true;
}

function weighted(at: number, value: number, digits: number): number {
  let [rest, sum] = [value, 0];
  for (let place = at + digits - 1; place >= at; place -= 1) {
    sum += (rest % 10) * (WEIGHTS[place] ?? 0);
    rest = Math.floor(rest / 10);
  }
  return sum;
}

function digitResidues(pattern: string, offset: number): readonly [Residues, number] {
  let ways: Residues = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  let count = 1;
  for (const [at, shown] of [...pattern].entries()) {
    const weight = WEIGHTS[offset + at] ?? 0;
    const digits = shown === '*' ? [0, 1, 2, 3, 4, 5, 6, 7, 8, 9] : [Number(shown)];
    count *= digits.length;
    const one = new Array<number>(11).fill(0);
    for (const digit of digits) one[(digit * weight) % 11] = (one[(digit * weight) % 11] ?? 0) + 1;
    ways = convolve(ways, one);
  }
  return [ways, count];
}

function convolve(left: Residues, right: Residues): Residues {
  const ways = new Array<number>(11).fill(0);
  for (const [one, times] of left.entries())
    for (const [other, more] of right.entries()) ways[(one + other) % 11] = (ways[(one + other) % 11] ?? 0) + times * more;
  return ways;
}
