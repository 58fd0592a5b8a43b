import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';

/** One page of a list: what comes after the item `after`, and no more than `atMost` items. */
export interface PageWish {
  readonly after?: string | undefined;
  readonly atMost: number;
}

/** A stretch of records in the list's own order, as the store reads it: by key, never by counting from the front. */
export interface Stretch {
  /** Id of the record before the first. */
  readonly after?: string;
  readonly limit?: number;
}

/** Records read at one time, at least: where few of them are shown, a page takes more than one reading. */
const LEAST_READ = 50;

/**
 * One page of what a person may see, read in stretches until it is full. Source: issue 6 ("pagination by cursor, filters").
 *
 * @param parts.view null for a record that the list leaves out: not this person's, or not of the asked state.
 * @param parts.mayAfter whether this person's list can hold the record at all. One that cannot is no place to go on from: it would tell where
 *   somebody else's record stands. A record that a filter leaves out by now still is one.
 * @returns everything without a wish. Refuses with `request.cursor`.
 */
export async function readPage<R, V>(
  wish: PageWish | undefined,
  parts: {
    readonly find: (id: string) => Promise<R | null>;
    readonly read: (stretch: Stretch) => Promise<readonly R[]>;
    readonly idOf: (record: R) => string;
    readonly mayAfter: (record: R) => boolean;
    readonly view: (record: R) => V | null;
  },
): Promise<Result<readonly V[], readonly Problem[]>> {
  const { find, read, idOf, mayAfter, view } = parts;
  const seen = (records: readonly R[]): readonly V[] => records.map(view).filter((item): item is Awaited<V> & V => item !== null);
  if (wish === undefined) return ok(seen(await read({})));
  let { after } = wish;
  if (after !== undefined) {
    const record = await find(after);
    if (record === null || !mayAfter(record)) return err([problem('request.cursor', {})]);
  }
  const found: V[] = [];
  const limit = Math.max(LEAST_READ, wish.atMost);
  for (;;) {
    const records = await read({ ...(after === undefined ? {} : { after }), limit });
    found.push(...seen(records));
    const last = records.at(-1);
    if (last === undefined || records.length < limit || found.length >= wish.atMost) return ok(found.slice(0, wish.atMost));
    after = idOf(last);
  }
}
