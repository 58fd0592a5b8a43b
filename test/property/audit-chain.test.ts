import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type ChainHead, EMPTY_CHAIN, link, type StoredEntry } from '../../src/audit/chain.ts';
import type { Checkpoint } from '../../src/audit/checkpoint.ts';
import { auditEntry, entryBody } from '../../src/audit/entry.ts';
import { verifyChain } from '../../src/audit/verify-chain.ts';
import { someEvent } from '../support/temporary-store.ts';

function chainOf(length: number): readonly StoredEntry[] {
  const entries: StoredEntry[] = [];
  let head: ChainHead = EMPTY_CHAIN;
  for (let index = 0; index < length; index += 1) {
    const at = new Date(Date.UTC(2026, 0, 1, 0, 0, index));
    const entry = link(head, entryBody(auditEntry(someEvent(`object-${index}`), index + 1, at)));
    entries.push(entry);
    head = { size: entry.seq, hash: entry.hash };
  }
  return entries;
}

function checkpointAt(entries: readonly StoredEntry[], size: number): Checkpoint {
  const hash = size === 0 ? EMPTY_CHAIN.hash : (entries[size - 1] as StoredEntry).hash;
  return { v: 1, origin: 'test', size, hash, time: '2026-01-01T00:00:00.000Z' };
}

/** Rebuilds hashes from `from` on, as somebody with the code but without the key can. */
function relink(entries: readonly StoredEntry[]): readonly StoredEntry[] {
  let head: ChainHead = EMPTY_CHAIN;
  return entries.map((entry) => {
    const linked = link(head, entry.body.replace(/"seq":\d+/, `"seq":${head.size + 1}`));
    head = { size: linked.seq, hash: linked.hash };
    return linked;
  });
}

const FIELDS = ['body', 'previousHash', 'hash'] as const;
const CHAINS = Array.from({ length: 13 }, (_, length) => chainOf(length));
const chainAndPlace = fc
  .integer({ min: 1, max: 12 })
  .chain((length) => fc.record({ entries: fc.constant(CHAINS[length] as readonly StoredEntry[]), place: fc.nat(length - 1) }));

describe('the hash chain', () => {
  test('an untouched log verifies against every checkpoint it ever had', () => {
    const entries = chainOf(12);
    for (let size = 0; size <= entries.length; size += 1) {
      expect(verifyChain(entries, checkpointAt(entries, size))).toMatchObject({ verified: true, entries: 12, faults: [] });
    }
  });

  test('one flipped bit in any stored field is found', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.constantFrom(...FIELDS), fc.nat(), fc.nat(7), ({ entries, place }, field, at, bit) => {
        const entry = entries[place] as StoredEntry;
        const bytes = Buffer.from(entry[field], 'utf8');
        const index = at % bytes.length;
        bytes[index] = (bytes[index] as number) ^ (1 << bit);
        const changed = entries.with(place, { ...entry, [field]: bytes.toString('utf8') });
        const result = verifyChain(changed, checkpointAt(entries, entries.length));
        expect(result.verified).toBe(false);
        expect(result.faults[0]?.seq).toBe(entry.seq);
      }),
      { numRuns: 2000 },
    );
  });

  test('a changed number is found', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.integer(), ({ entries, place }, seq) => {
        const entry = entries[place] as StoredEntry;
        fc.pre(seq !== entry.seq);
        expect(verifyChain(entries.with(place, { ...entry, seq }), checkpointAt(entries, entries.length)).verified).toBe(false);
      }),
    );
  });

  test('a removed entry is found, with its number', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ entries, place }) => {
        const result = verifyChain(entries.toSpliced(place, 1), checkpointAt(entries, entries.length));
        const kind = place === entries.length - 1 ? 'tail-cut' : 'missing';
        expect(result.faults[0]).toEqual({ seq: place + 1, kind });
      }),
    );
  });

  test('a cut-off tail of any length is found', () => {
    fc.assert(
      fc.property(chainAndPlace, ({ entries, place }) => {
        const result = verifyChain(entries.slice(0, place), checkpointAt(entries, entries.length));
        expect(result.faults).toEqual([{ seq: place + 1, kind: 'tail-cut' }]);
      }),
    );
  });

  test('swapped entries are found, whether or not their numbers are swapped too', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat(), fc.boolean(), ({ entries, place }, other, renumber) => {
        const second = other % entries.length;
        fc.pre(second !== place);
        const [a, b] = [entries[place] as StoredEntry, entries[second] as StoredEntry];
        const swapped = entries.with(place, renumber ? { ...b, seq: a.seq } : b).with(second, renumber ? { ...a, seq: b.seq } : a);
        expect(verifyChain(swapped, checkpointAt(entries, entries.length)).verified).toBe(false);
      }),
    );
  });

  test('an inserted entry is found, also when it is linked to the one before', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.boolean(), ({ entries, place }, linked) => {
        const entry = entries[place] as StoredEntry;
        const before = { size: entry.seq - 1, hash: entry.previousHash };
        const forged = linked ? link(before, entry.body.replace('audit.read', 'audit.seen')) : entry;
        expect(verifyChain(entries.toSpliced(place, 0, forged), checkpointAt(entries, entries.length)).verified).toBe(false);
      }),
    );
  });

  test('a log rewritten with right hashes, of the same length or longer, disagrees with the checkpoint', () => {
    fc.assert(
      fc.property(chainAndPlace, fc.nat(3), ({ entries, place }, more) => {
        const entry = entries[place] as StoredEntry;
        const forged = { ...entry, body: entry.body.replace('object-', 'other-') };
        const rewritten = relink([...entries.with(place, forged), ...entries.slice(0, more)]);
        const result = verifyChain(rewritten, checkpointAt(entries, entries.length));
        expect(result.faults).toEqual([{ seq: entries.length, kind: 'rewritten' }]);
      }),
    );
  });

  test('a body that names another place is found, also with the right hash', () => {
    const entries = chainOf(4);
    const [, , third, fourth] = entries as readonly [StoredEntry, StoredEntry, StoredEntry, StoredEntry];
    for (const seq of ['40', '14', '4.0', '"4"', '-4']) {
      const head = { size: third.seq, hash: third.hash };
      const misplaced = link(head, fourth.body.replace('"seq":4', `"seq":${seq}`));
      const result = verifyChain([...entries.slice(0, 3), misplaced], checkpointAt(entries, 3));
      expect(result.faults).toEqual([{ seq: 4, kind: 'changed' }]);
    }
  });

  test('without a trustworthy checkpoint nothing is verified', () => {
    expect(verifyChain(chainOf(3), 'checkpoint-missing').faults).toEqual([{ seq: null, kind: 'checkpoint-missing' }]);
    expect(verifyChain(chainOf(3), 'checkpoint-invalid').faults).toEqual([{ seq: null, kind: 'checkpoint-invalid' }]);
  });
});
