import { quoteName, quoteText } from '../../../catalog/identifier.ts';
import type { Expression } from '../ast.ts';

/** Words that the engine's grammar keeps for itself in some place: DuckDB's `duckdb_keywords()` without the unreserved. */
const KEYWORDS = new Set(
  [
    'all analyse analyze and any array as asc asymmetric both case cast check collate column constraint create default deferrable',
    'desc describe distinct do else end except false fetch for foreign from group having in initially intersect into lambda lateral',
    'leading limit not null offset on only or order pivot pivot_longer pivot_wider placing primary qualify references returning select',
    'show some summarize symmetric table then to trailing true union unique unpivot using variadic when where window with',
    'anti asof at authorization binary by collation columns concurrently cross freeze full generated glob ilike inner is isnull join',
    'left like map natural notnull outer overlaps positional right semi similar struct tablesample try_cast unpack verbose',
    'between bigint bit boolean char character coalesce dec decimal exists extract float grouping grouping_id inout int integer interval',
    'national nchar none nullif numeric out overlay position precision real row setof smallint substring time timestamp treat trim',
    'values varchar xmlattributes xmlconcat xmlelement xmlexists xmlforest xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable',
  ].flatMap((line) => line.split(' ')),
);
/** Of these, what is called like any other function. */
const CALLABLE = new Set(['coalesce', 'grouping', 'nullif', 'substring', 'trim', 'left', 'right', 'glob']);
const PLAIN = /^[a-z_][a-z0-9_]*$/i;

/** A name, quoted only where the grammar asks for it. Source: gate.md §3 (a refusal says how to rewrite). */
export function spellName(name: string): string {
  return PLAIN.test(name) && !KEYWORDS.has(name.toLowerCase()) ? name : quoteName(name);
}

/** The name of a function in front of its brackets. */
export function spellFunction(name: string): string {
  return CALLABLE.has(name) ? name : spellName(name);
}

/** `(a, b)` behind an alias, or nothing. */
export function spellColumns(names: readonly string[]): string {
  return names.length === 0 ? '' : `(${names.map(spellName).join(', ')})`;
}

/** A literal or interval as the engine's reader gives it back. */
export function spellLiteral(item: Extract<Expression, { readonly kind: 'literal' | 'interval' }>): string {
  if (item.kind === 'interval') return `INTERVAL '${item.amount}' ${item.unit.toUpperCase()}`;
  const { text } = item;
  switch (item.type) {
    case 'string':
      return quoteText(text);
    case 'date':
      return `DATE ${quoteText(text)}`;
    case 'timestamp':
      return `TIMESTAMP ${quoteText(text)}`;
    case 'decimal':
      return text.includes('.') ? text : `${text}.0`;
    case 'double':
      return Number(text).toExponential();
    case 'null':
      return 'NULL';
    default:
      return text;
  }
}
