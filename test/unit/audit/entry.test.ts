import { describe, expect, test } from 'vitest';
import { auditEntry, entryBody } from '../../../src/audit/entry.ts';
import type { AuditEvent } from '../../../src/audit/event.ts';
import { countBand, durationBand, textDigest } from '../../../src/audit/fact-values.ts';
import { AUDIT_OPERATIONS, type CoveredOperation } from '../../../src/audit/operation.ts';

const AT = new Date('2026-03-01T08:00:00.000Z');
const MERCHANT = { id: 'merchant-a', organisation: 'merchant-a-co', roles: ['merchant'] };

function submitted(facts: Readonly<Record<string, unknown>>): AuditEvent {
  return { operation: 'job.submit', actor: MERCHANT, object: 'job_1', outcome: 'done', facts } as AuditEvent;
}

describe('an audit entry', () => {
  test('has one canonical form, whatever the order of its facts', () => {
    const one = entryBody(auditEntry(submitted({ dataset: 'city', target: 'sim' }), 1, AT));
    const two = entryBody(auditEntry(submitted({ target: 'sim', dataset: 'city', grant: undefined }), 1, AT));
    expect(one).toBe(two);
    expect(one).toBe(
      '{"actor":{"id":"merchant-a","organisation":"merchant-a-co","roles":["merchant"]},"at":"2026-03-01T08:00:00.000Z",' +
        '"facts":{"dataset":"city","target":"sim"},"object":{"id":"job_1","kind":"job"},"operation":"job.submit","outcome":"done","seq":1,"v":1}',
    );
  });

  test('stays below the length of a bundle: long lists become their digest and number', () => {
    const long = Array.from({ length: 900 }, (_, at) => `table_${at}.${'x'.repeat(150)}`);
    const entry = auditEntry(submitted({ columns: long, tables: ['residents'] }), 1, AT);
    expect(entry.facts['tables']).toEqual(['residents']);
    expect(entry.facts['columns']).toEqual([`sha256:${textDigest(JSON.stringify(long))}`, 'items:900']);
    expect(Buffer.byteLength(entryBody(entry))).toBeLessThan(60_000);
  });

  test.each([
    ['a fact the operation does not have', { rows: 7 }],
    ['SQL text in place of a digest', { sqlDigest: "SELECT * FROM t WHERE name = 'Zhang San'" }],
    ['a literal in place of a name', { dataset: "O'Brien and 42 others" }],
    ['a line break', { dataset: 'city\nfake entry' }],
    ['names that are not a list', { tables: 'residents' }],
    ['a list with something else', { tables: ['residents', 3] }],
    ['a digest in capitals', { artefactHash: 'A'.repeat(64) }],
    ['a fact named like a method', { toString: 'x' }],
  ])('refuses %s, without repeating it', (_, facts) => {
    expect(() => auditEntry(submitted(facts), 1, AT)).toThrow(TypeError);
    try {
      auditEntry(submitted(facts), 1, AT);
    } catch (error) {
      expect(String(error)).not.toMatch(/Zhang|Brien|fake/);
    }
  });

  test('takes bands, never counts', () => {
    const outcome = (rowsBand: unknown) =>
      ({ operation: 'job.outcome', actor: MERCHANT, object: 'job_1', outcome: 'done', facts: { rowsBand } }) as AuditEvent;
    for (const band of [countBand(0), countBand(7), countBand(1234), durationBand(3), durationBand(61_000), '1–4', '20+']) {
      expect(() => auditEntry(outcome(band), 1, AT)).not.toThrow();
    }
    expect(() => auditEntry(outcome(7), 1, AT)).toThrow(TypeError);
    expect(() => auditEntry(outcome('about seven'), 1, AT)).toThrow(TypeError);
  });

  test('refuses unknown operations, outcomes and actors', () => {
    const good = submitted({});
    for (const change of [{ operation: 'job.forget' }, { operation: 'toString' }, { outcome: 'maybe' }, { object: 'a b' }, { trace: '' }]) {
      expect(() => auditEntry({ ...good, ...change } as AuditEvent, 1, AT)).toThrow(TypeError);
    }
    expect(() => auditEntry({ ...good, actor: { ...MERCHANT, id: 'x\u001b[0m' } }, 1, AT)).toThrow(TypeError);
  });

  test('the operations cover the eight kinds that must be traceable (QZ-3.1.8b)', () => {
    const kinds: readonly CoveredOperation[] = ['converge', 'share', 'query', 'compare', 'download', 'analyse', 'access', 'maintain'];
    const covered = new Set(Object.values(AUDIT_OPERATIONS).flatMap((operation) => operation.covers as readonly CoveredOperation[]));
    expect([...covered].sort()).toEqual([...kinds].sort());
  });
});

test('bands and digests', () => {
  expect([0, 1, 9, 10, 99, 100, 12_345].map(countBand)).toEqual(['0', '1–9', '1–9', '10–99', '10–99', '100–999', '10000–99999']);
  expect([0, 999, 1000, 25_000].map(durationBand)).toEqual(['<1s', '<1s', '1–9s', '10–99s']);
  expect(textDigest('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});
