/**
 * Relations and conditions of the naive second gate: the grid, negation normal form and three-valued truth, written
 * from gate.md §5, §6 and decisions D1, D3, D20. Shares no code with `src`.
 */

/** Numbers are held in millionths, so that decimals add up exactly. */
export type Value = bigint | string | null;

export interface Relation {
  readonly rows: readonly { readonly values: Readonly<Record<string, Value>>; readonly units: Readonly<Record<string, number | null>> }[];
  /** Smallest step of a number column in millionths; null for floating point. */
  readonly steps: Readonly<Record<string, bigint | null>>;
  readonly unitTypes: readonly string[];
}

export type Leaf =
  | { readonly kind: 'number'; readonly column: string; readonly operator: Operator; readonly literal: number }
  | { readonly kind: 'date'; readonly column: string; readonly operator: Operator; readonly literal: string }
  | { readonly kind: 'text'; readonly column: string; readonly negated: boolean; readonly literal: string }
  | { readonly kind: 'null'; readonly column: string; readonly negated: boolean }
  | { readonly kind: 'columns'; readonly left: string; readonly right: string; readonly operator: Operator };
export type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=';
export type Tree = Leaf | { readonly kind: 'and' | 'or'; readonly items: readonly Tree[] } | { readonly kind: 'not'; readonly item: Tree };

export type Row = Relation['rows'][number];
type Truth = boolean | null;
export interface Node {
  readonly text: string;
  readonly test: ((row: Row) => Truth) | null;
  readonly kind: 'leaf' | 'and' | 'or';
  readonly items: readonly Node[];
  /** Of a leaf: the columns it reads. */
  readonly columns: readonly string[];
}

const MILLION = 1_000_000n;
const OPPOSITE: Readonly<Record<Operator, Operator>> = { '=': '<>', '<>': '=', '<': '>=', '>=': '<', '>': '<=', '<=': '>' };

/** A column, perhaps with its table, as it is printed. */
export const quoted = (column: string): string =>
  column
    .split('.')
    .map((part) => `"${part}"`)
    .join('.');

// — the grid ————————————————————————————————————————————————————————————————————————————————————————————————

/** Grid points 10⁻⁴ … 10¹² in millionths, ascending. */
const POINTS: readonly bigint[] = Array.from({ length: 17 }, (_, power) =>
  [10n, 12n, 15n, 20n, 25n, 30n, 40n, 50n, 60n, 80n].map((m) => m * 10n ** BigInt(power + 1)),
).flat();

export const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

/** Nearest point of the grid and its mirror; ties to the smaller number. */
function onGrid(value: bigint): bigint {
  const all = [...POINTS.map((point) => -point).reverse(), 0n, ...POINTS].filter((point) => point !== 0n || value === 0n);
  return all.reduce((best, point) => (magnitude(point - value) < magnitude(best - value) ? point : best));
}

export function decimal(micro: bigint): string {
  const size = magnitude(micro);
  const fraction = (size % MILLION).toString().padStart(6, '0').replace(/0+$/, '');
  return `${micro < 0n ? '-' : ''}${size / MILLION}${fraction === '' ? '' : `.${fraction}`}`;
}

/** The bin of the value as `from <= x < to` on steps of the type. */
function bin(value: bigint, step: bigint): readonly [bigint, bigint] {
  if (value === 0n) return [0n, step];
  const above = POINTS.findIndex((point) => point > magnitude(value));
  const [low, high] = [POINTS[above - 1] ?? 0n, POINTS[above] ?? 0n];
  if (value > 0n) return [low, high];
  const next = (x: bigint): bigint => {
    let multiple = (x / step) * step - step;
    while (multiple <= x) multiple += step;
    return multiple;
  };
  return [next(-high), next(-low)];
}

function nextMonth(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return number === 12 ? `${year + 1}-01-01` : `${year}-${String(number + 1).padStart(2, '0')}-01`;
}

const days = (date: string): number => Date.parse(date) / 86_400_000;
const dayAfter = (date: string): string => new Date((days(date) + 1) * 86_400_000).toISOString().slice(0, 10);

