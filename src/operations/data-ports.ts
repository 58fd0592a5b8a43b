import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { SimulationAccess } from '../catalog/simulation-access.ts';
import type { EgressProfile } from '../egress/kind-policy.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { MaskingRules } from '../masking/masking-rules.ts';
import type { TrainingProgress } from '../pipeline/model/training-progress.ts';
import type { Admitted, Decided, HeldDigests, JobContext, KeyLookup, LedgerPort, ResultTable, TranslatedQuery } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { IsolationLevel } from '../sandbox/enclave/port.ts';
import type { ModelReport } from '../sandbox/models/check/model-report.ts';
import type { TrainingSpec } from '../sandbox/models/spec/training-spec.ts';
import type { ColumnWish } from '../synthetic/query-wishes.ts';
import type { AuditPort } from './audit-store.ts';
import type { FitSpec } from './fit-spec.ts';
import type { MaskerPort } from './masking-ports.ts';
import type { ModelVault } from './model-vault.ts';
import type { KeyStore, ResultVault, StorePort } from './ports.ts';
import type { RulesOfCity } from './rules-of-city.ts';
import type { IdentifierMode, SimulationFormat, SimulationLabel } from './simulation-interface.ts';
import type { AddressFault } from './webhook-interface.ts';

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

/** What a simulation set is made from: with the declaration, all that its bytes depend on. */
export interface SimulationRecipe {
  readonly dataset: Dataset;
  readonly rows: number;
  readonly seed: string;
  /** What a query asks of columns: some rows satisfy it. */
  readonly wishes?: SimulationWishes;
  /** Text of a fitted model's artefact, for L1. */
  readonly model?: string;
  /** Default: `safe`. */
  readonly mode?: IdentifierMode;
}

type SimulatedTables = readonly { readonly table: string; readonly rows: number; readonly digest: string }[];

/** By column in lower case; see `ColumnWish`. */
export type SimulationWishes = Readonly<Record<string, ColumnWish>>;

/** Simulation data from the declaration alone, or from a model that was released. Never sees real data. */
export interface SimulatorPort {
  /** What a query asks of columns; nothing where it cannot be read. */
  wishes(sql: string): Promise<SimulationWishes>;
  /** `onProgress` is told whole percentages, never falling, of making the tables and of sealing them. */
  simulate(
    input: SimulationRecipe & { readonly id: string; readonly onProgress?: (percent: number) => void },
  ): Promise<Result<{ readonly version: DatasetVersion; readonly tables: SimulatedTables }, readonly Problem[]>>;
  /** Tables that differ when the set is made again, aside and in a process of its own, or whose files were changed. */
  differing(
    input: SimulationRecipe & { readonly id: string; readonly tables: SimulatedTables },
  ): Promise<Result<readonly string[], readonly Problem[]>>;
  sealedPath(dataset: string, id: string): string;
  /** The first rows of one table, values as text; `least` 1. */
  preview(input: {
    readonly dataset: Dataset;
    readonly id: string;
    readonly table: string;
    readonly rows: number;
  }): Promise<Result<ResultTable, readonly Problem[]>>;
  /** One table, or with format `duckdb` the whole set, in chunks. Other formats than CSV are made when first asked for. */
  file(input: {
    readonly dataset: Dataset;
    readonly id: string;
    readonly label: SimulationLabel;
    readonly format: SimulationFormat;
    readonly table: string;
  }): Promise<Result<AsyncIterable<Uint8Array>, readonly Problem[]>>;
  /** The files of a set, for good. */
  remove(dataset: string, id: string): Promise<void>;
  sweep(registered: readonly { readonly dataset: string; readonly id: string }[]): Promise<void>;
}

/** Fits under differential privacy, in a worker over a sealed version. */
export interface FitterPort {
  /** ρ that these parameters cost, or what stands against the request. Looks at the declaration alone. */
  cost(dataset: Dataset, spec: FitSpec): Result<number, readonly Problem[]>;
  /** The artefact as text, signed with the release key, and what reviewers see of it. Exact counts stay inside. */
  fit(
    input: { readonly context: JobContext; readonly spec: FitSpec },
    signal: AbortSignal,
  ): Promise<Result<FittedModelText, readonly Problem[]>>;
}

