import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { SYSTEM_ACTOR } from '../../src/audit/event.ts';
import { DEFAULT_POLICY, type DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';
import { encodeSketch } from '../../src/egress/ledger/sketch-bytes.ts';
import { ok } from '../../src/kernel/result.ts';
import { codes, dispose, type PortChange, seededInstance, type TestInstance, value } from '../support/operations-instance.ts';
import { pipelineOfFigures, rowOf, type ScriptedFigure } from '../support/scripted-figures.ts';

const income = (unit: number): bigint => BigInt(1000 + ((unit * 37) % 500));
/** Everybody; all but 14 or 3 people; half; 14 people; 60 of whom one has most of what all have. */
const ALL: ScriptedFigure = { name: 'all', total: income };
const BUT_14: ScriptedFigure = { name: 'but14', total: (unit) => (unit < 14 ? 0n : income(unit)) };
const BUT_3: ScriptedFigure = { name: 'but3', total: (unit) => (unit < 3 ? 0n : income(unit)) };
const OTHER: ScriptedFigure = { name: 'other', total: (unit) => (unit < 200 ? 0n : income(unit)) };
const SMALL: ScriptedFigure = { name: 'few14', total: (unit) => (unit < 14 ? income(unit) : 0n) };
const RICH: ScriptedFigure = { name: 'rich', total: (unit) => (unit >= 340 ? (unit === 347 ? 500_000n : income(unit)) : 0n) };

const change: PortChange = { pipeline: pipelineOfFigures([ALL, BUT_14, BUT_3, OTHER, SMALL, RICH]) };
const STRICT: DisclosurePolicy = { ...DEFAULT_POLICY, k: 20 };

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance(change);
});
afterEach(() => dispose(instance));

async function released(name: string): Promise<string> {
  const { id } = await instance.requestFiled(`SELECT ${name} FROM residents`);
  return value(await instance.operations.release(instance.actor('operator-1'), id)).id;
}

async function replay(policy: DisclosurePolicy, actor = 'auditor-1', after = 0) {
  return instance.operations.replayLedger(instance.actor(actor), { dataset: 'city', policy, after });
}

describe('a replay', () => {
  test('lists what a stricter policy would have kept in, with what it clashes with and without labels', async () => {
    const all = await released('all');
    const but14 = await released('but14');
    await released('other');
    const found = value(await replay(STRICT));
    expect(found).toMatchObject({ dataset: 'city', replayed: 3, remaining: 0, next: null });
    expect(found.failing).toEqual([
      { release: but14, job: expect.any(String), dataset: 'city', rule: 'ledger.near', entries: [2], against: [1], releases: [all] },
    ]);
    expect(value(await replay(STRICT, 'auditor-1', 1))).toMatchObject({ replayed: 2, failing: [{ entries: [2], against: [1] }] });
    expect(JSON.stringify(found)).not.toMatch(/SELECT|income|labels/);
  });

  test('under the policy in force everything stands', async () => {
    for (const name of ['all', 'but14', 'other', 'rich']) await released(name);
    expect(value(await replay(DEFAULT_POLICY)).failing).toEqual([]);
  });

  test('a figure of too few units, and one that a unit dominates, fail by themselves', async () => {
    const small = await released('few14');
    const rich = await released('rich');
    expect(value(await replay(STRICT)).failing).toMatchObject([{ release: small, rule: 'ledger.small', against: [], releases: [] }]);
    const dominance = { units: 2, share: 0.85 } as const;
    expect(value(await replay({ ...DEFAULT_POLICY, dominance })).failing).toMatchObject([{ release: rich, rule: 'ledger.dominated' }]);
  });

  test('what was rejected or still waits is no release', async () => {
    await released('all');
    await instance.requestFiled('SELECT but14 FROM residents');
    expect(value(await replay(STRICT))).toMatchObject({ replayed: 1, failing: [] });
  });

  test('refuses weaker and senseless policies, and people without the permission; every call is on record', async () => {
    for (const weaker of [
      { ...DEFAULT_POLICY, k: 9 },
      { ...DEFAULT_POLICY, pShare: 0.05 },
      { ...DEFAULT_POLICY, dominance: { units: 2, share: 0.95 } as const },
    ])
      expect(codes(await replay(weaker))).toEqual(['ledger.policy_weaker']);
    for (const senseless of [
      { ...STRICT, k: 65 },
      { ...STRICT, k: 10.5 },
      { ...STRICT, pShare: Number.NaN },
    ])
      expect(codes(await replay(senseless))).toEqual(['ledger.policy_out_of_range']);
    for (const who of ['merchant-a', 'supervisor-1', 'source-1']) expect(codes(await replay(STRICT, who))).toEqual(['access.forbidden']);
    const unknown = { dataset: 'nowhere', policy: STRICT, after: 0 };
    expect(codes(await instance.operations.replayLedger(instance.actor('operator-1'), unknown))).toEqual(['access.not_found']);
    value(await replay(STRICT, 'operator-1'));
    const entries = value(await instance.operations.auditEntries(instance.actor('auditor-1'), { after: 0, limit: 1000 }));
    expect(entries.filter((entry) => entry.operation === 'ledger.replay')).toMatchObject([
      { actor: expect.stringContaining('operator-1'), object: { kind: 'dataset', id: 'city' }, facts: { k: 20, after: 0 } },
    ]);
  });
});

