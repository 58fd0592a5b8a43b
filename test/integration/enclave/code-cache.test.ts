import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { Enclave } from '../../../src/sandbox/enclave/port.ts';

const LIMITS = { memoryMiB: 128, threads: 1, tempMiB: 16, timeoutMs: 10_000, maxRows: 10 } as const;

/** Every file below the kept code, with its bytes. */
function keptCode(tempRoot: string): Readonly<Record<string, string>> {
  const files = readdirSync(tempRoot, { recursive: true, withFileTypes: true }).filter(
    (entry) => entry.isFile() && entry.parentPath.includes('/code/'),
  );
  return Object.fromEntries(
    files.map((entry) => [join(entry.parentPath, entry.name), readFileSync(join(entry.parentPath, entry.name), 'base64')]),
  );
}

async function answer(enclave: Enclave): Promise<unknown> {
  const session = await enclave.open({ database: { kind: 'memory' }, readable: [], writable: [] }, LIMITS);
  if (!session.ok) throw new Error(session.error);
  const rows = await session.value.query('SELECT 41 + 1 AS n');
  await session.value.close();
  return rows.ok ? rows.value.rows : rows.error;
}

test('code is kept for later workers, which leave it as it is, and goes with the enclave', async () => {
  const tempRoot = mkdtempSync(join(tmpdir(), 'sluice-code-'));
  const enclave = await createEnclave({ isolation: 'auto', allowProcessFallback: true, tempRoot, poolSize: 0 });
  try {
    for (let started = 0; started < 6; started += 1) expect(await answer(enclave)).toEqual([[42]]);
    if (enclave.isolation === 'bubblewrap') {
      await expect.poll(() => Object.keys(keptCode(tempRoot)).length, { timeout: 20_000 }).toBeGreaterThan(10);
      await new Promise((resolve) => setTimeout(resolve, 300));
      const before = keptCode(tempRoot);
      for (let started = 0; started < 2; started += 1) expect(await answer(enclave)).toEqual([[42]]);
      expect(keptCode(tempRoot)).toEqual(before);
    }
  } finally {
    await enclave.close();
    expect(readdirSync(tempRoot)).toEqual([]);
    rmSync(tempRoot, { recursive: true, force: true });
  }
}, 60_000);
