const REPLACED = 'replaced: ';
const ARROW = ' → ';

/**
 * The changes of several rewrites as those of one: what was replaced twice is said once, what is gone again is not said.
 *
 * @param changes  `label: SQL` and `replaced: SQL → SQL`, in the order in which they were made.
 * @param sql      the query as it is proposed.
 * Source: gate.md §3 (a refusal says how to rewrite).
 */
export function mergedChanges(changes: readonly string[], sql: string): readonly string[] {
  const text = sql.replaceAll('\n', ' ');
  return changes.reduce(chained, []).reduce<readonly string[]>((kept, change) => absorbed(kept, change, text), []);
}

function endsOf(change: string): readonly [string, string] | undefined {
  const middle = change.indexOf(ARROW);
  if (!change.startsWith(REPLACED) || middle < 0) return undefined;
  return [change.slice(REPLACED.length, middle), change.slice(middle + ARROW.length)];
}

const DROPPED = 'dropped column: ';
const ADDED = ['added: ', 'added key: '];

/** `a → b` and then `b → c` are `a → c`; `a → b` and then b dropped is a dropped; what was added and dropped is neither. */
function chained(before: readonly string[], change: string): readonly string[] {
  const dropped = change.startsWith(DROPPED) ? change.slice(DROPPED.length) : undefined;
  const [from, to] = dropped === undefined ? (endsOf(change) ?? []) : [dropped, undefined];
  if (from === undefined) return [...before, change];
  const earlier = before.findLastIndex((item) => endsOf(item)?.[1] === from);
  const [origin] = endsOf(before[earlier] ?? '') ?? [];
  if (origin !== undefined && dropped !== undefined)
    return [...before.filter((_, index) => index !== earlier && before[index] !== `added key: ${origin}`), `${DROPPED}${origin}`];
  if (origin !== undefined)
    return before.flatMap((item, index) => (index !== earlier ? [item] : origin === to ? [] : [`${REPLACED}${origin}${ARROW}${to}`]));
  const wasAdded = dropped !== undefined && before.includes(`added: ${dropped}`);
  const kept =
    dropped === undefined ? before : before.filter((item) => !ADDED.includes(item.slice(0, -dropped.length)) || !item.endsWith(dropped));
  return wasAdded ? kept : [...kept, change];
}

/** What was replaced before and is gone with this change is said as part of it, as it was written. */
function absorbed(kept: readonly string[], change: string, text: string): readonly string[] {
  const isGone = (item: string): boolean => {
    const [, to] = endsOf(item) ?? [];
    return to !== undefined && !text.includes(to) && change.includes(to);
  };
  const said = kept.filter(isGone).reduce((whole, item) => whole.replaceAll(endsOf(item)?.[1] ?? item, endsOf(item)?.[0] ?? item), change);
  return [...kept.filter((item) => !isGone(item)), said];
}
