import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import { WORKER_HEAP_MIB } from './limits.ts';

const WORKER = fileURLToPath(new URL('./worker.ts', import.meta.url));

function packageFolder(name: string, folder: string): string {
  const entry = createRequire(import.meta.url).resolve(name);
  const end = entry.lastIndexOf(`/node_modules/${folder}/`);
  if (end === -1) throw new Error(`Package ${name} is not in a node_modules folder`);
  return `${entry.slice(0, end)}/node_modules/${folder}`;
}

/** The command of a worker: the running Node itself. A test passes a script of its own. */
export function workerProgram(script: string = WORKER): readonly [string, ...string[]] {
  return [process.execPath, `--max-old-space-size=${WORKER_HEAP_MIB}`, '--no-warnings', script];
}

/** Everything the worker imports, and nothing else: it is all it can read besides its mounts. */
export function workerCode(script: string = WORKER): readonly string[] {
  const source = (path: string): string => fileURLToPath(new URL(path, import.meta.url)).replace(/\/$/, '');
  return [
    packageFolder('@duckdb/node-api', '@duckdb'),
    source('../../../package.json'),
    source('../../kernel'),
    source('.'),
    ...(script === WORKER ? [] : [script]),
  ];
}
