/** Where a job may stand. */
export const JOB_STATES = [
  'SUBMITTED',
  'REFUSED',
  'SIM_QUEUED',
  'SIM_RUNNING',
  'SIM_FAILED',
  'SIM_PASSED',
  'REAL_QUEUED',
  'REAL_RUNNING',
  'REAL_FAILED',
  'STOPPED',
  'RESULT_SEALED',
  'EGRESS_REQUESTED',
  'DONE',
] as const;
export type JobState = (typeof JOB_STATES)[number];

export interface JobTransition {
  readonly from: JobState;
  readonly to: JobState;
  readonly why: string;
}

/**
 * The whole machine of a job. What is not listed is impossible.
 * Source: requirements.md §5.5, without promotion requests: submitting to `real` is the request.
 */
export const JOB_TRANSITIONS: readonly JobTransition[] = [
  { from: 'SUBMITTED', to: 'REFUSED', why: 'not admitted, or not passed on simulation data' },
  { from: 'SUBMITTED', to: 'SIM_QUEUED', why: 'admitted for simulation data' },
  { from: 'SUBMITTED', to: 'REAL_QUEUED', why: 'admitted, and the same artefact passed on simulation data' },
  { from: 'SUBMITTED', to: 'RESULT_SEALED', why: 'definition of a product sealed; nothing runs' },
  { from: 'SIM_QUEUED', to: 'SIM_RUNNING', why: 'intent on record' },
  { from: 'SIM_QUEUED', to: 'SIM_FAILED', why: 'no longer admitted' },
  { from: 'SIM_QUEUED', to: 'STOPPED', why: 'cancelled' },
  { from: 'SIM_RUNNING', to: 'SIM_PASSED', why: 'ended with a verdict' },
  { from: 'SIM_RUNNING', to: 'SIM_FAILED', why: 'did not end, or the process ended before it' },
  { from: 'SIM_RUNNING', to: 'STOPPED', why: 'cancelled' },
  { from: 'SIM_RUNNING', to: 'SIM_QUEUED', why: 'the process that ran it was lost: tried once more' },
  { from: 'REAL_QUEUED', to: 'REAL_RUNNING', why: 'intent on record' },
  { from: 'REAL_QUEUED', to: 'REAL_FAILED', why: 'grant, version or admission no longer there' },
  { from: 'REAL_QUEUED', to: 'STOPPED', why: 'cancelled' },
  { from: 'REAL_RUNNING', to: 'RESULT_SEALED', why: 'result sealed' },
  { from: 'REAL_RUNNING', to: 'REAL_FAILED', why: 'did not end, or the process ended before it' },
  { from: 'REAL_RUNNING', to: 'STOPPED', why: 'cancelled' },
  { from: 'REAL_RUNNING', to: 'REAL_QUEUED', why: 'the process that ran it was lost: tried once more' },
  { from: 'REAL_RUNNING', to: 'DONE', why: 'call of a released interface answered, or standard tables published with their version' },
  { from: 'RESULT_SEALED', to: 'EGRESS_REQUESTED', why: 'egress request opened' },
  { from: 'EGRESS_REQUESTED', to: 'DONE', why: 'egress request ended' },
];

/** States in which a job waits or runs: what can be cancelled, and what `awaitJob` waits for. */
export const ACTIVE_JOB_STATES: readonly JobState[] = ['SIM_QUEUED', 'SIM_RUNNING', 'REAL_QUEUED', 'REAL_RUNNING'];

/** States that nothing leaves. */
export const FINAL_JOB_STATES: readonly JobState[] = ['REFUSED', 'SIM_FAILED', 'SIM_PASSED', 'REAL_FAILED', 'STOPPED', 'DONE'];

/** Every state from which `to` can be reached in one step: what a transition in the store starts from. */
export function jobSourcesOf(to: JobState): readonly JobState[] {
  return JOB_TRANSITIONS.filter((item) => item.to === to).map((item) => item.from);
}

/** A state that a job came to, as its reader may see it. `seq` from 1, the same for everybody who sees the same. */
export interface JobEvent {
  readonly seq: number;
  readonly state: JobState;
  readonly at: string;
}

/** Where a job of either kind waits. */
export const WAITING = { sim: 'SIM_QUEUED', real: 'REAL_QUEUED' } as const;

/** Which try of a job a record is of, from 1. Source: tracker issue 5 ("retried once or failed, never run twice to release"). */
export function attemptOf({ attempt = 1 }: { readonly attempt?: number | undefined }): number {
  return attempt;
}
