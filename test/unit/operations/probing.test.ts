import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { PipelinePort } from '../../../src/operations/data-ports.ts';
import type { EgressView, JobView } from '../../../src/operations/operations.ts';
import type { Decided } from '../../../src/pipeline.ts';
import { recordTables, recordText } from '../../support/kept-records.ts';
import {
  codes,
  dispose,
  openInstance,
  type PortChange,
  seededInstance,
  type TestInstance,
  value,
} from '../../support/operations-instance.ts';

/** What the SQL text says, on top of the scripted pipeline: `table.column=literal` is a probe, `whole` and `drop` are outcomes. */
function probing(usual: PipelinePort): PipelinePort {
  return {
    ...usual,
    async answer(sql, context, onIntent, signal) {
      const decided = await usual.answer(sql, context, onIntent, signal);
      if (!decided.ok) return decided;
      const probes = [...sql.matchAll(/(\w+\.\w+)=(\S+)/g)].map(([, column = '', literal = '']) => ({ column, literal }));
      const whole: Partial<Decided> = sql.includes('whole') || sql.includes('drop') ? { withheldCells: 0, findings: [] } : {};
      const dropped: Partial<Decided> = sql.includes('drop')
        ? { findings: [{ rule: 'operand.neutral', severity: 'info', text: 'dropped' }] }
        : {};
      return { ok: true, value: { ...decided.value, probes, ...whole, ...dropped } };
    },
  };
}
const CHANGE: PortChange = (usual) => ({ pipeline: probing(usual.pipeline) });

let instance: TestInstance;
beforeEach(async () => {
  instance = await seededInstance(CHANGE);
});
afterEach(() => dispose(instance));

const range = (from: number, count: number): readonly number[] => Array.from({ length: count }, (_, index) => from + index);
const literals = (column: string, from: number, count: number): string =>
  range(from, count)
    .map((item) => `${column}=${item}`)
    .join(' ');

async function requestOf(job: JobView, by = 'operator-1'): Promise<EgressView> {
  const seen = value(await instance.operations.showJob(instance.actor('operator-1'), job.id));
  return value(await instance.operations.showEgress(instance.actor(by), seen.egressId ?? 'none'));
}

/** Column and number of every finding of the budget that an operator sees on a job. */
async function budgetOf(job: JobView): Promise<readonly string[]> {
  const { findings = [] } = await requestOf(job);
  return findings
    .filter((item) => item.rule === 'probing.budget')
    .map((item) => `${item.severity} ${item.column} ${item.text.split(' ')[0]}`);
}

const budgetAfter = async (sql: string, merchant?: string) => budgetOf(await instance.realJob(sql, merchant));

