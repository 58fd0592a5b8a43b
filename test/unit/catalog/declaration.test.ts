import { describe, expect, test } from 'vitest';
import { canonicalDataset, catalogDigest } from '../../../src/catalog/canonical-dataset.ts';
import { readDeclaration } from '../../../src/catalog/declaration.ts';
import { datasetJsonSchema, declarationSchema } from '../../../src/catalog/declaration-schema.ts';
import { readSealedSchema } from '../../../src/catalog/sealed-layout.ts';
import { printUnitPath, readUnitPath } from '../../../src/catalog/unit-path.ts';
import { problemDocument } from '../../../src/problems/problem.ts';
import { cityDeclaration } from '../../support/city-declaration.ts';

type Json = Record<string, unknown>;

/** The city with one place changed; `undefined` removes it. */
function changed(path: string, value: unknown): unknown {
  const root = structuredClone(cityDeclaration()) as unknown as Json;
  const parts = path.split('/');
  const last = parts.pop() ?? '';
  let at: Json = root;
  for (const part of parts) at = at[part] as Json;
  if (value === undefined) delete at[last];
  else at[last] = value;
  return root;
}

const codesOf = (json: unknown): readonly string[] => {
  const outcome = readDeclaration(json);
  return outcome.ok
    ? []
    : outcome.error.map(
        (item) => `${item.code} ${item.facts['pointer']}${item.facts['reason'] === undefined ? '' : ` ${item.facts['reason']}`}`,
      );
};

const R = 'tables/residents';
const column = (name: string) => `${R}/columns/${name}`;

