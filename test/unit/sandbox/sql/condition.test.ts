import { describe, expect, test } from 'vitest';
import type { Column } from '../../../../src/catalog/dataset.ts';
import { quoteText } from '../../../../src/catalog/identifier.ts';
import { type Condition, leafCount, operandOrder, reduceCondition } from '../../../../src/sandbox/sql/condition.ts';
import { printCondition } from '../../../../src/sandbox/sql/print.ts';

const column = {
  name: 'x',
  type: 'INTEGER',
  label: 'personal',
  role: 'measure',
  nullable: false,
  publicDomain: false,
  factFamily: 't.x',
} satisfies Column;
const at = { line: 1, column: 1 };

let ids = 0;
function leaf(text: string): Condition {
  return {
    kind: 'leaf',
    id: ids++,
    text,
    leaf: { kind: 'isNull', column: { instance: 0, column: { ...column, name: text }, at }, negated: false },
  };
}

function node(kind: 'and' | 'or', ...items: readonly Condition[]): Condition {
  return { kind, id: ids++, text: `(${items.map((item) => item.text).join(kind === 'and' ? ' AND ' : ' OR ')})`, items };
}

const shown = (condition: Condition, ...dropped: readonly Condition[]): string =>
  printCondition(reduceCondition(condition, new Set(dropped.map((item) => item.id))), (bound) => bound.column.name).replaceAll(
    ' IS NULL',
    '',
  );

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
});

describe('the order in which operands are tried', () => {
  test('leaves by text, then inner nodes, the deeper first, the root last', () => {
    const [a, b, c, d] = [leaf('a'), leaf('b'), leaf('c'), leaf('d')];
    const deep = node('or', d, a);
    const middle = node('and', c, deep);
    const root = node('or', b, middle);
    expect(operandOrder(root)).toEqual([a, b, c, d, deep, middle, root]);
    expect(leafCount(root)).toBe(4);
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