/** Puts figures into the ledger beside the decision, as if two jobs had slipped past each other. */
async function forceIn(job: string, figure: ScriptedFigure): Promise<void> {
  const row = rowOf(figure);
  const [own] = row.figures;
  const [first] = own?.sketches ?? [];
  if (own === undefined || first === undefined) throw new Error('A row without a figure');
  const { isMagnitude, isOneSigned, units } = own;
  const body = { gate: 'g', key: [], term: own.term, isTotal: true, isMagnitude, isOneSigned, units, policy: DEFAULT_POLICY };
  const entry = {
    dataset: 'city',
    version: 'v1',
    job,
    ordinal: 0,
    cell: 0,
    unitType: 'person',
    namespace: 'linear',
    family: 'income',
    sketch: encodeSketch(first.sketch),
    body: { ...body, figure: '1', answered: '' },
  };
  const event = { operation: 'ledger.reserve', actor: SYSTEM_ACTOR, object: job, outcome: 'done', facts: {} } as const;
  value(await instance.ports.store.write(async (tx) => ok(await tx.ledger.reserve([entry], event))));
}

describe('a release looks again', () => {
  async function filed(name: string) {
    return instance.requestFiled(`SELECT ${name} FROM residents`);
  }
  const release = (id: string) => instance.operations.release(instance.actor('operator-1'), id);
  const state = async (id: string) => value(await instance.operations.showEgress(instance.actor('merchant-a'), id)).state;

  test('two jobs that slipped past each other: the second stays', async () => {
    const [first, second] = [await filed('unknown1'), await filed('unknown2')];
    await forceIn(first.job, ALL);
    await forceIn(second.job, BUT_3);
    value(await release(first.id));
    expect(codes(await release(second.id))).toEqual(['egress.ledger_conflict']);
    expect(await state(second.id)).toBe('FILED');
    expect(await instance.ports.store.view.ledger.ofJob(second.job)).toMatchObject([{ state: 'reserved' }]);
    const entries = value(await instance.operations.auditEntries(instance.actor('auditor-1'), { after: 0, limit: 1000 }));
    expect(entries.filter((entry) => entry.operation === 'egress.check').at(-1)).toMatchObject({
      facts: { rules: ['egress.ledger_conflict', 'ledger.near'] },
    });
    value(await instance.operations.reject(instance.actor('operator-1'), { id: second.id, reason: 'clash' }));
    expect(await instance.ports.store.view.ledger.ofJob(second.job)).toMatchObject([{ state: 'dropped' }]);
  });

  test('the policy was raised between run and release: what is near under the new one stays', async () => {
    await released('all');
    const [but14, other] = [await filed('but14'), await filed('other')];
    instance = await instance.reopen({ pipeline: pipelineOfFigures([]), policy: STRICT });
    expect(codes(await release(but14.id))).toEqual(['egress.ledger_conflict']);
    expect(await state(but14.id)).toBe('FILED');
    value(await release(other.id));
  });

  test('the policy was raised: a figure of too few units stays, and so does a job whose own figures clash now', async () => {
    const [small, both] = [await filed('few14'), await filed('all but14')];
    instance = await instance.reopen({ pipeline: pipelineOfFigures([]), policy: STRICT });
    expect(codes(await release(small.id))).toEqual(['egress.ledger_conflict']);
    expect(codes(await release(both.id))).toEqual(['egress.ledger_conflict']);
  });

  test('the policy was lowered: the one of the run still holds', async () => {
    instance = await instance.reopen({ ...change, policy: STRICT });
    const [first, second] = [await filed('unknown1'), await filed('all')];
    await forceIn(first.job, BUT_14);
    value(await release(first.id));
    instance = await instance.reopen({ pipeline: pipelineOfFigures([]), policy: DEFAULT_POLICY });
    expect(codes(await release(second.id))).toEqual(['egress.ledger_conflict']);
  });

  test('nothing stands against jobs that were decided beside each other', async () => {
    for (const name of ['all', 'but14', 'other', 'rich', 'all but14']) await released(name);
  });
});
