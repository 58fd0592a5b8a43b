import type { AuditEvent } from '../audit/event.ts';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import type { Grant } from '../catalog/grant.ts';
import type { KeyedProbe, ProbingScope } from '../egress/probing-budget.ts';
import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor, ActorRole } from './actor.ts';
import type { LedgerReads, LedgerWrites } from './ledger-store.ts';
import type { MatterReads, MatterWrites } from './matter-store.ts';
import type {
  AuditEntryView,
  AuditVerification,
  EgressState,
  EgressView,
  JobState,
  JobView,
  LoadTask,
  ReleaseView,
  SimulationView,
} from './operations.ts';

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

export interface SimulationRecord extends SimulationView {
  readonly owner: Owner;
  /** What the gate needs of it, as for a real version; `origin` is `simulation`. */
  readonly version: DatasetVersion;
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
  readonly createdAt: string;
  readonly revokedAt: string | null;
}

/** What of a job may change as it goes: everything a view shows and what release must check again. Fields may be added. */
export interface JobBody extends Pick<JobView, 'admitted' | 'problems' | 'simulation' | 'egressId' | 'isolation' | 'datasetVersion'> {
  /** SHA-256 of the sealed result's content, hex. */
  readonly resultDigest?: string;
  readonly withheldBand?: string;
  readonly verdict?: 'releasable' | 'withheld';
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

export interface EgressBody extends Pick<EgressView, 'filingReceipt' | 'releasedAt' | 'findings'> {
  /** Of cells; inside the domain only. */
  readonly withheldBand?: string;
  /** Of labels of a public domain, or `untold`: what the merchant is told. */
  readonly publicWithheldBand?: string;
  readonly releaseId?: string;
  /** Reasons people gave for returning, withdrawing or recalling, in order. */
  readonly reasons?: readonly { readonly by: string; readonly step: string; readonly at: string; readonly reason: string }[];
}

export interface EgressRecord extends EgressBody {
  readonly id: string;
  readonly job: string;
  readonly dataset: string;
  readonly merchant: string;
  readonly organisation: string;
  readonly state: EgressState;
  /** Starts at 1; goes up when a returned request comes back. Votes count for their round only. */
  readonly round: number;
  readonly productKind: 'indicator' | 'report';
  readonly contentDigest: string;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** One vote of one person in one round. Never changed, never removed. */
export interface VoteRecord {
  readonly egress: string;
  readonly round: number;
  readonly voter: string;
  readonly organisation: string;
  readonly vote: 'approve' | 'reject';
  readonly reason: string;
  /** What the voter saw. */
  readonly contentDigest: string;
  readonly at: string;
}

export interface ReleaseRecord extends ReleaseView {
  readonly contentDigest: string;
}

/** One compare-and-set step of a state machine. */
export interface Step<S extends string, B> {
  /** The step is taken only from one of these. */
  readonly from: readonly S[];
  readonly to: S;
  /** Fields to set beside the state; the others stay. */
  readonly patch?: Partial<B>;
}

export type Kept<T> = Promise<Result<T, readonly Problem[]>>;

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
  };
  readonly jobs: {
    get(id: string): Promise<JobRecord | null>;
    /** Newest first. */
    list(filter: {
      readonly dataset?: string;
      readonly merchant?: string;
      readonly target?: 'sim' | 'real';
      readonly artefactHash?: string;
      readonly states?: readonly JobState[];
    }): Promise<readonly JobRecord[]>;
  };
  readonly egress: {
    get(id: string): Promise<EgressRecord | null>;
    /** Newest first. */
    list(filter: {
      readonly merchant?: string;
      readonly job?: string;
      readonly states?: readonly EgressState[];
    }): Promise<readonly EgressRecord[]>;
    /** Of every round, oldest first. */
    votes(egress: string): Promise<readonly VoteRecord[]>;
  };
  readonly releases: {
    get(id: string): Promise<ReleaseRecord | null>;
    ofEgress(egress: string): Promise<ReleaseRecord | null>;
  };
  /** Of real jobs whose literals count. Not part of any view: for the probing budget alone. */
  readonly probes: { counted(scope: ProbingScope, columns: readonly string[]): Promise<readonly KeyedProbe[]> };
  readonly ledger: LedgerReads;
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
  readonly simulations: StoreView['simulations'] & { add(record: SimulationRecord, event: AuditEvent): Promise<void> };
  readonly grants: StoreView['grants'] & {
    add(grant: Grant, event: AuditEvent): Promise<void>;
    revoke(id: string, event: AuditEvent): Kept<GrantRecord>;
  };
  readonly principals: StoreView['principals'] & {
    /** Conflict: the id is taken. */
    add(principal: Omit<PrincipalRecord, 'createdAt' | 'state'>, event: AuditEvent): Kept<void>;
    suspend(id: string, event: AuditEvent): Kept<PrincipalRecord>;
    addKey(key: Pick<ApiKeyRecord, 'id' | 'principal' | 'mac'>, event: AuditEvent): Promise<void>;
    revokeKey(id: string, event: AuditEvent): Kept<ApiKeyRecord>;
  };
  readonly jobs: StoreView['jobs'] & {
    add(record: Omit<JobRecord, 'createdAt' | 'updatedAt'>, event: AuditEvent): Promise<JobRecord>;
    transition(id: string, step: Step<JobState, JobBody & Pick<JobRecord, 'artefactHash'>>, event: AuditEvent): Kept<JobRecord>;
  };
  readonly egress: StoreView['egress'] & {
    add(record: Omit<EgressRecord, 'createdAt' | 'updatedAt'>, event: AuditEvent): Promise<EgressRecord>;
    transition(
      id: string,
      step: Step<EgressState, EgressBody & Pick<EgressRecord, 'round' | 'contentDigest'>>,
      event: AuditEvent,
    ): Kept<EgressRecord>;
    /** Conflict: this person has voted in this round. */
    vote(vote: Omit<VoteRecord, 'at'>, event: AuditEvent): Kept<VoteRecord>;
  };
  readonly releases: StoreView['releases'] & {
    add(record: ReleaseRecord, event: AuditEvent): Promise<void>;
    transition(id: string, step: Step<ReleaseView['state'], Record<never, never>>, event: AuditEvent): Kept<ReleaseRecord>;
  };
  readonly probes: StoreView['probes'] & {
    /** What is there already stays as it is. */
    add(
      record: { readonly scope: ProbingScope; readonly job: string; readonly probes: readonly KeyedProbe[] },
      event: AuditEvent,
    ): Promise<void>;
  };
  readonly ledger: LedgerReads & LedgerWrites;
  /** For events that change no record (a read, a refusal, an intent). */
  readonly audit: { append(event: AuditEvent): Promise<void> };
}

