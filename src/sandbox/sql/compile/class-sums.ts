import type { DataProfile } from '../../../catalog/dataset.ts';
import type { Call, Expression, FromItem, Position, Query, Select, SelectItem } from '../ast.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import type { Scalar } from '../model/scalar.ts';
import { alternativesOf, type Factor, type Summand } from './argument.ts';
import { type Environment, resolveScalar } from './resolve.ts';
import { physicalColumn } from './scope.ts';
import type { UnitSelect } from './unit-select.ts';
import { canRepeat, uniqueKeys } from './units.ts';

/**
 * Which summands of a sum are asked for: those without a column of public classes (`rest`), those with just this product
 * of such columns, without it (`product`), or the number of rows that the whole is the sum of (`count`).
 */
export type Taken =
  | { readonly kind: 'rest' | 'count'; readonly classes: ReadonlySet<string> }
  | { readonly kind: 'product'; readonly product: string; readonly classes: ReadonlySet<string> };

/** One aggregate of a gate that makes up a sum. */
export interface Share {
  readonly call: Call;
  readonly taken: Taken;
}

/** A sum of products with columns of public tables that the join repeats: asked by the classes of those columns. */
export interface ClassSum {
  readonly call: Call;
  /** The columns, each a key of the gate of classes. */
  readonly columns: readonly Scalar[];
  /** Of each product the places of its columns. */
  readonly products: readonly { readonly factors: readonly number[]; readonly share: Share }[];
  readonly rest: Share | null;
  /** The number of rows that the sum is of. */
  readonly count: Share;
  readonly isAverage: boolean;
}

/**
 * The call as sums by class; undefined where it multiplies no column of a public table that the join repeats, or one of a
 * table that can match a row several times. Everybody knows such columns: their sum is what the sums of their classes
 * say, and nothing more is told. Source: gate.md §4 (fan-out; what stands above a gate); ADR 0044. Throws Refused.
 */
export function classSumOf(call: Call, { rows, frame, environment }: UnitSelect): ClassSum | undefined {
  if (!['sum', 'avg', 'mean'].includes(call.name) || call.distinct || call.arguments.length !== 1) return undefined;
  const [argument] = call.arguments;
  if (argument === undefined || argument.kind === 'star') return undefined;
  const summands = summandsOf(argument, environment);
  // Weights that the merchant writes himself would choose among units.
  const isOwners = ({ instance }: BoundColumn): boolean =>
    instance.literals === undefined &&
    frame.compilation.dataset.tables.some((table) => table.name === instance.table.name && table.visibility === 'public');
  const { profile } = frame.compilation;
  const isClass = ({ column, whole }: Factor): boolean =>
    whole === null &&
    isOpenColumn(column) &&
    isOwners(column) &&
    !isManyValued(column, profile) &&
    canRepeat(column.instance, rows, profile);
  const found = new Map<string, BoundColumn>();
  for (const factor of summands.flatMap((item) => item.factors))
    if (isClass(factor)) found.set(physicalColumn(factor.column), factor.column);
  const isOnce = (column: BoundColumn): boolean => {
    const joined = rows.keys.flatMap((key) => [key.left, key.right]).filter((end) => end.instance === column.instance);
    const names = joined.map((end) => end.column.name);
    return uniqueKeys(column.instance, profile).some((key) => key.every((name) => names.includes(name)));
  };
  if (found.size === 0 || ![...found.values()].every(isOnce)) return undefined;
  const classes = new Set(found.keys());
  const names = [...classes];
  const products = [...new Set(summands.map((item) => productOf(item, classes)))];
  const rest = products.includes('') ? ({ call: summing(call), taken: { kind: 'rest', classes } } as const) : null;
  return {
    call,
    columns: [...found.values()].map((column) => ({ kind: 'column', column, at: call.at })),
    products: products.flatMap((product) =>
      product === ''
        ? []
        : [
            {
              factors: product.split(' * ').map((name) => names.indexOf(name)),
              share: { call: summing(call), taken: { kind: 'product', product, classes } } as const,
            },
          ],
    ),
    rest,
    count: { call: summing(call), taken: { kind: 'count', classes } },
    isAverage: call.name !== 'sum',
  };
}

function isManyValued({ instance, column }: BoundColumn, profile: DataProfile): boolean {
  return profile.tables.find(({ table }) => table === instance.table.name)?.manyValued?.includes(column.name) === true;
}

function summing(call: Call): Call {
  return { ...call, name: 'sum' };
}

function summandsOf(argument: Expression, environment: Environment): readonly Summand[] {
  return alternativesOf(resolveScalar(argument, environment)).flatMap((item) => item.summands);
}

/** The columns of classes in a product, by name; empty where there is none. */
function productOf({ factors }: Summand, classes: ReadonlySet<string>): string {
  const names = factors.map(({ column }) => physicalColumn(column)).filter((name) => classes.has(name));
  return names.sort().join(' * ');
}

