import {
  build,
  decimal,
  holds,
  magnitude,
  type Node,
  operands,
  type Relation,
  type Row,
  splitLabels,
  type Tree,
} from './reference-condition.ts';

/**
 * A naive second gate for one relation, written from gate.md §6 and decisions D3–D5, D8, D14, D20 and docs/adr/0015: rows in JavaScript,
 * exact units, no buckets. Shares no code with `src`.
 */
export type Aggregate =
  | { readonly kind: 'rows' }
  | { readonly kind: 'unit'; readonly type: string }
  | { readonly kind: 'count' | 'sum' | 'avg'; readonly column: string; readonly sensitive: boolean };

export interface Question {
  readonly keys: readonly { readonly column: string; readonly part: 'bare' | 'year'; readonly sensitive: boolean }[];
  readonly aggregates: readonly Aggregate[];
  readonly condition: Tree | null;
}

export interface Policy {
  readonly k: number;
}

export interface Answer {
  readonly rows: readonly (readonly (string | number | null)[])[];
  /** Units (of the type with fewest) behind each released row. */
  readonly units: readonly number[];
  /** Every number of units that was compared with k: how near the edge the answer is. */
  readonly compared: readonly number[];
  /** By released row and aggregate, what every unit adds: to a sum, to the number of values, or to both of an average. */
  readonly parts: readonly (readonly (readonly Part[])[])[];
}

/** What a figure is made of, exactly, by unit of one type. */
export interface Part {
  readonly kind: 'rows' | 'unit' | 'count' | 'sum';
  readonly type: string;
  readonly shares: ReadonlyMap<number, bigint>;
}

function partsOf(
  aggregate: Aggregate,
  rows: readonly Row[],
  types: readonly string[],
  alike: ReadonlyMap<string, string>,
): readonly Part[] {
  const told: readonly Aggregate[] =
    aggregate.kind === 'rows' || aggregate.kind === 'unit'
      ? [aggregate]
      : [
          ...(aggregate.kind === 'count' ? [] : [{ ...aggregate, kind: 'sum' as const }]),
          ...(aggregate.kind === 'sum'
            ? []
            : [{ ...aggregate, kind: 'count' as const, column: alike.get(aggregate.column) ?? aggregate.column }]),
        ];
  return told.flatMap((item) =>
    types
      .filter((type) => item.kind !== 'unit' || item.type === type)
      .map((type): Part => {
        const shares = [...byUnit(rows, type)].map(([unit, own]) => [unit, contribution(item, own)] as const);
        return { kind: item.kind === 'avg' ? 'sum' : item.kind, type, shares: new Map(shares.filter(([, share]) => share !== 0n)) };
      }),
  );
}

// — evidence ————————————————————————————————————————————————————————————————————————————————————————————————

function byUnit(rows: readonly Row[], type: string): ReadonlyMap<number, readonly Row[]> {
  const units = new Map<number, Row[]>();
  for (const row of rows) {
    const unit = row.units[type] ?? null;
    if (unit !== null) units.set(unit, [...(units.get(unit) ?? []), row]);
  }
  return units;
}

const numbers = (rows: readonly Row[], column: string): readonly bigint[] =>
  rows.map((row) => row.values[column]).filter((value) => typeof value === 'bigint');
const total = (values: readonly bigint[]): bigint => values.reduce((sum, value) => sum + value, 0n);
const present = (rows: readonly Row[], column: string): number => rows.filter((row) => (row.values[column] ?? null) !== null).length;

/** What one unit's rows add to the monomial of an aggregate. */
function contribution(aggregate: Aggregate, rows: readonly Row[]): bigint {
  if (aggregate.kind === 'rows') return BigInt(rows.length);
  if (aggregate.kind === 'unit') return rows.length > 0 ? 1n : 0n;
  return aggregate.kind === 'count' ? BigInt(present(rows, aggregate.column)) : total(numbers(rows, aggregate.column));
}

