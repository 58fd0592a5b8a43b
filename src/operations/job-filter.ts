import type { JobState } from './operations.ts';
import type { Stretch } from './page-wish.ts';

/** Which jobs a reading of the store gives. */
export interface JobFilter extends Stretch {
  readonly dataset?: string;
  readonly merchant?: string;
  readonly target?: 'sim' | 'real';
  readonly artefactHash?: string;
  readonly states?: readonly JobState[];
}
