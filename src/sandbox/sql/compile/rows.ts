import { quoteName } from '../../../catalog/identifier.ts';
import type { Expression, Position, Query } from '../ast.ts';
import type { JoinKey, TableInstance } from '../model/bound.ts';
import { NOTHING_DROPPED, type Print, printTemplate, type SqlTemplate } from '../model/condition.ts';
import { columnsOfTest, type Scalar, type Test } from '../model/scalar.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import { physicalColumn, shownColumn } from './scope.ts';

/** Rows that belong to units: joined table instances and what their rows must satisfy. Source: gate.md §4. */
export interface UnitRows {
  /** In the order in which they are joined; an optional one hangs on those before it by LEFT JOIN. */
  readonly instances: readonly TableInstance[];
  readonly keys: readonly JoinKey[];
  readonly tests: readonly Test[];
  /** By index of an optional instance: what its rows must satisfy besides the keys. */
  readonly optionalTests: ReadonlyMap<number, readonly Test[]>;
  /** Instances whose match is a condition among the tests: joined such that no row is lost where it is dropped. */
  readonly loose: ReadonlySet<number>;
}

/** A query as its surroundings see it. `unit`: rows that belong to units; `open`: released or public rows. */
export type Relation = UnitRelation | OpenRelation;

export interface UnitRelation {
  readonly kind: 'unit';
  readonly rows: UnitRows;
  readonly columns: readonly { readonly name: string; readonly scalar: Scalar }[];
}

export interface OpenRelation {
  readonly kind: 'open';
  readonly query: Query;
  /** Names that WITH gives its columns, instead of the query's own. */
  readonly renamed?: readonly string[];
  readonly columns: readonly OpenColumn[];
  /** Certainly one row: an aggregate without GROUP BY. */
  readonly oneRow: boolean;
  /** Rows of a VALUES list. */
  readonly literals?: readonly (readonly Expression[])[];
  /** Some of it rests on protected rows, released by a gate. */
  readonly gated: boolean;
}

export interface OpenColumn {
  readonly name: string;
  /** Type where it is known at admission; null: then it can be shown, and not be compared with protected columns. */
  readonly type: string | null;
  /** A value that a gate released, not computed on. */
  readonly bare: boolean;
}

export const NO_ROWS: UnitRows = { instances: [], keys: [], tests: [], optionalTests: new Map(), loose: new Set() };

/** The rows of two FROMs side by side. */
export function joinRows(a: UnitRows, b: UnitRows): UnitRows {
  return {
    instances: [...a.instances, ...b.instances],
    keys: [...a.keys, ...b.keys],
    tests: [...a.tests, ...b.tests],
    optionalTests: new Map([...a.optionalTests, ...b.optionalTests]),
    loose: new Set([...a.loose, ...b.loose]),
  };
}

/** FROM of the rows. `on` gives the conditions in ON of an optional instance. Refuses tables that no key connects. */
export function fromTemplate(rows: UnitRows, on: (instance: TableInstance) => SqlTemplate, at: Position): SqlTemplate {
  const template: SqlTemplate[number][] = [];
  for (const { instance, keys, first } of joinOrder(rows, at)) {
    const table: SqlTemplate = [...instance.source, ` AS t${instance.index}`];
    if (first) {
      template.push(...table);
      continue;
    }
    const equal = keys.map((key) => `${physicalColumn(key.left)} = ${physicalColumn(key.right)}`).join(' AND ');
    template.push(isLeft(instance, rows) ? ' LEFT JOIN ' : ' JOIN ', ...table, ` ON ${equal}`, ...(instance.optional ? on(instance) : []));
  }
  return template;
}

/** The same as people are shown it. */
export function shownFrom(rows: UnitRows, on: (instance: TableInstance) => SqlTemplate, at: Position): SqlTemplate {
  return joinOrder(rows, at).flatMap(({ instance, keys, first }): SqlTemplate => {
    const name = quoteName(instance.name);
    const table: SqlTemplate = instance.shown.join() === name ? instance.shown : [...instance.shown, ` AS ${name}`];
    const equal = keys.map((key) => `${shownColumn(key.left)} = ${shownColumn(key.right)}`).join(' AND ');
    return first
      ? table
      : [isLeft(instance, rows) ? ' LEFT JOIN ' : ' JOIN ', ...table, ` ON ${equal}`, ...(instance.optional ? on(instance) : [])];
  });
}

function isLeft(instance: TableInstance, rows: UnitRows): boolean {
  return instance.optional || rows.loose.has(instance.index);
}

interface Joined {
  readonly instance: TableInstance;
  readonly keys: readonly JoinKey[];
  readonly first: boolean;
}

/** Each instance with the keys that connect it to those before it. Optional ones keep their place behind what they hang on. */
function joinOrder(rows: UnitRows, at: Position): readonly Joined[] {
  const placed = new Set<number>();
  const order: Joined[] = [];
  let waiting = [...rows.instances];
  while (waiting.length > 0) {
    const linked = (instance: TableInstance): readonly JoinKey[] =>
      rows.keys.filter((key) => {
        const ends = [key.left.instance.index, key.right.instance.index];
        return ends.includes(instance.index) && ends.every((end) => end === instance.index || placed.has(end));
      });
    const next = waiting.find((instance) => (placed.size === 0 ? !isLeft(instance, rows) : linked(instance).length > 0));
    if (next === undefined) {
      const [left, right] = [rows.instances[0], waiting[0]];
      return refuse('sql.join_undeclared', { left: left?.name ?? '', right: right?.name ?? '', ...(right?.at ?? at) });
    }
    order.push({ instance: next, keys: linked(next), first: placed.size === 0 });
    placed.add(next.index);
    waiting = waiting.filter((instance) => instance !== next);
  }
  return order;
}

/** The text of a template with nothing dropped. */
export function wholeText(template: SqlTemplate, print: Print = 'sql'): string {
  return printTemplate(template, NOTHING_DROPPED, print);
}

/** Refuses rows that name a table of the query around them: only EXISTS and IN may. */
export function assertClosed(rows: UnitRows, at: Position): void {
  const own = new Set(rows.instances);
  const columns = [
    ...rows.keys.flatMap((key) => [key.left, key.right]),
    ...rows.tests.flatMap(columnsOfTest),
    ...[...rows.optionalTests.values()].flat().flatMap(columnsOfTest),
  ];
  if (columns.some((column) => !own.has(column.instance))) refuseConstruct('correlated subquery (join the aggregate per unit instead)', at);
}
