import type { MomentName, PairName } from '../../../src/sandbox/sql/model/program.ts';
import type { BenchRow } from './special-bench.ts';

/** The naive gate for special aggregates: loops over plain rows, no SQL. Figures are whole numbers. */

export interface Unit {
  /** Units that a row stands for; several where they touch it. */
  readonly of: (row: BenchRow) => readonly number[];
  readonly touching: boolean;
}

export interface Expected {
  readonly released: boolean;
  readonly value: number | string | null;
}

const WITHHELD: Expected = { released: false, value: null };

export function unitsAmong(rows: readonly BenchRow[], unit: Unit): ReadonlySet<number> {
  return new Set(rows.flatMap((row) => unit.of(row)));
}

function numberOf(fraction: readonly [bigint, bigint]): number {
  const [over, under] = fraction;
  return Number((over * 10n ** 30n) / under) / 1e30;
}

/** Shares of all units pass (2, 90 %) and p %. */
function passes(shares: readonly bigint[], total: bigint): boolean {
  const [first = 0n, second = 0n] = [...shares].sort((a, b) => (a < b ? 1 : a > b ? -1 : 0));
  return 10n * (first + second) < 9n * total && 10n * (total - first - second) >= first;
}

function sharesOf(rows: readonly BenchRow[], unit: Unit, weight: (row: BenchRow) => bigint): readonly bigint[] {
  const shares = new Map<number, bigint>();
  for (const row of rows) for (const who of unit.of(row)) shares.set(who, (shares.get(who) ?? 0n) + weight(row));
  return [...shares.values()];
}

const absolute = (value: bigint): bigint => (value < 0n ? -value : value);
const sum = (values: readonly bigint[]): bigint => values.reduce((total, value) => total + value, 0n);

type Reader = (row: BenchRow) => number | null;

interface Pairing {
  readonly rows: readonly BenchRow[];
  readonly n: bigint;
  /** n times the deviation from the mean. */
  readonly x: (row: BenchRow) => bigint;
  readonly y: (row: BenchRow) => bigint;
}

function pairing(all: readonly BenchRow[], x: Reader, y: Reader): Pairing {
  const rows = all.filter((row) => x(row) !== null && y(row) !== null);
  const n = BigInt(rows.length);
  const deviation = (read: Reader): ((row: BenchRow) => bigint) => {
    const total = sum(rows.map((row) => BigInt(read(row) ?? 0)));
    return (row) => n * BigInt(read(row) ?? 0) - total;
  };
  return { rows, n, x: deviation(x), y: deviation(y) };
}

function spreadPasses(pair: Pairing, units: readonly Unit[], product: 'xx' | 'yy' | 'xy', parameters: number): boolean {
  const weight = (row: BenchRow): bigint =>
    absolute((product === 'yy' ? pair.y(row) : pair.x(row)) * (product === 'xx' ? pair.x(row) : pair.y(row)));
  const leader = units[0];
  return units.every((unit) => {
    const owner = unit.touching ? leader : unit;
    const owned = pair.rows.filter((row) => owner !== undefined && owner.of(row).length > 0);
    return unitsAmong(pair.rows, unit).size - parameters >= 10 && passes(sharesOf(pair.rows, unit, weight), sum(owned.map(weight)));
  });
}

export function referenceMoment(name: MomentName, all: readonly BenchRow[], units: readonly Unit[], x: Reader): Expected {
  const pair = pairing(all, x, x);
  const under = name.endsWith('pop') ? pair.n * pair.n * pair.n : pair.n * pair.n * (pair.n - 1n);
  if (under <= 0n || units.length === 0) return WITHHELD;
  const variance = numberOf([sum(pair.rows.map((row) => pair.x(row) ** 2n)), under]);
  return { released: spreadPasses(pair, units, 'xx', 1), value: name.startsWith('var') ? variance : Math.sqrt(variance) };
}

const NEEDS: Readonly<Record<PairName, readonly ('xx' | 'yy' | 'xy')[]>> = {
  corr: ['xx', 'yy', 'xy'],
  covar_pop: ['xy'],
  covar_samp: ['xy'],
  regr_slope: ['xx', 'xy'],
  regr_intercept: ['xx', 'xy'],
  regr_r2: ['xx', 'yy', 'xy'],
  regr_count: ['xy'],
  regr_avgx: ['xy'],
  regr_avgy: ['xy'],
  regr_sxx: ['xx', 'xy'],
  regr_syy: ['yy', 'xy'],
  regr_sxy: ['xy'],
};

