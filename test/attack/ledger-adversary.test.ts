import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { DECLARED_HEAD } from '../support/declared-head.ts';
import { csv, type GateBench, gateBench, TEST_POLICY } from '../support/gate-bench.ts';
import { memoryLedger } from '../support/memory-ledger.ts';
import { numbers } from '../support/unit-totals.ts';

/**
 * A reader who knows of everybody team, site, shift and score, and asks for sums of incomes until he has somebody's.
 * Each attack has a fixed number of queries, and has to succeed where there is no ledger: or it would show nothing.
 * Source: gate.md §7; what stays open is in §11 and ADR 0014.
 */
interface Worker {
  readonly id: number;
  readonly team: string;
  readonly site: string;
  /** The site where the desk stands: the same but for a few. */
  readonly desk: string;
  readonly shift: string;
  readonly score: number;
  readonly income: number;
}

const SIZE = 160;
const TEAMS = ['red', 'green', 'blue', 'gold', 'grey'];
const SITES = ['a', 'b', 'c', 'd'];
const SHIFTS = ['day', 'late', 'night'];

const random = numbers(11);
const pick = (items: readonly string[]): string => items[Math.floor(random() * items.length)] ?? '';
/** Workers, and where their desks stand instead. */
const ELSEWHERE: Readonly<Record<number, string>> = { 23: 'a', 77: 'b', 131: 'd' };
const WORKERS: readonly Worker[] = Array.from({ length: SIZE }, (_, index) => ({
  id: index + 1,
  team: pick(TEAMS),
  ...housed(index + 1),
  shift: pick(SHIFTS),
  score: 20 + Math.floor(random() * 600),
  income: 20_000 + Math.floor(random() * 60_000),
}));

function housed(id: number): { readonly site: string; readonly desk: string } {
  const site = pick(SITES);
  return { site, desk: ELSEWHERE[id] ?? site };
}

const DECLARATION = {
  dataset: 'workers',
  ...DECLARED_HEAD,
  title: { zh: '职工', en: 'Workers' },
  tables: {
    workers: {
      file: 'workers.csv',
      visibility: 'protected',
      primaryKey: ['id'],
      foreignKeys: [],
      units: { person: ['id'] },
      columns: {
        id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        team: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        site: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        desk: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        shift: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        score: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 1000] },
        income: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 200000] },
      },
    },
  },
};

let bench: GateBench;
beforeAll(async () => {
  const header = ['id', 'team', 'site', 'desk', 'shift', 'score', 'income'];
  const rows = WORKERS.map((worker) => [worker.id, worker.team, worker.site, worker.desk, worker.shift, worker.score, worker.income]);
  bench = await gateBench(DECLARATION, { 'workers.csv': csv(header, rows) });
}, 60_000);
afterAll(() => bench.close());

/** A condition, and whom the reader knows to meet it. */
interface Leaf {
  readonly sql: string;
  readonly holds: (worker: Worker) => boolean;
}

const leafOf = (column: 'team' | 'site' | 'desk' | 'shift', value: string, isNot: boolean): Leaf => ({
  sql: `${column} ${isNot ? '<>' : '='} '${value}'`,
  holds: (worker) => (worker[column] === value) !== isNot,
});
const LEAVES: readonly Leaf[] = [
  ...TEAMS.flatMap((value) => [leafOf('team', value, false), leafOf('team', value, true)]),
  ...SITES.flatMap((value) => [leafOf('site', value, false), leafOf('site', value, true)]),
  ...SITES.flatMap((value) => [leafOf('desk', value, false), leafOf('desk', value, true)]),
  ...SHIFTS.flatMap((value) => [leafOf('shift', value, false), leafOf('shift', value, true)]),
];
const scoreFrom = (least: number): Leaf => ({ sql: `score >= ${least}`, holds: (worker) => worker.score >= least });

function both(a: Leaf, b: Leaf, by: 'AND' | 'OR'): Leaf {
  const holds = (worker: Worker): boolean => (by === 'AND' ? a.holds(worker) && b.holds(worker) : a.holds(worker) || b.holds(worker));
  return { sql: `(${a.sql} ${by} ${b.sql})`, holds };
}

/** One number, or nothing. */
type Ask = (leaf: Leaf | null, what?: 'sum' | 'avg' | 'count') => Promise<number | null>;

