import { describe, expect, test } from 'vitest';
import { inverseMod, mulMod, subMod } from '../../src/kernel/modular.ts';
import { LedgerModel, type Person } from '../support/ledger-model.ts';
import { numbers } from '../support/unit-totals.ts';

/**
 * A reader who asks for one union of classes after the other and solves for everybody. Of three hundred people 900 such
 * questions gave 185, when the ledger saw the newest eighty figures only. `RECONSTRUCTION_QUERIES` makes him more patient.
 */
const QUERIES = Number(process.env['RECONSTRUCTION_QUERIES'] ?? 60);
const SIZE = Number(process.env['RECONSTRUCTION_PEOPLE'] ?? 70);
const K = 10;
const VALUES = [5, 4, 3, 2, 6];
const TIMEOUT_MS = 120_000 + QUERIES * 2000;

type Condition = (person: Person) => boolean;

function asker(random: () => number): () => Condition {
  const leaf = (): Condition => {
    const at = Math.floor(random() * VALUES.length);
    const some = new Set(Array.from({ length: VALUES[at] ?? 1 }, (_, value) => value).filter(() => random() < 0.5));
    return (person) => some.has(person.attributes[`x${at}`] ?? 0);
  };
  return () => {
    let whole = leaf();
    for (let more = Math.floor(random() * 4); more > 0; more -= 1) {
      const [one, other, isAnd] = [whole, leaf(), random() < 0.5];
      whole = (person) => (isAnd ? one(person) && other(person) : one(person) || other(person));
    }
    return whole;
  };
}

function townOf(random: () => number): readonly Person[] {
  return Array.from({ length: SIZE }, () => ({
    income: 1 + Math.floor(60_000 * random() ** 2),
    attributes: Object.fromEntries(VALUES.map((values, at) => [`x${at}`, Math.floor(random() ** 1.3 * values)])),
  }));
}

/** Rows of one reduced form of the equations, its pivots in this order. Shares no code with the ledger. */
function reduced(equations: readonly (readonly number[])[], order: readonly number[]): readonly (readonly number[])[] {
  const rows: { readonly pivot: number; row: number[] }[] = [];
  for (const equation of equations) {
    let row = [...equation];
    for (const known of rows) row = less(row, known.row, row[known.pivot] ?? 0);
    const pivot = order.find((unit) => row[unit] !== 0);
    if (pivot === undefined) continue;
    const inverse = inverseMod(row[pivot] ?? 1);
    const own = row.map((value) => mulMod(value, inverse));
    for (const known of rows) known.row = less(known.row, own, known.row[pivot] ?? 0);
    rows.push({ pivot, row: own });
  }
  return rows.map(({ row }) => row);
}

function less(row: readonly number[], other: readonly number[], share: number): number[] {
  return row.map((value, at) => (share === 0 ? value : subMod(value, mulMod(share, other[at] ?? 0))));
}

/** How many units the lightest combinations rest on that so many random reduced forms show. */
function lightest(equations: readonly (readonly number[])[], forms: number, random: () => number): number {
  const units = Array.from({ length: SIZE }, (_, unit) => unit);
  const found = Array.from({ length: forms }, () => {
    const order = units.map((unit) => ({ unit, rank: random() })).sort((a, b) => a.rank - b.rank);
    const rows = reduced(
      equations,
      order.map(({ unit }) => unit),
    );
    return Math.min(...rows.map((row) => row.filter((value) => value !== 0).length));
  });
  return Math.min(...found);
}

describe('a reader who solves for everybody', () => {
  test.each(['n', 'income'] as const)(
    'unions of classes, by %s: no combination of all figures rests on fewer than k people',
    (term) => {
      const random = numbers(21);
      const people = townOf(random);
      const conditionOf = asker(random);
      const model = new LedgerModel(people, { k: K, seed: 22 });
      const all: (readonly number[])[] = [];
      for (let query = 0; query < QUERIES; query += 1) {
        const where = conditionOf();
        const by = random() < 0.3 ? [`x${Math.floor(random() * VALUES.length)}`] : [];
        model.ask([{ where, by, terms: [term] }]);
        const members = people.map((person) => (where(person) ? 1 : 0));
        if (members.filter((value) => value === 1).length >= K) all.push(members);
      }
      expect(model.known.length).toBeGreaterThan(10);
      expect(lightest(all, 1, random)).toBeLessThan(K);
      const told = model.known.map((known) => known.totals);
      expect(lightest(told, 40, random)).toBeGreaterThanOrEqual(K);
    },
    TIMEOUT_MS,
  );
});
