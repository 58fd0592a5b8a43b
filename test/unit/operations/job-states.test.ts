import { describe, expect, test } from 'vitest';
import { ACTIVE_JOB_STATES, FINAL_JOB_STATES, JOB_TRANSITIONS, jobSourcesOf } from '../../../src/operations/job-states.ts';
import type { JobState } from '../../../src/operations/operations.ts';

/** Written by hand from requirements.md §5.5, apart from the table. */
const ALLOWED: Readonly<Record<JobState, readonly JobState[]>> = {
  SUBMITTED: ['REFUSED', 'SIM_QUEUED', 'REAL_QUEUED', 'RESULT_SEALED'],
  REFUSED: [],
  SIM_QUEUED: ['SIM_RUNNING', 'SIM_FAILED', 'STOPPED'],
  SIM_RUNNING: ['SIM_QUEUED', 'SIM_PASSED', 'SIM_FAILED', 'STOPPED'],
  SIM_FAILED: [],
  SIM_PASSED: [],
  REAL_QUEUED: ['REAL_RUNNING', 'REAL_FAILED', 'STOPPED'],
  REAL_RUNNING: ['REAL_QUEUED', 'RESULT_SEALED', 'DONE', 'REAL_FAILED', 'STOPPED'],
  REAL_FAILED: [],
  STOPPED: [],
  RESULT_SEALED: ['EGRESS_REQUESTED'],
  EGRESS_REQUESTED: ['DONE'],
  DONE: [],
};
const STATES = Object.keys(ALLOWED) as JobState[];

describe('job states', () => {
  for (const from of STATES) {
    for (const to of STATES) {
      test(`${from} → ${to} ${ALLOWED[from].includes(to) ? 'exists' : 'does not exist'}`, () => {
        expect(JOB_TRANSITIONS.filter((item) => item.from === from && item.to === to)).toHaveLength(ALLOWED[from].includes(to) ? 1 : 0);
      });
    }
  }

  test('nothing leaves a final state, something leaves every other', () => {
    for (const state of STATES) expect(ALLOWED[state].length === 0, state).toBe(FINAL_JOB_STATES.includes(state));
  });

  test('what can be cancelled is what waits or runs', () => {
    expect(new Set(jobSourcesOf('STOPPED'))).toEqual(new Set(ACTIVE_JOB_STATES));
  });
});