/**
 * The least number of units, over unit types, whose contribution to some of the aggregates changes; null where there is
 * no such aggregate.
 */
function moves(
  aggregates: readonly Aggregate[],
  relation: Relation,
  rows: readonly Row[],
  now: (row: Row) => boolean,
  then: (row: Row) => boolean,
): number | null {
  const counts = relation.unitTypes.flatMap((type) =>
    aggregates.map((aggregate) => {
      const units = [...byUnit(rows, type).values()];
      return units.filter((own) => contribution(aggregate, own.filter(now)) !== contribution(aggregate, own.filter(then))).length;
    }),
  );
  return counts.length === 0 ? null : Math.min(...counts);
}

function off(figures: readonly bigint[]): number {
  const counts = new Map<bigint, number>();
  for (const figure of figures) counts.set(figure, (counts.get(figure) ?? 0) + 1);
  return figures.length - Math.max(0, ...counts.values());
}

/** (2, 90 %) withheld at equality, p % with 10 %. */
function dominated(shares: readonly bigint[]): boolean {
  const [first = 0n, second = 0n] = shares.toSorted((a, b) => (a < b ? 1 : -1));
  const all = total(shares);
  return (first + second) * 10n >= all * 9n || (all - first - second) * 10n < first;
}

function passes(
  aggregate: Aggregate,
  rows: readonly Row[],
  type: string,
  policy: Policy,
  unitsAreCounted: boolean,
  compared: number[],
): boolean {
  const units = [...byUnit(rows, type).values()];
  const atLeast = (count: number): boolean => compared.push(count) > 0 && count >= policy.k;
  const noneOr = (count: number): boolean => count === 0 || atLeast(count);
  const isContributing = (own: readonly Row[]): boolean => contribution(aggregate, own) !== 0n;
  const checks = [atLeast(units.filter(isContributing).length)];
  if (aggregate.kind === 'unit') return checks.every(Boolean);
  if (aggregate.kind === 'rows') {
    checks.push(!dominated(units.map((own) => BigInt(own.length))));
    if (unitsAreCounted) checks.push(noneOr(off(units.map((own) => BigInt(own.length)))));
    return checks.every(Boolean);
  }
  const { column } = aggregate;
  const counts = units.map((own) => BigInt(present(own, column))).filter((count) => count > 0n);
  checks.push(!dominated(counts), noneOr(units.filter((own) => present(own, column) < own.length).length));
  // An average tells the number of its rows as well.
  if (aggregate.kind !== 'sum' && unitsAreCounted) checks.push(noneOr(off(counts)));
  if (aggregate.kind === 'count') return checks.every(Boolean);
  const owned = units.map((own) => numbers(own, column)).filter((values) => values.length > 0);
  const all = owned.flat();
  checks.push(!dominated(owned.map((values) => magnitude(total(values)))), !dominated(owned.map((values) => total(values.map(magnitude)))));
  const alike = Math.max(0, ...[...new Set(all)].map((value) => owned.filter((values) => values.every((own) => own === value)).length));
  checks.push(noneOr(owned.length - alike));
  if (unitsAreCounted) checks.push(noneOr(off(owned.map(total))));
  if (aggregate.sensitive) checks.push(new Set(all).size !== 1);
  return checks.every(Boolean);
}

// — the whole answer ————————————————————————————————————————————————————————————————————————————————————————

/**
 * Which column's number of values is told in the place of another's: fewer than k units lie between them.
 * @param isTold  whether the number of a column could be told by itself.
 */
function alikeIn(
  question: Question,
  relation: Relation,
  rows: readonly Row[],
  policy: Policy,
  isTold: (column: string) => boolean,
  compared: number[],
): ReadonlyMap<string, string> {
  const alike = new Map<string, string>();
  const counted = question.aggregates.flatMap((item) => (item.kind === 'count' || item.kind === 'avg' ? [item.column] : []));
  const columns = [...new Set(counted)];
  for (const [index, second] of columns.entries()) {
    for (const first of columns.slice(0, index)) {
      const differs = (row: Row): boolean => ((row.values[first] ?? null) === null) !== ((row.values[second] ?? null) === null);
      const units = Math.min(
        ...relation.unitTypes.map((type) => [...byUnit(rows, type).values()].filter((own) => own.some(differs)).length),
      );
      compared.push(units);
      if (!alike.has(second) && isTold(first) && units < policy.k) alike.set(second, alike.get(first) ?? first);
    }
  }
  return alike;
}

