import type { AuditEvent } from '../audit/event.ts';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import type { Grant } from '../catalog/grant.ts';
import type { KeyedProbe, ProbingScope } from '../egress/probing-budget.ts';
import type { Result } from '../kernel/result.ts';
import type { MaskedDatasetSpec } from '../masking/dataset/plan-masked-dataset.ts';
import type { ModelReport } from '../sandbox/models/check/model-report.ts';
import type { AccountReads, AccountWrites } from './account-store.ts';
import type { ActorRole } from './actor.ts';
import type { AuditWrites } from './audit-store.ts';
import type {
  AffiliationReads,
  AffiliationWrites,
  EgressReads,
  EgressWrites,
  NoticeReads,
  NoticeWrites,
  ReleaseReads,
  ReleaseWrites,
} from './egress-store.ts';
import type { ExternalDataReads, ExternalDataWrites } from './external-data-store.ts';
import type { BudgetPort, BudgetWrites } from './fit-budget.ts';
import type { FitSpec } from './fit-spec.ts';
import type { JobFilter } from './job-filter.ts';
import type { LeaseStore } from './lease-store.ts';
import type { LedgerReads, LedgerWrites } from './ledger-store.ts';
import type { MaskPolicyReads, MaskPolicyWrites } from './mask-policy-store.ts';
import type { MatterReads, MatterWrites } from './matter-store.ts';
import type { SealedModel } from './model-vault.ts';
import type { JobState, JobView, LoadTask } from './operations.ts';
import type { PrivacyReads, PrivacyWrites } from './privacy-store.ts';
import type { ProductReads, ProductWrites } from './product-store.ts';
import type { ReportReads, ReportWrites } from './report-store.ts';
import type { SimulationState } from './simulation-states.ts';
import type { SimulationBody, SimulationRecord } from './simulation-store.ts';
import type { StandardReads, StandardWrites } from './standard-store.ts';
import type { Kept, Step } from './store-step.ts';
import type { WebhookReads, WebhookWrites } from './webhook-store.ts';

export type {
  DownloadTokenRecord,
  EgressBody,
  EgressComment,
  EgressRecord,
  NoticeRecord,
  ReleaseRecord,
  VoteRecord,
} from './egress-store.ts';

/** Person and organisation something belongs to. */
export interface Owner {
  readonly id: string;
  readonly organisation: string;
}

export interface DatasetRecord {
  readonly name: string;
  readonly dataset: Dataset;
  /** Who loaded it first. */
  readonly owner: Owner;
  /** Version in force for new jobs; null before the first load and after the last withdrawal. */
  readonly currentVersion: string | null;
  readonly updatedAt: string;
}

/** A load as it is kept. The ISO times are UTC, as everywhere in records. */
export interface LoadRecord extends LoadTask {
  readonly owner: Owner;
  readonly createdAt: string;
  readonly updatedAt: string;
}

export interface GrantRecord extends Grant {
  readonly createdAt: string;
  /** ISO time, or null while it lives. Expiry (`endsOn`) is the caller's to check. */
  readonly revokedAt: string | null;
}

export interface PrincipalRecord {
  readonly id: string;
  readonly organisation: string;
  readonly roles: readonly ActorRole[];
  readonly state: 'active' | 'suspended';
  readonly createdAt: string;
}

export interface ApiKeyRecord {
  readonly id: string;
  readonly principal: string;
  /** HMAC-SHA-256 of the key, hex. The key itself is nowhere. */
  readonly mac: string;
  /** What its owner calls it. */
  readonly label: string;
  /** Absent: not limited further than its principal's roles. */
  readonly scopes?: readonly string[];
  readonly createdAt: string;
  readonly expiresAt: string;
  readonly revokedAt: string | null;
  /** To within some minutes; null: never. */
  readonly lastUsedAt: string | null;
  /** The key that took its place. */
  readonly replacedBy: string | null;
}

