import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { IsolationLevel } from '../../../src/sandbox/enclave/port.ts';
import { isRunning } from '../../../src/sandbox/enclave/process-tree.ts';
import { hasBubblewrap, hasNamespaces, makeFolder, workersBelow } from '../../support/enclave/enclave-fixture.ts';

const PARENT = fileURLToPath(new URL('../../support/enclave/dying-parent.ts', import.meta.url));
const LEVELS: readonly (readonly [IsolationLevel, boolean])[] = [
  ['bubblewrap', hasBubblewrap],
  ['namespaces', hasNamespaces],
  ['process', true],
];

for (const [isolation, available] of LEVELS) {
  test.skipIf(!available)(`workers die with a killed parent at level ${isolation}, and its folders go at the next start`, async () => {
    const folder = makeFolder();
    const parent = spawn(process.execPath, ['--no-warnings', PARENT, isolation, folder.tempRoot], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    const workers = workersBelow(parent.pid ?? Number.NaN);
    expect(workers).toHaveLength(1);
    parent.kill('SIGKILL');
    await once(parent, 'close');
    const start = performance.now();
    while (workers.some(isRunning) && performance.now() - start < 20_000) await new Promise((resolve) => setTimeout(resolve, 50));
    expect(workers.filter(isRunning)).toEqual([]);
    expect(readdirSync(folder.tempRoot)).toHaveLength(1);
    mkdirSync(join(folder.tempRoot, 'not-ours'));
    await (await createEnclave({ isolation: 'process', allowProcessFallback: false, tempRoot: folder.tempRoot })).close();
    expect(readdirSync(folder.tempRoot)).toEqual(['not-ours']);
    folder.remove();
  });
}