function figure(aggregate: Aggregate, rows: readonly Row[], alike: ReadonlyMap<string, string>): number | null {
  if (aggregate.kind === 'rows') return rows.length;
  if (aggregate.kind === 'unit') return byUnit(rows, aggregate.type).size;
  const told = present(rows, alike.get(aggregate.column) ?? aggregate.column);
  if (aggregate.kind === 'count') return told;
  const values = numbers(rows, aggregate.column);
  if (values.length === 0) return null;
  const sum = Number(decimal(total(values)));
  return aggregate.kind === 'sum' ? sum : sum / told;
}

function label(key: Question['keys'][number], row: Row): string | number | null {
  const value = row.values[key.column] ?? null;
  if (value === null || key.part === 'bare') return typeof value === 'bigint' ? Number(decimal(value)) : value;
  return Number(String(value).slice(0, 4));
}

/** Which operands go for some aggregates, and whether one that stays moves too few of the units that are counted. */
function settle(
  aggregates: readonly Aggregate[],
  root: Node | null,
  relation: Relation,
  rows: readonly Row[],
  isApart: (aggregate: Aggregate) => boolean,
  { k }: Policy,
  compared: number[],
): { readonly dropped: ReadonlySet<Node>; readonly unitsWithheld: boolean } {
  const dropped = new Set<Node>();
  let unitsWithheld = false;
  for (const operand of root === null ? [] : operands(root)) {
    const without = new Set([...dropped, operand]);
    const count = (own: readonly Aggregate[]): number | null =>
      moves(
        own,
        relation,
        rows,
        (row) => holds(root, row, dropped),
        (row) => holds(root, row, without),
      );
    const [ofRows, ofUnits] = [count(aggregates.filter((item) => !isApart(item))), count(aggregates.filter(isApart))];
    for (const moved of [ofRows, ofUnits]) if (moved !== null) compared.push(moved);
    if ((ofRows ?? ofUnits ?? 0) < k) dropped.add(operand);
    else if ((ofUnits ?? k) < k) unitsWithheld = true;
  }
  return { dropped, unitsWithheld };
}

/** Whether units counted without an operand may stand beside an aggregate under it: k of them are off the commonest total. */
function followsNoLaw(aggregate: Aggregate, rows: readonly Row[], type: string, { k }: Policy, compared: number[]): boolean {
  const units = [...byUnit(rows, type).values()];
  if (aggregate.kind === 'unit') return false;
  const counts = aggregate.kind === 'rows' ? units.map((own) => BigInt(own.length)) : null;
  const found: bigint[][] = [];
  if (counts !== null) found.push(counts);
  if (aggregate.kind === 'count' || aggregate.kind === 'avg')
    found.push(units.map((own) => BigInt(present(own, aggregate.column))).filter((count) => count > 0n));
  if (aggregate.kind === 'sum' || aggregate.kind === 'avg')
    found.push(
      units
        .map((own) => numbers(own, aggregate.column))
        .filter((values) => values.length > 0)
        .map(total),
    );
  return found.every((totals) => compared.push(off(totals)) > 0 && off(totals) >= k);
}

