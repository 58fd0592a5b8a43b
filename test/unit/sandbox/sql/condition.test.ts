import { describe, expect, test } from 'vitest';
import { quoteText } from '../../../../src/catalog/identifier.ts';
import {
  type Condition,
  conditionsIn,
  leafCount,
  NOTHING_DROPPED,
  operandOrder,
  printCondition,
  printTemplate,
} from '../../../../src/sandbox/sql/model/condition.ts';

let ids = 0;
function leaf(text: string): Condition {
  return { kind: 'leaf', id: ids++, text, sql: [`t0.${text}`], shown: [text] };
}

/** A semi-join: a comparison with conditions inside it. */
function semiJoin(inside: Condition): Condition {
  const sql = ['EXISTS (FROM v WHERE ', inside, ')'];
  return { kind: 'leaf', id: ids++, text: `exists ${inside.text}`, sql, shown: sql };
}

function node(kind: 'and' | 'or', ...items: readonly Condition[]): Condition {
  return { kind, id: ids++, text: `(${items.map((item) => item.text).join(kind === 'and' ? ' AND ' : ' OR ')})`, items };
}

const numbered = (items: readonly Condition[]): ReadonlySet<number> => new Set(items.map((item) => item.id));
const shown = (condition: Condition, ...dropped: readonly Condition[]): string =>
  printCondition(condition, { neutral: numbered(dropped), never: new Set() }, 'shown');

describe('dropping operands', () => {
  const [a, b, c] = [leaf('a'), leaf('b'), leaf('c')];
  const or = node('or', b, c);
  const and = node('and', a, or);

  test('TRUE under AND, FALSE under OR, TRUE at the root', () => {
    expect(shown(and)).toBe('(a AND (b OR c))');
    expect(shown(and, a)).toBe('(b OR c)');
    expect(shown(and, b)).toBe('(a AND c)');
    expect(shown(and, or)).toBe('a');
    expect(shown(and, a, or)).toBe('TRUE');
    expect(shown(and, and)).toBe('TRUE');
    expect(shown(a, a)).toBe('TRUE');
  });

  test('an OR that lost all its operands is FALSE, and so is the AND above it', () => {
    expect(shown(and, b, c)).toBe('FALSE');
    expect(shown(and, b, c, or)).toBe('a');
  });

  test('an AND that lost all its operands is TRUE, and so is the OR above it', () => {
    const inner = node('and', b, c);
    expect(shown(node('or', a, inner), b, c)).toBe('TRUE');
  });

  test('a piece that no row satisfies any more is FALSE, whatever else was dropped', () => {
    expect(printCondition(and, { neutral: numbered([a]), never: numbered([and]) })).toBe('FALSE');
  });
});

describe('the two prints', () => {
  const inside = leaf('x');
  const exists = semiJoin(inside);

  test('as it runs, and as people are shown it', () => {
    expect(printCondition(inside, NOTHING_DROPPED)).toBe('t0.x');
    expect(printCondition(inside, NOTHING_DROPPED, 'shown')).toBe('x');
  });

  test('a condition inside a comparison is dropped like others: TRUE where it stands alone', () => {
    expect(shown(exists)).toBe('EXISTS (FROM v WHERE x)');
    expect(shown(exists, inside)).toBe('EXISTS (FROM v WHERE TRUE)');
    expect(shown(exists, exists)).toBe('TRUE');
    expect(conditionsIn(exists.kind === 'leaf' ? exists.sql : [])).toEqual([inside]);
    expect(printTemplate(['ON ', inside], { neutral: numbered([inside]), never: new Set() })).toBe('ON TRUE');
  });
});

describe('the order in which operands are tried', () => {
  test('leaves by text, then inner nodes, the deeper first, the root last', () => {
    const [a, b, c, d] = [leaf('a'), leaf('b'), leaf('c'), leaf('d')];
    const deep = node('or', d, a);
    const middle = node('and', c, deep);
    const root = node('or', b, middle);
    expect(operandOrder([root])).toEqual([a, b, c, d, deep, middle, root]);
    expect(leafCount(root)).toBe(4);
  });

  test('what stands inside a semi-join before the semi-join; several roots together', () => {
    const [a, b, c] = [leaf('a'), leaf('b'), leaf('c')];
    const exists = semiJoin(b);
    expect(operandOrder([node('and', c, exists), a]).map((item) => item.text)).toEqual(['a', 'b', 'c', 'exists b', '(c AND exists b)']);
    expect(leafCount(node('and', c, exists))).toBe(3);
  });
});

describe('quoting', () => {
  test.each([
    ["it's", "'it''s'"],
    ["'; DROP TABLE x; --", "'''; DROP TABLE x; --'"],
    ['back\\slash', "'back\\slash'"],
    ['', "''"],
  ])('%j', (text, quoted) => {
    expect(quoteText(text)).toBe(quoted);
  });
});
