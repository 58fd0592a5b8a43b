import { Readable } from 'node:stream';
import type { FastifyReply } from 'fastify';

/** One message: `id` is what a client sends back as Last-Event-ID. */
export interface StreamEvent {
  readonly id: string;
  readonly event: string;
  readonly data: unknown;
}

export interface EventStreams {
  /**
   * Answers with a stream that asks `poll` for what follows the last id until it says that nothing more comes, a limit of
   * time is over, the reader is gone, or the service stops. False (and nothing sent) where the holder has too many.
   */
  open(reply: FastifyReply, holder: string, poll: (after: string | null) => Promise<Polled | null>, after: string | null): boolean;
  /** Ends all of them: their readers come back with Last-Event-ID. */
  endAll(): void;
  /** How many are open. */
  count(): number;
}

export interface Polled {
  readonly events: readonly StreamEvent[];
  readonly isEnd: boolean;
}

const POLL_MS = 400;
const HEARTBEAT_MS = 15_000;
export const LONGEST_STREAM_MS = 10 * 60_000;
const MOST_OF_ONE = 20;
const MOST_OF_ALL = 2000;
/** What a client waits before it comes again. */
const RETRY_MS = 2000;

/**
 * Server-sent events by asking the records: what one process changes, the streams of all tell, and a stream holds nothing
 * that a restart would lose. Source: WHATWG HTML §9.2; models-and-audit.md §3.1 (heartbeat 15 s, end of all at shutdown).
 */
export function eventStreams(): EventStreams {
  const open = new Map<OpenStream, string>();
  return {
    open(reply, holder, poll, after) {
      const own = [...open.values()].filter((item) => item === holder).length;
      if (own >= MOST_OF_ONE || open.size >= MOST_OF_ALL) return false;
      const stream = openStream();
      open.set(stream, holder);
      stream.readable.on('close', () => open.delete(stream));
      stream.write(`retry: ${RETRY_MS}\n\n`);
      void follow(stream, poll, after).catch(() => stream.readable.destroy());
      const headers = { 'cache-control': 'no-store', 'x-accel-buffering': 'no', 'x-content-type-options': 'nosniff' };
      reply.type('text/event-stream; charset=utf-8').headers(headers).send(stream.readable);
      return true;
    },
    endAll() {
      for (const stream of open.keys()) stream.end();
    },
    count: () => open.size,
  };
}

interface OpenStream {
  readonly readable: Readable;
  /** Nothing happens once it has ended. */
  write(text: string): void;
  end(): void;
  isOver(): boolean;
}

function openStream(): OpenStream {
  const readable = new Readable({ read: () => undefined });
  let hasEnded = false;
  const push = (chunk: string | null): void => {
    if (!hasEnded && !readable.destroyed) readable.push(chunk);
    hasEnded ||= chunk === null;
  };
  return { readable, write: push, end: () => push(null), isOver: () => hasEnded || readable.destroyed };
}

async function follow(stream: OpenStream, poll: (after: string | null) => Promise<Polled | null>, from: string | null): Promise<void> {
  const started = performance.now();
  let after = from;
  let quietSince = started;
  while (!stream.isOver() && performance.now() - started < LONGEST_STREAM_MS) {
    const polled = await poll(after);
    if (polled === null) break;
    for (const { id, event, data } of polled.events) {
      stream.write(`id: ${id}\nevent: ${event}\ndata: ${JSON.stringify(data)}\n\n`);
      after = id;
      quietSince = performance.now();
    }
    if (polled.isEnd) {
      stream.write('event: end\ndata: {}\n\n');
      break;
    }
    if (performance.now() - quietSince > HEARTBEAT_MS) {
      stream.write(': still here\n\n');
      quietSince = performance.now();
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS).unref());
  }
  stream.end();
}
