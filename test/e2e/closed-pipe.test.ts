import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

test('a command whose output nobody reads any more goes on to its end, without a fault', () => {
  const script = '"$0" "$1" --help | true; echo "status ${PIPESTATUS[0]}"';
  const { stdout, stderr } = spawnSync('bash', ['-c', script, process.execPath, MAIN], { encoding: 'utf8' });
  expect([stdout.trim(), stderr]).toEqual(['status 0', '']);
}, 60_000);
