import { DECLARED_HEAD } from '../declared-head.ts';
import { pick, pickSkewed, type Random, randomFrom } from './random.ts';

export type Cell = string | number | null;

/** A numeric column as it was drawn: what may stand in a question about it. */
export interface NumberColumn {
  readonly name: string;
  readonly type: 'INTEGER' | 'DECIMAL(10,2)' | 'DOUBLE';
  readonly nullable: boolean;
  /** Whether values below zero occur. */
  readonly signed: boolean;
  readonly role: 'measure' | 'sensitive';
  /** Typical size of a value. */
  readonly size: number;
}

export interface ProtectedTable {
  readonly name: string;
  readonly numbers: readonly NumberColumn[];
  readonly texts: readonly {
    readonly name: string;
    readonly labels: readonly string[];
    readonly sensitive: boolean;
    readonly isPublic: boolean;
  }[];
  readonly date: string;
  /** Unit type to the column that holds it. */
  readonly units: Readonly<Record<string, string>>;
}

/** A schema with its rows: one to three protected tables of one or two unit types, and a public one. */
export interface World {
  readonly seed: number;
  readonly people: ProtectedTable;
  /** Tables with several rows per person. */
  readonly many: readonly ProtectedTable[];
  readonly declaration: unknown;
  readonly tables: Readonly<Record<string, readonly Readonly<Record<string, Cell>>[]>>;
}

export const AREAS = ['ash', 'birch', 'cedar', 'dune', 'elm'] as const;
const KINDS = ['a', 'b', 'c', 'd'] as const;

function numberColumn(name: string, random: Random, role: NumberColumn['role'] = 'measure'): NumberColumn {
  return {
    name,
    type: role === 'sensitive' ? 'INTEGER' : pick(random, ['INTEGER', 'DECIMAL(10,2)', 'DOUBLE']),
    nullable: role === 'measure' && random() < 0.5,
    signed: role === 'measure' && random() < 0.3,
    role,
    size: role === 'sensitive' ? 3 : pick(random, [5, 400, 20_000]),
  };
}

/** A value of a column: skewed, now and then zero, NULL or an outlier. */
function drawn(column: NumberColumn, random: Random): number | null {
  if (column.nullable && random() < 0.12) return null;
  if (column.role === 'sensitive') return random() < 0.7 ? 3 : Math.floor(random() * 4);
  if (random() < 0.08) return 0;
  const size = column.size * 10 ** (random() - 0.5) * (random() < 0.01 ? 300 : 1);
  const sign = column.signed && random() < 0.35 ? -1 : 1;
  if (column.size === 5) return sign * (random() < 0.75 ? 5 : Math.round(random() * 9));
  return column.type === 'INTEGER' ? sign * Math.round(size) : (sign * Math.round(size * 2)) / 2;
}

function dateOf(random: Random): string {
  const day = new Date(Date.UTC(1950 + Math.floor(random() * 6), Math.floor(random() * 12), 1 + Math.floor(random() * 28)));
  return day.toISOString().slice(0, 10);
}

/** Rows of one person: mostly few, none for some, very many for one. */
function rowsOf(person: number, random: Random, most: number): number {
  if (person === 5) return 35;
  return Math.floor(random() ** 1.5 * (most + 1));
}

function manyTable(name: string, key: string, random: Random, withFirms: boolean): ProtectedTable {
  return {
    name,
    numbers: [numberColumn(`${name}_cost`, random), numberColumn(`${name}_amount`, random)],
    texts: [{ name: `${name}_kind`, labels: KINDS, sensitive: false, isPublic: random() < 0.5 }],
    date: `${name}_day`,
    units: { person: key, ...(withFirms ? { firm: 'firm_id' } : {}) },
  };
}

export function randomWorld(seed: number): World {
  const random = randomFrom(seed);
  const size = 60 + Math.floor(random() * 120);
  const people: ProtectedTable = {
    name: 'people',
    numbers: [numberColumn('income', random), numberColumn('debt', random), numberColumn('points', random, 'sensitive')],
    texts: [
      { name: 'area', labels: AREAS, sensitive: false, isPublic: false },
      { name: 'ill', labels: ['no', 'yes', 'maybe'], sensitive: true, isPublic: true },
    ],
    date: 'born',
    units: { person: 'person_id' },
  };
  const many = [
    ...(seed % 4 === 0 ? [] : [manyTable('visits', 'person_id', random, seed % 2 === 1)]),
    ...(seed % 4 === 3 ? [] : [manyTable('orders', 'person_id', random, false)]),
  ];
  const rows: Record<string, readonly Readonly<Record<string, Cell>>[]> = {
    areas: AREAS.map((area, index) => ({ area, zone: index < 2 ? 'west' : 'east', homes: 100 * (index + 1) })),
    people: Array.from({ length: size }, (_, index) => ({
      person_id: index + 1,
      area: pickSkewed(random, AREAS),
      born: dateOf(random),
      ill: random() < 0.75 ? 'no' : pick(random, ['yes', 'yes', 'maybe']),
      ...Object.fromEntries(people.numbers.map((column) => [column.name, drawn(column, random)])),
    })),
  };
  for (const table of many) rows[table.name] = manyRows(table, size, random);
  return { seed, people, many, declaration: declarationOf(seed, people, many), tables: rows };
}