export interface FittedModelText {
  readonly artefact: string;
  /** Error bars of the marginals, the widest first. */
  readonly table: ResultTable;
  readonly isolation: IsolationLevel;
}

/** Compares simulation sets with sealed versions, inside. */
export interface FidelityPort {
  /** Shares at two decimals, none of which rests on fewer than k rows; leaves out protected tables with too few rows; refuses where none is left (`synth.too_small`). */
  measure(
    input: {
      readonly context: JobContext;
      readonly simulation: { readonly id: string; readonly label: SimulationLabel; readonly path: string; readonly digest: string };
      /** Label column that is learned from both sides. */
      readonly target?: string;
    },
    signal: AbortSignal,
  ): Promise<Result<FidelityFiles, readonly Problem[]>>;
}

export interface FidelityFiles {
  readonly json: string;
  /** HTML without scripts. */
  readonly page: string;
  /** One line a table, for who reviews it. */
  readonly table: ResultTable;
  readonly isolation: IsolationLevel;
}

/** Learns models from specifications, in a worker over a version. */
export interface TrainerPort {
  /** How many units the cohort has, as a query of the gate. */
  countSql(spec: TrainingSpec): string;
  /** What is learnt from what, or why it may not be asked. Looks at specification and catalogue alone. */
  admit(spec: TrainingSpec, context: JobContext): Promise<Result<Admitted, readonly Problem[]>>;
  /** The files of the model and what the release check found. */
  train(
    input: {
      readonly job: string;
      readonly spec: TrainingSpec;
      readonly context: JobContext;
      readonly runsToday: number;
      /** Null for simulation data only. */
      readonly ledger: LedgerPort | null;
    },
    signal: AbortSignal,
  ): Promise<Result<LearntModel, readonly Problem[]>>;
  /** Where the model of a job has come to, while it is learnt in this process. */
  progressOf(job: string): TrainingProgress | null;
}

export interface LearntModel {
  readonly files: readonly { readonly name: string; readonly bytes: Uint8Array }[];
  readonly report: ModelReport;
  readonly isolation: IsolationLevel;
}

/** The flow of `src/pipeline.ts` with its enclave already in hand. */
export interface PipelinePort {
  /** The same query in the language of the gate. */
  translate(sql: string, dialect: string, dataset: Dataset): Promise<Result<TranslatedQuery, readonly Problem[]>>;
  /** Digests of what the sealed version holds of keys; never a value. */
  verifyKeys(lookup: KeyLookup, context: JobContext): Promise<Result<HeldDigests, readonly Problem[]>>;
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
  readonly models: ModelVault;
  readonly packages: PackageFolder;
  readonly loader: LoaderPort;
  readonly simulator: SimulatorPort;
  readonly pipeline: PipelinePort;
  readonly fitter: FitterPort;
  readonly fidelity: FidelityPort;
  readonly masker: MaskerPort;
  readonly trainer: TrainerPort;
  readonly clock: Clock;
  readonly rng: Rng;
  /** The instance's policy; a dataset may only make it stricter. */
  readonly policy: DisclosurePolicy;
  /** What the jurisdiction says of egress; checked to be usable. */
  readonly egressProfile: EgressProfile;
  /** What another city says, for data of several; throws for one that nobody knows. */
  readonly rulesOfCity: (city: string) => RulesOfCity;
  /** What the jurisdiction says of masked datasets. */
  readonly maskingRules: MaskingRules;
  /** What an hour of computing costs in reports, in fen. */
  readonly hourPriceFen: number;
  /** Which addresses may be those of webhooks. */
  readonly webhookAddress: AddressFault;
  /** ρ that fits may spend on one dataset, over all its versions; 0: none. */
  readonly fitRhoPerDataset: number;
  /** How far merchants reach into simulation sets. */
  readonly simulationAccess: SimulationAccess;
  /** What the enclave gives at present; stands in every intent. */
  readonly isolation: IsolationLevel;
  /** Jobs that run at the same time, 1 or more. */
  readonly jobsAtOnce: number;
  /** Whether this process runs queued jobs; calls of released interfaces it always answers. */
  readonly runsJobs: boolean;
  /** Faults of work nobody waits for. Gets the fault itself: must log its kind, never its text. */
  readonly onFault: (fault: unknown) => void;
}