const REFUSED: readonly (readonly [name: string, path: string, value: unknown, expected: readonly string[]])[] = [
  ['an unknown field at the top', 'colour', 'red', ['declaration.unknown_field /colour']],
  ['an unknown field of a column', column('name/colour'), 1, [`declaration.unknown_field /${column('name/colour')}`]],
  ['permissions', column('name/permissions'), {}, [`declaration.not_supported /${column('name/permissions')}`]],
  ['no provider', 'provider', undefined, ['declaration.missing_field /provider']],
  ['an unlabelled column', column('income/label'), undefined, [`declaration.unlabelled /${column('income')}`]],
  ['a work secret', column('income/label'), 'workSecret', [`declaration.secret /${column('income')}`]],
  ['a state secret', column('income/label'), 'stateSecret', [`declaration.secret /${column('income')}`]],
  ['an unknown label', column('income/label'), 'secretish', [`declaration.invalid /${column('income/label')} wrongShape`]],
  ['no role', column('income/role'), undefined, [`declaration.missing_field /${column('income/role')}`]],
  ['an unknown role', column('income/role'), 'boss', [`declaration.invalid /${column('income/role')} wrongShape`]],
  ['prohibited openness', 'openness', 'prohibited', ['declaration.not_open /openness']],
  ['prohibited openness in Chinese', 'openness', '不予开放', ['declaration.not_open /openness']],
  ['unknown openness', 'openness', 'maybe', ['declaration.invalid /openness wrongShape']],
  ['an unknown grade', 'grade', 'x', ['declaration.invalid /grade wrongShape']],
  ['k below the floor', 'k', 4, ['declaration.invalid /k wrongShape']],
  ['a k that is no whole number', 'k', 10.5, ['declaration.invalid /k wrongShape']],
  ['a dataset that climbs', 'dataset', '../x', ['declaration.invalid /dataset datasetName']],
  ['no tables', 'tables', {}, ['declaration.invalid /tables noTables']],
  [
    'a reserved column',
    column('__rk'),
    { type: 'INTEGER', label: 'none', role: 'dimension' },
    [`declaration.invalid /${column('__rk')} name`],
  ],
  [
    'a column with quotes',
    column('a"b'),
    { type: 'INTEGER', label: 'none', role: 'dimension' },
    [`declaration.invalid /${column('a"b')} name`],
  ],
  ['rowid', column('RowID'), { type: 'INTEGER', label: 'none', role: 'dimension' }, [`declaration.invalid /${column('RowID')} name`]],
  [
    'names that differ in case',
    column('INCOME'),
    { type: 'INTEGER', label: 'none', role: 'dimension' },
    [`declaration.invalid /${column('INCOME')} nameClash`],
  ],
  ['an unknown type', column('income/type'), 'MONEY', [`declaration.invalid /${column('income/type')} type`]],
  ['too wide a decimal', column('income/type'), 'DECIMAL(39,2)', [`declaration.invalid /${column('income/type')} type`]],
  ['a scale above the precision', column('income/type'), 'DECIMAL(2,3)', [`declaration.invalid /${column('income/type')} type`]],
  ['bounds in reverse', column('income/bounds'), [5, 1], [`declaration.invalid /${column('income/bounds')} boundsForm`]],
  ['bounds of another type', column('birth/bounds'), [1, 2], [`declaration.invalid /${column('birth/bounds')} boundsForm`]],
  [
    'a bound that is no day',
    column('birth/bounds'),
    ['2020-02-30', '2021-01-01'],
    [`declaration.invalid /${column('birth/bounds')} boundsForm`],
  ],
  ['bounds of text', column('district/bounds'), ['a', 'b'], [`declaration.invalid /${column('district/bounds')} boundsType`]],
  ['a domain with a value twice', column('district/domain'), ['a', 'a'], [`declaration.invalid /${column('district/domain')} domainForm`]],
  ['a domain of another type', column('district/domain'), ['a', 1], [`declaration.invalid /${column('district/domain')} domainForm`]],
  [
    'a public domain without one',
    column('income/publicDomain'),
    true,
    [`declaration.invalid /${column('income/publicDomain')} publicDomainAlone`],
  ],
  ['a grid of another type', column('income/grid'), 'month', [`declaration.invalid /${column('income/grid')} gridType`]],
  [
    'no primary key',
    `${R}/primaryKey`,
    [],
    [`declaration.invalid /${R}/primaryKey keyMissing`, 'declaration.invalid /tables/visits/units/person unitHop'],
  ],
  [
    'a primary key of nowhere',
    `${R}/primaryKey`,
    ['id'],
    [`declaration.invalid /${R}/primaryKey/0 keyColumn`, 'declaration.invalid /tables/visits/units/person unitHop'],
  ],
  [
    'a nullable primary key',
    column('resident_id/nullable'),
    true,
    [`declaration.contradiction /${column('resident_id/nullable')} keyNullable`],
  ],
  [
    'a reference without a table',
    'tables/visits/foreignKeys',
    [{ columns: ['hospital'], references: 'hospitals' }],
    ['declaration.invalid /tables/visits/foreignKeys/0/references reference'],
  ],
  [
    'a reference to nowhere',
    'tables/visits/foreignKeys',
    [{ columns: ['hospital'], references: 'clinics.id' }],
    ['declaration.invalid /tables/visits/foreignKeys/0 referenceTarget'],
  ],
  [
    'a reference that is not unique',
    'tables/visits/foreignKeys',
    [{ columns: ['hospital'], references: 'hospitals.title' }],
    ['declaration.invalid /tables/visits/foreignKeys/0 referenceUnique', 'declaration.invalid /tables/visits/foreignKeys/0 referenceType'],
  ],
  [
    'a reference of another type',
    'tables/hospitals/columns/hospital_id/type',
    'VARCHAR',
    ['declaration.invalid /tables/visits/foreignKeys/0 referenceType'],
  ],
  ['a protected table without units', `${R}/units`, undefined, [`declaration.invalid /${R}/units unitMissing`]],
  [
    'a public table with units',
    'tables/hospitals/units',
    { person: ['hospital_id'] },
    [
      'declaration.invalid /tables/hospitals/units unitInPublic',
      'declaration.invalid /tables/hospitals/units/person unitRole',
      'declaration.invalid /tables/hospitals/units/person unitType',
    ],
  ],
  ['a path that is no path', `${R}/units/person`, ['a -> b'], [`declaration.invalid /${R}/units/person unitPath`]],
  ['a path to nowhere', `${R}/units/person`, ['id'], [`declaration.invalid /${R}/units/person unitColumn`]],
  [
    'a hop to no key',
    'tables/visits/units/person',
    ['resident -> residents.name', 'resident_id'],
    ['declaration.invalid /tables/visits/units/person unitHop'],
  ],
  [
    'a unit that is a measure',
    column('resident_id/role'),
    'dimension',
    [`declaration.invalid /${R}/units/person unitRole`, 'declaration.invalid /tables/visits/units/person unitRole'],
  ],
  [
    'a hop over a quasi-identifier',
    'tables/visits/columns/resident/role',
    'quasiId',
    ['declaration.invalid /tables/visits/units/person hopRole'],
  ],
  [
    'personal data in a public table',
    'tables/hospitals/columns/title/label',
    'personal',
    ['declaration.contradiction /tables/hospitals/columns/title/label publicLabel'],
  ],
  [
    'a direct identifier in a public table',
    'tables/hospitals/columns/title/role',
    'directId',
    ['declaration.contradiction /tables/hospitals/columns/title/role publicRole'],
  ],
  [
    'a sensitive dimension',
    column('district/label'),
    'sensitivePersonal',
    [`declaration.contradiction /${column('district/role')} sensitiveDimension`],
  ],
  ['a measure of text', column('name/role'), 'measure', [`declaration.contradiction /${column('name/role')} measureType`]],
  ['a file above the folder', `${R}/file`, '../x.csv', [`declaration.invalid /${R}/file filePath`]],
  ['an absolute file', `${R}/file`, '/etc/passwd.csv', [`declaration.invalid /${R}/file filePath`]],
  ['a file with a wildcard', `${R}/file`, '*.csv', [`declaration.invalid /${R}/file filePath`]],
  ['a file from the network', `${R}/file`, 'https://x/y.csv', [`declaration.invalid /${R}/file filePath`]],
  ['a file of another kind', `${R}/file`, 'x.xlsx', [`declaration.invalid /${R}/file fileFormat`]],
  [
    'an encoding of Parquet',
    'tables/hospitals',
    { ...cityDeclaration().tables.hospitals, file: 'x.parquet', encoding: 'gb18030' },
    ['declaration.invalid /tables/hospitals/file fileFormat'],
  ],
];

