import { type Condition, NOTHING_DROPPED, printCondition } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';
import { MAX_COMBINED_CELLS } from './cells-statement.ts';
import { conjunctsOf, type JoinedTable, joinedTables, presenceIn } from './plain-joins.ts';
import { groupBy, keyColumns, keyNames } from './relation.ts';

const COLUMN = /\b(t\d+)\."(?:[^"]|"")+"/g;

/** The tables of FROM, quoted; none where it is not made of plain tables. */
export function namedTables(program: GateProgram): readonly string[] {
  return [...new Set(joinedTables(program, NOTHING_DROPPED)?.map(({ table }) => table) ?? [])];
}

export interface PublicCells {
  readonly sql: string;
  /** Conditions of WHERE that public tables decide, in the order of the statement's last columns. */
  readonly conditions: readonly Condition[];
}

/**
 * The keys of at least every cell that can have a row, where all keys are columns of public tables: labels that no
 * condition on public tables lets through have no row whoever is in the data, and nobody's data decides that. Conditions
 * that cannot be told from public tables alone are left out, which only lists more. Columns: the keys, then for each of
 * `conditions` whether some public row of these keys does not satisfy it. At most one row more than
 * `MAX_COMBINED_CELLS`; undefined where keys or FROM are not of that kind.
 *
 * @param isPublic  whether a table, quoted, belongs to no unit.
 * Source: gate.md §6 (never operands: what is the same for everybody).
 */
export function publicCellsStatement(program: GateProgram, isPublic: (table: string) => boolean): PublicCells | undefined {
  const tables = joinedTables(program, NOTHING_DROPPED);
  if (tables === undefined || program.keys.length === 0) return undefined;
  const keyed = program.keys.map((key) => instancesIn(key.sql));
  if (keyed.some((names) => names === undefined || names.size === 0)) return undefined;
  const known = new Set(keyed.flatMap((names) => [...(names ?? [])]));
  const base = tables.filter(({ name }) => known.has(name));
  if (base.length !== known.size || base.some(({ table }) => !isPublic(table))) return undefined;
  const joined: JoinedTable[] = [];
  for (const table of tables) {
    const isTold = table.on.length > 0 && table.on.every((text) => isWithin(text, new Set([...known, table.name])));
    if (known.has(table.name) || !isPublic(table.table) || !isTold) continue;
    known.add(table.name);
    joined.push(table);
  }
  const more = joined.map(
    ({ name, table, kind, on }) => ` ${kind === 'left' ? 'LEFT ' : ''}JOIN ${table} AS ${name} ON ${on.join(' AND ')}`,
  );
  const from = `${base.map((table) => sourceOf(program, table)).join(' CROSS JOIN ')}${more.join('')}`;
  const conditions = conjunctsOf(program, NOTHING_DROPPED).filter((condition) => isWithin(printed(condition), known));
  const all = conditions.length === 0 ? 'TRUE' : conditions.map(printed).join(' AND ');
  const broken = conditions.map((condition, index) => `bool_or((${printed(condition)}) IS NOT TRUE) AS b${index}`);
  const sql = `SELECT ${[...keyColumns(program), ...broken].join(', ')} FROM ${from}${groupBy(keyNames(program))} HAVING bool_or(${all})`;
  return { sql: `${sql} LIMIT ${MAX_COMBINED_CELLS + 1}`, conditions };
}

function printed(condition: Condition): string {
  return printCondition(condition, NOTHING_DROPPED);
}

/** Rows that a LEFT JOIN did not find have no value of the table: an empty row stands for that. */
function sourceOf(program: GateProgram, { name, table, kind }: JoinedTable): string {
  if (kind !== 'left') return `${table} AS ${name}`;
  const [column = ''] = program.keys.flatMap((key) => key.sql.match(COLUMN) ?? []).filter((item) => item.startsWith(`${name}.`));
  return `(SELECT * FROM ${table} UNION ALL BY NAME SELECT NULL AS ${column.slice(name.length + 1)}) AS ${name}`;
}

/**
 * With conditions that are the same for everybody in each cell, those that say of a joined table that its row is there
 * and that go without saying: a table that certainly has its row is joined on it. Numbers of conditions.
 */
export function withImplied(program: GateProgram, told: ReadonlySet<number>): ReadonlySet<number> {
  const tables = joinedTables(program, NOTHING_DROPPED) ?? [];
  const presences = conjunctsOf(program, NOTHING_DROPPED).flatMap((condition) => {
    const name = presenceIn(printed(condition), tables);
    return name === undefined ? [] : [{ name, id: condition.id }];
  });
  const found = new Set(told);
  for (let grown = true; grown; ) {
    grown = false;
    for (const { name, id } of presences) {
      const isThere = (table: JoinedTable): boolean =>
        table.kind === 'inner' || presences.some((other) => other.name === table.name && found.has(other.id));
      if (
        found.has(id) ||
        !tables.some((table) => table.name !== name && isThere(table) && table.on.some((text) => instancesIn(text)?.has(name)))
      )
        continue;
      found.add(id);
      grown = true;
    }
  }
  return found;
}

/** Whether a condition speaks of nothing but columns of these instances. */
function isWithin(text: string, instances: ReadonlySet<string>): boolean {
  const found = instancesIn(text);
  return found !== undefined && found.size > 0 && [...found].every((name) => instances.has(name));
}

/** Instances whose columns stand in a text; undefined where it holds anything but columns, literals and what compares them. */
function instancesIn(text: string): ReadonlySet<string> | undefined {
  const bare = text.replace(/'(?:[^']|'')*'/g, "''");
  const found = new Set([...bare.matchAll(COLUMN)].map((match) => match[1] ?? ''));
  return bare.replace(COLUMN, '').includes('"') || /\bselect\b/i.test(bare) ? undefined : found;
}
