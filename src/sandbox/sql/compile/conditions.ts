import type { Condition, SqlTemplate } from '../model/condition.ts';
import { leafCount } from '../model/condition.ts';
import type { Test } from '../model/scalar.ts';
import type { Compilation } from './context.ts';
import { type LeafTest, printLeafOf } from './leaves.ts';
import { refuseConstruct } from './refusal.ts';
import { wholeText } from './rows.ts';

const MAX_LEAVES = 64;

/** A condition, or what it always is. */
export type Settled = Condition | boolean;

/**
 * Negation normal form with canonical leaves: NOT pushed down (sound in three-valued logic where NULL is not
 * satisfied), nested AND and OR flattened, equal operands once, operands sorted by their printed text.
 * Source: gate.md §5 (predicates), gate-examples.md D20. Throws Refused.
 */
export function toCondition(test: Test, compilation: Compilation): Settled {
  const settled = build(test, false, compilation);
  if (typeof settled !== 'boolean' && leafCount(settled) > MAX_LEAVES)
    refuseConstruct(`condition with more than ${MAX_LEAVES} comparisons`, test.at);
  return settled;
}

/** All of the tests together. */
export function allOf(tests: readonly Test[], compilation: Compilation): Settled {
  const [first] = tests;
  return first === undefined ? true : toCondition({ kind: 'and', items: tests, at: first.at }, compilation);
}

function build(test: Test, negated: boolean, compilation: Compilation): Settled {
  if (test.kind === 'not') return build(test.item, !negated, compilation);
  if (test.kind === 'constant') return test.value !== negated;
  if (test.kind === 'and' || test.kind === 'or') {
    const kind = (test.kind === 'and') === negated ? 'or' : 'and';
    return join(
      kind,
      test.items.map((item) => build(item, negated, compilation)),
      compilation,
    );
  }
  if (test.kind === 'exists') {
    const { from, keys, condition, shown } = test.semiJoin;
    const word = test.negated === negated ? 'EXISTS' : 'NOT EXISTS';
    const inside: SqlTemplate = condition === null ? [] : [' AND ', condition];
    const sql: SqlTemplate = [`${word} (SELECT 1 FROM `, ...from, ` WHERE ${keys}`, ...inside, ')'];
    const display: SqlTemplate = [`${word} (SELECT 1 FROM `, ...shown, ')'];
    return { kind: 'leaf', id: compilation.nextCondition(), text: wholeText(display, 'shown'), sql, shown: display };
  }
  if (!isLeaf(test)) throw new Error('A condition of no known kind');
  const leaf = printLeafOf(test, negated, compilation);
  if (typeof leaf === 'boolean') return leaf;
  return { kind: 'leaf', id: compilation.nextCondition(), text: leaf.shown, sql: [leaf.sql], shown: [leaf.shown] };
}

function join(kind: 'and' | 'or', items: readonly Settled[], compilation: Compilation): Settled {
  const absorbing = kind === 'or';
  if (items.some((item) => item === absorbing)) return absorbing;
  const conditions = items.filter((item) => typeof item !== 'boolean');
  const flat = withoutKnown(
    kind,
    conditions.flatMap((item) => (item.kind === kind ? item.items : [item])),
  );
  if (kind === 'and' && contradicts(flat)) return false;
  const sorted = [...new Map(flat.map((item) => [item.text, item])).values()].sort((a, b) => (a.text < b.text ? -1 : 1));
  const [only] = sorted;
  if (only === undefined) return !absorbing;
  if (sorted.length === 1) return only;
  const text = `(${sorted.map((item) => item.text).join(kind === 'and' ? ' AND ' : ' OR ')})`;
  return { kind, id: compilation.nextCondition(), text, items: sorted };
}

/** Beside `x IS NOT NULL`, an alternative `x IS NULL` is none. */
function withoutKnown(kind: 'and' | 'or', items: readonly Condition[]): readonly Condition[] {
  if (kind === 'or') return items;
  const never = new Set(items.flatMap((item) => (item.text.endsWith(PRESENT) ? [`${item.text.slice(0, -PRESENT.length)}${MISSING}`] : [])));
  return items.map((item) => {
    if (item.kind !== 'or') return item;
    const left = item.items.filter((other) => !never.has(other.text));
    const [only, ...more] = left;
    if (only === undefined || left.length === item.items.length) return item;
    return more.length === 0 ? only : { ...item, items: left, text: `(${left.map((other) => other.text).join(' OR ')})` };
  });
}

function contradicts(items: readonly Condition[]): boolean {
  const texts = new Set(items.map((item) => item.text));
  return items.some((item) => item.text.endsWith(PRESENT) && texts.has(`${item.text.slice(0, -PRESENT.length)}${MISSING}`));
}

const PRESENT = ' IS NOT NULL';
const MISSING = ' IS NULL';

function isLeaf(test: Test): test is LeafTest {
  return test.kind === 'compare' || test.kind === 'isNull' || test.kind === 'like' || test.kind === 'member';
}
