import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Anchor, LogVerification } from '../audit/verify-log.ts';
import { joinStretches, STRETCH_ENTRIES, type StretchFinding } from '../audit/verify-stretch.ts';
import type { StretchSource } from './audit-stretch-thread.ts';

const MOST_THREADS = 4;
/** Below this a thread takes longer to begin than the log to be read. */
const LEAST_STRETCHES = 4;
/** A thread has its next stretch before it asks. */
const STRETCHES_AHEAD = 2;

/** What a log is compared with. */
export interface StretchedLog extends Omit<StretchSource, 'sizes'> {
  readonly anchors: readonly Anchor[];
  readonly now: Date;
  readonly deadlineMs: number;
}

/**
 * Verifies a long log in threads, one for each core and four at most, stretch by stretch, so that this thread stays free for others.
 * Null: the log is short, or there is one core only, or something is wrong with the log or a thread: then it is to be read entry by
 * entry, which tells what. So nothing is right here that is not right there.
 * Source: issue "audit log" (100,000 entries a second); ADR 0028.
 */
export async function verifyInThreads(log: StretchedLog): Promise<LogVerification | null> {
  const stretches = Math.ceil(log.entries / STRETCH_ENTRIES);
  const threads = Math.min(availableParallelism(), MOST_THREADS, stretches);
  if (stretches < LEAST_STRETCHES || threads < 2) return null;
  const { algorithm, path, folder, entries, tiled, anchors } = log;
  const source: StretchSource = { algorithm, path, folder, entries, tiled, sizes: anchors.map(({ size }) => size) };
  const workers = Array.from(
    { length: threads },
    () => new Worker(new URL('./audit-stretch-thread.ts', import.meta.url), { workerData: source }),
  );
  try {
    const findings = await findingsOf(workers, stretches);
    return findings && joinStretches(algorithm, findings, log);
  } finally {
    await Promise.all(workers.map((worker) => worker.terminate()));
  }
}

/** In order; null where a thread failed or a stretch is not sound. */
function findingsOf(workers: readonly Worker[], stretches: number): Promise<readonly StretchFinding[] | null> {
  return new Promise((done) => {
    const found: StretchFinding[] = [];
    let [asked, answered] = [0, 0];
    const ask = (worker: Worker): void => {
      if (asked < stretches) worker.postMessage(asked);
      asked += 1;
    };
    for (const worker of workers) {
      worker.on('error', () => done(null));
      worker.on('exit', () => done(null));
      worker.on('message', (finding: StretchFinding) => {
        found[finding.index] = finding;
        answered += 1;
        if (!finding.isSound) return done(null);
        if (answered === stretches) return done(found);
        ask(worker);
      });
      for (let ahead = 0; ahead < STRETCHES_AHEAD; ahead += 1) ask(worker);
    }
  });
}
