import type { Result } from '../kernel/result.ts';
import type { TrainingProgress } from '../pipeline/model/training-progress.ts';
import type { Problem } from '../problems/problem.ts';
import type { ModelReport } from '../sandbox/models/check/model-report.ts';
import type { Actor } from './actor.ts';
import type { JOB_STATES } from './job-states.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

/** A model that is learnt, was learnt, or was not. The report and files of a real one are for operators until it is released. */
export interface ModelView {
  /** Id of its job. */
  readonly id: string;
  readonly dataset: string;
  readonly target: 'sim' | 'real';
  readonly state: (typeof JOB_STATES)[number];
  readonly merchant: string;
  readonly algorithm: string;
  /** SHA-256 of the specification, hex: what passes on simulation data is what may be promoted. */
  readonly specification: string;
  readonly createdAt: string;
  readonly verdict?: 'releasable' | 'withheld';
  readonly egressId?: string;
  /** While it is learnt: of simulation data, and of real data to operators. */
  readonly progress?: TrainingProgress;
  readonly report?: ModelReport;
  /** Of models of simulation data alone, base64. */
  readonly files?: readonly { readonly name: string; readonly base64: string }[];
}

/** What people look at of models. Source: issue "Models" (`model show|list`). */
export interface ModelReads {
  listModels(actor: Actor, filter: { readonly dataset?: string | undefined }): Refusable<readonly ModelView[]>;
  showModel(actor: Actor, id: string): Refusable<ModelView>;
}
