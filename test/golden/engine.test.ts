import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type ParseEngine, parseEngine } from '../support/sql-text/parse-engine.ts';

/**
 * What the pinned engine can say: its functions, and the nodes and fields of its syntax trees. The gate admits by closed
 * lists, so that nothing new passes by itself; these files show a reviewer what an upgrade brings. Source: gate.md §3.2.
 */
const ON_AN_UPGRADE = `The engine is not the one these lists were made with. Look at every line that was added: a function that reads
files, other tables or the clock, or depends on single rows, must not come into the gate's allow-list; a new field of a
node must have a default that means "not used"; a text that was refused and is now read must be safe to read. Add new syntax
of the release notes to engine-corpus.sql. Then run this test again with UPDATE_GOLDEN=1 and commit the lists.`;

let engine: ParseEngine;

beforeAll(async () => {
  engine = await parseEngine();
});

afterAll(() => engine.close());

const file = (name: string): string => join(import.meta.dirname, name);

function compare(name: string, text: string): void {
  const path = file(name);
  if (process.env['UPDATE_GOLDEN'] === '1') writeFileSync(path, text);
  const known = existsSync(path) ? readFileSync(path, 'utf8') : '';
  expect(text.split('\n'), ON_AN_UPGRADE).toEqual(known.split('\n'));
}

test('the functions of the engine', async () => {
  const { rows } = await engine.rows('SELECT DISTINCT function_name, function_type FROM duckdb_functions() ORDER BY ALL');
  compare('engine-functions.txt', `${rows.map((row) => row.join(' ')).join('\n')}\n`);
});

type Fields = Map<string, Set<string>>;

/** Notes the fields of each node under its class and type, or under the field it stands in if it has neither. */
function noteFields(value: unknown, field: string, seen: Fields): void {
  if (Array.isArray(value)) {
    for (const item of value) noteFields(item, field, seen);
  } else if (typeof value === 'object' && value !== null) {
    const node = value as Readonly<Record<string, unknown>>;
    const type = typeof node['type'] === 'string' ? node['type'] : '';
    const name = typeof node['class'] === 'string' ? `${node['class']} ${type}` : type === '' ? `in ${field}` : type;
    const fields = seen.get(name) ?? new Set();
    for (const [key, item] of Object.entries(node)) {
      fields.add(key);
      noteFields(item, key, seen);
    }
    seen.set(name, fields);
  }
}

test('the syntax trees of the engine, and what the reader says to them', async () => {
  const seen: Fields = new Map();
  const answers: Record<string, string> = {};
  for (const sql of readFileSync(file('engine-corpus.sql'), 'utf8').trimEnd().split('\n')) {
    const tree = await engine.tree(sql);
    // The engine writes literals beyond the range of a DOUBLE as bare words.
    if (!tree.includes('Infinity')) noteFields(JSON.parse(tree), 'root', seen);
    const read = await engine.read(sql);
    answers[sql] = read.ok
      ? 'read'
      : read.error.map(({ code, facts }) => `${code} ${'construct' in facts ? facts.construct : ''}`.trim()).join();
  }
  const nodes = Object.fromEntries([...seen].map(([name, fields]) => [name, [...fields].toSorted().join(' ')]).toSorted());
  compare('engine-nodes.json', `${JSON.stringify({ nodes, answers }, null, 2)}\n`);
});
