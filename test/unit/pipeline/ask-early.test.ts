import { describe, expect, test } from 'vitest';
import type { RunStatement } from '../../../src/pipeline/enclave-fault.ts';
import { askEarly, keepingRows } from '../../../src/pipeline/keep-rows.ts';

function worker(beside: ((sql: string) => Promise<never>) | 'answers' | 'none'): {
  readonly run: RunStatement;
  readonly asked: readonly string[];
} {
  const asked: string[] = [];
  const answer = (line: string) => (sql: string) => {
    asked.push(`${line}: ${sql}`);
    return Promise.resolve({ columns: [], rows: [[line]] });
  };
  const run = answer('in turn');
  if (beside === 'none') return { run, asked };
  return { run: Object.assign(run, { beside: beside === 'answers' ? answer('beside') : beside }), asked };
}

describe('a statement that is asked before its turn', () => {
  test('is asked once, and whoever asks the same text later gets its answer', async () => {
    const { run, asked } = worker('answers');
    const keeping = keepingRows(run);
    askEarly(keeping, 'SELECT 1');
    expect((await keeping('SELECT 2')).rows).toEqual([['in turn']]);
    expect((await keeping('SELECT 1')).rows).toEqual([['beside']]);
    expect(asked).toEqual(['beside: SELECT 1', 'in turn: SELECT 2']);
  });

  test('is heard by nobody else: another runner over the same worker asks for itself', async () => {
    const { run } = worker('answers');
    askEarly(keepingRows(run), 'SELECT 1');
    expect((await keepingRows(run)('SELECT 1')).rows).toEqual([['in turn']]);
  });

  test('fails whoever asks for it, and nobody before', async () => {
    const { run } = worker(() => Promise.reject(new Error('the sample failed')));
    const keeping = keepingRows(run);
    askEarly(keeping, 'SELECT 1');
    expect((await keeping('SELECT 2')).rows).toEqual([['in turn']]);
    await expect(keeping('SELECT 1')).rejects.toThrow('the sample failed');
  });

  test('waits for its turn where the worker takes one after another', async () => {
    const { run, asked } = worker('none');
    const keeping = keepingRows(run);
    askEarly(keeping, 'SELECT 1');
    expect(asked).toEqual([]);
    expect((await keeping('SELECT 1')).rows).toEqual([['in turn']]);
  });

  test('waits for its turn where it reads rows that are kept or would be: beside they are not seen', async () => {
    const { run, asked } = worker('answers');
    const keeping = keepingRows(run);
    const made = '(SELECT t0."u" AS "u", count(t0."x") AS "f0" FROM "a" AS t0 GROUP BY 1) AS t1';
    askEarly(keeping, `SELECT * FROM ${made}`);
    await keeping(`SELECT * FROM ${made}`);
    askEarly(keeping, `SELECT count(*) FROM ${made}`);
    expect(asked.filter((item) => item.startsWith('beside'))).toEqual([]);
  });
});