describe('readDeclaration', () => {
  test.each(REFUSED)('refuses %s', (_name, path, value, expected) => {
    expect(codesOf(changed(path, value))).toEqual(expected);
  });

  test('normalises what it accepts', () => {
    const outcome = readDeclaration(changed(column('income/type'), ' decimal( 12 , 2 ) '));
    if (!outcome.ok) throw new Error(JSON.stringify(outcome.error));
    const { dataset, files } = outcome.value;
    expect(files).toEqual({
      residents: { file: 'residents.csv', format: 'csv', encoding: 'utf-8' },
      visits: { file: 'visits.csv', format: 'csv', encoding: 'utf-8' },
      hospitals: { file: 'hospitals.csv', format: 'csv', encoding: 'utf-8' },
    });
    expect(dataset.tables.map((table) => table.name)).toEqual(['residents', 'visits', 'hospitals']);
    const [residents, visits] = dataset.tables;
    expect(residents?.columns.map(({ name, type, nullable, factFamily }) => [name, type, nullable, factFamily])).toEqual([
      ['resident_id', 'VARCHAR', false, 'residents.resident_id'],
      ['name', 'VARCHAR', true, 'residents.name'],
      ['district', 'VARCHAR', true, 'residents.district'],
      ['birth', 'DATE', true, 'residents.birth'],
      ['income', 'DECIMAL(12,2)', true, 'residents.income'],
    ]);
    expect(visits?.units).toEqual({
      person: { hops: [{ from: 'resident', table: 'residents', to: 'resident_id' }], column: 'resident_id' },
    });
    expect(visits?.foreignKeys).toEqual([{ columns: ['hospital'], table: 'hospitals', references: ['hospital_id'] }]);
    expect(declarationSchema.safeParse(cityDeclaration()).success).toBe(true);
    expect(datasetJsonSchema()).toMatchObject({ type: 'object', additionalProperties: false });
  });

  test('names the problems of every part at once, in both languages, without values', () => {
    const json = structuredClone(cityDeclaration()) as unknown as {
      openness: string;
      tables: Record<string, { columns: Record<string, Json>; file: string }>;
    };
    json.openness = 'prohibited';
    Object.assign(json.tables['residents']?.columns['income'] ?? {}, { label: undefined, bounds: ['SECRETVALUE', 1] });
    delete json.tables['residents']?.columns['income']?.['label'];
    Object.assign(json.tables['visits'] ?? {}, { file: '../SECRETVALUE' });
    const outcome = readDeclaration(json);
    if (outcome.ok) throw new Error('accepted');
    expect(outcome.error.map((item) => item.code)).toEqual(['declaration.not_open', 'declaration.unlabelled', 'declaration.invalid']);
    for (const language of ['en', 'zh'] as const) {
      const document = problemDocument(outcome.error, language);
      expect(document.problems.every((item) => item.detail.length > 10)).toBe(true);
      expect(JSON.stringify(document)).not.toContain('SECRETVALUE');
    }
  });

  test('composite keys are lists of one table', () => {
    const json = changed('tables/hospitals/primaryKey', ['hospital_id', 'title']) as { tables: { visits: Json } };
    json.tables.visits['foreignKeys'] = [{ columns: ['hospital', 'resident'], references: ['hospitals.hospital_id', 'hospitals.title'] }];
    expect(codesOf(json)).toEqual([]);
    json.tables.visits['foreignKeys'] = [{ columns: ['hospital', 'resident'], references: ['hospitals.hospital_id', 'residents.name'] }];
    expect(codesOf(json)).toEqual(['declaration.invalid /tables/visits/foreignKeys/0/references reference']);
  });
});

