/**
 * Fixed sizes and times of the enclave; what varies by job is in `SessionLimits`.
 * Source: gate.md §10.
 */

/** Bytes of one answer of a worker, as JSON text. A bigger answer fails with `too_large`. */
export const MAX_ANSWER_BYTES = 16 * 1024 * 1024;

/** Bytes of one frame in either direction; the envelope of an answer needs a little more than the answer. */
export const MAX_FRAME_BYTES = MAX_ANSWER_BYTES + 64 * 1024;

/** A worker that has not loaded the engine, or not opened its database, by then is lost. */
export const START_TIMEOUT_MS = 30_000;

/** Time the engine has to obey an interrupt before the worker is killed. */
export const INTERRUPT_GRACE_MS = 200;

/** Time a worker that builds a database has to write it out when it is closed. */
export const CLOSE_TIMEOUT_MS = 60_000;

/** How often the memory of a worker is looked at. */
export const MEMORY_SAMPLE_MS = 200;

/** Heap of the worker's JavaScript; rows pass through it chunk by chunk. */
export const WORKER_HEAP_MIB = 160;

/** MiB above which a worker is killed: what the engine may use, its overhead, and the JavaScript around it. */
export function killAboveMiB(memoryMiB: number): number {
  return Math.ceil(memoryMiB * 1.3) + 256;
}
