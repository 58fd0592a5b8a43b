import { type ChildProcess, spawn } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { err, ok, type Result } from '../../kernel/result.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { INTERRUPT_GRACE_MS, killAboveMiB, MAX_FRAME_BYTES, MEMORY_SAMPLE_MS, START_TIMEOUT_MS } from './limits.ts';
import { type AnswerType, encodeFrame, type FromWorker, type ToWorker } from './messages.ts';
import type { EnclaveFailure } from './port.ts';
import { isRunning, ownMemoryMiB, processTree } from './process-tree.ts';
import { decodeFrame, fromWorker } from './protocol.ts';

type Answer<T extends AnswerType> = Extract<FromWorker, { type: T }>;
type Request = Extract<ToWorker, { requestId: number }>;
type Unnumbered<R> = R extends Request ? Omit<R, 'requestId'> : never;

const LAST_WORDS_MS = 500;

interface Pending {
  readonly expected: AnswerType;
  readonly settle: (result: Result<FromWorker, EnclaveFailure>) => void;
}

/**
 * The parent's side of one worker. Everything the child says is checked: a frame that is too long, is no message, or
 * answers no open request in the expected way ends it with `protocol`. Once dead, for whatever reason, it stays dead
 * and every call gives that reason.
 */
export class WorkerProcess {
  readonly #child: ChildProcess;
  readonly #pending = new Map<number, Pending>();
  readonly #memoryMiB: number;
  readonly #ready = Promise.withResolvers<Result<null, EnclaveFailure>>();
  readonly #gone = Promise.withResolvers<void>();
  readonly #starting: NodeJS.Timeout;
  #memory: NodeJS.Timeout | null = null;
  #nextRequest = 1;
  #isReady = false;
  #isClosed = false;
  #failure: EnclaveFailure | null = null;
  #killing: Promise<void> = Promise.resolve();