/** The summands that are taken, without the columns of classes. Source: ADR 0044. */
export function takenSummands(summands: readonly Summand[], taken: Taken): readonly Summand[] {
  const { classes } = taken;
  const wanted = taken.kind === 'product' ? taken.product : '';
  return summands
    .filter((item) => productOf(item, classes) === wanted)
    .map((item) => ({ ...item, factors: item.factors.filter(({ column }) => !classes.has(physicalColumn(column))) }));
}

/** Names of columns above the gates. */
const key = (index: number): string => `__k${index}`;
const answer = (index: number): string => `__a${index}`;

/** One sum by classes as it stands above: where its parts are among the columns of the two releases. */
export interface PlacedSum {
  readonly sum: ClassSum;
  /** The column that the sum becomes. */
  readonly place: number;
  readonly rest: number | null;
  readonly count: number | null;
  /** What the gate of its classes releases: keys, columns of classes, and by product its sum. */
  readonly released: FromItem;
}

/**
 * The released rows with the sums put together: each class's figure times what everybody knows of it. A sum of which a
 * class is missing is NULL. Computes on released figures alone.
 * Source: ADR 0044; gate.md §4 (what stands above a gate).
 */
export function withClassSums(released: FromItem, keys: number, calls: number, sums: readonly PlacedSum[], { at }: Select): FromItem {
  const column = (table: string, name: string): Expression => ({ kind: 'column', path: [table, name], at });
  const main = named(released, '__whole');
  const joined = sums.reduce<FromItem>(
    (left, sum, index): FromItem => ({
      kind: 'join',
      join: keys === 0 ? 'cross' : 'left',
      left,
      right: { kind: 'subquery', query: weighed(sum, keys, at), alias: `__classes${index}`, columns: [], at },
      on: keys === 0 ? null : allOf(keys, (at_) => same(column('__whole', key(at_)), column(`__classes${index}`, key(at_)), at), at),
      using: [],
      at,
    }),
    main,
  );
  const item = (index: number): SelectItem => {
    const place = sums.findIndex((other) => other.place === index);
    const placed = sums[place];
    const expression = placed === undefined ? column('__whole', answer(index)) : putTogether(placed, place, column, at);
    return { expression, alias: answer(index) };
  };
  const items = [
    ...Array.from({ length: keys }, (_, index) => ({ expression: column('__whole', key(index)), alias: key(index) })),
    ...Array.from({ length: calls }, (_, index) => item(index)),
  ];
  return { kind: 'subquery', query: plain(items, joined, null, at), alias: '__released', columns: [], at };
}

function named(from: FromItem, alias: string): FromItem {
  return from.kind === 'join' ? from : { ...from, alias };
}

type Column = (table: string, name: string) => Expression;

function putTogether({ rest, count, sum }: PlacedSum, index: number, column: Column, at: Position): Expression {
  const parts = sum.products.map((_, product) => column(`__classes${index}`, `__w${product}`));
  const all = [...(rest === null ? [] : [column('__whole', answer(rest))]), ...parts];
  const whole = all.reduce((left, right) => operation('+', [left, right], at));
  return count === null ? whole : operation('/', [whole, column('__whole', answer(count))], at);
}

/** By the keys of the whole: the figures of its classes, weighed and not. */
function weighed({ sum, released }: PlacedSum, keys: number, at: Position): Query {
  const column = (name: string): Expression => ({ kind: 'column', path: [name], at });
  const items = sum.products.flatMap(({ factors }, product): readonly SelectItem[] => {
    const figure = column(answer(product));
    const weight = factors.reduce((left, factor) => operation('*', [left, column(key(keys + factor))], at), figure);
    return [{ expression: callOf('sum', [weight], at), alias: `__w${product}` }];
  });
  const own = Array.from({ length: keys }, (_, index): SelectItem => ({ expression: column(key(index)), alias: key(index) }));
  const expressions = own.map((item) => item.expression);
  return plain([...own, ...items], released, keys === 0 ? null : { expressions, sets: [expressions.map((_, index) => index)] }, at);
}

function plain(items: readonly SelectItem[], from: FromItem, grouping: Select['grouping'], at: Position): Query {
  const body: Select = { kind: 'select', distinct: false, items, from, where: null, grouping, having: null, qualify: null, at };
  return { commonTables: [], body, orderBy: [], limit: null, offset: null };
}

function same(left: Expression, right: Expression, at: Position): Expression {
  return { kind: 'compare', operator: 'is not distinct from', left, right, at };
}

function allOf(count: number, of: (index: number) => Expression, at: Position): Expression {
  const items = Array.from({ length: count }, (_, index) => of(index));
  const [only] = items;
  return only !== undefined && items.length === 1 ? only : { kind: 'and', items, at };
}

function operation(name: string, parts: readonly Expression[], at: Position): Expression {
  return { ...callOf(name, parts, at), operator: true };
}

function callOf(name: string, parts: readonly Expression[], at: Position): Call {
  return { kind: 'call', name, operator: false, arguments: parts, distinct: false, filter: null, orderBy: [], at };
}
