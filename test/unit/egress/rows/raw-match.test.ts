import { describe, expect, test } from 'vitest';
import { rawMatchFindings } from '../../../../src/egress/rows/raw-match.ts';

const ROWS = 200;
const cost = Array.from({ length: ROWS }, (_, at) => String((at * 7919) % 3001));
const area = Array.from({ length: ROWS }, (_, at) => `a${Math.floor(Math.sqrt(at * 13)) % 37}`);
const original = [
  { name: 'cost', cells: cost },
  { name: 'area', cells: area },
];
const found = (cells: readonly (string | null)[], isMasked = true) =>
  rawMatchFindings([{ name: 'shown', cells, isMasked }], original).map(({ rule, severity }) => `${rule} ${severity}`);
const numbers = (change: (value: number) => number) => cost.map((text) => String(change(Number(text))));

describe('a column of true values is found', () => {
  test.each<[string, readonly string[]]>([
    ['as it is', cost],
    ['sorted', cost.toSorted()],
    ['reversed', cost.toReversed()],
    ['scaled', numbers((value) => value * 7 + 1)],
    ['scaled and sorted', numbers((value) => value / 3).toSorted()],
    ['turned over', numbers((value) => 10_000 - value)],
    ['rounded', numbers((value) => Math.round(value / 10) * 10)],
    ['re-encoded', area.map((text) => Buffer.from(text).toString('base64'))],
    ['numbered', area.map((text) => String([...new Set(area)].indexOf(text) * 31))],
    ['written otherwise', area.map((text) => text.toUpperCase())],
  ])('%s', (_, cells) => {
    expect(found(cells)).toEqual(['raw-match.column hard']);
    expect(found(cells, false)).toEqual(['raw-match.column soft']);
  });
});

describe('and other columns are not', () => {
  test.each<[string, readonly (string | null)[]]>([
    ['numbers of their own', numbers((value) => (value * value) % 2999)],
    ['bins', numbers((value) => Math.floor(value / 500))],
    ['few labels', area.map((text) => text.slice(0, 2))],
    ['nothing', area.map(() => null)],
  ])('%s', (_, cells) => {
    expect(found(cells)).toEqual([]);
  });
});

test('rows that are true rows in every column', () => {
  const as = (change: (text: string) => string) => [
    { name: 'cost', cells: cost.toReversed().map((text) => change(text)), isMasked: false },
    { name: 'area', cells: area.toReversed(), isMasked: false },
  ];
  const rowsFound = (change: (text: string) => string) =>
    rawMatchFindings(as(change), original)
      .filter(({ rule }) => rule === 'raw-match.rows')
      .map(({ severity }) => severity);
  expect(rowsFound((text) => text)).toEqual(['hard']);
  expect(rowsFound((text) => (Number(text) % 4 === 0 ? text : `${text}0`))).toEqual(['soft']);
  expect(rowsFound((text) => `~${text}`)).toEqual([]);
});
