import { describe, expect, test } from 'vitest';
import { tableOfCsv } from '../../../src/cli/table-of-csv.ts';
import { writeCsv } from '../../../src/egress/csv.ts';
import { harmlessTable } from '../../../src/egress/formula.ts';
import type { ReleaseCell, ReleaseTable } from '../../../src/egress/release-content.ts';
import { restoreCopy } from '../../../src/egress/restore-copy.ts';
import { matchMarks, withMark } from '../../../src/egress/watermark.ts';

/* Copies as they turn up: saved again by other programs, cut, sorted, with columns gone. */
const KEY = Buffer.alloc(32, 3);
const PLAN = { columns: ['income', 'rent'], anchors: ['=code', 'since'] };
const ORIGINAL: ReleaseTable = {
  columns: [
    { name: '=code', type: 'VARCHAR' },
    { name: 'since', type: 'DATE' },
    { name: 'income', type: 'DECIMAL(12,2)' },
    { name: 'rent', type: 'INTEGER' },
    { name: 'area', type: 'VARCHAR' },
  ],
  rows: Array.from({ length: 900 }, (_, at) => [
    `${['-', '+', '00', '=', 'C'][at % 5]}${at}`,
    `20${10 + (at % 10)}-0${1 + (at % 9)}-0${1 + (at % 7)}`,
    at % 40 === 0 ? null : `${-4000 + ((at * 7919) % 90_000)}.${String((at * 37) % 100).padStart(2, '0')}`,
    (at * 4211) % 9000,
    `区${at % 13}`,
  ]),
};
const RELEASES = ['rel_a', 'rel_b', 'rel_c'];
const COPY = withMark(ORIGINAL, PLAN, KEY, 'rel_b');
const accused = (copy: ReleaseTable, releases: readonly string[] = RELEASES): readonly string[] =>
  matchMarks(restoreCopy(copy, ORIGINAL, PLAN), PLAN, KEY, releases).flatMap((match) => (match.isMarked ? [match.recipient] : []));
const each = (copy: ReleaseTable, change: (cell: ReleaseCell, column: string) => ReleaseCell): ReleaseTable => ({
  ...copy,
  rows: copy.rows.map((row) => row.map((cell, at) => change(cell, copy.columns[at]?.name ?? ''))),
});
const without = (copy: ReleaseTable, ...names: readonly string[]): ReleaseTable => {
  const kept = copy.columns.map(({ name }, at) => (names.includes(name) ? -1 : at)).filter((at) => at >= 0);
  const pick = <T>(list: readonly T[]): readonly T[] => kept.flatMap((at) => list.slice(at, at + 1));
  return { columns: pick(copy.columns), rows: copy.rows.map(pick) };
};
const asText = (cell: ReleaseCell): ReleaseCell => (cell === null ? null : String(cell));

describe('a copy accuses its recipient and nobody else', () => {
  test.each<readonly [string, (copy: ReleaseTable) => ReleaseTable]>([
    ['as it is', (copy) => copy],
    ['as our JSON, with the apostrophes of our writer', harmlessTable],
    ['as our CSV, read by our reader', (copy) => tableOfCsv(writeCsv(copy))],
    ['as our CSV, read by anybody', (copy) => each(harmlessTable(copy), asText)],
    [
      'saved by a spreadsheet: zeros dropped, numbers for codes, days with strokes',
      (copy) =>
        each(copy, (cell, name) => {
          if (cell === null) return null;
          if (name === 'since') return String(cell).replaceAll('-0', '/').replaceAll('-', '/');
          return /^[+-]?\d+(\.\d+)?$/.test(String(cell)) ? String(Number(cell)) : cell;
        }),
    ],
    [
      'with thousands between commas and two zeros more',
      (copy) =>
        each(copy, (cell, name) => (name === 'income' && cell !== null ? `${String(cell).replace(/\B(?=(\d{3})+\.)/, ',')}00` : cell)),
    ],
    [
      'full-width, with spaces around, names in capitals',
      (copy) => ({
        columns: copy.columns.map(({ name, type }) => ({ name: ` ${name.toUpperCase()} `, type })),
        rows: each(copy, (cell) =>
          cell === null ? null : ` ${String(cell).replace(/\d/g, (digit) => String.fromCharCode(0xff10 + Number(digit)))} `,
        ).rows,
      }),
    ],
    ['sorted', (copy) => ({ ...copy, rows: copy.rows.toSorted((a, b) => Number(a[3]) - Number(b[3])) })],
    ['cut to a third', (copy) => ({ ...copy, rows: copy.rows.slice(500, 800) })],
    ['with every row twice', (copy) => ({ ...copy, rows: copy.rows.flatMap((row) => [row, row]) })],
    [
      'one row for each area and rent, as after a deduplication',
      (copy) => ({
        ...copy,
        rows: [...new Map(copy.rows.map((row) => [`${row[4]}${row[3]}`, row])).values()],
      }),
    ],
    ['without one anchor', (copy) => without(copy, 'since')],
    ['without any anchor', (copy) => without(copy, '=code', 'since')],
    ['of numbers alone', (copy) => without(copy, '=code', 'since', 'area')],
    ['without one of its numbers', (copy) => without(copy, 'rent')],
    [
      'without one of its numbers and the codes, sorted and cut',
      (copy) => ({ ...without(copy, 'rent', '=code'), rows: without(copy, 'rent', '=code').rows.slice(200).toReversed() }),
    ],
  ])('%s', (_name, attack) => {
    expect(accused(attack(COPY))).toEqual(['rel_b']);
    expect(accused(attack(ORIGINAL))).toEqual([]);
  });

  test('of two hundred strangers none is accused, whatever was done to the copy', () => {
    const strangers = Array.from({ length: 200 }, (_, at) => `rel_${at}`);
    expect(accused(without(COPY, '=code', 'since'), strangers)).toEqual([]);
    expect(accused(harmlessTable(COPY), strangers)).toEqual([]);
  });

  test('nothing is read where the numbers are gone, and nothing is taken from the original', () => {
    expect(accused(without(COPY, 'income', 'rent'))).toEqual([]);
    expect(accused(each(COPY, (cell, name) => (['income', 'rent'].includes(name) ? null : cell)))).toEqual([]);
  });
});
