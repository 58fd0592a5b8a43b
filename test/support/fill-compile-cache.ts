import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { workerProgram } from '../../src/sandbox/enclave/worker-code.ts';

/**
 * Loads the worker's code once, so that the hundreds of workers of a run of tests find it compiled: a fenced worker reads
 * the cache and cannot write to it. Without a cache it does nothing; a failure only makes the run slower.
 */
export default async function setup(): Promise<void> {
  if (process.env['NODE_COMPILE_CACHE'] === undefined) return;
  const [program, ...args] = workerProgram();
  const worker = `file://${args.pop()}`;
  const load = `await import(${JSON.stringify(worker)}); (await import('node:module')).flushCompileCache(); process.exit(0);`;
  const child = spawn(program, [...args, '--input-type=module', '-e', load], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });
  await once(child, 'exit');
}
