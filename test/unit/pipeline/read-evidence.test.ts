import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { MalformedAnswer, readBuckets, readCounts, readExact, readKeys } from '../../../src/pipeline/read-evidence.ts';
import type { Cell, QueryRows } from '../../../src/sandbox/enclave/port.ts';
import type { EvidenceProgram } from '../../../src/sandbox/sql/program.ts';

const PROGRAM = {
  keys: [{}],
  monomials: [{ kind: 'rows' }, { kind: 'present', sql: 'x' }, { kind: 'value', sql: 'y', signs: 'nonnegative', sensitive: false }],
  units: [{ type: 'person', number: 'u', bucket: 'b', size: 100, oneRow: false }],
} as unknown as EvidenceProgram;

/** Answers of the right shape for one cell. */
const BUCKET_ROW: readonly Cell[] = [
  'a',
  '40',
  '12',
  '40',
  ['5', '4'],
  '40',
  '12',
  '40',
  ['5', '4'],
  '0',
  '0',
  '39',
  '12',
  '39',
  ['5', '4'],
  '1',
  '1',
  '900.50',
  '12',
  '900.50',
  ['100', '90.25'],
  '7',
  false,
];
const EXACT_ROW: readonly Cell[] = [
  'a',
  '30',
  '40',
  ['5', '4'],
  '3',
  '30',
  '40',
  ['5', '4'],
  '0',
  '3',
  '29',
  '39',
  ['5', '4'],
  '1',
  '3',
  '29',
  '900.5',
  ['80', '70'],
  '900.5',
  ['80', '70'],
  '12',
  '11',
];

function answer(row: readonly Cell[], ...more: readonly (readonly Cell[])[]): QueryRows {
  return { columns: row.map((_, index) => ({ name: `c${index}`, type: 'BIGINT' })), rows: [row, ...more] };
}

const readers = [
  ['buckets', BUCKET_ROW, (rows: QueryRows) => readBuckets(PROGRAM, 0, rows)],
  ['units', EXACT_ROW, (rows: QueryRows) => readExact(PROGRAM, 0, rows)],
] as const;

describe.each(readers)('evidence by %s', (_name, row, read) => {
  test('reads what it asked for', () => {
    expect(() => read(answer(row))).not.toThrow();
  });

  test('refuses any other width', () => {
    expect(() => read(answer(row.slice(1)))).toThrow(MalformedAnswer);
    expect(() => read(answer([...row, '1']))).toThrow(MalformedAnswer);
    expect(() => read({ ...answer(row), rows: [row.slice(1)] })).toThrow(MalformedAnswer);
  });

  test('refuses a cell that comes twice', () => {
    expect(() => read(answer(row, row))).toThrow(MalformedAnswer);
  });

  test('refuses a value of another shape in any place', () => {
    const wrong = fc.oneof(
      fc.constantFrom<unknown>(
        'x',
        '',
        'NaN',
        'Infinity',
        '1.5.2',
        '-1',
        -1,
        {},
        { digits: 1 },
        [['1']],
        ['1', '2', '3'],
        ['2', '9'],
        ['x'],
        Number.NaN,
        Number.POSITIVE_INFINITY,
        undefined,
      ),
      fc.record({ digits: fc.integer() }),
      fc.array(fc.array(fc.string()), { minLength: 1 }),
    );
    fc.assert(
      fc.property(fc.integer({ min: 1, max: row.length - 1 }), wrong, (place, value) => {
        const changed = row.with(place, value as Cell);
        const isSigned = value === '-1' || value === -1; // a sum may be negative, nothing else
        let refused = false;
        try {
          read(answer(changed));
        } catch (thrown) {
          expect(thrown).toBeInstanceOf(MalformedAnswer);
          refused = true;
        }
        if (!refused) expect(isSigned).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });

  test('refuses shares that do not add up, and counts that are none', () => {
    const total = row.findIndex((value, index) => value === '40' && Array.isArray(row[index + 1]));
    expect(() => read(answer(row.with(total, '8')))).toThrow(MalformedAnswer);
    expect(() => read(answer(row.with(total + 1, ['4', '5'])))).toThrow(MalformedAnswer);
    expect(() => read(answer(row.with(total + 1, ['4', '-5'])))).toThrow(MalformedAnswer);
    expect(() => read(answer(row.with(total - 1, '1.5')))).toThrow(MalformedAnswer);
  });
});

describe('keys and counts', () => {
  test('a key is a scalar', () => {
    expect(readKeys(PROGRAM, answer(['a']))).toEqual([['a']]);
    for (const key of [['a'], {}] as unknown as Cell[]) expect(() => readKeys(PROGRAM, answer([key]))).toThrow(MalformedAnswer);
  });

  test('counts are whole and not negative', () => {
    expect(readCounts(PROGRAM, answer(['a', '3']), 1).get('["a"]')).toEqual([3]);
    for (const count of ['-1', '0.5', 'x', true, ['1']])
      expect(() => readCounts(PROGRAM, answer(['a', count]), 1)).toThrow(MalformedAnswer);
  });
});
