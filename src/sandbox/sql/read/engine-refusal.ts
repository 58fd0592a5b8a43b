import { type Problem, problem } from '../../../problems/problem.ts';
import type { Position } from '../ast.ts';
import type { JsonNode } from './node-reader.ts';
import { START } from './position.ts';

/** What the engine gives no tree for although it looks like a query, found by its words: for the message only. */
const BY_WORDS: readonly (readonly [RegExp, string])[] = [
  [/\bbetween\s+symmetric\b/i, 'BETWEEN SYMMETRIC'],
  [/\bpivot\b(?=[\s\S]*\busing\b|\s*\()/i, 'PIVOT without IN list of values'],
];

/** What other systems spell so and the engine does not parse, found by its words: for the message only. */
const FOREIGN: readonly (readonly [RegExp, string])[] = [
  [/\bselect\s+with\s+(?:differential_privacy|aggregation_threshold|anonymization)\b/i, 'SELECT WITH a privacy clause of another system'],
  [/\b(?:anon|dp)_(?:count|sum|avg|var|stddev|quantiles?|percentile_cont)\s*\(/i, 'noisy aggregate of another system'],
  [/\bselect\s+top\s*\(?\s*\d+/i, 'TOP instead of LIMIT'],
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
  const foreign = FOREIGN.flatMap(([words, construct]) => {
    const match = words.exec(sql.replace(/'(?:[^']|'')*'/g, (text) => ' '.repeat(text.length)));
    return match === null ? [] : [refused(construct, placeOf(sql, match.index))];
  });
  if (foreign[0] !== undefined) return foreign[0];
  const { position } = root;
  return problem('sql.syntax', (typeof position === 'string' && /^\d{1,9}$/.test(position) ? find(Number(position)) : undefined) ?? START);
}

function placeOf(sql: string, index: number): Position {
  const lines = sql.slice(0, index).split('\n');
  return { line: lines.length, column: [...(lines.at(-1) ?? '')].length + 1 };
}
