import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { Admitted, Decided, JobContext, LedgerPort, TranslatedQuery } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { IsolationLevel } from '../sandbox/enclave/port.ts';
import type { AuditPort } from './audit-store.ts';
import type { KeyStore, ResultVault, StorePort } from './ports.ts';

export interface LoadProgress {
  readonly step: string;
  /** 0…100 */
  readonly percent: number;
}

/** Real data in. Knows files and the enclave, not the catalog: what it seals exists for nobody until it is registered. */
export interface LoaderPort {
  /** Checks a declaration alone; touches no file. */
  read(declaration: unknown): Result<Dataset, readonly Problem[]>;
  /**
   * Validates the files and seals them as `version`. When it answers `ok` the file is in place and on disk; on refusal
   * nothing is left. Never overwrites a version that is there.
   */
  load(input: {
    readonly dataset: Dataset;
    readonly declaration: unknown;
    readonly baseFolder: string;
    readonly version: string;
    readonly onProgress: (progress: LoadProgress) => void;
  }): Promise<Result<DatasetVersion, readonly Problem[]>>;
  sealedPath(dataset: string, version: string): string;
  /** Destroys a sealed file for good. Nothing happens where there is none. */
  erase(dataset: string, version: string): Promise<void>;
  /** After a crash: removes staging and every sealed file that is not registered. */
  sweep(registered: readonly { readonly dataset: string; readonly version: string }[]): Promise<void>;
}

/** Simulation data from the declaration alone. */
export interface SimulatorPort {
  simulate(input: { readonly id: string; readonly dataset: Dataset; readonly rows: number; readonly seed: string }): Promise<
    Result<
      {
        readonly version: DatasetVersion;
        readonly tables: readonly { readonly table: string; readonly rows: number; readonly digest: string }[];
      },
      readonly Problem[]
    >
  >;
  sealedPath(dataset: string, id: string): string;
  /** One table as CSV text, UTF-8, in chunks. */
  csv(input: {
    readonly dataset: Dataset;
    readonly id: string;
    readonly table: string;
  }): Promise<Result<AsyncIterable<Uint8Array>, readonly Problem[]>>;
  sweep(registered: readonly { readonly dataset: string; readonly id: string }[]): Promise<void>;
}

/** The flow of `src/pipeline.ts` with its enclave already in hand. */
export interface PipelinePort {
  /** The same query in the language of the gate. */
  translate(sql: string, dialect: string, dataset: Dataset): Promise<Result<TranslatedQuery, readonly Problem[]>>;
  admit(sql: string, context: JobContext): Promise<Result<Admitted, readonly Problem[]>>;
  /**
   * `onIntent` is awaited after admission and before any data is touched; where it throws, nothing is touched. `ledger`
   * is null for simulation data only.
   */
  answer(
    sql: string,
    context: JobContext,
    around: { readonly onIntent: () => Promise<void>; readonly ledger: LedgerPort | null },
    signal: AbortSignal,
  ): Promise<Result<Decided, readonly Problem[]>>;
}

/** Folders of release packages, one per release id. */
export interface PackageFolder {
  /** Writes all files aside, brings them to disk, then makes the folder appear under its name at once. */
  put(release: string, files: readonly { readonly name: string; readonly bytes: Uint8Array }[]): Promise<void>;
  /** Null where there is no such file. `name` is one the caller knows from a record, never one from outside. */
  read(release: string, name: string): Promise<Uint8Array | null>;
  remove(release: string): Promise<void>;
  list(): Promise<readonly string[]>;
  /** Removes what a crash left half written. */
  sweep(): Promise<void>;
}

/** Everything `createOperations` needs of the world. */
export interface OperationsPorts {
  readonly store: StorePort;
  readonly audit: AuditPort;
  readonly keys: KeyStore;
  readonly vault: ResultVault;
  readonly packages: PackageFolder;
  readonly loader: LoaderPort;
  readonly simulator: SimulatorPort;
  readonly pipeline: PipelinePort;
  readonly clock: Clock;
  readonly rng: Rng;
  /** The instance's policy; a dataset may only make it stricter. */
  readonly policy: DisclosurePolicy;
  /** What the enclave gives at present; stands in every intent. */
  readonly isolation: IsolationLevel;
  /** Jobs that run at the same time, 1 or more. */
  readonly jobsAtOnce: number;
  /** Faults of work nobody waits for. Gets the fault itself: must log its kind, never its text. */
  readonly onFault: (fault: unknown) => void;
}
