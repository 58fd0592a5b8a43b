import { describe, expect, test } from 'vitest';
import { auditEntry, entryBody } from '../../../src/audit/entry.ts';
import { type AuditEvent, SYSTEM_ACTOR } from '../../../src/audit/event.ts';
import { exitCodeOf, LOG_FAULTS, type LogFaultKind } from '../../../src/audit/log-fault.ts';
import { leafHash } from '../../../src/audit/merkle-hash.ts';
import { AUDIT_OPERATIONS } from '../../../src/audit/operation.ts';
import { logVerifier } from '../../../src/audit/verify-log.ts';

const NOW = new Date('2026-06-10T00:00:00.000Z');
const HOUR_MS = 3_600_000;

/** A log of these events, an hour apart, from 1 June on. */
function verified(events: readonly Pick<AuditEvent, 'operation' | 'object'>[], times: (index: number) => number = (index) => index) {
  const verifier = logVerifier('sha256', [], { now: NOW, deadlineMs: 24 * HOUR_MS });
  events.forEach((event, index) => {
    const at = new Date(Date.UTC(2026, 5, 1) + times(index) * HOUR_MS);
    const body = entryBody(auditEntry({ ...event, actor: SYSTEM_ACTOR, outcome: 'done', facts: {} } as AuditEvent, index + 1, at));
    verifier.take({ seq: index + 1, body, leaf: leafHash('sha256', Buffer.from(body)) });
  });
  return verifier.finish();
}

describe('a verification', () => {
  test('finds an intent whose outcome never came, and no other', () => {
    const intent = { operation: 'job.intent', object: 'job_1' } as const;
    expect(verified([intent]).faults).toEqual([{ seq: 1, kind: 'outcome-missing' }]);
    expect(verified([intent, { operation: 'job.outcome', object: 'job_2' }]).faults).toEqual([{ seq: 1, kind: 'outcome-missing' }]);
    for (const end of ['job.outcome', 'job.cancel', 'incident.outcome_missing'] as const)
      expect(verified([intent, { operation: end, object: 'job_1' }]).faults).toEqual([]);
    expect(verified([{ operation: 'load.start', object: 'load_1' }]).faults).toEqual([{ seq: 1, kind: 'outcome-missing' }]);
    expect(verified([intent], () => 8.9 * 24).faults).toEqual([]);
  });

  test('finds times that go back', () => {
    const event = { operation: 'audit.read', object: 'log' } as const;
    expect(verified([event, event, event], (index) => [0, 5, 4][index] ?? 0).faults).toEqual([{ seq: 3, kind: 'time-backwards' }]);
  });

  test('has the statuses of the reference', () => {
    const status = (...kinds: readonly LogFaultKind[]) => exitCodeOf(kinds.map((kind) => ({ seq: 1, kind })));
    expect(status()).toBe(0);
    expect(Object.fromEntries(Object.keys(LOG_FAULTS).map((kind) => [kind, status(kind as LogFaultKind)]))).toEqual(LOG_FAULTS);
    expect(status('rewritten', 'tail-cut')).toBe(12);
    expect(status('rewritten', 'changed')).toBe(10);
  });

  test('reads operations by their place: no fact has the name of a field of the entry', () => {
    const names = Object.values(AUDIT_OPERATIONS).flatMap((operation) => Object.keys(operation.facts));
    expect(names.filter((name) => ['operation', 'object', 'seq', 'at'].includes(name))).toEqual([]);
  });
});
