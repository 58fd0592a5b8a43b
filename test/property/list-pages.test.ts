import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readPage } from '../../src/operations/page-wish.ts';

interface Item {
  readonly id: string;
  readonly isMine: boolean;
  readonly state: number;
}

const items = fc
  .array(fc.record({ isMine: fc.boolean(), state: fc.nat({ max: 2 }) }), { maxLength: 260 })
  .map((list): readonly Item[] => list.map((item, at) => ({ ...item, id: `i${at}` })));

const partsOf = (list: readonly Item[], state: number) => ({
  find: async (id: string) => list.find((item) => item.id === id) ?? null,
  read: async ({ after, limit = list.length }: { readonly after?: string; readonly limit?: number }) => {
    const from = list.findIndex((item) => item.id === after) + 1;
    return list.slice(from, from + limit);
  },
  idOf: (item: Item) => item.id,
  mayAfter: (item: Item) => item.isMine,
  view: (item: Item) => (item.isMine && item.state === state ? item.id : null),
});

test('pages one after another are the list that one sees, whatever is left out between', async () => {
  await fc.assert(
    fc.asyncProperty(items, fc.nat({ max: 2 }), fc.integer({ min: 1, max: 40 }), async (list, state, atMost) => {
      const parts = partsOf(list, state);
      const whole = await readPage(undefined, parts);
      const found: string[] = [];
      for (let after: string | undefined; ; after = found.at(-1)) {
        const page = await readPage(after === undefined ? { atMost } : { after, atMost }, parts);
        if (!page.ok) throw new Error('refused');
        found.push(...page.value);
        if (page.value.length < atMost) break;
      }
      expect({ ok: true, value: found }).toEqual(whole);
    }),
    { numRuns: 100 },
  );
});

test('nothing goes on after what is not there or not mine; what a filter leaves out by now is a place', async () => {
  const list: readonly Item[] = [
    { id: 'other', isMine: false, state: 0 },
    { id: 'moved', isMine: true, state: 1 },
    { id: 'mine', isMine: true, state: 0 },
  ];
  const after = (id: string) => readPage({ after: id, atMost: 5 }, partsOf(list, 0));
  for (const id of ['', 'none', 'other']) expect(await after(id)).toMatchObject({ ok: false, error: [{ code: 'request.cursor' }] });
  expect(await after('moved')).toEqual({ ok: true, value: ['mine'] });
});
