import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect, Socket } from 'node:net';
import { networkInterfaces } from 'node:os';

/** A worker that looks around in the sandbox it was started in. The text of a query says where: `read PATH`, … */

const input = new Socket({ fd: 3, readable: true, writable: false });
const output = new Socket({ fd: 4, readable: false, writable: true });
const say = (message: object): void => void output.write(`${JSON.stringify(message)}\n`);

function attempt(action: () => unknown): string {
  try {
    action();
    return 'yes';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code ?? 'error';
  }
}

function reach(port: number): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  const socket = connect({ host: '127.0.0.1', port });
  socket.on('connect', () => resolve('yes'));
  socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? 'error'));
  return promise;
}

async function look(what: string, where: string): Promise<string> {
  if (what === 'read') return attempt(() => readFileSync(where));
  if (what === 'list') return readdirSync(where).sort().join(' ');
  if (what === 'exists') return String(existsSync(where));
  if (what === 'write') return attempt(() => writeFileSync(where, 'x'));
  if (what === 'fill') return attempt(() => writeFileSync(where, Buffer.alloc(256 * 1024 * 1024)));
  if (what === 'connect') return reach(Number(where));
  if (what === 'interfaces') return Object.keys(networkInterfaces()).join(' ');
  if (what === 'environment') return Object.keys(process.env).sort().join(' ');
  if (what === 'kill') return attempt(() => process.kill(Number(where), 0));
  if (what === 'pid') return String(process.pid);
  return 'unknown';
}

let text = '';
input.on('data', (chunk: Buffer) => {
  text += chunk.toString();
  const lines = text.split('\n');
  text = lines.pop() ?? '';
  for (const line of lines) {
    const request = JSON.parse(line) as { readonly type: string; readonly requestId: number; readonly sql?: string };
    const { requestId } = request;
    if (request.type === 'open') say({ type: 'opened', requestId });
    if (request.type !== 'query') continue;
    const [what = '', where = ''] = (request.sql ?? '').split(/ (.*)/);
    void look(what, where).then((seen) => say({ type: 'rows', requestId, columns: [{ name: 'seen', type: 'VARCHAR' }], rows: [[seen]] }));
  }
});
input.on('close', () => process.exit(0));
say({ type: 'ready' });
