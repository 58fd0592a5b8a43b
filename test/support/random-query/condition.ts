import fc from 'fast-check';
import type { Relation } from './relation-type.ts';

/** Comparisons with a column of the relation; literals on the grid and off it. */
function comparison(relation: Relation): fc.Arbitrary<string> {
  const number = fc
    .constantFrom(...relation.numbers)
    .chain((column) =>
      fc
        .tuple(fc.constantFrom('<', '>=', '>', '<=', '<', '>=', '=', '<>'), fc.constantFrom(0, 0.2, 0.5, 0.7, 1, 2, 3.7))
        .map(([operator, share]) => `${column.name} ${operator} ${Math.round(column.size * share)}`),
    );
  const texts = relation.texts.map((column) =>
    fc.oneof(
      fc
        .tuple(fc.constantFrom('=', '<>'), fc.constantFrom(...column.labels))
        .map(([operator, label]) => `${column.name} ${operator} '${label}'`),
      fc
        .uniqueArray(fc.constantFrom(...column.labels), { minLength: 2, maxLength: 3 })
        .map((labels) => `${column.name} IN (${labels.map((label) => `'${label}'`).join(', ')})`),
    ),
  );
  const dates = relation.dates.map((column) =>
    fc
      .tuple(fc.constantFrom('<', '>='), fc.constantFrom('1950-09-01', '1951-03-15', '1953-01-01', '1955-06-16'))
      .map(([operator, day]) => `${column} ${operator} DATE '${day}'`),
  );
  const missing = fc
    .tuple(fc.constantFrom(...relation.numbers), fc.constantFrom('IS NULL', 'IS NOT NULL'))
    .map(([column, test]) => `${column.name} ${test}`);
  return fc.oneof(
    { arbitrary: number, weight: 5 },
    ...texts.map((arbitrary) => ({ arbitrary, weight: 2 })),
    ...dates.map((arbitrary) => ({ arbitrary, weight: 1 })),
    { arbitrary: missing, weight: 1 },
  );
}

/** Conditions of AND, OR and NOT, at most `depth` deep. */
export function conditions(relation: Relation, depth: number): fc.Arbitrary<string> {
  const leaf = comparison(relation);
  if (depth === 0) return leaf;
  const inner = conditions(relation, depth - 1);
  return fc.oneof(
    { arbitrary: leaf, weight: 3 },
    { arbitrary: fc.tuple(inner, fc.constantFrom('AND', 'AND', 'OR'), inner).map(([a, word, b]) => `(${a} ${word} ${b})`), weight: 3 },
    { arbitrary: inner.map((item) => `NOT (${item})`), weight: 1 },
  );
}