function reader(hasLedger: boolean, most: number): Ask {
  const ledger = memoryLedger();
  let asked = 0;
  return async (leaf, what = 'sum') => {
    if (asked === most) return null;
    const job = `job-${++asked}`;
    const figure = what === 'count' ? 'count(*)' : `${what}(income)`;
    const sql = `SELECT ${figure} AS f FROM workers${leaf === null ? '' : ` WHERE ${leaf.sql}`}`;
    const port = hasLedger ? ledger.of(job, TEST_POLICY) : undefined;
    const answered = await bench.ask(sql, TEST_POLICY, undefined, port);
    ledger.release(job);
    const value = answered.ok ? answered.value.table.rows[0]?.[0] : null;
    return value === null || value === undefined ? null : Number(value);
  };
}

/** Whose income was told, to a hundredth. */
function told(guesses: readonly { readonly worker: Worker; readonly income: number }[]): readonly string[] {
  const right = guesses.filter(({ worker, income }) => Math.abs(income - worker.income) <= worker.income / 100);
  return [...new Set(right.map(({ worker }) => `worker ${worker.id}`))];
}

type Guess = Parameters<typeof told>[0][number];
type Attack = (ask: Ask) => Promise<readonly Guess[]>;

const members = (leaf: Leaf | null): readonly Worker[] => (leaf === null ? WORKERS : WORKERS.filter(leaf.holds));
const K = TEST_POLICY.k;

/** The steps of the grid are all there is between two scores: some hold one person, found by bisection on the counts. */
const edges: Attack = async (ask) => {
  const grid = [20, 25, 30, 40, 50, 60, 80, 100, 120, 150, 200, 250, 300, 400, 500, 600];
  const guesses: Guess[] = [];
  for (const within of [null, ...LEAVES]) {
    const at = (index: number): Leaf => {
      const edge = scoreFrom(grid[index] ?? 0);
      return within === null ? edge : both(within, edge, 'AND');
    };
    // Where the number of people changes by one, he asks for the sums on both sides.
    const index = grid.findIndex(
      (_, step) =>
        members(at(step)).length - members(at(step + 1)).length === 1 &&
        members(at(step + 1)).length >= 2 * K &&
        members(within).length - members(at(step)).length >= 2 * K,
    );
    const [worker] = index < 0 ? [] : members(at(index)).filter((one) => !at(index + 1).holds(one));
    if (worker === undefined) continue;
    const [low, high] = [await ask(at(index)), await ask(at(index + 1))];
    if (low !== null && high !== null) guesses.push({ worker, income: low - high });
  }
  return guesses;
};

const CONDITIONS: readonly Leaf[] = LEAVES.flatMap((a, index) =>
  LEAVES.slice(index + 1).flatMap((b) => [both(a, b, 'AND'), both(a, b, 'OR')]),
).filter((leaf) => members(leaf).length >= 2 * K);

function maskOf(leaf: Leaf): bigint {
  return WORKERS.reduce((mask, worker, at) => (leaf.holds(worker) ? mask | (1n << BigInt(at)) : mask), 0n);
}

/** Pairs of conditions that one person separates. */
const differences: Attack = async (ask) => {
  const guesses: Guess[] = [];
  const seen = new Map(CONDITIONS.map((leaf) => [maskOf(leaf), leaf]));
  for (const [mask, leaf] of seen) {
    for (const [at, worker] of WORKERS.entries()) {
      const other = seen.get(mask ^ (1n << BigInt(at)));
      if (other === undefined || (mask & (1n << BigInt(at))) === 0n) continue;
      const [more, less] = [await ask(leaf), await ask(other)];
      if (more !== null && less !== null) guesses.push({ worker, income: more - less });
    }
  }
  return guesses;
};

/** Total, two margins and their intersection, where one person meets neither condition. */
const intersections: Attack = async (ask) => {
  const guesses: Guess[] = [];
  for (const a of LEAVES) {
    for (const b of CONDITIONS) {
      const outside = WORKERS.filter((worker) => !a.holds(worker) && !b.holds(worker));
      const [worker] = outside;
      if (
        outside.length !== 1 ||
        members(both(a, b, 'AND')).length < 2 * K ||
        worker === undefined ||
        guesses.some((guess) => guess.worker === worker)
      )
        continue;
      const parts = [await ask(null), await ask(a), await ask(b), await ask(both(a, b, 'AND'))];
      const [whole, first, second, common] = parts;
      if (whole == null || first == null || second == null || common == null) continue;
      guesses.push({ worker, income: whole - first - second + common });
    }
  }
  return guesses;
};