function nearestMonth(date: string): string {
  const [from, to] = [`${date.slice(0, 7)}-01`, nextMonth(date)];
  return days(date) - days(from) <= days(to) - days(date) ? from : to;
}

// — conditions ——————————————————————————————————————————————————————————————————————————————————————————————

const leafNode = (text: string, columns: readonly string[], test: (row: Row) => Truth): Node => ({
  kind: 'leaf',
  text,
  test,
  items: [],
  columns,
});

function rangeNode(column: string, from: string, to: string, negated: boolean, inside: (value: NonNullable<Value>) => boolean): Node {
  const range = `(${quoted(column)} >= ${from} AND ${quoted(column)} < ${to})`;
  return leafNode(
    negated ? `NOT ${range}` : range,
    [column],
    known(column, (value) => inside(value) !== negated),
  );
}

function known(column: string, test: (value: NonNullable<Value>) => boolean): (row: Row) => Truth {
  return (row) => {
    const value = row.values[column];
    return value === null || value === undefined ? null : test(value);
  };
}

/** The normal form: NOT at the leaves, AND and OR flat, equal operands once, sorted by their text. */
export function build(tree: Tree, relation: Relation, negated: boolean): Node {
  if (tree.kind === 'not') return build(tree.item, relation, !negated);
  if ('items' in tree) {
    const kind = (tree.kind === 'and') === negated ? 'or' : 'and';
    const flat = tree.items.map((item) => build(item, relation, negated)).flatMap((node) => (node.kind === kind ? node.items : [node]));
    const once = flat.filter((node, index) => flat.findIndex((other) => other.text === node.text) === index);
    once.sort((a, b) => (a.text < b.text ? -1 : 1));
    const [only] = once;
    if (only !== undefined && once.length === 1) return only;
    return {
      kind,
      text: `(${once.map((node) => node.text).join(kind === 'and' ? ' AND ' : ' OR ')})`,
      test: null,
      items: once,
      columns: [],
    };
  }
  return buildLeaf(tree, relation, negated);
}

function buildLeaf(leaf: Leaf, relation: Relation, negated: boolean): Node {
  if (leaf.kind === 'null') {
    const isNot = leaf.negated !== negated;
    return leafNode(
      `${quoted(leaf.column)} IS ${isNot ? 'NOT ' : ''}NULL`,
      [leaf.column],
      (row) => ((row.values[leaf.column] ?? null) === null) !== isNot,
    );
  }
  if (leaf.kind === 'text') {
    const isNot = leaf.negated !== negated;
    return leafNode(
      `${quoted(leaf.column)} ${isNot ? '<>' : '='} '${leaf.literal}'`,
      [leaf.column],
      known(leaf.column, (value) => (value === leaf.literal) !== isNot),
    );
  }
  const operator = negated ? OPPOSITE[leaf.operator] : leaf.operator;
  if (leaf.kind === 'columns') {
    const test = (row: Row): Truth => {
      const [a, b] = [row.values[leaf.left] ?? null, row.values[leaf.right] ?? null];
      return a === null || b === null
        ? null
        : { '=': a === b, '<>': a !== b, '<': a < b, '<=': a <= b, '>': a > b, '>=': a >= b }[operator];
    };
    return leafNode(`${quoted(leaf.left)} ${operator} ${quoted(leaf.right)}`, [leaf.left, leaf.right], test);
  }
  return leaf.kind === 'date' ? dateNode(leaf, operator) : numberNode(leaf, operator, relation.steps[leaf.column] ?? null);
}

function dateNode(leaf: Extract<Leaf, { kind: 'date' }>, operator: Operator): Node {
  if (operator === '=' || operator === '<>') {
    const [from, to] = [`${leaf.literal.slice(0, 7)}-01`, nextMonth(leaf.literal)];
    return rangeNode(leaf.column, `DATE '${from}'`, `DATE '${to}'`, operator === '<>', (value) => value >= from && value < to);
  }
  const edge = nearestMonth(operator === '>' || operator === '<=' ? dayAfter(leaf.literal) : leaf.literal);
  return sideNode(leaf.column, operator, `DATE '${edge}'`, (value) => value >= edge);
}

