import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { type TemporaryStore, temporaryStore } from '../../support/temporary-store.ts';

let opened: TemporaryStore;
beforeEach(async () => {
  opened = await temporaryStore();
});
afterEach(() => opened.remove());

interface Small {
  readonly actor: number;
  readonly dataset: number;
  readonly refused: boolean;
}

function eventOf({ actor, dataset, refused }: Small, index: number): AuditEvent {
  return {
    operation: 'job.submit',
    actor: { id: `m-${actor}`, organisation: 'org', roles: ['merchant'] },
    object: `job-${index}`,
    outcome: refused ? 'refused' : 'done',
    facts: { dataset: `city-${dataset}`, target: 'simulation' },
  };
}

const SMALL = fc.record({ actor: fc.nat(2), dataset: fc.nat(2), refused: fc.boolean() });

test('a search finds what reading every entry finds, newest first, page after page', async () => {
  const logged: Small[] = [];
  await fc.assert(
    fc.asyncProperty(
      fc.array(SMALL, { minLength: 1, maxLength: 12 }),
      SMALL,
      fc.integer({ min: 1, max: 7 }),
      fc.subarray(['actor', 'dataset', 'outcome'] as const),
      async (more, wanted, limit, kinds) => {
        const from = logged.length;
        await Promise.all(more.map((small, index) => opened.audit.append(eventOf(small, from + index))));
        logged.push(...more);
        const terms = kinds.map((kind) => ({
          kind,
          term: { actor: `m-${wanted.actor}`, dataset: `city-${wanted.dataset}`, outcome: wanted.refused ? 'refused' : 'done' }[kind],
        }));
        const isWanted = (small: Small): boolean =>
          (!kinds.includes('actor') || small.actor === wanted.actor) &&
          (!kinds.includes('dataset') || small.dataset === wanted.dataset) &&
          (!kinds.includes('outcome') || small.refused === wanted.refused);
        const expected = logged.flatMap((small, at) => (isWanted(small) ? [at + 1] : [])).toReversed();
        const found: number[] = [];
        for (let before: number | null = null; ; ) {
          const page = await opened.audit.search({ terms, from: null, to: null, before, limit });
          found.push(...page.map(({ seq }) => seq));
          if (page.length < limit) break;
          before = found.at(-1) ?? null;
        }
        expect(found).toEqual(expected);
      },
    ),
    { numRuns: 25 },
  );
}, 60_000);
