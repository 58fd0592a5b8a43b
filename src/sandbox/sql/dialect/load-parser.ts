import type { Parser } from 'node-sql-parser/build/postgresql.js';
import type { ForeignDialect } from './dialect.ts';

/** What is used of node-sql-parser: a tree of unknown shape, and the text it spells from a tree. */
export interface ForeignParser {
  /** Throws what node-sql-parser throws: an error with `location` where the text does not parse. */
  readonly tree: (text: string) => unknown;
  readonly spell: (tree: unknown) => string;
}

type Grammar = 'mysql' | 'postgresql';

const loaded = new Map<Grammar, Promise<ForeignParser>>();

/**
 * The grammar that reads a dialect, loaded at its first use. Trino is read by PostgreSQL's: once names, types and calls
 * are disguised the two share every construct we translate, and node-sql-parser's grammar for Trino takes CROSS for an
 * alias and fails on subqueries in expressions.
 * Source: ADR 0012.
 */
export function loadParser(dialect: ForeignDialect): Promise<ForeignParser> {
  const grammar: Grammar = dialect === 'mysql' ? 'mysql' : 'postgresql';
  const known = loaded.get(grammar) ?? load(grammar);
  loaded.set(grammar, known);
  return known;
}

async function load(grammar: Grammar): Promise<ForeignParser> {
  const module = grammar === 'mysql' ? await import('node-sql-parser/build/mysql.js') : await import('node-sql-parser/build/postgresql.js');
  const parser: Parser = new module.default.Parser();
  return {
    tree: (text) => parser.astify(text, { parseOptions: { includeLocations: false } }),
    spell: (tree) => parser.sqlify(tree as Parameters<Parser['sqlify']>[0]),
  };
}