/** Averages and counts of sets that one person separates. */
const averages: Attack = async (ask) => {
  const guesses: Guess[] = [];
  const seen = new Map(CONDITIONS.map((leaf) => [maskOf(leaf), leaf]));
  for (const [mask, leaf] of seen) {
    const at = WORKERS.findIndex((_, place) => (mask & (1n << BigInt(place))) !== 0n && seen.has(mask ^ (1n << BigInt(place))));
    const [worker, other] = [WORKERS[at], seen.get(mask ^ (1n << BigInt(Math.max(at, 0))))];
    if (worker === undefined || other === undefined) continue;
    const sums: number[] = [];
    for (const one of [leaf, other]) {
      const [mean, count] = [await ask(one, 'avg'), await ask(one, 'count')];
      if (mean !== null && count !== null) sums.push(mean * count);
    }
    const [more, less] = sums;
    if (more !== undefined && less !== undefined) guesses.push({ worker, income: more - less });
  }
  return guesses;
};

/** Sums over random conditions; then a linear solver for whatever incomes they determine. */
const subsetSums: Attack = async (ask) => {
  const draw = numbers(5);
  const pool = CONDITIONS.filter(({ sql }) => !/team/.test(sql));
  const rows: { readonly members: readonly number[]; readonly sum: number }[] = [];
  for (let query = 0; query < MOST; query += 1) {
    const leaf = pool[Math.floor(draw() * pool.length)] ?? null;
    const sum = await ask(leaf);
    if (sum !== null) rows.push({ members: members(leaf).map((worker) => worker.id - 1), sum });
  }
  return determined(rows);
};

/** Gauss and Jordan over people who are alike in all that was asked: a class of one whose column stands alone is solved. */
function determined(rows: readonly { readonly members: readonly number[]; readonly sum: number }[]): readonly Guess[] {
  const classes = new Map<string, number[]>();
  for (const worker of WORKERS.keys()) {
    const name = rows.map((row) => (row.members.includes(worker) ? '1' : '0')).join('');
    classes.set(name, [...(classes.get(name) ?? []), worker]);
  }
  const columns = [...classes].filter(([name]) => name.includes('1'));
  const matrix = rows.map((row, at) => [...columns.map(([name]) => Number(name[at])), row.sum]);
  const guesses: Guess[] = [];
  let top = 0;
  for (let column = 0; column < columns.length && top < matrix.length; column += 1) {
    const best = matrix.findIndex((row, at) => at >= top && Math.abs(row[column] ?? 0) > 1e-6);
    if (best < 0) continue;
    const [pivotRow = [], topRow = []] = [matrix[best], matrix[top]];
    const pivot = pivotRow[column] ?? 1;
    matrix[best] = topRow;
    const own = pivotRow.map((value) => value / pivot);
    matrix[top] = own;
    for (const [at, row] of matrix.entries()) {
      const factor = row[column] ?? 0;
      if (at !== top && factor !== 0) matrix[at] = row.map((value, place) => value - factor * (own[place] ?? 0));
    }
    top += 1;
  }
  for (const row of matrix) {
    const used = columns.flatMap(([, workers], at) => (Math.abs(row[at] ?? 0) > 1e-6 ? [{ workers, factor: row[at] ?? 1 }] : []));
    const [only, ...more] = used;
    const worker = WORKERS[only?.workers[0] ?? -1];
    if (only === undefined || more.length > 0 || only.workers.length > 1 || worker === undefined) continue;
    guesses.push({ worker, income: (row.at(-1) ?? 0) / only.factor });
  }
  return guesses;
}

const MOST = 120;
const TIMEOUT_MS = 300_000;

describe('a reader who plans', () => {
  test.each<readonly [string, Attack]>([
    ['bisection at the edges of the grid', edges],
    ['differences of two sets', differences],
    ['total, margins and intersection', intersections],
    ['averages times counts', averages],
    ['random sums and a linear solver', subsetSums],
  ])(
    '%s: nobody comes out, where without a ledger somebody would',
    async (_name, attack) => {
      expect(told(await attack(reader(false, MOST)))).not.toEqual([]);
      expect(told(await attack(reader(true, MOST)))).toEqual([]);
    },
    TIMEOUT_MS,
  );
});