test('a path prints as it was written', () => {
  const text = ['l_orderkey -> orders.o_orderkey', 'o_custkey'];
  const path = readUnitPath(text);
  expect(path === undefined ? undefined : printUnitPath(path)).toEqual(text);
  for (const wrong of [[], ['a -> b.c'], ['a -> b.c.d', 'e'], ['a -> b -> c.d', 'e'], ['a.b'], ['__u_x'], Array(10).fill('a -> b.c')]) {
    expect(readUnitPath(wrong)).toBeUndefined();
  }
});

test('the catalog digest depends on content, not on the order of keys in an object', () => {
  const read = (json: unknown) => {
    const outcome = readDeclaration(json);
    if (!outcome.ok) throw new Error('refused');
    return outcome.value.dataset;
  };
  const city = cityDeclaration();
  const { dataset, ...rest } = city;
  expect(canonicalDataset(read({ ...rest, dataset }))).toBe(canonicalDataset(read(city)));
  expect(catalogDigest(read(city))).toMatch(/^[0-9a-f]{64}$/);
  expect(catalogDigest(read({ ...city, k: 20 }))).not.toBe(catalogDigest(read(city)));
});

test('the sealed schema leaves direct identifiers out and quotes names', () => {
  const outcome = readDeclaration(cityDeclaration());
  if (!outcome.ok) throw new Error('refused');
  expect(readSealedSchema(outcome.value.dataset)).toEqual([
    'CREATE TABLE "residents" ("resident_id" VARCHAR, "district" VARCHAR, "birth" DATE, "income" DECIMAL(12,2), "__u_person" INTEGER, "__b_person" USMALLINT, "__h_person" INTEGER, "__rk" INTEGER)',
    'CREATE TABLE "visits" ("resident" VARCHAR, "hospital" INTEGER, "cost" DOUBLE, "__u_person" INTEGER, "__b_person" USMALLINT, "__h_person" INTEGER, "__rk" INTEGER)',
    'CREATE TABLE "hospitals" ("hospital_id" INTEGER, "title" VARCHAR)',
  ]);
});
