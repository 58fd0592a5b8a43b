import { describe, expect, test } from 'vitest';
import { queryShape } from '../../../src/audit/query-shape.ts';
import { asRanges, mayPrune, monthsBefore, retentionClass } from '../../../src/audit/retention.ts';
import { findSignals } from '../../../src/audit/signals.ts';

type Seen = Parameters<typeof findSignals>[0][number];

let seq = 0;
/** `at`: minutes after ten in the morning in Shanghai. */
function entry(
  operation: Seen['operation'],
  at: number,
  facts: Record<string, unknown>,
  by = 'merchant-a',
  outcome: Seen['outcome'] = 'done',
): Seen {
  seq += 1;
  const time = new Date(Date.UTC(2026, 5, 1, 2) + at * 60_000).toISOString();
  const object = { kind: 'job', id: String(facts['of'] ?? `job_${seq}`) } as Seen['object'];
  return {
    seq,
    at: time,
    actor: { id: by, organisation: `${by}-co`, roles: [] },
    operation,
    object,
    outcome,
    facts: facts as Seen['facts'],
  };
}
const query = (at: number, hash: number, more: Record<string, unknown> = {}, by = 'merchant-a'): Seen =>
  entry('job.submit', at, { dataset: 'city', target: 'real', artefactHash: `hash-${hash}`, columns: ['visits.cost'], ...more }, by);
const many = (count: number, make: (index: number) => Seen): readonly Seen[] => Array.from({ length: count }, (_, index) => make(index));
const kinds = (entries: readonly Seen[]): readonly string[] => findSignals(entries).map(({ kind }) => kind);

describe('signals', () => {
  test('probing of one group from many sides: eight different queries on the same columns in a day', () => {
    expect(kinds(many(7, (index) => query(index, index)))).toEqual([]);
    expect(kinds(many(8, (index) => query(index, 1)))).toEqual([]);
    expect(kinds(many(8, (index) => query(index * 300, index)))).toEqual([]);
    expect(findSignals(many(8, (index) => query(index, index)))).toMatchObject([
      { kind: 'probing-one-group', subject: 'merchant-a-co', dataset: 'city', reason: { counted: 8, threshold: 8, windowHours: 24 } },
    ]);
  });

  test('a burst of refusals: ten within an hour', () => {
    const refused = (at: number) => entry('job.refuse', at, { dataset: 'city' }, 'merchant-b', 'refused');
    expect(kinds(many(10, (index) => refused(index * 10)))).toEqual([]);
    expect(kinds(many(10, (index) => refused(index)))).toEqual(['refusal-burst']);
  });

  test('a family of queries that differ in literals: five of one shape in a day', () => {
    expect(kinds(many(5, (index) => query(index, index, { shapeDigest: 'a' })))).toEqual(['literal-family']);
    expect(kinds(many(5, (index) => query(index, index, { shapeDigest: `${index}` })))).toEqual([]);
  });

  test('a recipient with half of the independent sums that the units bear', () => {
    const reserved = (job: number, figures: number) =>
      entry('ledger.reserve', job, { of: `job_r${job}`, dataset: 'city', figures, room: 50 }, 'system');
    const release = (job: number, recipient = 'merchant-a') =>
      entry('egress.release', job, { recipient, dataset: 'city', job: `job_r${job}` }, 'operator-1');
    const near = [reserved(1, 20), reserved(2, 5), reserved(3, 400), release(1), release(2), release(1)];
    expect(findSignals(near)).toMatchObject([
      { kind: 'reconstruction-rank', subject: 'merchant-a', dataset: 'city', reason: { counted: 25, threshold: 25, windowHours: null } },
    ]);
    // Two people of one organisation hold it together.
    const submitted = [1, 2].map((job) => entry('job.submit', 0, { of: `job_r${job}`, dataset: 'city' }, 'merchant-a'));
    expect(findSignals([...submitted, reserved(1, 20), reserved(2, 5), release(1), release(2, 'merchant-c')])).toMatchObject([
      { kind: 'reconstruction-rank', subject: 'merchant-a-co', reason: { counted: 25 } },
    ]);
    // Reserved alone is not known to anybody; what another has is not his; what was answered as before adds nothing.
    expect(kinds(near.slice(0, 4))).toEqual([]);
    expect(kinds([reserved(1, 20), reserved(2, 5), release(1), release(2, 'merchant-b')])).toEqual([]);
    expect(kinds([reserved(1, 20), reserved(2, 0), release(1), release(2)])).toEqual([]);
  });

  test('two merchants beside one released cell', () => {
    const asked = (job: number, at: number, by: string, cell: string) => [
      entry('job.submit', at, { of: `job_c${job}`, dataset: 'city', target: 'real', artefactHash: `h${job}`, columns: [`c${job}`] }, by),
      entry('ledger.reserve', at, { of: `job_c${job}`, dataset: 'city', figures: 1, room: 500, beside: [cell, 'entry-9'] }, 'system'),
    ];
    const both = [
      ...asked(1, 0, 'merchant-a', 'entry-1'),
      ...asked(2, 5, 'merchant-b', 'entry-1'),
      ...asked(3, 9, 'merchant-b', 'entry-1'),
    ];
    expect(findSignals(both)).toMatchObject([
      { kind: 'collusion', subject: 'merchant-a-co merchant-b-co', dataset: 'city', reason: { counted: 3 } },
      { kind: 'collusion', reason: { counted: 3 } },
    ]);
    // One of them asks a lot on another day.
    const later = Array.from({ length: 9 }, (_, at) => asked(20 + at, 5000 + at, 'merchant-a', 'entry-1')).flat();
    expect(findSignals([...both, ...later]).filter(({ kind }) => kind === 'collusion')).toHaveLength(2);
    const apart = [
      ...asked(4, 0, 'merchant-a', 'entry-1'),
      ...asked(5, 5, 'merchant-b', 'entry-2'),
      ...asked(6, 2000, 'merchant-b', 'entry-1'),
    ];
    expect(kinds(apart)).toEqual([]);
    expect(
      kinds([...asked(7, 0, 'merchant-a', 'entry-1'), ...asked(8, 1, 'merchant-a', 'entry-1'), ...asked(9, 2, 'merchant-a', 'entry-1')]),
    ).toEqual([]);
  });

  test('two merchants on the same columns', () => {
    const both = [...many(3, (index) => query(index, index)), ...many(3, (index) => query(index, 10 + index, {}, 'merchant-b'))];
    expect(findSignals(both)).toMatchObject([{ kind: 'collusion', subject: 'merchant-a-co merchant-b-co', dataset: 'city' }]);
    expect(kinds([...many(3, (index) => query(index, index)), query(5, 9, {}, 'merchant-b')])).toEqual([]);
    // Also where the day is long past and one of them has asked since.
    expect(kinds([...both, query(20 * 24 * 60, 99)])).toContain('collusion');
    expect(
      kinds([...many(3, (index) => query(index, index)), ...many(3, (index) => query(2 * 24 * 60 + index, index, {}, 'merchant-b'))]),
    ).toEqual([]);
  });

  test('unusual hours: at night, after twenty entries by day', () => {
    const days = many(20, (index) => entry('egress.view', index, {}));
    const night = query(14 * 60, 1);
    expect(kinds([...days, night])).toEqual(['unusual-hours']);
    expect(kinds([...days.slice(1), night])).toEqual([]);
    expect(kinds([...days, query(60, 1)])).toEqual([]);
  });
});