/** What a merchant may see of the answer: keys, then aggregates, in no particular order. */
export function referenceAnswer(question: Question, relation: Relation, policy: Policy): Answer {
  const whole = question.condition === null ? null : build(question.condition, relation, false);
  const { labels: chosen, rest: root } = splitLabels(whole, question.keys);
  const cells = new Map<string, { readonly labels: readonly (string | number | null)[]; readonly rows: Row[] }>();
  if (question.keys.length === 0) cells.set('[]', { labels: [], rows: [] });
  for (const row of relation.rows.filter((item) => chosen.every((node) => holds(node, item, new Set())))) {
    const labels = question.keys.map((key) => label(key, row));
    const name = JSON.stringify(labels);
    const cell = cells.get(name) ?? { labels, rows: [] };
    cells.set(name, cell);
    cell.rows.push(row);
  }
  const compared: number[] = [];
  const hasSeveralRows = relation.unitTypes.length > 1;
  /** Numbers of units are settled apart from sums where a unit may have several rows. */
  const isApart = (aggregate: Aggregate): boolean => aggregate.kind === 'unit' && hasSeveralRows;
  const kept = [...cells.values()].map((cell) => {
    const { dropped, unitsWithheld } = settle(question.aggregates, root, relation, cell.rows, isApart, policy, compared);
    const rowsWithout = (without: ReadonlySet<Node>): readonly Row[] => cell.rows.filter((row) => holds(root, row, without));
    const alone = question.aggregates.filter(isApart);
    const apart = unitsWithheld ? rowsWithout(settle(alone, root, relation, cell.rows, isApart, policy, compared).dropped) : null;
    return { labels: cell.labels, rows: rowsWithout(dropped), apart };
  });
  const shown = kept.filter((cell) => cell.rows.length > 0);
  const unitsIn = ({ rows }: (typeof shown)[number]): number => Math.min(...relation.unitTypes.map((type) => byUnit(rows, type).size));
  const unitsAreCounted = question.aggregates.some((aggregate) => aggregate.kind === 'unit');
  const released = shown.flatMap((cell) => {
    const isDisclosed = question.keys.some((key, at) => {
      if (!key.sensitive) return false;
      const others = shown.filter((other) => other !== cell && sameBut(at, other.labels, cell.labels)).map(unitsIn);
      const beside = hasSeveralRows ? Math.max(0, ...others) : others.reduce((sum, count) => sum + count, 0);
      compared.push(beside);
      return beside < policy.k;
    });
    const passesAll = (aggregate: Aggregate): boolean =>
      relation.unitTypes.every((type) => passes(aggregate, cell.rows, type, policy, unitsAreCounted, compared));
    const isTold = (column: string): boolean => passesAll({ kind: 'count', column, sensitive: false });
    const alike = alikeIn(question, relation, cell.rows, policy, isTold, compared);
    const others = question.aggregates.filter((aggregate) => !isApart(aggregate));
    const isLawless = others.every((aggregate) =>
      relation.unitTypes.every((type) => followsNoLaw(aggregate, cell.rows, type, policy, compared)),
    );
    const rowsOf = (aggregate: Aggregate): readonly Row[] => (isApart(aggregate) ? (cell.apart ?? cell.rows) : cell.rows);
    const figures = question.aggregates.map((aggregate) => {
      const own = rowsOf(aggregate);
      const passesApart = relation.unitTypes.every((type) => passes(aggregate, own, type, policy, unitsAreCounted, compared));
      const isSafe = passesAll(aggregate) && passesApart && (own === cell.rows || isLawless);
      return { isSafe: isSafe && !isDisclosed, value: figure(aggregate, own, alike) };
    });
    if (!figures.some((item) => item.isSafe)) return [];
    const units = unitsIn(cell);
    const parts = question.aggregates.map((aggregate, at) =>
      figures[at]?.isSafe === true ? partsOf(aggregate, rowsOf(aggregate), relation.unitTypes, alike) : [],
    );
    return [{ row: [...cell.labels, ...figures.map((item) => (item.isSafe ? item.value : null))], units, parts }];
  });
  return {
    parts: released.map((item) => item.parts),
    rows: released.map((item) => item.row),
    units: released.map((item) => item.units),
    compared,
  };
}

function sameBut(at: number, a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((value, index) => index === at || value === b[index]);
}
