import type { DisclosureMode } from '../catalog/disclosure-mode.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Grant } from '../catalog/grant.ts';
import type { ProductKind } from '../egress/product-kinds.ts';
import type { EgressState } from '../egress/review-states.ts';
import type { Result } from '../kernel/result.ts';
import type { MaskedDatasetSpec } from '../masking/dataset/plan-masked-dataset.ts';
import type { Admitted, Finding, ResultTable } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { InvitationOperations } from './account-door.ts';
import type { Actor } from './actor.ts';
import type { AuditOperations } from './audit-interface.ts';
import type { EgressUseCases } from './egress-interface.ts';
import type { FitBudgetView, FitSpec } from './fit-spec.ts';
import type { JobEvent, JobState } from './job-states.ts';
import type { KeyOperations } from './key-interface.ts';
import type { MaskingOperations } from './masking-interface.ts';
import type { MatterOperations } from './matter-view.ts';
import type { ModelReads } from './model-interface.ts';
import type { ProductOperations } from './product-interface.ts';
import type { ReportOperations } from './report-interface.ts';
import type { SimulationOperations } from './simulation-interface.ts';
import type { WebhookOperations } from './webhook-interface.ts';

export type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

export interface DatasetView {
  readonly dataset: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly provider: string;
  readonly currentVersion: string | null;
  /** The normalised declaration: tables, columns, roles, bounds. Never a row, never a count. */
  readonly tables: readonly unknown[];
  /** How figures leave, with all parameters: public. */
  readonly mode: DisclosureMode;
  /** The owner's tables over the version in force; their rows in `showDataset`, for who holds a live grant or may see versions. */
  readonly standardTables: readonly { readonly name: string; readonly sql: string; readonly table?: ResultTable }[];
  /** Operators, sources and auditors only. */
  readonly versions?: readonly VersionView[];
}

export interface VersionView {
  readonly dataset: string;
  readonly version: string;
  readonly state: 'queryable' | 'withdrawn' | 'erased';
  readonly digest: string;
  readonly bytes: number;
  readonly loadedAt: string;
  readonly rows: number;
}

export interface LoadTask {
  readonly id: string;
  readonly dataset: string;
  readonly state: 'running' | 'done' | 'refused' | 'failed';
  readonly step: string;
  /** 0…100 */
  readonly percent: number;
  readonly version?: VersionView;
  readonly problems?: readonly Problem[];
}

export type {
  AuditEntryView,
  AuditExportView,
  AuditSearchFilter,
  AuditTraceView,
  AuditVerification,
  HoldView,
  OpeningView,
} from './audit-interface.ts';
export type {
  CommentView,
  CopyTraceView,
  DownloadTokenView,
  EgressView,
  NoticeView,
  ReleaseView,
  VoteInput,
  VoteView,
} from './egress-interface.ts';

import type { PageWish } from './page-wish.ts';

export type { SimulationView } from './simulation-interface.ts';
export type { EgressState, JobState };

export interface JobView {
  readonly id: string;
  readonly dataset: string;
  readonly target: 'sim' | 'real';
  readonly state: JobState;
  readonly merchant: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly admitted?: Admitted;
  readonly problems?: readonly Problem[];
  /** Simulation jobs only: the whole verdict with rows and reasons. */
  readonly simulation?: { readonly table: ResultTable; readonly withheldRows: number; readonly findings: readonly Finding[] };
  /** What the result is to leave as. */
  readonly productKind?: ProductKind;
  /** Simulation jobs; of real jobs for operators, supervisors and auditors only. */
  readonly verdict?: 'releasable' | 'withheld';
  readonly egressId?: string;
  readonly isolation?: string;
  readonly datasetVersion?: string;
}

/** One stretch of a replay: releases that a stricter policy would not let stand, without labels or figures. */
export interface LedgerReplayView {
  readonly dataset: string;
  /** What was replayed: the dataset's own k where that is stricter. */
  readonly policy: DisclosurePolicy;
  /** Entries looked at, and those still to look at. */
  readonly replayed: number;
  readonly remaining: number;
  /** `after` of the next stretch; null at the end. */
  readonly next: number | null;
  readonly failing: readonly {
    /** Null where the job's release is not known. */
    readonly release: string | null;
    readonly job: string;
    readonly dataset: string;
    readonly rule: string;
    /** Numbers of its entries that fail, of the entries they clash with, and the releases of those. */
    readonly entries: readonly number[];
    readonly against: readonly number[];
    readonly releases: readonly string[];
  }[];
}

/**
 * Everything a person or program can ask of an instance, one method each. HTTP routes call these and nothing else;
 * the CLI reaches them through HTTP (over the network, or injected into an embedded instance).
 * Every method checks the actor's permission first (deny by default) and answers "not found" where the actor may not
 * know that the object exists. Every change writes its audit event in the same transaction.
 */