/** Only whether it is released; figures are compared with the engine's own. */
export function referencePair(name: PairName, all: readonly BenchRow[], units: readonly Unit[], x: Reader, y: Reader, k: number): boolean {
  const pair = pairing(all, x, y);
  if (pair.rows.length === 0 || units.length === 0) return false;
  const levels = [x, y].every((read) => {
    const values = new Set(pair.rows.map(read));
    const holders = (unit: Unit, value: number | null): number =>
      unitsAmong(
        pair.rows.filter((row) => read(row) === value),
        unit,
      ).size;
    return values.size > 20 || units.every((unit) => [...values].every((value) => holders(unit, value) >= k));
  });
  const [xx, yy, xy] = [
    pair.rows.map((row) => pair.x(row) ** 2n),
    pair.rows.map((row) => pair.y(row) ** 2n),
    pair.rows.map((row) => pair.x(row) * pair.y(row)),
  ];
  const isLine = (name === 'corr' || name === 'regr_r2') && sum(xy) ** 2n === sum(xx) * sum(yy);
  return levels && !isLine && NEEDS[name].every((product) => spreadPasses(pair, units, product, 2));
}

function commonestOf<T extends number | string>(rows: readonly BenchRow[], unit: Unit, read: (row: BenchRow) => T | null): T | null {
  const holders = new Map<T, Set<number>>();
  for (const row of rows) {
    const value = read(row);
    if (value === null) continue;
    for (const who of unit.of(row)) holders.set(value, (holders.get(value) ?? new Set()).add(who));
  }
  const found = [...holders].sort(([a, s], [b, t]) => t.size - s.size || (a < b ? -1 : 1));
  return found[0]?.[0] ?? null;
}

interface Placed {
  readonly row: BenchRow;
  readonly value: number;
  readonly distance: number;
  readonly side: -1 | 0 | 1;
}

/** The window around a position: grown by rows, for k units, then for k off each value. Null: there is none. */
function windowOf(placed: readonly Placed[], units: readonly Unit[], k: number): readonly Placed[] | null {
  const own = units.filter((unit) => !unit.touching);
  const within = (radius: number): readonly Placed[] => placed.filter((item) => item.distance <= radius);
  const radii = [...new Set(placed.map((item) => item.distance))].sort((a, b) => a - b);
  const rowsOf = (items: readonly Placed[]): readonly BenchRow[] => items.map((item) => item.row);
  const first = radii.find((radius) => own.every((unit) => unitsAmong(rowsOf(within(radius)), unit).size >= k));
  if (first === undefined || own.length === 0) return null;
  const inner = within(first);
  if (new Set(inner.map((item) => item.value)).size === 1) return inner;
  const second = radii.find((radius) => {
    const items = within(radius);
    const off = (unit: Unit, value: number): number => unitsAmong(rowsOf(items.filter((item) => item.value !== value)), unit).size;
    return own.every((unit) => [...new Set(items.map((item) => item.value))].every((value) => off(unit, value) >= k));
  });
  return second === undefined ? null : within(Math.max(first, second));
}

function judgeWindow(
  window: readonly Placed[],
  placed: readonly Placed[],
  units: readonly Unit[],
  k: number,
  everything: readonly Placed[],
  isEnd: boolean,
): Expected {
  const total = sum(window.map((item) => BigInt(item.value)));
  const value = numberOf([total, BigInt(window.length)]);
  const values = new Map(everything.map((item) => [item.row, item.value]));
  const [least, greatest] = [Math.min(...window.map((item) => item.value)), Math.max(...window.map((item) => item.value))];
  const released = units.every((unit) => {
    const inside = (unit.touching ? everything.filter((item) => item.value >= least && item.value <= greatest) : window).map(
      (item) => item.row,
    );
    const beyond = (side: -1 | 1): readonly BenchRow[] =>
      (unit.touching
        ? everything.filter((item) => (side < 0 ? item.value < least : item.value > greatest))
        : placed.filter((item) => item.side === side && !window.includes(item))
      ).map((item) => item.row);
    const common = commonestOf(inside, unit, (row) => values.get(row) ?? null);
    const off = unitsAmong(
      inside.filter((row) => values.get(row) !== common),
      unit,
    ).size;
    const sides: readonly (-1 | 1)[] = isEnd && !unit.touching ? [1] : [-1, 1];
    const owned = passes(
      sharesOf(inside, unit, () => 1n),
      BigInt(window.length),
    );
    return (
      unitsAmong(inside, unit).size >= k &&
      (off === 0 || off >= k) &&
      sides.every((side) => unitsAmong(beyond(side), unit).size >= k) &&
      (unit.touching || owned)
    );
  });
  return { released, value };
}

