import type { Problem } from '../../../problems/problem.ts';
import { readTree } from '../read/read-tree.ts';

/** The engine's tree of a text, with one refused construct left out, and in plain words what that changes. */
export interface MendedTree {
  readonly tree: string;
  readonly changes: readonly string[];
}

type Mend = (key: string, value: unknown) => unknown;

/** By construct that the reader refuses: how the tree looks without it, and what that changes. */
const MENDS: Readonly<Record<string, { readonly mend: Mend; readonly change: string }>> = {
  TABLESAMPLE: { mend: (key, value) => (key === 'sample' ? null : value), change: 'dropped clause: TABLESAMPLE' },
  'DISTINCT ON': { mend: (key, value) => (key === 'distinct_on_targets' ? [] : value), change: 'replaced: DISTINCT ON → DISTINCT' },
  'FULL JOIN': {
    mend: (key, value) => (key === 'join_type' && value === 'FULL' ? 'LEFT' : value),
    change: 'replaced: FULL JOIN → LEFT JOIN',
  },
};

/**
 * Where the reader refuses a construct that can be left out without changing the rest, the tree without it; undefined
 * otherwise. For proposals only: what is mended is printed, and that text read and admitted like any other.
 * Source: gate.md §3 (a refusal says how to rewrite).
 */
export function mendedTree(tree: string, { code, facts }: Problem): MendedTree | undefined {
  const construct = code === 'sql.construct_refused' ? facts.construct : undefined;
  const known = typeof construct === 'string' && Object.hasOwn(MENDS, construct) ? MENDS[construct] : undefined;
  if (known === undefined) return undefined;
  return { tree: JSON.stringify(readTree(tree), (key, value: unknown) => known.mend(key, value)), changes: [known.change] };
}
