import { DECLARED_HEAD } from './declared-head.ts';
import { csv } from './gate-bench.ts';
import type { Relation, Value } from './reference-condition.ts';

/** Small tables with everything that makes evidence hard: several rows per unit, NULLs, signs, skew, two unit types. */
export const SMALL_CITY_DECLARATION = {
  dataset: 'small-city',
  ...DECLARED_HEAD,
  title: { zh: '小城', en: 'Small city' },
  tables: {
    persons: {
      file: 'persons.csv',
      visibility: 'protected',
      primaryKey: ['person_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        region: { type: 'VARCHAR', label: 'none', role: 'dimension', nullable: true },
        born: { type: 'DATE', label: 'personal', role: 'quasiId', bounds: ['1900-01-01', '2026-12-31'] },
        ill: { type: 'VARCHAR', label: 'sensitivePersonal', role: 'sensitive', domain: ['yes', 'no', 'maybe'] },
        points: { type: 'INTEGER', label: 'sensitivePersonal', role: 'sensitive', bounds: [0, 100] },
        income: { type: 'INTEGER', label: 'personal', role: 'measure', nullable: true },
        debt: { type: 'DECIMAL(10,2)', label: 'personal', role: 'measure', nullable: true },
        flat: { type: 'INTEGER', label: 'personal', role: 'measure' },
      },
    },
    visits: {
      file: 'visits.csv',
      visibility: 'protected',
      primaryKey: ['visit_id'],
      foreignKeys: [{ columns: ['person_id'], references: 'persons.person_id' }],
      units: { person: ['person_id'], firm: ['firm_id'] },
      columns: {
        visit_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        firm_id: { type: 'INTEGER', label: 'tradeSecret', role: 'unitId', nullable: true },
        clinic: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        cost: { type: 'DOUBLE', label: 'personal', role: 'measure', nullable: true, bounds: [-100000, 100000] },
        amount: { type: 'INTEGER', label: 'personal', role: 'measure' },
      },
    },
  },
};

type Random = () => number;

/** A small linear congruential generator: the same tables in every run. */
function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

type Record_ = Readonly<Record<string, string | number | null>>;

export interface SmallCity {
  readonly files: Readonly<Record<string, string>>;
  readonly persons: Relation;
  readonly visits: Relation;
  /** visits joined with their persons; columns are called `v.…` and `p.…`. */
  readonly joined: Relation;
}

function makePerson(id: number, random: Random): Record_ {
  const pick = (items: readonly string[]): string => items[Math.floor(random() ** 2 * items.length)] ?? '';
  const maybe = (value: number, nulls: number): number | null => (random() < nulls ? null : value);
  const born = new Date(Date.UTC(1950 + Math.floor(random() * 6), Math.floor(random() * 12), 1 + Math.floor(random() * 28)));
  return {
    person_id: id,
    region: random() < 0.05 ? null : pick(['north', 'east', 'south']),
    born: born.toISOString().slice(0, 10),
    ill: random() < 0.8 ? 'no' : random() < 0.6 ? 'yes' : 'maybe',
    points: random() < 0.7 ? 3 : Math.floor(random() * 4),
    income: maybe(Math.round(2000 * 10 ** (random() * 2)) + (id === 3 ? 3_000_000 : 0), 0.08),
    debt: maybe(Math.round((random() - 0.4) * 200_000) / 100, 0.1),
    flat: random() < 0.93 ? 5 : Math.floor(random() * 3),
  };
}

function makeVisits(persons: number, random: Random): readonly Record_[] {
  const rows: Record_[] = [];
  for (let person = 1; person <= persons; person++) {
    const count = person === 5 ? 40 : Math.floor(random() * 4);
    for (let n = 0; n < count; n++) {
      rows.push({
        visit_id: rows.length + 1,
        person_id: person,
        firm_id: random() < 0.2 ? null : 1 + Math.floor(random() ** 2 * (persons / 3)),
        clinic: ['a', 'b', 'c', 'd'][Math.floor(random() ** 2 * 4)] ?? '',
        cost: random() < 0.1 ? null : (Math.floor(random() * 4000) - (persons % 2 === 0 ? 1000 : 0)) / 2,
        amount: random() < 0.5 ? 1 : Math.floor(random() * 5),
      });
    }
  }
  return rows;
}

const SCALED = new Set(['income', 'debt', 'flat', 'points', 'cost', 'amount']);

function held(name: string, value: string | number | null): Value {
  return SCALED.has(name) && typeof value === 'number' ? BigInt(Math.round(value * 1_000_000)) : value === null ? null : String(value);
}

function valuesOf(record: Record_, prefix = ''): Readonly<Record<string, Value>> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [`${prefix}${name}`, held(name, value)]));
}

const number = (value: string | number | null | undefined): number | null => (typeof value === 'number' ? value : null);

/** @param change  replaces a person's record before anything is built of it. */
export function smallCity(seed: number, size: number, change: (person: Record_) => Record_ = (person) => person): SmallCity {
  const random = randomFrom(seed);
  const persons = Array.from({ length: size }, (_, index) => change(makePerson(index + 1, random)));
  const visits = makeVisits(size, random);
  const steps = { income: 1_000_000n, debt: 10_000n, flat: 1_000_000n, points: 1_000_000n };
  const visitSteps = { cost: null, amount: 1_000_000n };
  const rename = (from: object, prefix: string) =>
    Object.fromEntries(Object.entries(from).map(([name, value]) => [`${prefix}${name}`, value]));
  const file = (rows: readonly Record_[]): string =>
    csv(
      Object.keys(rows[0] ?? {}),
      rows.map((row) => Object.values(row)),
    );
  return {
    files: { 'persons.csv': file(persons), 'visits.csv': file(visits) },
    persons: {
      unitTypes: ['person'],
      steps,
      rows: persons.map((row) => ({ values: valuesOf(row), units: { person: number(row.person_id) } })),
    },
    visits: {
      unitTypes: ['person', 'firm'],
      steps: visitSteps,
      rows: visits.map((row) => ({ values: valuesOf(row), units: { person: number(row.person_id), firm: number(row.firm_id) } })),
    },
    joined: {
      unitTypes: ['person', 'firm'],
      steps: { ...rename(visitSteps, 'v.'), ...rename(steps, 'p.') },
      rows: visits.map((row) => ({
        values: { ...valuesOf(row, 'v.'), ...valuesOf(persons[Number(row.person_id) - 1] ?? {}, 'p.') },
        units: { person: number(row.person_id), firm: number(row.firm_id) },
      })),
    },
  };
}