/** What of a job may change as it goes: everything a view shows and what release must check again. Fields may be added. */
export interface JobBody
  extends Pick<JobView, 'admitted' | 'problems' | 'simulation' | 'egressId' | 'isolation' | 'datasetVersion' | 'productKind'> {
  /** Which try it is, from 2, and the last ledger entry of the one that was lost; absent on the first. */
  readonly attempt?: number;
  readonly ledgerAfter?: number;
  /** Release of the interface that this job is a call of. */
  readonly callOf?: string;
  /** SHA-256 of the sealed result's content, hex. */
  readonly resultDigest?: string;
  readonly withheldBand?: string;
  readonly verdict?: 'releasable' | 'withheld';
  /** What a job fits; absent on queries. */
  readonly fit?: FitSpec;
  /** What a job compares; `begunOn`: the version it read. */
  readonly fidelity?: { readonly simulation: string; readonly target?: string; readonly begunOn?: string };
  /** What a masked dataset is to be; absent on queries. */
  readonly mask?: MaskedDatasetSpec;
  /** Set on jobs that learn a model: the specification's text, and what came out. Files only of simulation data. */
  readonly training?: {
    readonly specification: string;
    /** What a model under differential privacy costs beside the question about its cohort. */
    readonly rho?: number;
    readonly report?: ModelReport;
    readonly files?: readonly ({ readonly name: string } & SealedModel)[];
  };
  /** A merchant's model whose scores the query is about. */
  readonly scoring?: { readonly format: 'onnx' | 'wasm' } & SealedModel;
  /** Simulation that a `sim` job ran on. */
  readonly simulationId?: string;
}

