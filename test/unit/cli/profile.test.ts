import { describe, expect, test } from 'vitest';
import { cli } from './test-cli.ts';

describe('profile', () => {
  test('lists the five cities and marks drafts', async () => {
    const { status, stdout } = await cli(['profile', 'list']);
    expect([status, stdout.match(/DRAFT/g)?.length]).toEqual([0, 2]);
    for (const id of ['GZ', 'NB', 'QY', 'QZ', 'CQ']) expect(stdout).toContain(`${id}@`);
  });

  test.each([['GZ'], ['gz'], ['Guangzhou'], ['广州'], ['广州市'], ['--profile', 'guangzhou']])(
    'a city is meant by id or name: %s %s',
    async (...city) => {
      const { status, stdout } = await cli(['profile', 'show', ...city, '--json']);
      expect([status, JSON.parse(stdout).id]).toEqual([0, 'GZ']);
    },
  );

  test('shows a city in its own words', async () => {
    const { status, stdout } = await cli(['profile', 'show', 'CQ']);
    expect(status).toBe(0);
    expect(stdout).toContain('实施机构');
    expect(stdout).toMatch(/registration\.renew_window_days +60 +CQ@2024-11-20\.1 +CQ-REG-18a/);
  });

  test('explains which layer decides, and the merge of two cities', async () => {
    const { stdout } = await cli(['profile', 'explain', 'subject.gate', '--profile', 'GZ', 'NB', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ rule: { kind: 'merged', value: ['mask_or_consent', 'consent'] } });
  });

  test.each([
    [['profile', 'explain', 'k', '--profile', 'GZ'], 'profile.unknown_key'],
    [['profile', 'show', 'XX'], 'profile.unknown'],
    [['profile', 'explain', 'logs.audit', '--profile', 'GZ', 'XX'], 'profile.unknown'],
  ])('%j is refused with %s', async (argv, code) => {
    const { status, stdout } = await cli([...argv, '--json']);
    expect([status, JSON.parse(stdout).code]).toEqual([1, code]);
  });

  test('a file that is not there is a usage fault', async () => {
    expect((await cli(['profile', 'check', 'nothing.json', '--public-key', 'nothing.pem'])).status).toBe(2);
  });
});
