import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isOnPostgres } from '../../support/kept-records.ts';
import { dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';
import { pipelineOfFigures, type ScriptedFigure } from '../../support/scripted-figures.ts';
import { numbers } from '../../support/unit-totals.ts';

const ROUNDS = isOnPostgres ? 6 : 20;
const TIMEOUT_MS = 180_000;

/** Both halves of a differencing pair: everybody's total in this round, and the same without three people. */
function halvesOf(round: number): readonly ScriptedFigure[] {
  const random = numbers(500 + round);
  const totals = Array.from({ length: 400 }, () => BigInt(1000 + Math.floor(random() * 9000)));
  const total = (unit: number): bigint => totals[unit] ?? 0n;
  return [
    { name: `whole${round}`, total },
    { name: `part${round}`, total: (unit) => (unit < 3 ? 0n : total(unit)) },
  ];
}

/** Lets nobody go on before so many have come, and then each at another moment. */
function gate(parties: number): (turns: number) => Promise<void> {
  let arrived = 0;
  let open = (): void => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return async (turns) => {
    arrived += 1;
    if (arrived === parties) open();
    await opened;
    for (let turn = 0; turn < turns; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  };
}

describe('two merchants who race for the halves of a differencing pair', () => {
  let instance: TestInstance;
  let around: (settle: () => Promise<void>) => Promise<void>;
  beforeEach(async () => {
    around = (settle) => settle();
    const figures = Array.from({ length: ROUNDS }, (_, round) => halvesOf(round)).flat();
    instance = await seededInstance({ pipeline: pipelineOfFigures(figures, (settle) => around(settle)), jobsAtOnce: 2 });
  });
  afterEach(() => dispose(instance));

  async function statesOf(job: string): Promise<readonly string[]> {
    return (await instance.ports.store.view.ledger.ofJob(job)).map((entry) => entry.state);
  }

  async function filed(egress: string): Promise<string> {
    value(await instance.operations.approve(instance.actor('operator-1'), { id: egress, reason: 'fine' }));
    value(await instance.operations.approve(instance.actor('operator-2'), { id: egress, reason: 'fine too' }));
    return value(await instance.operations.file(instance.actor('supervisor-1'), { id: egress, receipt: '粤数备〔2026〕12号' })).id;
  }

  test('one of the two is told, whoever comes first, and stays told when all is released', { timeout: TIMEOUT_MS }, async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const meet = gate(2);
      let place = round % 2;
      around = async (settle) => {
        place += 1;
        await meet(place % 2 === 0 ? 0 : round % 5);
        await settle();
      };
      const [one, other] = round % 4 < 2 ? ['merchant-a', 'merchant-b'] : ['merchant-b', 'merchant-a'];
      const jobs = await Promise.all([
        instance.realJob(`SELECT whole${round} FROM residents`, one),
        instance.realJob(`SELECT part${round} FROM residents`, other),
      ]);
      const states = await Promise.all(jobs.map(({ id }) => statesOf(id)));
      expect([round, states.flat()]).toEqual([round, ['reserved']]);
      const ids = await Promise.all(jobs.map(({ egressId }) => filed(egressId ?? 'none')));
      await Promise.all(ids.map((id, at) => instance.operations.release(instance.actor(`operator-${at + 1}`), id)));
      const released = await Promise.all(jobs.map(({ id }) => statesOf(id)));
      expect([round, released.flat()]).toEqual([round, ['released']]);
    }
  });

  for (const [decision, end] of [
    ['released', async (id: string) => value(await instance.operations.release(instance.actor('operator-1'), id)).id],
    ['withdrawn', async (id: string) => value(await instance.operations.withdraw(instance.actor('merchant-a'), { id, reason: 'no' })).id],
  ] as const)
    test(`while one is being ${decision} the other does not slip in beside it`, { timeout: TIMEOUT_MS }, async () => {
      for (let round = 0; round < ROUNDS / 2; round += 1) {
        around = (settle) => settle();
        const first = await instance.realJob(`SELECT whole${round} FROM residents`);
        const id = decision === 'released' ? await filed(first.egressId ?? 'none') : (first.egressId ?? 'none');
        const meet = gate(2);
        around = (settle) => meet(round % 3).then(settle);
        const [second] = await Promise.all([
          instance.realJob(`SELECT part${round} FROM residents`, 'merchant-b'),
          meet(round % 4).then(() => end(id)),
        ]);
        const told = [...(await statesOf(first.id)), ...(await statesOf(second.id))].filter((state) => state !== 'dropped');
        expect(told.length).toBeLessThanOrEqual(1);
        if (decision === 'released') expect(told).toEqual(['released']);
      }
    });
});