export interface Operations
  extends AuditOperations,
    EgressUseCases,
    InvitationOperations,
    MaskingOperations,
    KeyOperations,
    MatterOperations,
    ModelReads,
    ProductOperations,
    ReportOperations,
    SimulationOperations,
    WebhookOperations {
  startLoad(actor: Actor, input: { readonly declaration: unknown; readonly baseFolder: string }): Refusable<LoadTask>;
  showLoad(actor: Actor, id: string): Refusable<LoadTask>;
  /** Resolves when the task has ended. */
  awaitLoad(actor: Actor, id: string): Refusable<LoadTask>;
  listDatasets(actor: Actor): Refusable<readonly DatasetView[]>;
  showDataset(actor: Actor, dataset: string): Refusable<DatasetView>;
  /** `erase`: also destroys the sealed file, for good. */
  withdrawVersion(
    actor: Actor,
    input: { readonly dataset: string; readonly version: string; readonly reason: string; readonly erase: boolean },
  ): Refusable<VersionView>;

  /** Operators only. The dataset need not have a queryable version yet. */
  createGrant(actor: Actor, input: Omit<Grant, 'id'>): Refusable<Grant>;
  /** A merchant sees its own; operators, supervisors and auditors see all. */
  listGrants(actor: Actor, filter: { readonly dataset?: string }): Refusable<readonly Grant[]>;

  submitJob(
    actor: Actor,
    input: {
      readonly dataset: string;
      readonly sql: string;
      readonly target: 'sim' | 'real';
      readonly dialect?: string | undefined;
      /** What the result is to leave as; `indicator` where nothing is said. */
      readonly productKind?: string | undefined;
    },
  ): Refusable<JobView>;
  /** Newest first: all, or a page of them. */
  listJobs(
    actor: Actor,
    filter: { readonly dataset?: string; readonly state?: JobState; readonly target?: 'sim' | 'real'; readonly page?: PageWish },
  ): Refusable<readonly JobView[]>;
  showJob(actor: Actor, id: string): Refusable<JobView>;
  /** Resolves when the job is neither queued nor running. */
  awaitJob(actor: Actor, id: string): Refusable<JobView>;
  cancelJob(actor: Actor, id: string): Refusable<JobView>;
  /** The states that a job came to, as the asker may see them. */
  jobEvents(actor: Actor, id: string): Refusable<readonly JobEvent[]>;

  /**
   * A merchant with a grant on whole tables: fits a model of the version in force under differential privacy. What comes out is
   * an egress request like any other; the budget is spent when it begins, whatever becomes of it.
   */
  fitModel(actor: Actor, input: FitSpec & { readonly dataset: string }): Refusable<JobView>;
  /**
   * A merchant with a grant on whole tables: how far a simulation set is to be trusted, measured inside against the version in force.
   * What comes out are numbers, as an egress request like any other; a few of them for each version.
   */
  measureFidelity(actor: Actor, input: { readonly simulation: string; readonly target?: string | undefined }): Refusable<JobView>;
  /**
   * A query over the scores of a merchant's model, in the same states as any query. The query writes `score(…)`; the scores are a column of
   * the table that the values are of, for this job alone. Refuses what `submitJob` does, and `model.file_refused`, `model.score_call`.
   */
  scoreModel(
    actor: Actor,
    input: {
      readonly dataset: string;
      readonly sql: string;
      readonly target: 'sim' | 'real';
      readonly model: { readonly format: 'onnx' | 'wasm'; readonly base64: string };
    },
  ): Refusable<JobView>;
  /**
   * Learns a model from a specification: on simulation data, with the whole report and its files; on real data only a specification whose model
   * was releasable there. What comes out of real data is an egress request of kind `model_algorithm`.
   */
  trainModel(actor: Actor, input: { readonly specification: unknown; readonly target: 'sim' | 'real' }): Refusable<JobView>;
  showFitBudget(actor: Actor, dataset: string): Refusable<FitBudgetView>;
  /**
   * A merchant with a grant: a masked dataset of a table of the version in force. What comes out is an egress request of kind `masked_dataset`; until then the
   * merchant learns nothing of the data.
   */
  maskDataset(actor: Actor, input: MaskedDatasetSpec & { readonly dataset: string }): Refusable<JobView>;

  /**
   * Operators and auditors. Looks at what a dataset released in order of registration under a policy at least as strict as
   * the instance's, one stretch at a time: `after` is 0, then `next`.
   */
  replayLedger(
    actor: Actor,
    input: { readonly dataset: string; readonly policy: DisclosurePolicy; readonly after: number },
  ): Refusable<LedgerReplayView>;
}