describe('the probing budget', () => {
  test('scanning an edge is seen at the ninth literal, whatever the statements look like', async () => {
    const found = [];
    for (const step of range(1, 9)) found.push(...(await budgetAfter(`SELECT ${'x, '.repeat(step)} persons.income=${step * 1000}`)));
    expect(found).toEqual(['soft persons.income 9']);
    expect(await budgetAfter('SELECT again persons.income=1000')).toEqual(['soft persons.income 9']);
    expect(await budgetAfter('SELECT other persons.age=30')).toEqual([]);
  });

  test('many literals in one statement are seen at once; each column has its own budget', async () => {
    const sql = `SELECT ${literals('a.x', 0, 9)} ${literals('a.y', 0, 8)} ${literals('b.x', 0, 12)}`;
    expect(await budgetAfter(sql)).toEqual(['soft a.x 9', 'soft b.x 12']);
  });

  test('dropped conditions count, statements that come out whole do not', async () => {
    expect(await budgetAfter(`SELECT whole ${literals('a.x', 0, 20)}`)).toEqual([]);
    expect(await budgetAfter(`SELECT drop ${literals('a.x', 0, 8)}`)).toEqual([]);
    expect(await budgetAfter('SELECT drop a.x=8')).toEqual(['soft a.x 9']);
    expect(await budgetAfter('SELECT whole a.x=9')).toEqual(['soft a.x 9']); // the other half of the search
  });

  test('simulation data, failed jobs and other organisations do not count', async () => {
    const { operations, actor } = instance;
    const sim = { dataset: 'city', sql: `SELECT ${literals('a.x', 0, 20)}`, target: 'sim' } as const;
    await operations.awaitJob(actor('merchant-a'), value(await operations.submitJob(actor('merchant-a'), sim)).id);
    await instance.realJob(`SELECT fail ${literals('a.x', 20, 20)}`);
    expect(await budgetAfter(`SELECT ${literals('a.x', 40, 20)}`, 'merchant-b')).toEqual(['soft a.x 20']);
    expect(await budgetAfter(`SELECT ${literals('a.x', 60, 8)}`)).toEqual([]);
  });

  test('a new month begins anew', async () => {
    expect(await budgetAfter(`SELECT ${literals('a.x', 0, 8)}`)).toEqual([]);
    instance.clock.set('2026-03-31T23:59:59.000Z');
    expect(await budgetAfter('SELECT a.x=8')).toEqual(['soft a.x 9']);
    instance.clock.set('2026-04-01T00:00:00.000Z');
    expect(await budgetAfter('SELECT a.x=9')).toEqual([]);
  });

  test('a job of which nothing came out has its finding where operators look, and the merchant sees no difference', async () => {
    const inside = await instance.realJob('SELECT small a.x=0');
    const over = await instance.realJob(`SELECT small ${literals('a.x', 1, 9)}`);
    expect(await budgetOf(over)).toEqual(['soft a.x 10']);
    expect((await requestOf(over)).state).toBe('BLOCKED');
    const same = ({ state, problems, verdict, egressId }: JobView) => ({ state, problems, verdict, egressId });
    expect(same(over)).toEqual(same(inside));
    expect(over.state).toBe('REAL_FAILED');
  });

  test('the merchant of a result over the budget sees no finding; it leaves by two votes on the findings only', async () => {
    const job = await instance.realJob(`SELECT ${literals('a.x', 0, 9)}`);
    const own = await requestOf(job, 'merchant-a');
    expect([own.state, own.findings]).toEqual(['REVIEW', undefined]);
    const { operations, actor } = instance;
    const id = own.id;
    expect(codes(await operations.approve(actor('operator-1'), { id, reason: 'looked at them' }))).toEqual(['egress.waiver_missing']);
    const waivers = [{ rule: 'probing.budget', reason: 'compared the statements' }];
    value(await operations.approve(actor('operator-1'), { id, reason: 'looked at them', waivers }));
    expect(codes(await operations.file(actor('supervisor-1'), { id, receipt: '粤数备〔2026〕12号' }))).not.toEqual([]);
    expect(await budgetOf(job)).toEqual(['soft a.x 9']);
    expect((await requestOf(job, 'merchant-a')).state).toBe('REVIEW');
  });

  test('jobs that end at once in two processes both count', async () => {
    const queue = range(0, 6).map((step) => `SELECT go a.x=${2 * step} a.x=${2 * step + 1}`);
    const other = await openInstance(instance.folder, CHANGE);
    for (const sql of queue) {
      const sim = value(await instance.operations.submitJob(instance.actor('merchant-a'), { dataset: 'city', sql, target: 'sim' }));
      await instance.operations.awaitJob(instance.actor('merchant-a'), sim.id);
    }
    const jobs = await Promise.all(
      queue.map(async (sql, index) => {
        const { operations, actor } = index % 2 === 0 ? instance : other;
        const { id } = value(await operations.submitJob(actor('merchant-a'), { dataset: 'city', sql, target: 'real' }));
        return value(await operations.awaitJob(actor('merchant-a'), id));
      }),
    );
    const found = (await Promise.all(jobs.map(budgetOf))).flat().sort();
    expect(found).toEqual(['soft a.x 10', 'soft a.x 12']);
    await other.close();
  });

  test('literals stand neither in the table nor in the log nor with the admitted query', async () => {
    const job = await instance.realJob(`SELECT ${literals('a.x', 777_000_001, 9)}`);
    expect(await budgetOf(job)).toEqual(['soft a.x 9']);
    expect(Object.keys(job.admitted ?? {})).not.toContain('probes');
    const entries = JSON.stringify(await instance.ports.audit.entries({ after: 0, limit: 1000 }));
    expect(entries).toContain('probing.budget');
    expect(entries).not.toContain('777000001');
    const { organisation } = instance.actor('merchant-a');
    const own = await instance.ports.store.view.probes.counted({ organisation, dataset: 'city', period: '2026-03' }, ['a.x']);
    expect(own).toHaveLength(9);
    for (const { digest } of own) expect(digest).toMatch(/^[0-9a-f]{64}$/);
    // Only the statements themselves hold them.
    const tables = (await recordTables(instance.folder)).filter((name) => name !== 'jobs');
    expect(await recordText(instance.folder, tables)).not.toContain('777000001');
    expect((await readFile(join(instance.folder, 'checkpoint'))).includes('777000001')).toBe(false);
  });
});
