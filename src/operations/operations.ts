import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Grant } from '../catalog/grant.ts';
import type { EgressState } from '../egress/review-states.ts';
import type { Result } from '../kernel/result.ts';
import type { Admitted, Finding, ResultTable } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { JobState } from './job-states.ts';
import type { MatterOperations } from './matter-view.ts';

export type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

export interface DatasetView {
  readonly dataset: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly provider: string;
  readonly currentVersion: string | null;
  /** The normalised declaration: tables, columns, roles, bounds. Never a row, never a count. */
  readonly tables: readonly unknown[];
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

export interface SimulationView {
  readonly id: string;
  readonly dataset: string;
  readonly rows: number;
  readonly seed: string;
  readonly label: 'SIMULATED-L0';
  readonly digest: string;
  readonly createdAt: string;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly digest: string }[];
}

export type { JobState };

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
  /** Simulation jobs; of real jobs for operators, supervisors and auditors only. */
  readonly verdict?: 'releasable' | 'withheld';
  readonly egressId?: string;
  readonly isolation?: string;
  readonly datasetVersion?: string;
}

export type { EgressState };

export interface EgressView {
  readonly id: string;
  readonly job: string;
  readonly dataset: string;
  readonly merchant: string;
  readonly state: EgressState;
  readonly productKind: 'indicator' | 'report';
  readonly contentDigest: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  /**
   * In bands: `0`, `1–4`, `5–19`, `20+`. Inside the domain, cells that did not come out. To merchants, labels of a public
   * domain without a row (empty and small are one), or `untold` where labels are not public.
   */
  readonly withheldBand: string;
  readonly filingReceipt?: string;
  readonly releasedAt?: string;
  /** Once released: what `showRelease` takes. */
  readonly releaseId?: string;
  /** Reviewers only. */
  readonly votes?: readonly { readonly by: string; readonly vote: 'approve' | 'reject'; readonly at: string; readonly reason: string }[];
  readonly findings?: readonly Finding[];
  /** Reviewers only: what would leave. */
  readonly preview?: ResultTable;
  readonly sql?: string;
}

export interface ReleaseView {
  readonly id: string;
  readonly egress: string;
  readonly recipient: string;
  readonly releasedAt: string;
  readonly state: 'available' | 'recalled';
  readonly files: readonly { readonly name: string; readonly bytes: number; readonly sha256: string }[];
}

export interface AuditEntryView {
  readonly seq: number;
  readonly at: string;
  readonly actor: string;
  readonly operation: string;
  readonly object: { readonly kind: string; readonly id: string };
  readonly facts: Readonly<Record<string, unknown>>;
  readonly previousHash: string;
  readonly hash: string;
}

export interface AuditVerification {
  readonly verified: boolean;
  readonly entries: number;
  readonly checkpoint: { readonly size: number; readonly hash: string } | null;
  /** Sentences for a person; empty when verified. */
  readonly faults: readonly { readonly seq: number | null; readonly kind: string }[];
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
export interface Operations extends MatterOperations {
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

  simulate(actor: Actor, input: { readonly dataset: string; readonly rows: number; readonly seed: string }): Refusable<SimulationView>;
  listSimulations(actor: Actor, dataset: string): Refusable<readonly SimulationView[]>;
  /** One table of a simulation as CSV text, UTF-8. */
  simulationCsv(actor: Actor, input: { readonly id: string; readonly table: string }): Refusable<AsyncIterable<Uint8Array>>;

  /** Operators only. The dataset need not have a queryable version yet. */
  createGrant(actor: Actor, input: Omit<Grant, 'id'>): Refusable<Grant>;
  /** A merchant sees its own; operators, supervisors and auditors see all. */
  listGrants(actor: Actor, filter: { readonly dataset?: string }): Refusable<readonly Grant[]>;

  submitJob(
    actor: Actor,
    input: { readonly dataset: string; readonly sql: string; readonly target: 'sim' | 'real'; readonly dialect?: string | undefined },
  ): Refusable<JobView>;
  listJobs(actor: Actor, filter: { readonly dataset?: string; readonly state?: JobState }): Refusable<readonly JobView[]>;
  showJob(actor: Actor, id: string): Refusable<JobView>;
  /** Resolves when the job is neither queued nor running. */
  awaitJob(actor: Actor, id: string): Refusable<JobView>;
  cancelJob(actor: Actor, id: string): Refusable<JobView>;

  listEgress(actor: Actor, filter: { readonly state?: EgressState }): Refusable<readonly EgressView[]>;
  showEgress(actor: Actor, id: string): Refusable<EgressView>;
  approve(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  reject(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  returnToMerchant(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  withdraw(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  file(actor: Actor, input: { readonly id: string; readonly receipt: string }): Refusable<EgressView>;
  release(actor: Actor, id: string): Refusable<ReleaseView>;
  recall(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<EgressView>;
  showRelease(actor: Actor, id: string): Refusable<ReleaseView>;
  releaseFile(actor: Actor, input: { readonly id: string; readonly name: string }): Refusable<Uint8Array>;

  /**
   * Operators and auditors. Looks at what a dataset released in order of registration under a policy at least as strict as
   * the instance's, one stretch at a time: `after` is 0, then `next`.
   */
  replayLedger(
    actor: Actor,
    input: { readonly dataset: string; readonly policy: DisclosurePolicy; readonly after: number },
  ): Refusable<LedgerReplayView>;

  auditEntries(actor: Actor, input: { readonly after: number; readonly limit: number }): Refusable<readonly AuditEntryView[]>;
  verifyAudit(actor: Actor): Refusable<AuditVerification>;
}