function bySize(
  all: readonly BenchRow[],
  units: readonly Unit[],
  read: Reader,
  direction: 1 | -1,
): readonly { readonly row: BenchRow; readonly value: number }[] {
  const own = units.filter((unit) => !unit.touching);
  const order = (a: number | undefined, b: number | undefined): number =>
    a === b ? 0 : a === undefined ? 1 : b === undefined ? -1 : a - b;
  const given = all.flatMap((row) => {
    const value = read(row);
    return value === null ? [] : [{ row, value }];
  });
  return given.sort(
    (a, b) =>
      direction * (a.value - b.value) || own.map((unit) => order(unit.of(a.row)[0], unit.of(b.row)[0])).find((item) => item !== 0) || 0,
  );
}

export function referenceQuantile(all: readonly BenchRow[], units: readonly Unit[], read: Reader, twentieths: number, k: number): Expected {
  const sorted = bySize(all, units, read, 1);
  const product = (sorted.length - 1) * twentieths;
  const [low, high] = [Math.floor(product / 20), Math.ceil(product / 20)];
  const placed = sorted.map(
    ({ row, value }, index): Placed => ({
      row,
      value,
      distance: Math.max(low - index, index - high, 0),
      side: index < low ? -1 : index > high ? 1 : 0,
    }),
  );
  const window = windowOf(placed, units, k);
  if (window === null) return WITHHELD;
  const radius = Math.max(...window.map((item) => item.distance));
  if (low - radius < 0 || high + radius >= sorted.length) return WITHHELD;
  return judgeWindow(window, placed, units, k, placed, false);
}

export function referenceEnd(all: readonly BenchRow[], units: readonly Unit[], read: Reader, end: 'min' | 'max', k: number): Expected {
  const sorted = bySize(all, units, read, end === 'min' ? 1 : -1);
  const own = units.filter((unit) => !unit.touching);
  const prefix = sorted.findIndex((_, index) =>
    own.every(
      (unit) =>
        unitsAmong(
          sorted.slice(0, index + 1).map((item) => item.row),
          unit,
        ).size >= k,
    ),
  );
  if (prefix < 0 || own.length === 0) return WITHHELD;
  const gone = own.map((unit) =>
    unitsAmong(
      sorted.slice(0, prefix + 1).map((item) => item.row),
      unit,
    ),
  );
  const everything = sorted.map(({ row, value }, index): Placed => ({ row, value, distance: index, side: 1 }));
  const placed = everything.filter(
    (item) => item.distance > prefix && own.every((unit, index) => unit.of(item.row).every((who) => gone[index]?.has(who) !== true)),
  );
  const window = windowOf(placed, units, k);
  return window === null ? WITHHELD : judgeWindow(window, placed, units, k, everything, true);
}

export function referenceMode(
  all: readonly BenchRow[],
  units: readonly Unit[],
  read: (row: BenchRow) => string | null,
  k: number,
): Expected {
  const rows = all.filter((row) => read(row) !== null);
  const [first] = units;
  const value = first === undefined ? null : commonestOf(rows, first, read);
  if (value === null) return WITHHELD;
  const released = units.every((unit) => {
    const holders = unitsAmong(
      rows.filter((row) => read(row) === value),
      unit,
    ).size;
    const others = unitsAmong(rows, unit).size - holders;
    return holders >= k && (others === 0 || others >= k);
  });
  return { released, value };
}

export function referenceDistinct(
  all: readonly BenchRow[],
  units: readonly Unit[],
  read: (row: BenchRow) => string | null,
  k: number,
): Expected {
  const values = [...new Set(all.map(read))].filter((value) => value !== null);
  const counted = values.filter((value) =>
    units.every(
      (unit) =>
        unitsAmong(
          all.filter((row) => read(row) === value),
          unit,
        ).size >= k,
    ),
  );
  return { released: units.length > 0, value: counted.length };
}

export function referencePublicEnd(
  all: readonly BenchRow[],
  units: readonly Unit[],
  read: Reader,
  end: 'min' | 'max',
  k: number,
): Expected {
  const values = all.map(read).filter((value) => value !== null);
  if (values.length === 0) return WITHHELD;
  const value = end === 'min' ? Math.min(...values) : Math.max(...values);
  const behind = all.filter((row) => read(row) === value);
  return { released: units.length > 0 && units.every((unit) => unitsAmong(behind, unit).size >= k), value };
}
