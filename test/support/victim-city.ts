import { DECLARED_HEAD } from './declared-head.ts';
import { csv } from './gate-bench.ts';

/**
 * The data of the conformance attacks, made anew: 501 persons in four cities of 125 and one alone in Lishui with an
 * income of 999,999; 3,030 visits, thirty of them hers at a hospital nobody else goes to.
 */
const CITIES = ['Hangzhou', 'Ningbo', 'Wenzhou', 'Jiaxing'];
const DAY_MS = 86_400_000;

export const VICTIM_CITY_DECLARATION = {
  dataset: 'victim-city',
  ...DECLARED_HEAD,
  title: { zh: '测试城市', en: 'Test city' },
  tables: {
    persons: {
      file: 'persons.csv',
      visibility: 'protected',
      primaryKey: ['person_id'],
      foreignKeys: [],
      units: { person: ['person_id'] },
      columns: {
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        city: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        birth_date: { type: 'DATE', label: 'personal', role: 'quasiId', bounds: ['1900-01-01', '2026-12-31'] },
        gender: { type: 'VARCHAR', label: 'personal', role: 'dimension', domain: ['M', 'F'], publicDomain: true },
        income: { type: 'INTEGER', label: 'personal', role: 'measure', bounds: [0, 2000000] },
      },
    },
    visits: {
      file: 'visits.csv',
      visibility: 'protected',
      primaryKey: ['visit_id'],
      foreignKeys: [{ columns: ['person_id'], references: 'persons.person_id' }],
      units: { person: ['person_id'] },
      columns: {
        visit_id: { type: 'INTEGER', label: 'personal', role: 'directId' },
        person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
        hospital: { type: 'VARCHAR', label: 'none', role: 'dimension' },
        cost: { type: 'DOUBLE', label: 'personal', role: 'measure', bounds: [0, 100000] },
        visited_at: { type: 'TIMESTAMP', label: 'personal', role: 'quasiId', bounds: ['2020-01-01', '2026-12-31'] },
      },
    },
  },
};

function day(start: string, days: number): string {
  return new Date(Date.parse(`${start}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

function hour(start: string, hours: number): string {
  return new Date(Date.parse(`${start}T00:00:00Z`) + (hours * DAY_MS) / 24).toISOString().slice(0, 19).replace('T', ' ');
}

export interface VictimPerson {
  readonly id: number;
  readonly city: string;
  readonly birth: string;
  readonly gender: string;
  readonly income: number;
}

export function persons(): readonly VictimPerson[] {
  const made = Array.from({ length: 500 }, (_, index): VictimPerson => {
    const i = index + 1;
    return {
      id: i,
      city: CITIES[i % 4] ?? '',
      birth: day('1950-01-01', (i * 37) % 20000),
      gender: ['M', 'F'][i % 2] ?? '',
      income: 3000 + ((i * 7919) % 47000),
    };
  });
  return [...made, { id: 9001, city: 'Lishui', birth: '1961-02-03', gender: 'F', income: 999999 }];
}

export function victimCityFiles(): Readonly<Record<string, string>> {
  const visits = [
    ...Array.from({ length: 3000 }, (_, index) => {
      const i = index + 1;
      return [i, 1 + ((i * 31) % 500), ['H1', 'H2', 'H3'][i % 3] ?? '', ((i * 13) % 1000) / 10, hour('2024-01-01', i)];
    }),
    ...Array.from({ length: 30 }, (_, index) => [100001 + index, 9001, 'H9', 5000, hour('2024-06-01', (index + 1) * 24)]),
  ];
  return {
    'persons.csv': csv(
      ['person_id', 'city', 'birth_date', 'gender', 'income'],
      persons().map((p) => [p.id, p.city, p.birth, p.gender, p.income]),
    ),
    'visits.csv': csv(['visit_id', 'person_id', 'hospital', 'cost', 'visited_at'], visits),
  };
}
