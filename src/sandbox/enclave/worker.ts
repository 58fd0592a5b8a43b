import { Socket } from 'node:net';
import { type Engine, NotAllowed, openEngine, TooLarge } from './engine.ts';
import { engineFailure } from './engine-failure.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { MAX_ANSWER_BYTES, MAX_FRAME_BYTES } from './limits.ts';
import { encodeFrame, type FromWorker, type ToWorker, type WorkerFailure } from './messages.ts';
import { readRequest } from './request.ts';
import { transcode } from './transcode.ts';

/**
 * Entry of the child process that holds DuckDB. Reads requests from fd 3, answers on fd 4, serves one session and ends
 * with its parent. Nothing of an error but its kind leaves it. Source: gate.md §10.
 */

const input = new Socket({ fd: 3, readable: true, writable: false });
const output = new Socket({ fd: 4, readable: false, writable: true });
let engine: Engine | null = null;
let queue: Promise<void> = Promise.resolve();
let beside: Promise<void> = Promise.resolve();

function send(message: FromWorker): void {
  output.write(encodeFrame(message));
}

function failureOf(error: unknown): WorkerFailure {
  if (error instanceof TooLarge) return 'too_large';
  if (error instanceof NotAllowed) return 'syntax';
  if (error instanceof Error && 'syscall' in error) return 'code' in error && error.code === 'ENOSPC' ? 'out_of_disk' : 'file';
  return engineFailure(error);
}

async function answer(message: Extract<ToWorker, { type: 'open' | 'query' | 'transcode' }>): Promise<void> {
  const { requestId } = message;
  try {
    if (message.type === 'open') {
      engine = await openEngine(message);
      send({ type: 'opened', requestId });
    } else if (message.type === 'transcode') {
      send({ type: 'transcoded', requestId, badLine: await transcode(message.source, message.target, message.encoding) });
    } else {
      if (engine === null) throw new Error('No database is open');
      const run = message.beside === true ? (engine.queryBeside ?? engine.query) : engine.query;
      const { columns, rowsJson } = await run(message.sql, message.parameters);
      const columnsJson = JSON.stringify(columns);
      if (columnsJson.length + rowsJson.length > MAX_ANSWER_BYTES) throw new TooLarge();
      output.write(`{"type":"rows","requestId":${requestId},"columns":${columnsJson},"rows":${rowsJson}}\n`);
    }
  } catch (error) {
    send({ type: 'failed', requestId, failure: failureOf(error) });
  }
}

function close(requestId: number): void {
  try {
    engine?.close();
    send({ type: 'closed', requestId });
  } catch (error) {
    send({ type: 'failed', requestId, failure: failureOf(error) });
  }
  output.end(() => process.exit(0));
}

/** At once: an orderly exit would wait for the statement that runs. */
function end(): never {
  process.kill(process.pid, 'SIGKILL');
  process.exit(0);
}

/** Progress and interrupts do not wait for the running statement; everything else goes one after another, in each of two lines. */
function receive(message: ToWorker): void {
  if (message.type === 'interrupt') engine?.interrupt();
  else if (message.type === 'progress') send({ type: 'progress', requestId: message.requestId, percentage: engine?.progress() ?? -1 });
  else if (message.type === 'close') queue = Promise.all([queue, beside]).then(() => close(message.requestId));
  else if (message.type === 'query' && message.beside === true && engine?.queryBeside != null) beside = beside.then(() => answer(message));
  else queue = queue.then(() => answer(message));
}

const splitter = new FrameSplitter(MAX_FRAME_BYTES);
input.on('data', (chunk: Buffer) => {
  const lines = splitter.push(chunk);
  if (lines === 'oversized') process.exit(2);
  for (const line of lines) {
    const message = readRequest(line);
    if (message === null) process.exit(2);
    receive(message);
  }
});
input.on('close', end); // the parent is gone
output.on('error', end);
process.on('uncaughtException', () => process.exit(3)); // no report: it would quote values
send({ type: 'ready' });
