import { describe, expect, test } from 'vitest';
import { defaultHierarchy } from '../../../../src/masking/anonymity/default-hierarchy.ts';
import { readHierarchy } from '../../../../src/masking/hierarchy.ts';
import { type DateStep, generaliseDate } from '../../../../src/masking/operators/generalise-date.ts';
import { generaliseByHierarchy } from '../../../../src/masking/operators/generalise-hierarchy.ts';
import { generaliseNumber } from '../../../../src/masking/operators/generalise-number.ts';
import { generaliseRegion, type RegionStep } from '../../../../src/masking/operators/generalise-region.ts';

test.each<[DateStep, string, string]>([
  ['month', '1990-05-17', '1990-05'],
  ['quarter', '1990-05-17', '1990-Q2'],
  ['year', '1990年5月17日', '1990'],
  ['decade', '19900517', '1990s'],
  ['year', '1990-05-17 10:20:30', '1990'],
  ['year', '2023-02-29', '***'],
  ['year', '17/05/1990', '***'],
  ['month', 'born 1990-05-17', '***'],
])('to the %s: %s becomes %s', (step, value, expected) => {
  expect(generaliseDate(step).mask(value, null).text).toBe(expected);
});

test('a month says how many days stand behind it', () => {
  expect(generaliseDate('month').mask('2024-02-10', null).anonymitySet).toBe(29);
});

test.each([
  ['23', '[20,30)'],
  ['-1', '<0'],
  ['-0.001', '<0'],
  ['0', '[0,10)'],
  ['89.999', '[80,90)'],
  ['90', '≥90'],
  ['1e3', '≥90'],
  ['12 years', '***'],
  ['NaN', '***'],
])('bins of ten between 0 and 90: %s becomes %s', (value, expected) => {
  expect(generaliseNumber({ width: '10', bottom: '0', top: '90' }).mask(value, null).text).toBe(expected);
});

test('bins are exact where floating point is not, and hold negative numbers', () => {
  expect(generaliseNumber({ width: '0.1' }).mask('0.3', null).text).toBe('[0.3,0.4)');
  expect(generaliseNumber({ width: '10' }).mask('-3', null).text).toBe('[-10,0)');
});

test.each<[RegionStep, string, string]>([
  ['prefecture', '440106', '440100'],
  ['province', '440106', '440000'],
  ['county', '440106012', '440106'],
  ['province', '990106', '***'],
  ['province', '广州', '***'],
])('to the %s: %s becomes %s', (step, value, expected) => {
  expect(generaliseRegion(step).mask(value, null).text).toBe(expected);
});

describe('a hierarchy file', () => {
  const read = (text: string) => readHierarchy(text, 'job');

  test('names each value at each level', () => {
    const hierarchy = read('nurse;health;*\ndoctor;health;*\nsmith;craft;*\n');
    if (!hierarchy.ok) throw new Error('refused');
    expect(generaliseByHierarchy(hierarchy.value, 1).mask('doctor', null)).toEqual({ text: 'health', anonymitySet: 2, recognised: true });
    expect(generaliseByHierarchy(hierarchy.value, 2).mask('baker', null).text).toBe('***');
  });

  test.each([
    ['', 'empty', 1],
    ['a;b;c\nd;e', 'ragged', 2],
    ['a', 'ragged', 1],
    ['a;b;c\na;d;c', 'repeated', 2],
    ['a;b;c\nd;b;e', 'parted', 2],
  ])('%j is refused as %s', (text, reason, line) => {
    expect(read(text)).toMatchObject({ ok: false, error: [{ code: 'masking.hierarchy', facts: { reason, line } }] });
  });
});

test('region codes have levels of their own: county where codes are finer, prefecture, province', () => {
  expect(defaultHierarchy('text', ['110105', '440106', null], null, 'region')?.names.get('440106')).toEqual(['440100', '440000']);
  expect(defaultHierarchy('text', ['110105001001'], null, 'region')?.names.get('110105001001')).toEqual(['110105', '110100', '110000']);
  for (const odd of ['990101', '11010', '北京', '', '１１０１０５'])
    expect(defaultHierarchy('text', ['110105', odd], null, 'region')).toBeUndefined();
});
