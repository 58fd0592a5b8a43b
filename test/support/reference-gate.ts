import { build, decimal, holds, magnitude, type Node, operands, type Relation, type Row, type Tree } from './reference-condition.ts';

/**
 * A naive second gate for one relation, written from gate.md §6 and decisions D3–D5, D8, D14, D20: rows in JavaScript,
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

/** The least number of units, over unit types and monomials, whose contribution changes. */
function moves(
  question: Question,
  relation: Relation,
  rows: readonly Row[],
  now: (row: Row) => boolean,
  then: (row: Row) => boolean,
): number {
  const counts = relation.unitTypes.flatMap((type) =>
    question.aggregates.map((aggregate) => {
      const units = [...byUnit(rows, type).values()];
      return units.filter((own) => contribution(aggregate, own.filter(now)) !== contribution(aggregate, own.filter(then))).length;
    }),
  );
  return Math.min(...counts);
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
  if (aggregate.kind === 'count') {
    if (unitsAreCounted) checks.push(noneOr(off(counts)));
    return checks.every(Boolean);
  }
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

function figure(aggregate: Aggregate, rows: readonly Row[]): number | null {
  if (aggregate.kind === 'rows') return rows.length;
  if (aggregate.kind === 'unit') return byUnit(rows, aggregate.type).size;
  if (aggregate.kind === 'count') return present(rows, aggregate.column);
  const values = numbers(rows, aggregate.column);
  if (values.length === 0) return null;
  const sum = Number(decimal(total(values)));
  return aggregate.kind === 'sum' ? sum : sum / values.length;
}

function label(key: Question['keys'][number], row: Row): string | number | null {
  const value = row.values[key.column] ?? null;
  if (value === null || key.part === 'bare') return typeof value === 'bigint' ? Number(decimal(value)) : value;
  return Number(String(value).slice(0, 4));
}

/** What a merchant may see of the answer: keys, then aggregates, in no particular order. */
export function referenceAnswer(question: Question, relation: Relation, policy: Policy): Answer {
  const root = question.condition === null ? null : build(question.condition, relation, false);
  const cells = new Map<string, { readonly labels: readonly (string | number | null)[]; readonly rows: Row[] }>();
  if (question.keys.length === 0) cells.set('[]', { labels: [], rows: [] });
  for (const row of relation.rows) {
    const labels = question.keys.map((key) => label(key, row));
    const name = JSON.stringify(labels);
    const cell = cells.get(name) ?? { labels, rows: [] };
    cells.set(name, cell);
    cell.rows.push(row);
  }
  const compared: number[] = [];
  const kept = [...cells.values()].map((cell) => {
    const dropped = new Set<Node>();
    for (const operand of root === null ? [] : operands(root)) {
      const without = new Set([...dropped, operand]);
      const moved = moves(
        question,
        relation,
        cell.rows,
        (row) => holds(root, row, dropped),
        (row) => holds(root, row, without),
      );
      compared.push(moved);
      if (moved < policy.k) dropped.add(operand);
    }
    return { labels: cell.labels, rows: cell.rows.filter((row) => holds(root, row, dropped)) };
  });
  const shown = kept.filter((cell) => cell.rows.length > 0);
  const unitsAreCounted = question.aggregates.some((aggregate) => aggregate.kind === 'unit');
  const released = shown.flatMap((cell) => {
    const isDisclosed = question.keys.some(
      (key, at) => key.sensitive && shown.every((other) => other === cell || !sameBut(at, other.labels, cell.labels)),
    );
    const figures = question.aggregates.map((aggregate) => {
      const isSafe = relation.unitTypes.every((type) => passes(aggregate, cell.rows, type, policy, unitsAreCounted, compared));
      return { isSafe: isSafe && !isDisclosed, value: figure(aggregate, cell.rows) };
    });
    if (!figures.some((item) => item.isSafe)) return [];
    const units = Math.min(...relation.unitTypes.map((type) => byUnit(cell.rows, type).size));
    return [{ row: [...cell.labels, ...figures.map((item) => (item.isSafe ? item.value : null))], units }];
  });
  return { rows: released.map((item) => item.row), units: released.map((item) => item.units), compared };
}

function sameBut(at: number, a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.every((value, index) => index === at || value === b[index]);
}
