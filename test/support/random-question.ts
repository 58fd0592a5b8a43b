import fc from 'fast-check';
import { type Leaf, type Operator, quoted, type Tree } from './reference-condition.ts';
import type { Aggregate, Question } from './reference-gate.ts';

export type From = 'persons' | 'visits' | 'joined';

const FROM: Readonly<Record<From, string>> = {
  persons: 'persons',
  visits: 'visits',
  joined: 'visits AS v JOIN persons AS p ON v.person_id = p.person_id',
};

const OPERATORS: readonly Operator[] = ['=', '<>', '<', '<=', '>', '>='];
const LITERALS: Readonly<Record<string, readonly number[]>> = {
  income: [0, 900, 2000, 2600, 7900, 20_000, 57_000, 170_000, 3_100_000],
  debt: [-900, -130, -1, 0, 70, 450, 1100],
  flat: [-1, 0, 2, 5, 7],
  points: [0, 1, 3, 4],
  cost: [-400, -1, 0, 37, 900, 1900],
  amount: [0, 1, 2, 4],
};

/** A comparison as it is generated: some stand for several leaves, and can be spelled in more than one way. */
export type Spelled = Leaf | { readonly kind: 'in' | 'between'; readonly leaves: readonly Leaf[] };
export type Condition =
  | Spelled
  | { readonly kind: 'and' | 'or'; readonly items: readonly Condition[] }
  | { readonly kind: 'not'; readonly item: Condition };

function leafArbitrary(from: From): fc.Arbitrary<Spelled> {
  const [p, v] = from === 'joined' ? ['p.', 'v.'] : ['', ''];
  const hasPersons = from !== 'visits';
  const hasVisits = from !== 'persons';
  const numeric = [...(hasPersons ? ['income', 'debt', 'flat', 'points'] : []), ...(hasVisits ? ['cost', 'amount'] : [])];
  const prefix = (name: string): string => `${['cost', 'amount', 'clinic'].includes(name) ? v : p}${name}`;
  const operator = fc.constantFrom(...OPERATORS);
  const number = fc.constantFrom(...numeric).chain((name) =>
    fc.record({
      kind: fc.constant('number' as const),
      column: fc.constant(prefix(name)),
      operator,
      literal: fc.constantFrom(...(LITERALS[name] ?? [0])),
    }),
  );
  const [textColumn, labels] = hasPersons
    ? [prefix('region'), ['north', 'east', 'south', 'nowhere']]
    : ['clinic', ['a', 'b', 'c', 'd', 'z']];
  const text = fc.record({
    kind: fc.constant('text' as const),
    column: fc.constant(textColumn),
    negated: fc.boolean(),
    literal: fc.constantFrom(...labels),
  });
  const missing = fc.record({
    kind: fc.constant('null' as const),
    column: fc.constantFrom(...numeric.map(prefix), textColumn),
    negated: fc.boolean(),
  });
  const columns = hasPersons
    ? fc.record({ kind: fc.constant('columns' as const), left: fc.constant(`${p}income`), right: fc.constant(`${p}debt`), operator })
    : fc.record({ kind: fc.constant('columns' as const), left: fc.constant('cost'), right: fc.constant('amount'), operator });
  const date = fc.record({
    kind: fc.constant('date' as const),
    column: fc.constant(`${p}born`),
    operator,
    literal: fc.constantFrom('1950-01-01', '1951-03-15', '1952-02-15', '1953-12-31', '1955-06-16'),
  });
  const among = fc.uniqueArray(fc.constantFrom(...labels), { minLength: 1, maxLength: 3 }).map((items) => ({
    kind: 'in' as const,
    leaves: items.map((literal) => ({ kind: 'text' as const, column: textColumn, negated: false, literal })),
  }));
  const between = number.map((leaf) => ({
    kind: 'between' as const,
    leaves: [
      { ...leaf, operator: '>=' as const },
      { ...leaf, operator: '<=' as const, literal: leaf.literal * 3 + 7 },
    ],
  }));
  return fc.oneof({ arbitrary: number, weight: 5 }, text, missing, columns, among, between, ...(hasPersons ? [date] : []));
}

/** Trees of up to five comparisons. */
function conditionArbitrary(from: From): fc.Arbitrary<Condition> {
  const leaf = leafArbitrary(from);
  const node = (items: fc.Arbitrary<Condition>, most: number): fc.Arbitrary<Condition> =>
    fc.record({ kind: fc.constantFrom('and' as const, 'or' as const), items: fc.array(items, { minLength: 2, maxLength: most }) });
  const negatable = (item: fc.Arbitrary<Condition>): fc.Arbitrary<Condition> =>
    fc.oneof(
      { arbitrary: item, weight: 3 },
      item.map((inner) => ({ kind: 'not' as const, item: inner })),
    );
  const low = negatable(node(negatable(leaf), 2));
  return fc.oneof(negatable(leaf), negatable(node(negatable(leaf), 4)), node(fc.oneof(leaf, low), 2), low);
}

export interface RandomQuestion {
  readonly from: From;
  readonly keys: Question['keys'];
  readonly aggregates: readonly Aggregate[];
  readonly condition: Condition | null;
  readonly k: number;
  /** Which of four cities. */
  readonly city: number;
}

const KEYS: Readonly<Record<From, readonly Question['keys'][number][]>> = {
  persons: [key('region'), key('born', 'year'), { column: 'ill', part: 'bare', sensitive: true }],
  visits: [key('clinic')],
  joined: [key('v.clinic'), key('p.region')],
};

function key(column: string, part: 'bare' | 'year' = 'bare'): Question['keys'][number] {
  return { column, part, sensitive: false };
}

