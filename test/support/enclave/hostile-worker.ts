import { closeSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';

/** A worker that lies: it opens like a real one, and the text of a query tells it what to do wrong. */

interface Request {
  readonly type: string;
  readonly requestId: number;
  readonly sql?: string;
}

const write = (text: string): void => {
  for (let rest = Buffer.from(text); rest.length > 0; ) {
    try {
      rest = rest.subarray(writeSync(4, rest));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    }
  }
};
const say = (message: object): void => write(`${JSON.stringify(message)}\n`);
const rows = (requestId: number, count = 1): object => ({
  type: 'rows',
  requestId,
  columns: [{ name: 'n', type: 'INTEGER' }],
  rows: Array.from({ length: count }, () => [1]),
});

const held: Buffer[] = [];

const MISDEEDS: Readonly<Record<string, (id: number) => void>> = {
  garbage: () => write('\u0000\u0001 not json\n'),
  oversized: () => write('x'.repeat(20 * 1024 * 1024)),
  'unknown type': (id) => say({ type: 'shell', requestId: id }),
  'wrong id': (id) => say(rows(id + 1000)),
  'id of an answered request': (id) => say(rows(id - 1)),
  'wrong type for the request': (id) => say({ type: 'opened', requestId: id }),
  'unknown field': (id) => say({ ...rows(id), extra: 1 }),
  'ready twice': () => say({ type: 'ready' }),
  'ragged rows': (id) => say({ ...rows(id), rows: [[1, 2]] }),
  'object as a cell': (id) => say({ ...rows(id), rows: [[{ a: 1 }]] }),
  'failure of its own making': (id) => say({ type: 'failed', requestId: id, failure: 'digest_mismatch' }),
  'failure with text': (id) => say({ type: 'failed', requestId: id, failure: 'Could not convert string' }),
  'more rows than allowed': (id) => say(rows(id, 5000)),
  'deep nesting': (id) =>
    write(`{"type":"rows","requestId":${id},"columns":[{"name":"n","type":"x"}],"rows":[[${'['.repeat(1e6)}${']'.repeat(1e6)}]]}\n`),
  exit: () => process.exit(0),
  'close the pipe': () => closeSync(4),
  hang: () => {
    for (;;);
  },
  'eat memory': () => {
    setInterval(() => held.push(Buffer.alloc(64 * 1024 * 1024, 1)), 10);
  },
  /** Refuses to be rehearsed: five requests, sent at once. */
  BEGIN: (id) => {
    for (let step = 0; step < 5; step += 1) say({ type: 'failed', requestId: id + step, failure: 'other' });
  },
  behave: (id) => say(rows(id)),
};

const input = new Socket({ fd: 3, readable: true, writable: false });
let text = '';
input.on('data', (chunk: Buffer) => {
  text += chunk.toString();
  const lines = text.split('\n');
  text = lines.pop() ?? '';
  for (const line of lines) {
    const request = JSON.parse(line) as Request;
    if (request.type === 'open') say({ type: 'opened', requestId: request.requestId });
    else if (request.type === 'query') MISDEEDS[request.sql ?? '']?.(request.requestId);
    else if (request.type === 'close') {
      say({ type: 'closed', requestId: request.requestId });
      say(rows(request.requestId + 1));
    }
  }
});
input.on('close', () => process.exit(0));
say({ type: 'ready' });
