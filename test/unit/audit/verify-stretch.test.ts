import fc from 'fast-check';
import { expect, test } from 'vitest';
import { auditEntry, entryBody } from '../../../src/audit/entry.ts';
import { type AuditEvent, SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import type { LogRecord } from '../../../src/audit/log-fault.ts';
import { leafHash } from '../../../src/audit/merkle-hash.ts';
import { treeBuilder } from '../../../src/audit/merkle-tree.ts';
import { type Anchor, logVerifier } from '../../../src/audit/verify-log.ts';
import { joinStretches, STRETCH_ENTRIES, stretchReader } from '../../../src/audit/verify-stretch.ts';

const ENTRIES = STRETCH_ENTRIES * 2 + 700;
const OUTCOMES = { now: new Date('2026-07-01T00:00:00.000Z'), deadlineMs: 24 * 3_600_000 };

function eventOf(index: number): AuditEvent {
  const actor = { actor: SYSTEM_ACTOR, outcome: 'done' as const };
  if (index === 8000) return { ...actor, operation: 'job.intent', object: 'job_1', facts: {} } as unknown as AuditEvent;
  if (index === 9000) return { ...actor, operation: 'job.outcome', object: 'job_1', facts: {} } as unknown as AuditEvent;
  if (index === 16_500) return { ...actor, operation: 'audit.prune', object: 'log', facts: { ranges: ['11-12'] } } as unknown as AuditEvent;
  return { ...actor, operation: 'audit.read', object: `object-${index}`, facts: {} } as unknown as AuditEvent;
}

const RIGHT: readonly LogRecord[] = Array.from({ length: ENTRIES }, (_, index) => {
  const body = entryBody(auditEntry(eventOf(index), index + 1, new Date(Date.UTC(2026, 5, 1) + index * 10)));
  return { seq: index + 1, body: index === 10 || index === 11 ? null : body, leaf: leafHash('sha256', body) };
});
const SIZES = [0, 100, STRETCH_ENTRIES, STRETCH_ENTRIES + 1, 2 * STRETCH_ENTRIES, ENTRIES - 5];
const ANCHORS: readonly Anchor[] = anchorsOf();

function anchorsOf(): readonly Anchor[] {
  const builder = treeBuilder('sha256');
  const found: Anchor[] = [{ size: 0, root: builder.root(), by: 'log' }];
  for (const [at, { leaf }] of RIGHT.entries()) {
    if (leaf !== null) builder.append(leaf);
    if (SIZES.includes(at + 1)) found.push({ size: at + 1, root: builder.root(), by: at % 2 === 0 ? 'log' : 'witness' });
  }
  return found;
}

/** What reading entry by entry says, and what the stretches say together. */
function both(records: readonly LogRecord[], anchors: readonly Anchor[]) {
  const verifier = logVerifier('sha256', anchors, OUTCOMES);
  for (const record of records) verifier.take(record);
  const sizes = new Set(anchors.map(({ size }) => size));
  const findings = Array.from({ length: Math.ceil(ENTRIES / STRETCH_ENTRIES) }, (_, index) => {
    const reader = stretchReader('sha256', index, sizes);
    for (const record of records.slice(index * STRETCH_ENTRIES, (index + 1) * STRETCH_ENTRIES)) reader.take(record);
    return structuredClone(reader.finish());
  });
  const joined = joinStretches('sha256', findings, { entries: records.length, anchors, ...OUTCOMES });
  return { one: verifier.finish(), joined };
}

test('stretches together say of a right log what reading it entry by entry says', () => {
  const { one, joined } = both(RIGHT, ANCHORS);
  expect(one.verified).toBe(true);
  expect(joined).toEqual(one);
});

const CHANGES: Readonly<Record<string, (records: readonly LogRecord[], at: number) => readonly LogRecord[]>> = {
  text: (records, at) =>
    records.map((record, place) => (place === at ? { ...record, body: record.body?.replace('2026', '2025') ?? '{}' } : record)),
  leaf: (records, at) => records.map((record, place) => (place === at ? { ...record, leaf: leafHash('sha256', 'x') } : record)),
  both: (records, at) => records.map((record, place) => (place === at ? { ...record, body: 'x', leaf: leafHash('sha256', 'x') } : record)),
  emptied: (records, at) => records.map((record, place) => (place === at ? { ...record, body: null } : record)),
  removed: (records, at) => records.filter((_, place) => place !== at),
  repeated: (records, at) => records.flatMap((record, place) => (place === at ? [record, record] : [record])),
  cut: (records, at) => records.slice(0, at),
};

test('a log with anything changed, taken out, repeated or cut off is never right in stretches', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.values(CHANGES)), fc.nat(ENTRIES - 20), (change, place) => {
      const at = place === 10 || place === 11 ? 12 : place;
      const { one, joined } = both(change(RIGHT, at), ANCHORS);
      expect([one.verified, joined]).toEqual([false, null]);
    }),
    { numRuns: 12 },
  );
}, 60_000);

test('neither is one against an anchor with another root, beyond its end, or with an intent whose outcome is gone', () => {
  const other = { size: 100, root: leafHash('sha256', 'other'), by: 'witness' } as const;
  expect(both(RIGHT, [...ANCHORS, other]).joined).toBeNull();
  expect(both(RIGHT, [...ANCHORS, { ...other, size: ENTRIES + 1 }]).joined).toBeNull();
  expect(both(RIGHT, [{ ...other, size: 0 }]).joined).toBeNull();
  const findings = [{ operation: 'job.intent', body: RIGHT[8000]?.body ?? '', seq: 8001, at: '2026-06-01T00:00:00.000Z' }];
  const reader = stretchReader('sha256', 0, new Set());
  for (const record of RIGHT.slice(0, 5)) reader.take(record);
  const finding = { ...reader.finish(), telling: findings };
  expect(joinStretches('sha256', [finding], { entries: 5, anchors: [], ...OUTCOMES })).toBeNull();
  expect(joinStretches('sha256', [{ ...finding, telling: [] }], { entries: 5, anchors: [], ...OUTCOMES })?.verified).toBe(true);
});
