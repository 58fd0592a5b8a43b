import { createEnclave } from '../../../src/sandbox/enclave/create-enclave.ts';
import type { IsolationLevel } from '../../../src/sandbox/enclave/port.ts';
import { IN_MEMORY, openSession } from './enclave-fixture.ts';

/** Runs a statement without end at the level of its first argument, says so, and waits to be killed. */
const [, , isolation, tempRoot = ''] = process.argv;
const enclave = await createEnclave({ isolation: isolation as IsolationLevel, allowProcessFallback: false, tempRoot, poolSize: 0 });
const session = await openSession(enclave, IN_MEMORY, { memoryMiB: 64, threads: 1, tempMiB: 1, timeoutMs: 600_000, maxRows: 1 });
await session.query('SELECT 1');
void session.query('SELECT count(*) FROM range(3000000) a(i), range(3000000) b(j) WHERE (a.i * b.j) % 7 = 3');
setTimeout(() => process.stdout.write('running'), 200);