  constructor(argv: readonly [string, ...string[]], env: Readonly<Record<string, string>>, memoryMiB: number) {
    const [command, ...args] = argv;
    this.#child = spawn(command, args, {
      cwd: '/',
      env: { ...env },
      detached: true, // a process group of its own, to kill it whole
      stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'],
    });
    this.#child.on('error', () => void this.#ended());
    this.#child.on('close', () => void this.#ended()); // after its last words were read
    this.#child.on('exit', () => setTimeout(() => void this.#ended(), LAST_WORDS_MS)); // if something else holds the pipe
    this.#toChild.on('error', () => undefined); // the exit of the child tells
    this.#listen(this.#child.stdio[4] as Readable);
    this.#starting = setTimeout(() => this.kill('worker_lost'), START_TIMEOUT_MS);
    this.#memoryMiB = killAboveMiB(memoryMiB);
  }

  /** Settles when the engine is loaded, or the worker is dead. */
  get ready(): Promise<Result<null, EnclaveFailure>> {
    return this.#ready.promise;
  }

  /** Resolves when no process is left. */
  get gone(): Promise<void> {
    return this.#gone.promise;
  }

  /** Why the worker is dead; null while it lives. */
  get failure(): EnclaveFailure | null {
    return this.#failure;
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Asks for something on behalf of a session. From then on memory is watched. */
  call<T extends AnswerType>(message: Unnumbered<Request>, expected: T): Promise<Result<Answer<T>, EnclaveFailure>> {
    if (this.#failure === null) this.#memory ??= setInterval(() => this.#watchMemory(), MEMORY_SAMPLE_MS).unref();
    return this.callAhead(message, expected);
  }

  /** Asks for something of the product alone, before there is a session: that has nothing to fill memory with. Source: ADR 0041. */
  callAhead<T extends AnswerType>(message: Unnumbered<Request>, expected: T): Promise<Result<Answer<T>, EnclaveFailure>> {
    if (this.#failure !== null) return Promise.resolve(err(this.#failure));
    const requestId = this.#nextRequest++;
    const { promise, resolve } = Promise.withResolvers<Result<FromWorker, EnclaveFailure>>();
    const frame = encodeFrame({ ...message, requestId } as ToWorker);
    if (Buffer.byteLength(frame) > MAX_FRAME_BYTES) return Promise.resolve(err('too_large'));
    this.#pending.set(requestId, { expected, settle: resolve });
    this.#toChild.write(frame);
    return promise as Promise<Result<Answer<T>, EnclaveFailure>>;
  }

  /** Kills the worker and everything it started, at once. The first reason stands. */
  kill(reason: EnclaveFailure): void {
    if (!this.#fail(reason)) return;
    this.#killing = this.#killAll();
  }

  /** As `kill`, but lets the engine stop its statement first, so that it lets go of its files. Callers do not wait. */
  interrupt(reason: EnclaveFailure): void {
    if (!this.#fail(reason)) return;
    this.#toChild.write(encodeFrame({ type: 'interrupt' }));
    this.#killing = delay(INTERRUPT_GRACE_MS).then(() => this.#killAll());
  }

  get #toChild(): Writable {
    return this.#child.stdio[3] as Writable;
  }

  #listen(stream: Readable): void {
    const splitter = new FrameSplitter(MAX_FRAME_BYTES);
    stream.on('error', () => undefined);
    stream.on('end', () => this.kill('worker_lost')); // it will never answer again
    stream.on('data', (chunk: Buffer) => {
      const lines = splitter.push(chunk);
      if (lines === 'oversized') {
        this.kill('protocol');
        return;
      }
      for (const line of lines) this.#receive(line);
    });
  }

  #receive(line: Uint8Array): void {
    if (this.#failure !== null) return;
    const message = decodeFrame(fromWorker, line);
    if (message === null || this.#isClosed || !this.#accept(message)) this.kill('protocol');
  }

  /** False if the message answers nothing that was asked. */
  #accept(message: FromWorker): boolean {
    if (message.type === 'ready') return this.#becomeReady();
    const pending = this.#pending.get(message.requestId);
    if (pending === undefined || (message.type !== 'failed' && message.type !== pending.expected)) return false;
    this.#pending.delete(message.requestId);
    if (message.type === 'closed') this.#isClosed = true;
    pending.settle(message.type === 'failed' ? err(message.failure) : ok(message));
    return true;
  }

  #becomeReady(): boolean {
    if (this.#isReady) return false;
    this.#isReady = true;
    clearTimeout(this.#starting);
    this.#ready.resolve(ok(null));
    return true;
  }

  #watchMemory(): void {
    const { pid } = this.#child;
    if (pid === undefined || this.#failure !== null) return;
    if (ownMemoryMiB(pid) > this.#memoryMiB) this.kill('out_of_memory');
  }

  /** Marks the worker dead and answers everyone who waits. False if it was dead already. */
  #fail(reason: EnclaveFailure): boolean {
    if (this.#failure !== null) return false;
    this.#failure = reason;
    clearTimeout(this.#starting);
    if (this.#memory !== null) clearInterval(this.#memory);
    this.#ready.resolve(err(reason));
    for (const { settle } of this.#pending.values()) settle(err(reason));
    this.#pending.clear();
    return true;
  }

  async #killAll(): Promise<void> {
    const { pid } = this.#child;
    if (pid === undefined || this.#hasExited) return;
    // From below, so that the fence's own process reaps what dies in it, and ends; then whatever is left.
    const below = processTree(pid).slice(1).reverse();
    for (const target of below) sendKill(target);
    for (let tries = 0; below.length > 0 && tries < 20 && !this.#hasExited; tries += 1) await delay(10);
    if (!this.#hasExited) sendKill(-pid);
    await allGone(below);
  }

  get #hasExited(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async #ended(): Promise<void> {
    this.#fail('worker_lost');
    this.#child.stdio[3]?.destroy();
    this.#child.stdio[4]?.destroy();
    await this.#killing;
    this.#gone.resolve();
  }
}

function sendKill(target: number): void {
  try {
    process.kill(target, 'SIGKILL');
  } catch {
    // it ended by itself
  }
}

/** Waits up to two seconds for processes that were killed. */
async function allGone(pids: readonly number[]): Promise<void> {
  for (let tries = 0; tries < 200 && pids.some(isRunning); tries += 1) await delay(10);
}