describe('the shape of a query', () => {
  test.each([
    ["SELECT 1, 'a''b', x2 FROM t1 WHERE d = DATE '2025-01-01' AND n > -2.5e3", 'SELECT ?, ?, x2 FROM t1 WHERE d = DATE ? AND n > -?'],
    ['SELECT "o""1", "2" FROM t', 'SELECT "o""1", "2" FROM t'],
    ["SELECT 'never ends", 'SELECT ?'],
    ['SELECT "never ends 7', 'SELECT ?'],
    ["SELECT '数据' || x", 'SELECT ? || x'],
  ])('%s', (sql, shape) => {
    expect(queryShape(sql).text).toBe(shape);
  });
  test('is the same for queries that differ in literals alone', () => {
    expect(queryShape("a = 'x' and b = 1").digest).toBe(queryShape("a = 'yy' and b = 22").digest);
    expect(queryShape('a = 1').digest).not.toBe(queryShape('b = 1').digest);
  });
});

describe('retention', () => {
  const pruned = (operation: string, at: string, now: string, kept: readonly string[] = []) =>
    mayPrune(
      {
        operation,
        at,
        object: { kind: 'job', id: 'job_1' },
        actor: { id: 'a', organisation: 'o', roles: [] },
        facts: { grant: 'grt_1' },
      } as never,
      { now: new Date(now), kept: new Set(kept), isAllHeld: false },
    );
  test('36 months to the day; heartbeats six', () => {
    expect(pruned('job.submit', '2026-03-01T10:00:00.000Z', '2029-03-01T10:00:00.000Z')).toBe(false);
    expect(pruned('job.submit', '2026-03-01T10:00:00.000Z', '2029-03-01T10:00:00.001Z')).toBe(true);
    expect(pruned('instance.heartbeat', '2026-03-01T10:00:00.000Z', '2026-09-01T10:00:00.000Z')).toBe(false);
    expect(pruned('instance.heartbeat', '2026-03-01T10:00:00.000Z', '2026-09-02T10:00:00.000Z')).toBe(true);
    expect(monthsBefore(new Date('2026-05-31T00:00:00Z'), 3).toISOString()).toBe('2026-02-28T00:00:00.000Z');
  });
  test('what lives or is held stays, and what explains the log', () => {
    expect(pruned('job.submit', '2020-01-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z', ['grt_1'])).toBe(false);
    expect(pruned('audit.prune', '2020-01-01T00:00:00.000Z', '2029-01-01T00:00:00.000Z')).toBe(false);
    expect(retentionClass('grant.create')).toBe('registration');
  });
  test('ranges', () => {
    expect(asRanges([5, 1, 2, 3, 9])).toEqual(['1-3', '5-5', '9-9']);
  });
});