function aggregates(from: From): readonly Aggregate[] {
  const v = from === 'joined' ? 'v.' : '';
  const over = (column: string, sensitive = false): readonly Aggregate[] =>
    (['count', 'sum', 'avg'] as const).map((kind) => ({ kind, column, sensitive }));
  const unit: readonly Aggregate[] = [{ kind: 'unit', type: 'person' }];
  if (from === 'persons') return [{ kind: 'rows' }, ...unit, ...over('income'), ...over('debt'), ...over('flat'), ...over('points', true)];
  const visits: readonly Aggregate[] = [
    { kind: 'rows' },
    ...unit,
    ...unit,
    { kind: 'unit', type: 'firm' },
    ...over(`${v}cost`),
    ...over(`${v}amount`),
  ];
  return from === 'visits' ? visits : [...visits, { kind: 'count', column: 'p.income', sensitive: false }];
}

export function randomQuestion(): fc.Arbitrary<RandomQuestion> {
  return fc.constantFrom<From>('persons', 'persons', 'visits', 'joined').chain((from) =>
    fc.record({
      from: fc.constant(from),
      keys: fc.subarray([...KEYS[from]], { maxLength: Math.min(2, KEYS[from].length) }),
      aggregates: fc.array(fc.constantFrom(...aggregates(from)), { minLength: 1, maxLength: 3 }),
      condition: fc.option(conditionArbitrary(from), { freq: 8 }),
      k: fc.constantFrom(3, 5, 10),
      city: fc.integer({ min: 0, max: 3 }),
    }),
  );
}

/** The condition as the reference reads it. */
export function treeOf(condition: Condition): Tree {
  if (condition.kind === 'not') return { kind: 'not', item: treeOf(condition.item) };
  if ('items' in condition) return { kind: condition.kind, items: condition.items.map(treeOf) };
  if (!('leaves' in condition)) return condition;
  return { kind: condition.kind === 'in' ? 'or' : 'and', items: condition.leaves };
}

// — SQL —————————————————————————————————————————————————————————————————————————————————————————————————————

/** How a condition is spelled: plainly, or with NOT pushed down, items reversed, BETWEEN and IN spelled out. */
export type Style = 'plain' | 'other';

export function sqlOf(question: RandomQuestion, style: Style = 'plain'): string {
  const keys = question.keys.map((item) => (item.part === 'year' ? `year(${item.column})` : item.column));
  const items = [
    ...keys.map((text, index) => `${text} AS k${index}`),
    ...question.aggregates.map((item, index) => `${aggregateSql(item, question.from)} AS a${index}`),
  ];
  return [
    `SELECT ${items.join(', ')} FROM ${FROM[question.from]}`,
    ...(question.condition === null ? [] : [`WHERE ${conditionSql(question.condition, style, false)}`]),
    ...(keys.length === 0 ? [] : [`GROUP BY ${keys.join(', ')}`]),
  ].join(' ');
}

function aggregateSql(aggregate: Aggregate, from: From): string {
  if (aggregate.kind === 'rows') return 'count(*)';
  if (aggregate.kind === 'unit') return `count(DISTINCT ${from === 'joined' ? 'v.' : ''}${aggregate.type}_id)`;
  return `${aggregate.kind}(${aggregate.column})`;
}

const OPPOSITE: Readonly<Record<Operator, Operator>> = { '=': '<>', '<>': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

function conditionSql(condition: Condition, style: Style, negated: boolean): string {
  const pushes = style === 'other';
  if (condition.kind === 'not')
    return pushes ? conditionSql(condition.item, style, !negated) : `NOT (${conditionSql(condition.item, style, false)})`;
  if ('items' in condition) {
    const items = condition.items.map((item) => `(${conditionSql(item, style, negated)})`);
    return (pushes ? items.toReversed() : items).join((condition.kind === 'and') === negated ? ' OR ' : ' AND ');
  }
  if ('leaves' in condition) {
    if (pushes) return conditionSql({ kind: condition.kind === 'in' ? 'or' : 'and', items: condition.leaves }, style, negated);
    return condition.kind === 'in' ? inSql(condition.leaves) : betweenSql(condition.leaves);
  }
  return leafSql(condition, negated);
}

const column = (name: string): string => quoted(name);

function inSql(leaves: readonly Leaf[]): string {
  const items = leaves.map((leaf) => (leaf.kind === 'text' ? `'${leaf.literal}'` : ''));
  return `${column(leaves[0]?.kind === 'text' ? leaves[0].column : '')} IN (${items.join(', ')})`;
}

function betweenSql(leaves: readonly Leaf[]): string {
  const [low, high] = leaves;
  if (low?.kind !== 'number' || high?.kind !== 'number') throw new Error('BETWEEN stands for two comparisons');
  return `${column(low.column)} BETWEEN ${low.literal} AND ${high.literal}`;
}

function leafSql(leaf: Leaf, negated: boolean): string {
  if (leaf.kind === 'null') return `${column(leaf.column)} IS ${leaf.negated !== negated ? 'NOT ' : ''}NULL`;
  if (leaf.kind === 'text') return `${column(leaf.column)} ${leaf.negated !== negated ? '<>' : '='} '${leaf.literal}'`;
  const operator = negated ? OPPOSITE[leaf.operator] : leaf.operator;
  if (leaf.kind === 'columns') return `${column(leaf.left)} ${operator} ${column(leaf.right)}`;
  return `${column(leaf.column)} ${operator} ${leaf.kind === 'date' ? `DATE '${leaf.literal}'` : leaf.literal}`;
}
