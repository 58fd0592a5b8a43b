import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** What the values of a column become at each level; level 0 is the value. */
export interface Hierarchy {
  /** Levels above the value. */
  readonly levels: number;
  /** Value → its names at level 1, 2, …, `levels`. */
  readonly names: ReadonlyMap<string, readonly string[]>;
}

const MOST_LEVELS = 20;

/**
 * Reads a hierarchy file: a line for each value, `value;level1;level2;…`, all of equal length, no header. Values that stand twice with other names, and
 * names that part again further up (so that two values that were one are two again), are refused. Fields may stand in double quotes.
 * `column` names it in problems. Source: issue "Masking" (hierarchies as files); synthetic-and-masking.md §7.1.
 */
export function readHierarchy(text: string, column: string): Result<Hierarchy, readonly Problem[]> {
  const refuse = (reason: 'empty' | 'ragged' | 'repeated' | 'parted', line: number) =>
    err([problem('masking.hierarchy', { column, reason, line })]);
  const lines = text.replace(/^\uFEFF/, '').split(/\r?\n/);
  const names = new Map<string, readonly string[]>();
  const parents: Map<string, string>[] = [];
  let levels = -1;
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const fields = line.split(';').map(unquoted);
    const [value = '', ...above] = fields;
    if (levels === -1) levels = above.length;
    if (above.length !== levels || levels === 0 || levels > MOST_LEVELS) return refuse('ragged', index + 1);
    const known = names.get(value);
    if (known !== undefined && known.join(';') !== above.join(';')) return refuse('repeated', index + 1);
    names.set(value, above);
    for (let level = 0; level + 1 < levels; level += 1) {
      const [name = '', parent = ''] = above.slice(level, level + 2);
      const table = parents[level] ?? new Map<string, string>();
      parents[level] = table;
      if ((table.get(name) ?? parent) !== parent) return refuse('parted', index + 1);
      table.set(name, parent);
    }
  }
  return names.size === 0 ? refuse('empty', 1) : ok({ levels, names });
}

function unquoted(field: string): string {
  const text = field.trim();
  return /^".*"$/.test(text) ? text.slice(1, -1).replaceAll('""', '"') : text;
}
