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

function dateResidues(pattern: string, known: KnownBirth): Residues {
  const ways = new Array<number>(11).fill(0);
  const [first, last] =
    known.year === undefined
      ? [known.decade ?? FIRST_YEAR, known.decade === undefined ? LAST_YEAR : known.decade + 9]
      : [known.year, known.year];
  const day = new Date(Date.UTC(Math.max(first, FIRST_YEAR), 0, 1));
  for (const end = Date.UTC(Math.min(last, LAST_YEAR), 11, 31); day.getTime() <= end; day.setUTCDate(day.getUTCDate() + 1)) {
    const iso = day.toISOString().slice(0, 10);
    const digits = iso.replaceAll('-', '');
    if (known.date !== undefined && known.date !== iso) continue;
    let [sum, fits] = [0, true];
    for (let at = 0; at < 8; at += 1) {
      const shown = pattern.charAt(at);
      if (shown !== '*' && shown !== digits.charAt(at)) fits = false;
      sum += Number(digits.charAt(at)) * (WEIGHTS[6 + at] ?? 0);
    }
    if (fits) ways[sum % 11] = (ways[sum % 11] ?? 0) + 1;
  }
  return ways;
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
