import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { checkDefinition, fillTemplate } from '../../../src/egress/api-product.ts';
import { codes, dispose, scriptedPipeline, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

const YEAR = { name: 'year', type: 'integer', domain: { from: 2000, to: 2020, step: 5 } } as const;
const AREA = { name: 'area', type: 'text', domain: { values: ['东区', "O'Neill"] } } as const;
const TEMPLATE = `SELECT count(*) FROM residents WHERE area = :area AND x::INTEGER > :year AND note <> ':year'`;
const API = { dataset: 'city', template: TEMPLATE, parameters: [YEAR, AREA], callsPerDay: 5, callsPerMinute: 3 };

let instance: TestInstance;
const who = (id: string) => instance.actor(id);

async function released(change: Partial<typeof API> = {}): Promise<string> {
  const { operations } = instance;
  const { id } = value(await operations.createApi(who('merchant-a'), { ...API, ...change }));
  value(await operations.approve(who('operator-1'), { id, reason: 'closed domains' }));
  value(await operations.approve(who('operator-2'), { id, reason: 'agreed' }));
  value(await operations.file(who('supervisor-1'), { id, receipt: 'R-2026-1' }));
  return value(await operations.release(who('operator-1'), id)).id;
}
const call = (id: string, values: Readonly<Record<string, string | number>> = { year: 2000, area: '东区' }, by = 'merchant-a') =>
  instance.operations.callApi(who(by), { id, values });

describe('the definition of an interface', () => {
  const check = (change: object) => codes(checkDefinition({ format: 'sluice-api-1', ...API, ...change }));

  test.each<[string, object]>([
    ['a parameter without a hole', { template: 'SELECT 1' }],
    ['a hole without a parameter', { template: `${TEMPLATE} AND z = :other` }],
    ['a hole in quotes only', { template: `SELECT ':year', :area` }],
    ['a comment', { template: `${TEMPLATE} -- :year` }],
    ['dollar quotes', { template: `${TEMPLATE} AND z = $$:year$$` }],
    ['a name twice', { parameters: [YEAR, YEAR, AREA] }],
    ['an empty domain', { parameters: [YEAR, { ...AREA, domain: { values: [] } }] }],
    ['an open domain', { parameters: [{ ...YEAR, domain: { from: 0, to: Number.POSITIVE_INFINITY, step: 1 } }, AREA] }],
    ['a huge domain', { parameters: [{ ...YEAR, domain: { from: 0, to: 1e9, step: 1 } }, AREA] }],
    ['texts among numbers', { parameters: [{ ...YEAR, domain: { values: [1, '2'] } }, AREA] }],
    ['a date that is none', { parameters: [{ ...YEAR, type: 'date', domain: { values: ["2020-01-01' OR 1=1"] } }, AREA] }],
    ['no quota', { callsPerDay: 0 }],
    ['more in a minute than in a day', { callsPerMinute: 6 }],
  ])('with %s is refused', (_name, change) => {
    expect(check(change)).toEqual(['product.definition_invalid']);
  });

  test('is filled with literals of its domains and nothing else', () => {
    const definition = { format: 'sluice-api-1', ...API } as const;
    expect(value(fillTemplate(definition, { year: 2005, area: "O'Neill" }))).toBe(
      `SELECT count(*) FROM residents WHERE area = 'O''Neill' AND x::INTEGER > 2005 AND note <> ':year'`,
    );
    for (const values of [
      { year: 2001, area: '东区' },
      { year: 1995, area: '东区' },
      { year: '2000', area: '东区' },
      { year: 2000, area: "东区' OR '1'='1" },
      { year: 2000 },
      { year: 2000, area: '东区', extra: 1 },
      { year: Number.NaN, area: '东区' },
    ]) {
      expect(codes(fillTemplate(definition, values as Record<string, string | number>))).toEqual(['product.arguments']);
    }
  });
});

describe('a released interface', () => {
  beforeEach(async () => {
    instance = await seededInstance();
  });
  afterEach(() => dispose(instance));

  test('goes the way of every product, and carries its definition, not a table', async () => {
    const { id, state, productKind } = value(await instance.operations.createApi(who('merchant-a'), API));
    expect([state, productKind]).toEqual(['REVIEW', 'api']);
    const seen = value(await instance.operations.showEgress(who('operator-1'), id));
    expect(seen).toMatchObject({ files: [{ name: 'interface.json' }], sql: TEMPLATE, preview: { columns: [] } });
    expect(codes(await instance.operations.createApi(who('operator-1'), API))).toEqual(['access.forbidden']);
    const release = value(await instance.operations.showRelease(who('merchant-a'), await released()));
    expect(release.files.map((file) => file.name)).toEqual(['interface.json', 'criteria.json', 'report.html', 'manifest.json']);
  });

  test('answers its recipient; jobs of calls are counted, kept and settled', async () => {
    const id = await released();
    const answered = value(await call(id));
    expect(answered.table.rows).toHaveLength(2);
    const job = value(await instance.operations.showJob(who('merchant-a'), answered.call));
    expect([job.state, job.productKind]).toEqual(['DONE', 'api']);
    expect(codes(await call(id, undefined, 'merchant-b'))).toEqual(['access.not_found']);
    expect(codes(await call('rel_none'))).toEqual(['access.not_found']);
    expect(codes(await call(id, { year: 2001, area: '东区' }))).toEqual(['product.arguments']);
    const log = await instance.ports.audit.entries({ after: 0, limit: 1000 });
    expect(log.filter((entry) => entry.operation === 'product.call')).toHaveLength(1);
  });

  test('keeps its quota, also when many come at once, by minute and by day', async () => {
    const id = await released();
    const many = await Promise.all([1, 2, 3, 4, 5].map(() => call(id)));
    expect(many.filter((item) => item.ok)).toHaveLength(3);
    expect(many.flatMap(codes)).toEqual(['product.quota', 'product.quota']);
    instance.clock.set('2026-03-02T01:01:30.000Z');
    const later = await Promise.all([1, 2, 3].map(() => call(id)));
    expect(later.filter((item) => item.ok)).toHaveLength(2);
    instance.clock.set('2026-03-02T16:00:00.000Z'); // the next day in Shanghai
    expect((await call(id)).ok).toBe(true);
  });

  test('stops at once: by its switch, by a recall, by the end of the grant’s data', async () => {
    const id = await released();
    const turn = (isStopped: boolean, by = 'operator-1') =>
      instance.operations.stopProduct(who(by), { id, isStopped, reason: 'something is wrong' });
    expect(codes(await turn(true, 'merchant-a'))).toEqual(['access.forbidden']);
    value(await turn(true));
    expect(codes(await call(id))).toEqual(['product.not_running']);
    value(await turn(false, 'supervisor-1'));
    expect((await call(id)).ok).toBe(true);
    const { egress } = value(await instance.operations.showRelease(who('merchant-a'), id));
    value(await instance.operations.recall(who('operator-1'), { id: egress, reason: 'late finding' }));
    expect(codes(await call(id))).toEqual(['product.not_running']);
  });

  test('gives one constant for everything that does not come out', async () => {
    for (const word of ['small', 'fail', 'fault']) {
      const id = await released({ template: `SELECT ${word} ${TEMPLATE}` });
      expect(codes(await call(id)), word).toEqual(['product.not_answered']);
    }
  });

  test('is not answered where a person would have to look first', async () => {
    const usual = scriptedPipeline();
    await dispose(instance);
    const probes = Array.from({ length: 40 }, (_unused, at) => ({ column: 'a.x', literal: String(at) }));
    instance = await seededInstance({
      pipeline: {
        ...usual,
        async answer(...asked) {
          const answered = await usual.answer(...asked);
          return answered.ok ? { ok: true, value: { ...answered.value, probes } } : answered;
        },
      },
    });
    expect(codes(await call(await released()))).toEqual(['product.not_answered']);
  });

  test('whose sealed definition was changed does not answer', async () => {
    const id = await released();
    const { egress } = value(await instance.operations.showRelease(who('merchant-a'), id));
    const { job } = value(await instance.operations.showEgress(who('merchant-a'), egress));
    const sealed = value(await instance.ports.vault.open(job));
    await instance.ports.vault.destroy(job);
    await instance.ports.vault.seal(job, Buffer.from(Buffer.from(sealed).toString('utf8').replace('study', 'other')));
    expect(codes(await call(id))).toEqual(['product.not_running']);
  });
});