function numberNode(leaf: Extract<Leaf, { kind: 'number' }>, operator: Operator, step: bigint | null): Node {
  const literal = BigInt(leaf.literal) * MILLION;
  if (operator === '=' || operator === '<>') {
    const [from, to] = bin(literal, step ?? 1n);
    return rangeNode(leaf.column, decimal(from), decimal(to), operator === '<>', (value) => BigInt(value) >= from && BigInt(value) < to);
  }
  const edge = onGrid(operator === '>' || operator === '<=' ? literal + (step ?? 0n) : literal);
  return sideNode(leaf.column, operator, decimal(edge), (value) => BigInt(value) >= edge);
}

function sideNode(column: string, operator: Operator, edge: string, reaches: (value: NonNullable<Value>) => boolean): Node {
  const isFrom = operator === '>' || operator === '>=';
  return leafNode(
    `${quoted(column)} ${isFrom ? '>=' : '<'} ${edge}`,
    [column],
    known(column, (value) => reaches(value) === isFrom),
  );
}

/** Three-valued truth, with dropped operands TRUE under AND and at the root, FALSE under OR. */
function truth(node: Node, row: Row, dropped: ReadonlySet<Node>): Truth {
  if (node.test !== null) return node.test(row);
  const absorbing = node.kind === 'or';
  let result: Truth = !absorbing;
  for (const item of node.items) {
    const value = dropped.has(item) ? !absorbing : truth(item, row, dropped);
    if (value === absorbing) return absorbing;
    if (value === null) result = null;
  }
  return result;
}

/** Whether a row satisfies the condition without the operands dropped; the root is an operand of AND TRUE. */
export function holds(root: Node | null, row: Row, dropped: ReadonlySet<Node>): boolean {
  return root === null || dropped.has(root) || truth(root, row, dropped) === true;
}

/** D20, leaves before their parents: leaves by text, then inner nodes, the deeper first. */
export function operands(root: Node): readonly Node[] {
  const found: { readonly node: Node; readonly depth: number }[] = [];
  const walk = (node: Node, depth: number): void => {
    found.push({ node, depth });
    for (const item of node.items) walk(item, depth + 1);
  };
  walk(root, 0);
  const rank = (item: { readonly node: Node; readonly depth: number }): number => (item.node.test === null ? 1000 - item.depth : 0);
  return found
    .sort((a, b) => rank(a) - rank(b) || (a.node.text < b.node.text ? -1 : a.node.text > b.node.text ? 1 : 0))
    .map((item) => item.node);
}

export interface Key {
  readonly column: string;
  readonly part: 'bare' | 'year';
}

/** The same for all rows of every cell: it compares nothing but keys, or the day on which a year begins. */
function isOfLabels(node: Node, keys: readonly Key[]): boolean {
  if (node.test === null) return node.items.every((item) => isOfLabels(item, keys));
  const year = keys.find((key) => key.part === 'year')?.column;
  if (year !== undefined && new RegExp(`^${quoted(year)} (<|>=) DATE '\\d{4}-01-01'$`).test(node.text)) return true;
  return node.columns.every((column) => keys.some((key) => key.part === 'bare' && key.column === column));
}

/** What chooses among labels, and the other conjuncts: the operands. */
export function splitLabels(root: Node | null, keys: readonly Key[]): { readonly labels: readonly Node[]; readonly rest: Node | null } {
  if (root === null) return { labels: [], rest: null };
  const conjuncts = root.kind === 'and' ? root.items : [root];
  const labels = conjuncts.filter((item) => isOfLabels(item, keys));
  const others = conjuncts.filter((item) => !labels.includes(item));
  const [only] = others;
  if (labels.length === 0) return { labels, rest: root };
  if (others.length < 2) return { labels, rest: only ?? null };
  return { labels, rest: { ...root, text: `(${others.map((item) => item.text).join(' AND ')})`, items: others } };
}

/** The canonical text of a condition, by this file's own printer. */
export function referenceCondition(tree: Tree, relation: Relation): string {
  return build(tree, relation, false).text;
}
