import { err, ok, type Result } from '../../../kernel/result.ts';
import { type Stage, seal } from '../../../kernel/stage.ts';
import { type Problem, problem } from '../../../problems/problem.ts';
import type { Position, Query } from '../ast.ts';
import { holdsMark } from '../compile/names.ts';
import { engineRefusal } from './engine-refusal.ts';
import { readExpression } from './expression.ts';
import { readFrom } from './from.ts';
import { ConstructRefused, isNode, listField, readFields } from './node-reader.ts';
import { positionFinder, START } from './position.ts';
import { readQuery } from './query.ts';
import { readTree } from './read-tree.ts';
import { MAX_JOINS, MAX_SELECTS, MAX_TABLES, type Reader } from './reader.ts';

export type Parsed = Stage<'parsed', { readonly query: Query }>;

/** Characters of one SQL text. Source: gate.md §3.1 (size limits). */
export const MAX_SQL_CHARACTERS = 20_000;

/** Problems that need no engine: length, NUL bytes, lone surrogates. Source: gate.md §3.1 (size limits). */
export function checkText(sql: string): readonly Problem[] {
  if (sql.length > MAX_SQL_CHARACTERS) return [problem('sql.too_long', { characters: MAX_SQL_CHARACTERS })];
  if (sql.includes('\0') || holdsMark(sql) || !sql.isWellFormed())
    return [problem('sql.construct_refused', { construct: 'character', ...START })];
  return [];
}

/**
 * Reads the engine's serialised tree of the merchant's text by a closed list of node kinds.
 *
 * @param sql   the merchant's text, for positions only; it is never executed.
 * @param tree  what `json_serialize_sql` gave for it, as text.
 * @returns     one query of the language, or why not: `sql.syntax`, `sql.not_one_select`, `sql.construct_refused`. Knows
 *              nothing of tables, types, functions or permissions.
 * Source: gate.md §3.
 */
export function parse(sql: string, tree: string): Result<Parsed, readonly Problem[]> {
  const find = positionFinder(sql);
  try {
    const root = readTree(tree);
    if (!isNode(root)) return err([problem('sql.construct_refused', { construct: 'literal that is not a finite number', ...START })]);
    if (root.error !== false) return err([engineRefusal(sql, root, find)]);
    readFields(root, ['statements'], 'statement', START);
    const statements = listField(root, 'statements', START);
    if (statements.length !== 1) return err([problem('sql.not_one_select', {})]);
    const statement = statements[0];
    if (!isNode(statement)) return err([problem('sql.syntax', START)]);
    const query = createReader(find).query(statement.node, { at: START, depth: 0, queries: 0 });
    // Last, because a parameter in the tree has a place to name.
    readFields(statement, ['node'], 'parameter', START);
    return ok(seal<'parsed', { query: Query }>({ query }));
  } catch (thrown) {
    if (thrown instanceof ConstructRefused) return err([problem('sql.construct_refused', { construct: thrown.construct, ...thrown.at })]);
    throw thrown;
  }
}

/** Levels below a node that the engine made up in which a place is looked for. */
const LOOK_BELOW = 4;

function createReader(find: (offset: unknown) => Position | undefined): Reader {
  const limits = { table: MAX_TABLES, JOIN: MAX_JOINS, SELECT: MAX_SELECTS };
  const left = { ...limits };
  const reader: Reader = {
    locate: (node, around) => placeWithin(node, find, LOOK_BELOW) ?? around,
    expression: (value, place) => readExpression(value, place, reader),
    query: (value, place) => readQuery(value, place, reader),
    from: (value, place) => readFrom(value, place, reader),
    count: (what, at) => {
      left[what] -= 1;
      if (left[what] < 0) throw new ConstructRefused(`more than ${limits[what]} ${what}s`, at);
    },
  };
  return reader;
}

function placeWithin(value: unknown, find: (offset: unknown) => Position | undefined, levels: number): Position | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const own = isNode(value) ? find(value.query_location) : undefined;
  if (own !== undefined || levels === 0) return own;
  for (const inner of Object.values(value)) {
    const found = placeWithin(inner, find, levels - 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
