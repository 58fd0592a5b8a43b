import { type Problem, problem } from '../../../problems/problem.ts';
import type { Position } from '../ast.ts';
import type { JsonNode } from './node-reader.ts';
import { START } from './position.ts';

/** What the engine gives no tree for although it looks like a query, found by its words: for the message only. */
const BY_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bbetween\s+symmetric\b/i, 'BETWEEN SYMMETRIC'],
  [/\bpivot\b(?=[\s\S]*\busing\b|\s*\()/i, 'PIVOT without IN list of values'],
];

/**
 * The problem to an answer of `json_serialize_sql` that is no tree: a mistake of syntax with its place, a construct that the
 * engine cannot serialise, or something else than one query. Decides nothing: what has no tree is refused in any case.
 * Source: gate.md §3.1.
 */
export function engineRefusal(sql: string, root: JsonNode, find: (offset: unknown) => Position | undefined): Problem {
  const message = String(root.error_message);
  const refused = (construct: string, at: Position): Problem => problem('sql.construct_refused', { construct, ...at });
  if (message.includes('expression depth limit')) return refused('expression nested too deeply', START);
  if (root.error_type === 'not implemented') {
    for (const [words, construct] of BY_WORDS) {
      const match = words.exec(sql);
      if (match !== null) return refused(construct, placeOf(sql, match.index));
    }
    return message.startsWith('Only SELECT') ? problem('sql.not_one_select', {}) : refused('syntax that the engine does not read', START);
  }
  const { position } = root;
  return problem('sql.syntax', (typeof position === 'string' && /^\d{1,9}$/.test(position) ? find(Number(position)) : undefined) ?? START);
}

function placeOf(sql: string, index: number): Position {
  const lines = sql.slice(0, index).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