export interface JobRecord extends JobBody {
  readonly id: string;
  readonly dataset: string;
  readonly target: 'sim' | 'real';
  readonly state: JobState;
  /** The author. */
  readonly merchant: string;
  readonly organisation: string;
  readonly grantId: string;
  readonly sql: string;
  /** Null until admitted. */
  readonly artefactHash: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

type JobStep = Step<JobState, JobBody & Pick<JobRecord, 'artefactHash'>> & { readonly attempt?: number };

/** Reads. Each sees what was committed when it was called; inside a transaction, also that transaction's own changes. */
export interface StoreView extends MatterReads {
  readonly datasets: {
    get(name: string): Promise<DatasetRecord | null>;
    list(): Promise<readonly DatasetRecord[]>;
    version(name: string, version: string): Promise<DatasetVersion | null>;
    /** Oldest first, whatever their state. */
    versions(name: string): Promise<readonly DatasetVersion[]>;
  };
  readonly loads: {
    get(id: string): Promise<LoadRecord | null>;
    list(filter: { readonly state?: LoadTask['state'] }): Promise<readonly LoadRecord[]>;
  };
  readonly simulations: {
    get(id: string): Promise<SimulationRecord | null>;
    /** Newest first. */
    list(dataset: string): Promise<readonly SimulationRecord[]>;
  };
  readonly grants: {
    get(id: string): Promise<GrantRecord | null>;
    list(filter: { readonly merchant?: string; readonly dataset?: string }): Promise<readonly GrantRecord[]>;
  };
  readonly principals: {
    get(id: string): Promise<PrincipalRecord | null>;
    list(): Promise<readonly PrincipalRecord[]>;
    apiKey(id: string): Promise<ApiKeyRecord | null>;
    /** Newest first; of everybody without `principal`. */
    apiKeys(filter: { readonly principal?: string }): Promise<readonly ApiKeyRecord[]>;
  };
  readonly accounts: AccountReads;
  readonly jobs: {
    get(id: string): Promise<JobRecord | null>;
    /** Newest first. */
    list(filter: JobFilter): Promise<readonly JobRecord[]>;
    /** Every state it came to, in order. */
    events(id: string): Promise<readonly { readonly state: JobState; readonly at: string }[]>;
    /** Names of the sealed models that any job still refers to. */
    modelNames(): Promise<ReadonlySet<string>>;
  };
  readonly egress: EgressReads;
  readonly releases: ReleaseReads;
  readonly affiliations: AffiliationReads;
  readonly notices: NoticeReads;
  readonly products: ProductReads;
  /** Of real jobs whose literals count. Not part of any view: for the probing budget alone. */
  readonly probes: { counted(scope: ProbingScope, columns: readonly string[]): Promise<readonly KeyedProbe[]> };
  readonly ledger: LedgerReads;
  /** What runs under differential privacy spent. */
  readonly privacy: PrivacyReads;
  readonly fitBudget: BudgetPort;
  readonly maskPolicies: MaskPolicyReads;
  readonly webhooks: WebhookReads;
  readonly externalData: ExternalDataReads;
  readonly reports: ReportReads;
  readonly standard: StandardReads;
}

/**
 * Reads and writes of one transaction. Every write takes the audit event that tells of it, and both are written or
 * neither: there is no method that changes a record without one. Where one event tells of several changes of a
 * transaction, pass the same object again: it is written once. Where `Kept` answers with problems nothing was
 * written: `access.not_found` (no such record), `access.state_conflict` (not in a state of `from`, or already there).
 */
export interface StoreTransaction extends StoreView, MatterWrites {
  readonly datasets: StoreView['datasets'] & {
    /** Adds or replaces the declaration; owner and version in force of an existing one stay. */
    put(record: Pick<DatasetRecord, 'name' | 'dataset' | 'owner'>, event: AuditEvent): Promise<void>;
    /** Adds an immutable version and puts it in force. Conflict: the version exists. */
    addVersion(version: DatasetVersion, event: AuditEvent): Kept<void>;
    /** Takes a version out of use. Falls back to no version in force if it was the one; never to an older one. */
    retireVersion(
      name: string,
      version: string,
      step: { readonly from: readonly DatasetVersion['state'][]; readonly to: 'withdrawn' | 'erased' },
      event: AuditEvent,
    ): Kept<DatasetVersion>;
  };
  readonly loads: StoreView['loads'] & {
    add(record: LoadRecord, event: AuditEvent): Promise<void>;
    transition(
      id: string,
      step: Step<LoadTask['state'], Pick<LoadTask, 'step' | 'percent' | 'version' | 'problems'>>,
      event: AuditEvent,
    ): Kept<LoadRecord>;
  };
  readonly simulations: StoreView['simulations'] & {
    add(record: SimulationRecord, event: AuditEvent): Promise<void>;
    transition(id: string, step: Step<SimulationState, SimulationBody>, event: AuditEvent): Kept<SimulationRecord>;
  };
  readonly grants: StoreView['grants'] & {
    add(grant: Grant, event: AuditEvent): Promise<void>;
    revoke(id: string, event: AuditEvent): Kept<GrantRecord>;
  };
  readonly principals: StoreView['principals'] & {
    /** Conflict: the id is taken. */
    add(principal: Omit<PrincipalRecord, 'createdAt' | 'state'>, event: AuditEvent): Kept<void>;
    suspend(id: string, event: AuditEvent): Kept<PrincipalRecord>;
    addKey(key: Omit<ApiKeyRecord, 'createdAt' | 'revokedAt' | 'lastUsedAt' | 'replacedBy'>, event: AuditEvent): Promise<ApiKeyRecord>;
    /** Brings the end of a key forward and names its successor. Conflict: revoked, or replaced already. */
    replaceKey(id: string, by: { readonly successor: string; readonly expiresAt: string }, event: AuditEvent): Kept<ApiKeyRecord>;
    revokeKey(id: string, event: AuditEvent): Kept<ApiKeyRecord>;
  };
  readonly accounts: AccountReads & AccountWrites;
  readonly jobs: StoreView['jobs'] & {
    add(record: Omit<JobRecord, 'createdAt' | 'updatedAt'>, event: AuditEvent): Promise<JobRecord>;
    /** `attempt`: conflict where the job is at another try by now (1 where it has none). */
    transition(id: string, step: JobStep, event: AuditEvent): Kept<JobRecord>;
  };
  readonly egress: EgressReads & EgressWrites;
  readonly releases: ReleaseReads & ReleaseWrites;
  readonly affiliations: AffiliationReads & AffiliationWrites;
  readonly notices: NoticeReads & NoticeWrites;
  readonly products: ProductReads & ProductWrites;
  readonly probes: StoreView['probes'] & {
    /** What is there already stays as it is. */
    add(
      record: { readonly scope: ProbingScope; readonly job: string; readonly probes: readonly KeyedProbe[] },
      event: AuditEvent,
    ): Promise<void>;
  };
  readonly ledger: LedgerReads & LedgerWrites;
  readonly privacy: PrivacyReads & PrivacyWrites;
  readonly audit: AuditWrites;
  readonly fitBudget: BudgetWrites;
  readonly maskPolicies: MaskPolicyReads & MaskPolicyWrites;
  readonly webhooks: WebhookWrites;
  readonly externalData: ExternalDataReads & ExternalDataWrites;
  readonly reports: ReportWrites;
  readonly standard: StandardReads & StandardWrites;
}

export interface StorePort {
  readonly view: StoreView;
  /**
   * One write transaction, alone in the whole instance while it runs (also across processes). Commits when `work`
   * answers `ok`; rolls back, events included, when it refuses or throws. When it returns, everything is on disk; a
   * signed checkpoint covers it within a minute. Throws `AuditUnavailable` where the log cannot be extended, and nothing
   * has changed then.
   * `work` must not wait for anything but this transaction (no files, no network, no enclave): others stand in line.
   * Not to be nested; that throws.
   */
  write<T, E>(work: (tx: StoreTransaction) => Promise<Result<T, E>>): Promise<Result<T, E>>;
  /** When a session was last used: a display for its end, so no event. Not more than once a minute for one session. */
  noteSessionUse(digest: string): Promise<void>;
  /** When a key was last used: a display, not a state, so no event. Not more than once in some minutes for one key. */
  noteKeyUse(id: string): Promise<void>;
  /** Who works on what; see there. */
  readonly leases: LeaseStore;
  /** Whether processes on other machines may have the same records open. */
  readonly isShared: boolean;
  /** Progress of a running load: a display, not a state, so no event. Not more than about once a second. */
  reportLoadProgress(id: string, progress: { readonly step: string; readonly percent: number }): Promise<void>;
  close(): Promise<void>;
}

export type SigningPurpose = 'audit' | 'audit-sm2' | 'release';

/**
 * Every key of the instance, by what it is for. No method hands out a master or signing key, so that a KMS or HSM can
 * stand behind it. Keys are never in the store.
 */
export interface KeyStore {
  /** Encrypts a data key (32 bytes) under the master key; `context` must be given again to open it. */
  wrapDataKey(dataKey: Uint8Array, context: string): Promise<Uint8Array>;
  /** Null when bytes or context were changed. */
  unwrapDataKey(wrapped: Uint8Array, context: string): Promise<Uint8Array | null>;
  /** 64 bytes: Ed25519, or SM2 with SM3 (r ‖ s) for `audit-sm2`. The audit keys are held only while they sign. */
  sign(purpose: SigningPurpose, message: Uint8Array): Promise<Uint8Array>;
  /** Raw public key: Ed25519 32 bytes, SM2 64 bytes (x ‖ y). */
  publicKey(purpose: SigningPurpose): Promise<Uint8Array>;
  /** Raw public keys that releases are or were signed with, the current one first. */
  releaseKeys(): Promise<readonly Uint8Array[]>;
  /** Whether a data key is wrapped under the master key in use, and not under an earlier one. */
  isWrappedNow(wrapped: Uint8Array, context: string): Promise<boolean>;
  /** HMAC-SHA-256 under the API-key key. */
  apiKeyMac(key: string): Promise<Uint8Array>;
  /** 32 bytes, per instance and dataset, the same every time: for `__b_T` and `__h_T` (bucket), `__rk` (row), kept literals (probe), the ledger, fingerprints of released content, watermarks, keys of verification, pseudonyms and subjects of consents. */
  datasetKey(
    dataset: string,
    purpose: 'bucket' | 'row' | 'probe' | 'ledger' | 'ledger-image' | 'release' | 'watermark' | 'verification' | 'masking',
  ): Promise<Uint8Array>;
}

/** Sealed results on disk. Contents are opaque bytes; one per job. */
export interface ResultVault {
  /** Encrypts and writes; on disk when it returns. Gives the SHA-256 of the content, hex. Throws if the job has one. */
  seal(job: string, content: Uint8Array): Promise<{ readonly digest: string }>;
  /** The content, or `audit.sealed_result_missing` / `audit.sealed_result_changed`. */
  open(job: string): Kept<Uint8Array>;
  /** For good, as far as the disk allows. Nothing happens where there is none. */
  destroy(job: string): Promise<void>;
  /** Ids of the jobs that have one: to find what a crash left. */
  jobs(): Promise<readonly string[]>;
}