function manyRows(table: ProtectedTable, people: number, random: Random): readonly Readonly<Record<string, Cell>>[] {
  const most = 1 + Math.floor(random() * 3);
  const found: Readonly<Record<string, Cell>>[] = [];
  for (let person = 1; person <= people; person++) {
    for (let n = rowsOf(person, random, most); n > 0; n--) {
      found.push({
        [`${table.name}_id`]: found.length + 1,
        person_id: person,
        ...('firm' in table.units ? { firm_id: random() < 0.1 ? null : 1 + Math.floor(random() ** 2 * (people / 2)) } : {}),
        [`${table.name}_kind`]: pickSkewed(random, KINDS),
        [table.date]: dateOf(random),
        ...Object.fromEntries(table.numbers.map((column) => [column.name, drawn(column, random)])),
      });
    }
  }
  return found;
}

// — the declaration —————————————————————————————————————————————————————————————————————————————————————————

function declaredColumns(table: ProtectedTable): Readonly<Record<string, unknown>> {
  return {
    ...Object.fromEntries(
      table.texts.map((text) => [
        text.name,
        text.sensitive
          ? { type: 'VARCHAR', label: 'sensitivePersonal', role: 'sensitive', domain: text.labels }
          : { type: 'VARCHAR', label: 'none', role: 'dimension', ...(text.isPublic ? { domain: text.labels } : {}) },
      ]),
    ),
    [table.date]: { type: 'DATE', label: 'personal', role: 'quasiId', bounds: ['1900-01-01', '2026-12-31'] },
    ...Object.fromEntries(
      table.numbers.map((column) => [
        column.name,
        {
          type: column.type,
          label: column.role === 'sensitive' ? 'sensitivePersonal' : 'personal',
          role: column.role,
          nullable: column.nullable,
          ...(column.type === 'DOUBLE' ? { bounds: [-100_000_000, 100_000_000] } : {}),
        },
      ]),
    ),
  };
}

function declarationOf(seed: number, people: ProtectedTable, many: readonly ProtectedTable[]): unknown {
  const unitColumns = (table: ProtectedTable): Readonly<Record<string, unknown>> =>
    'firm' in table.units ? { firm_id: { type: 'INTEGER', label: 'tradeSecret', role: 'unitId', nullable: true } } : {};
  return {
    dataset: `world-${seed}`,
    ...DECLARED_HEAD,
    tables: {
      areas: {
        file: 'areas.csv',
        visibility: 'public',
        primaryKey: ['area'],
        foreignKeys: [],
        columns: {
          area: { type: 'VARCHAR', label: 'none', role: 'dimension' },
          zone: { type: 'VARCHAR', label: 'none', role: 'dimension' },
          homes: { type: 'INTEGER', label: 'none', role: 'measure' },
        },
      },
      people: {
        file: 'people.csv',
        visibility: 'protected',
        primaryKey: ['person_id'],
        foreignKeys: [{ columns: ['area'], references: 'areas.area' }],
        units: { person: ['person_id'] },
        columns: { person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' }, ...declaredColumns(people) },
      },
      ...Object.fromEntries(
        many.map((table) => [
          table.name,
          {
            file: `${table.name}.csv`,
            visibility: 'protected',
            primaryKey: [`${table.name}_id`],
            foreignKeys: [{ columns: ['person_id'], references: 'people.person_id' }],
            units: Object.fromEntries(Object.entries(table.units).map(([type, column]) => [type, [column]])),
            columns: {
              [`${table.name}_id`]: { type: 'INTEGER', label: 'personal', role: 'directId' },
              person_id: { type: 'INTEGER', label: 'personal', role: 'unitId' },
              ...unitColumns(table),
              ...declaredColumns(table),
            },
          },
        ]),
      ),
    },
  };
}

/** The world without one unit: every row in which it stands. */
export function withoutUnit(world: World, type: string, unit: number): World {
  const tables = Object.entries(world.tables).map(([name, rows]) => {
    const table = [world.people, ...world.many].find((item) => item.name === name);
    const column = table?.units[type];
    return [name, column === undefined ? rows : rows.filter((row) => row[column] !== unit)] as const;
  });
  return { ...world, tables: Object.fromEntries(tables) };
}
