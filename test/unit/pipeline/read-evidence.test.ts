import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedAnswer, readBuckets, readCounts, readExact, readKeys } from '../../../src/pipeline/read-evidence.ts';
import type { Cell, QueryRows } from '../../../src/sandbox/enclave/port.ts';
import type { GateProgram } from '../../../src/sandbox/sql/model/program.ts';

/** One key; all rows, rows with x, and the sum of y. */
const PROGRAM = {
  from: ['t AS t0'],
  where: null,
  pieces: [],
  keys: [{ sql: 'k', name: 'k', id: 'k', publicLabels: null, sensitive: false }],
  terms: [
    { kind: 'rows', piece: null },
    { kind: 'present', piece: null, sql: 'x' },
    { kind: 'value', piece: null, sql: 'y', factors: [], scale: 2, nullable: true, signs: 'nonnegative', sensitive: false },
  ],
  outputs: [],
  units: [{ type: 'person', number: 'u', bucket: 'b', size: 100, oneRow: false, touching: null }],
  rowsId: 't',
  bundle: 0,
  shownFrom: ['t'],
} as unknown as GateProgram;

/** Rows, buckets, total, two largest; NULL rows and buckets; the sum, buckets, total, two largest, varied, one value. */
const BUCKETS = [
  '40',
  '12',
  '40',
  '[5, 4]',
  '40',
  '12',
  '40',
  '[5, 4]',
  '0',
  '0',
  '39',
  '12',
  '39',
  '[5, 4]',
  '1',
  '1',
  '900.50',
  '12',
  '900.50',
  '[100, 90.25]',
  '7',
  'false',
];
/** Units, rows, two largest, off; NULL units; units, net total and top, absolute total and top, totals and rows off. */
const EXACT = [
  '30',
  '40',
  '[5, 4]',
  '3',
  '30',
  '40',
  '[5, 4]',
  '3',
  '0',
  '29',
  '39',
  '[5, 4]',
  '3',
  '1',
  '29',
  '900.5',
  '[80, 70]',
  '900.5',
  '[80, 70]',
  '12',
  '11',
];

const packedText = (figures: readonly string[]): string => `(${figures.join(', ')})`;

function answer(figures: readonly string[], ...more: readonly (readonly Cell[])[]): QueryRows {
  const columns = ['VARCHAR', 'VARCHAR'].map((type, index) => ({ name: `c${index}`, type }));
  return { columns, rows: [['a', packedText(figures)], ...more] };
}

const readers = [
  ['buckets', BUCKETS, (rows: QueryRows): unknown => readBuckets(PROGRAM, 0, rows)],
  ['units', EXACT, (rows: QueryRows): unknown => readExact(PROGRAM, 0, rows)],
] as const;

describe.each(readers)('evidence by %s', (_name, figures, read) => {
  test('reads what it asked for', () => {
    expect(() => read(answer(figures))).not.toThrow();
  });

  test('refuses any other width', () => {
    expect(() => read(answer(figures.slice(1)))).toThrow(MalformedAnswer);
    expect(() => read(answer([...figures, '1']))).toThrow(MalformedAnswer);
    expect(() => read({ columns: [], rows: [['a', packedText(figures)]] })).toThrow(MalformedAnswer);
  });

  test('refuses a cell that comes twice, a key that is a list, and rows that are no text', () => {
    expect(() => read(answer(figures, ['a', packedText(figures)]))).toThrow(MalformedAnswer);
    expect(() => read(answer(figures, [['b'], packedText(figures)]))).toThrow(MalformedAnswer);
    expect(() => read(answer(figures, ['b', 12]))).toThrow(MalformedAnswer);
  });

  test('refuses figures that are none, and largest shares above their total', () => {
    for (const wrong of ['-1', '1.5', 'x', '1e3', 'NaN', '99999999999999999999']) {
      expect(() => read(answer([wrong, ...figures.slice(1)]))).toThrow(MalformedAnswer);
    }
    const total = figures.indexOf('40', 1);
    expect(() => read(answer(figures.map((item, index) => (index === total ? '3' : item))))).toThrow(MalformedAnswer);
  });

  test('whatever a worker answers, it is read or refused as malformed', () => {
    const figure = fc.oneof(fc.constantFrom(...figures), fc.string(), fc.integer().map(String));
    fc.assert(
      fc.property(fc.array(figure, { minLength: figures.length, maxLength: figures.length }), (items) => {
        try {
          read(answer(items));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedAnswer);
        }
      }),
    );
  });
});

test('counts are whole, not negative, and one for each column asked for', () => {
  const rows = (value: Cell): QueryRows => ({
    columns: [
      { name: 'k', type: 'VARCHAR' },
      { name: 'n', type: 'BIGINT' },
    ],
    rows: [['a', value]],
  });
  expect(readCounts(PROGRAM, rows('12'), 1).get('["a"]')).toEqual([12]);
  for (const wrong of ['-1', '1.5', 'x', [1]] as const) expect(() => readCounts(PROGRAM, rows(wrong as Cell), 1)).toThrow(MalformedAnswer);
  expect(() => readCounts(PROGRAM, rows('1'), 2)).toThrow(MalformedAnswer);
});

test('keys are read as they are', () => {
  const rows: QueryRows = { columns: [{ name: 'k', type: 'VARCHAR' }], rows: [['a'], [null], [true]] };
  expect(readKeys(PROGRAM, rows)).toEqual([['a'], [null], [true]]);
});