export interface StorePort {
  readonly view: StoreView;
  /**
   * One write transaction, alone in the whole instance while it runs (also across processes). Commits when `work`
   * answers `ok`; rolls back, events included, when it refuses or throws. When it returns, everything is on disk and
   * the checkpoint covers it. Throws `AuditUnavailable` where the log cannot be extended, and nothing has changed then
   * (save for `checkpoint-not-written`: as after a crash, the change stands, but nobody may be told so yet).
   * `work` must not wait for anything but this transaction (no files, no network, no enclave): others stand in line.
   * Not to be nested; that throws.
   */
  write<T, E>(work: (tx: StoreTransaction) => Promise<Result<T, E>>): Promise<Result<T, E>>;
  /** Progress of a running load: a display, not a state, so no event. Not more than about once a second. */
  reportLoadProgress(id: string, progress: { readonly step: string; readonly percent: number }): Promise<void>;
  close(): Promise<void>;
}

export interface AuditPort {
  /** Durable when it returns: on disk, and covered by the checkpoint. Throws `AuditUnavailable` otherwise. */
  append(event: AuditEvent): Promise<void>;
  /** Ascending, `seq > after`, at most `limit` (≤ 1000). Does not record that it was read: the operation does. */
  entries(range: { readonly after: number; readonly limit: number }): Promise<readonly AuditEntryView[]>;
  /** Whole chain against the checkpoint. Needs no append, so it works on a broken log. */
  verify(): Promise<AuditVerification>;
}

/**
 * Every key of the instance, by what it is for. No method hands out a master or signing key, so that a KMS or HSM can
 * stand behind it. Keys are never in the store.
 */
export interface KeyStore {
  /** Encrypts a data key (32 bytes) under the master key; `context` must be given again to open it. */
  wrapDataKey(dataKey: Uint8Array, context: string): Promise<Uint8Array>;
  /** Null when bytes or context were changed. */
  unwrapDataKey(wrapped: Uint8Array, context: string): Promise<Uint8Array | null>;
  /** Ed25519, 64 bytes. */
  sign(purpose: 'audit' | 'release', message: Uint8Array): Promise<Uint8Array>;
  /** Raw Ed25519 public key, 32 bytes. */
  publicKey(purpose: 'audit' | 'release'): Promise<Uint8Array>;
  /** HMAC-SHA-256 under the API-key key. */
  apiKeyMac(key: string): Promise<Uint8Array>;
  /** 32 bytes, per instance and dataset, the same every time: for `__b_T` and `__h_T` (bucket), `__rk` (row), kept literals (probe) and the ledger. */
  datasetKey(dataset: string, purpose: 'bucket' | 'row' | 'probe' | 'ledger'): Promise<Uint8Array>;
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

export interface IdentityPort {
  /** The active principal behind an API key, or null. Takes the same time for a wrong key of the right form. */
  authenticate(key: string): Promise<Actor | null>;
  /** An active principal by id: embedded instances only (`--as`). */
  actor(id: string): Promise<Actor | null>;
  /** Refuses an organisation that would be operator and merchant at once (S1), conflicting roles, and ids taken. */
  register(
    by: Actor | null,
    principal: { readonly id: string; readonly organisation: string; readonly roles: readonly ActorRole[] },
  ): Kept<Actor>;
  /** The key is shown here and never again. */
  issueKey(by: Actor | null, principal: string): Kept<{ readonly id: string; readonly key: string }>;
  revokeKey(by: Actor | null, id: string): Kept<void>;
}
