import type { EnclaveSession } from '../enclave/port.ts';

export interface LoadProgress {
  readonly step: 'read' | 'check-links' | 'number-units' | 'seal' | 'measure' | 'write';
  /** 0…100 of the whole load, never falling. */
  readonly percent: number;
  readonly table?: string;
}

const POLL_MS = 500;

/** Tells progress: at each step, and while a statement runs as far as the engine can estimate it. `steps`: how many there will be. */
export function watchProgress(
  session: Pick<EnclaveSession, 'progress'>,
  tell: (progress: LoadProgress) => void,
  steps: number,
): { readonly step: (step: LoadProgress['step'], table?: string) => void; readonly stop: () => void } {
  let begun = 0;
  let highest = 0;
  let now: Omit<LoadProgress, 'percent'> | null = null;
  const say = (part: number): void => {
    if (now === null) return;
    highest = Math.max(highest, Math.min(99, Math.floor((100 * (begun - 1 + part)) / steps)));
    tell({ ...now, percent: highest });
  };
  const timer = setInterval(() => {
    const at = begun;
    void session.progress().then((percent) => {
      if (percent >= 0 && at === begun) say(Math.min(100, percent) / 100);
    });
  }, POLL_MS);
  timer.unref();
  return {
    step: (step, table) => {
      begun += 1;
      now = table === undefined ? { step } : { step, table };
      say(0);
    },
    stop: () => clearInterval(timer),
  };
}
