import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readTree } from '../../../../../src/sandbox/sql/read/read-tree.ts';

/** Every number looked at, which is what `readTree` leaves out where no number is long. */
function slowly(json: string): unknown {
  const keep = (_key: string, value: unknown, context?: { readonly source?: string }): unknown =>
    typeof value === 'number' && !Number.isSafeInteger(value) && /^-?\d+$/.test(context?.source ?? '') ? context?.source : value;
  return JSON.parse(json, keep as (key: string, value: unknown) => unknown);
}

const NOWHERE = '18446744073709551615';

test.each([
  ['9007199254740993', '9007199254740993'],
  ['[-9007199254740993]', ['-9007199254740993']],
  ['{"a":  12345678901234567890}', { a: '12345678901234567890' }],
  [`{"query_location":${NOWHERE},"a":9007199254740991}`, { query_location: NOWHERE, a: 9007199254740991 }],
  [`{"a":"\\"query_location\\":${NOWHERE},"}`, { a: `"query_location":${NOWHERE},` }],
  [`{"\\"query_location":${NOWHERE}}`, { '"query_location': NOWHERE }],
  ['{"a":1234567890123456.5}', { a: 1234567890123456.5 }],
  [`{"total_files":${NOWHERE}}`, { total_files: NOWHERE }],
])('keeps the digits of %s', (json, tree) => {
  expect(readTree(json)).toEqual(tree);
});

test.each(['', '{', '{"a":Infinity}', `{"query_location":${NOWHERE}`])('%s is no tree', (json) => {
  expect(readTree(json)).toBeUndefined();
});

test('reads whatever the engine may write as if every number were looked at', () => {
  const number = fc.oneof(
    fc.maxSafeInteger().map(String),
    fc.bigInt().map(String),
    fc.constant(NOWHERE),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => JSON.stringify(n)),
  );
  const text = fc
    .oneof(
      fc.string(),
      fc.constantFrom(
        'query_location',
        'total_files',
        'x\\"total_files',
        '"query_location":',
        `"query_location":${NOWHERE},`,
        `:${NOWHERE}`,
      ),
    )
    .map((t) => JSON.stringify(t));
  const { json } = fc.letrec<{ json: string; list: string; node: string }>((tie) => ({
    list: fc.array(tie('json'), { maxLength: 4 }).map((items) => `[${items.join(',')}]`),
    node: fc
      .array(fc.tuple(text, tie('json')), { maxLength: 4 })
      .map((items) => `{${items.map(([key, value]) => `${key}:${value}`).join(',')}}`),
    json: fc.oneof({ depthSize: 'small' }, number, text, tie('list'), tie('node')),
  }));
  fc.assert(
    fc.property(json, (written) => {
      expect(readTree(written)).toEqual(slowly(written));
    }),
    { numRuns: 500 },
  );
});
