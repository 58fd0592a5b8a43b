import { type Condition, conditionsIn, printCondition, printTemplate, type Reduction } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';

/** A table of a FROM that is made of plain tables. */
export interface JoinedTable {
  /** Name of the instance: `t0`. */
  readonly name: string;
  /** Quoted. */
  readonly table: string;
  readonly kind: 'first' | 'inner' | 'left';
  /** Comparisons of ON, as they are written: `t0."a" = t1."b"`. */
  readonly on: readonly string[];
}

const NAME = '"(?:[^"]|"")+"';
const COLUMN = `t\\d+\\.${NAME}`;
const ON = `${COLUMN} = ${COLUMN}(?: AND ${COLUMN} = ${COLUMN})*`;
const FIRST = new RegExp(`^(${NAME}) AS (t\\d+)`);
const NEXT = new RegExp(`^ (LEFT )?JOIN (${NAME}) AS (t\\d+) ON (${ON})(?= LEFT JOIN | JOIN |$)`);
const EQUALITY = new RegExp(`${COLUMN} = ${COLUMN}`, 'g');

/** The tables of a FROM of plain tables joined by equal columns; undefined where it is made of anything else. Source: gate.md §4. */
export function joinedTables(program: GateProgram, reduction: Reduction): readonly JoinedTable[] | undefined {
  if (conditionsIn(program.from).length > 0) return undefined;
  let rest = printTemplate(program.from, reduction);
  const first = FIRST.exec(rest);
  if (first === null) return undefined;
  const found: JoinedTable[] = [{ name: first[2] ?? '', table: first[1] ?? '', kind: 'first', on: [] }];
  rest = rest.slice(first[0].length);
  while (rest !== '') {
    const next = NEXT.exec(rest);
    if (next === null) return undefined;
    const [whole, left, table = '', name = '', on = ''] = next;
    found.push({ name, table, kind: left === undefined ? 'inner' : 'left', on: on.match(EQUALITY) ?? [] });
    rest = rest.slice(whole.length);
  }
  return found;
}

/** The conditions of WHERE that all must hold, without those that were dropped. */
export function conjunctsOf(program: GateProgram, reduction: Reduction): readonly Condition[] {
  const open = (node: Condition): readonly Condition[] => {
    if (reduction.neutral.has(node.id)) return [];
    return node.kind === 'and' && !reduction.never.has(node.id) ? node.items.flatMap(open) : [node];
  };
  return program.where === null ? [] : open(program.where);
}

const PRESENT = new RegExp(`^(t\\d+)\\.(${NAME}) IS NOT NULL$`);

/** The table of a LEFT JOIN of which a condition says that its row is there, by a column that it is joined on. */
export function presenceIn(condition: string, tables: readonly JoinedTable[]): string | undefined {
  const [, name = '', column = ''] = PRESENT.exec(condition) ?? [];
  const own = `${name}.${column}`;
  const table = tables.find((item) => item.name === name && item.kind === 'left');
  return table?.on.some((comparison) => comparison.startsWith(`${own} = `) || comparison.endsWith(` = ${own}`)) === true ? name : undefined;
}

/**
 * FROM and WHERE of the rows. Where a LEFT JOIN stands under the condition that its row is there, it is an inner join and
 * the condition goes without saying: the engine takes such a condition for one that few rows satisfy, and joins in an
 * order that costs several times as much. Rows are the same. Source: gate.md §6.
 */
export function plainJoins(program: GateProgram, reduction: Reduction): { readonly from: string; readonly where: string } {
  const { where } = program;
  const from = printTemplate(program.from, reduction);
  const tables = joinedTables(program, reduction);
  const whole = { from, where: where === null ? 'TRUE' : printCondition(where, reduction) };
  if (where === null || tables === undefined) return whole;
  const inner = new Set<string>();
  const said = new Set<number>();
  for (const conjunct of conjunctsOf(program, reduction)) {
    const name = presenceIn(printCondition(conjunct, reduction), tables);
    if (name === undefined) continue;
    inner.add(name);
    said.add(conjunct.id);
  }
  if (said.size === 0) return whole;
  const joins = tables.map(({ name, table, kind, on }) => {
    if (kind === 'first') return `${table} AS ${name}`;
    return ` ${kind === 'left' && !inner.has(name) ? 'LEFT ' : ''}JOIN ${table} AS ${name} ON ${on.join(' AND ')}`;
  });
  const neutral = new Set([...reduction.neutral, ...said]);
  return { from: joins.join(''), where: printCondition(where, { ...reduction, neutral }) };
}
