import { describe, expect, test } from 'vitest';
import { writeCsv } from '../../../src/egress/csv.ts';

const one = (type: string, cell: string | number | boolean | null): string =>
  writeCsv({ columns: [{ name: 'c', type }], rows: [[cell]] }).slice('c\r\n'.length, -2);

describe('canonical CSV', () => {
  test('header, CRLF, quotes, NULL and empty text stay apart', () => {
    const text = writeCsv({
      columns: [
        { name: 'district', type: 'VARCHAR' },
        { name: 'n', type: 'BIGINT' },
        { name: 'x', type: 'VARCHAR' },
      ],
      rows: [
        ['越秀, "A"', '12', null],
        ['b\nc', 3, ''],
      ],
    });
    expect(text).toBe('district,n,x\r\n"越秀, ""A""",12,\r\n"b\nc",3,""\r\n');
  });

  for (const start of ['=', '+', '-', '@', '\t', '\r', '＝', '＋', '－', '＠']) {
    test(`text that starts with ${JSON.stringify(start)} is no formula`, () => {
      expect(one('VARCHAR', `${start}1+1`)).toBe(`"'${start}1+1"`);
    });
  }

  test('a heading is text too', () => {
    expect(writeCsv({ columns: [{ name: '=cmd()', type: 'BIGINT' }], rows: [] })).toBe(`"'=cmd()"\r\n`);
  });

  test('numbers keep their sign, by type and by content', () => {
    expect(one('DECIMAL(12,2)', '-12.50')).toBe('-12.50');
    expect(one('BIGINT', '-9007199254740993')).toBe('-9007199254740993');
    expect(one('DOUBLE', -0.5)).toBe('-0.5');
    expect(one('VARCHAR', '-12.50')).toBe(`"'-12.50"`);
    expect(one('DECIMAL(12,2)', '-1+cmd|x')).toBe(`"'-1+cmd|x"`);
    expect(one('BOOLEAN', true)).toBe('true');
  });
});
