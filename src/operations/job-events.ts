import type { Actor } from './actor.ts';
import { ACTIVE_JOB_STATES, FINAL_JOB_STATES, type JobEvent, type JobState } from './job-states.ts';
import { jobView } from './job-view.ts';
import type { JobRecord } from './ports.ts';

const STANDING: readonly JobState[] = ['SUBMITTED', ...ACTIVE_JOB_STATES];

/**
 * The way of a job as this person sees it. A real job that was withheld and one that failed go the same way for their
 * merchant: waiting, running, failed, at the instant that the job shows anyway. Source: gate.md §9.
 */
export function jobEventsSeen(actor: Actor, job: JobRecord, events: readonly Omit<JobEvent, 'seq'>[]): readonly JobEvent[] {
  const view = jobView(actor, job);
  const seen =
    job.target === 'real' && view.state === 'REAL_FAILED'
      ? [...events.filter((event) => STANDING.includes(event.state)), { state: view.state, at: view.updatedAt }]
      : events;
  return seen.map(({ state, at }, index) => ({ seq: index + 1, state, at }));
}

/** Whether nothing more comes for this reader. */
export function jobHasEnded(events: readonly JobEvent[]): boolean {
  const last = events.at(-1)?.state;
  return last !== undefined && FINAL_JOB_STATES.includes(last);
}
