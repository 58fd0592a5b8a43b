import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { releasedRelation } from '../../../../../src/sandbox/sql/open/relation.ts';
import { TestEngine } from './engine.ts';

let engine: TestEngine;
beforeAll(async () => {
  engine = await TestEngine.open(2);
});
afterAll(() => {
  engine.close();
});

const whole = (bits: bigint): fc.Arbitrary<string> => fc.bigInt({ min: -(2n ** bits), max: 2n ** bits - 1n }).map(String);
const text = fc.string({ unit: 'binary' }).map((value) => value.replaceAll('\0', '').toWellFormed());

function decimal(width: number, scale: number): fc.Arbitrary<string> {
  const most = 10n ** BigInt(width) - 1n;
  return fc
    .oneof(fc.bigInt({ min: -most, max: most }), fc.bigInt({ min: -1000n, max: 1000n }), fc.constant(most), fc.constant(-most))
    .map((digits) => {
      const padded = (digits < 0n ? -digits : digits).toString().padStart(scale + 1, '0');
      const cut = padded.length - scale;
      return `${digits < 0n ? '-' : ''}${padded.slice(0, cut)}${scale === 0 ? '' : `.${padded.slice(cut)}`}`;
    });
}

const date = fc.date({ min: new Date('0001-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
const COLUMNS: Readonly<Record<string, fc.Arbitrary<string | number | boolean>>> = {
  BIGINT: whole(63n),
  HUGEINT: whole(127n),
  INTEGER: fc.integer(),
  'DECIMAL(38,2)': decimal(38, 2),
  'DECIMAL(38,0)': decimal(38, 0),
  'DECIMAL(38,38)': decimal(38, 38),
  'DECIMAL(9,4)': decimal(9, 4),
  DOUBLE: fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => value + 0),
  VARCHAR: text,
  BOOLEAN: fc.boolean(),
  DATE: date.map((value) => value.toISOString().slice(0, 10)),
  TIMESTAMP: date.map((value) => value.toISOString().slice(0, 19).replace('T', ' ')),
};

describe('a released relation', () => {
  test('gives exactly its rows, in order, with exactly its types', async () => {
    const types = Object.keys(COLUMNS);
    const columns = types.map((type, index) => ({ name: index === 0 ? 'a "quoted" 名' : `c${index}`, type }));
    const row = fc.tuple(...types.map((type) => fc.option(COLUMNS[type] ?? fc.constant(0), { freq: 5 })));
    await fc.assert(
      fc.asyncProperty(fc.array(row, { maxLength: 12 }), async (rows) => {
        const answer = await engine.ask(releasedRelation(columns, rows));
        expect(answer.names).toEqual(columns.map((column) => column.name));
        expect(answer.types).toEqual(types);
        const numbers = new Set(['INTEGER', 'DOUBLE', 'BOOLEAN']);
        const wanted = rows.map((values) =>
          values.map((value, index) => (value === null || numbers.has(types[index] ?? '') ? value : String(value))),
        );
        expect(answer.rows).toEqual(wanted.map((values) => values.map((value) => (Object.is(value, -0) ? 0 : value))));
      }),
      { numRuns: 100 },
    );
  });

  test('refuses what its types cannot hold', () => {
    const one =
      (type: string, value: string | number | boolean): (() => string) =>
      () =>
        releasedRelation([{ name: 'x', type }], [[value]]);
    expect(one('DOUBLE', Number.NaN)).toThrow();
    expect(one('DOUBLE', 'inf')).toThrow();
    expect(one('DECIMAL(5,2)', '1000.00')).toThrow();
    expect(one('DECIMAL(5,2)', '1.001')).toThrow();
    expect(one('BIGINT', 1.5)).toThrow();
    expect(one('BIGINT', "1'; SELECT 1")).toThrow();
    expect(one('VARCHAR', 'a\0b')).toThrow();
    expect(one('VARCHAR', '\ud800')).toThrow();
    expect(one('DATE', 'infinity')).toThrow();
    expect(one('INTEGER[]', '[1]')).toThrow();
    expect(() => releasedRelation([], [])).toThrow();
  });

  test('20,000 rows of ten columns are there quickly', async () => {
    const types = ['BIGINT', 'DECIMAL(38,2)', 'DOUBLE', 'VARCHAR', 'DATE', 'TIMESTAMP', 'BOOLEAN', 'BIGINT', 'DOUBLE', 'VARCHAR'];
    const columns = types.map((type, index) => ({ name: `c${index}`, type }));
    const rows = Array.from({ length: 20_000 }, (_, i) => [
      i,
      `${i * 7}.25`,
      i * 0.1,
      `city ${i % 100}'s`,
      '2024-01-31',
      '2024-01-31 10:00:00',
      i % 2 === 0,
      i % 3 === 0 ? null : i,
      i / 3,
      'x'.repeat(10),
    ]);
    const times: number[] = [];
    for (let run = 0; run < 3; run += 1) {
      const start = performance.now();
      const answer = await engine.ask(`SELECT count(*), sum(c0), sum(c1) FROM (${releasedRelation(columns, rows)})`);
      times.push(performance.now() - start);
      expect(answer.rows).toEqual([['20000', '199990000', '1399935000.00']]);
    }
    // 130 ms on a busy machine of two cores, where VALUES takes 3 to 5 s.
    expect(Math.min(...times)).toBeLessThan(1000);
  });
});
