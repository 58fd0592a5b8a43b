import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Grant } from '../catalog/grant.ts';
import type { Result } from '../kernel/result.ts';
import type { ResultTable } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { SimulationState } from './simulation-states.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

/** L0: from the declaration alone. L1: sampled from a model that was fitted under differential privacy and released. */
export type SimulationLabel = 'SIMULATED-L0' | 'SIMULATED-L1';

export const SIMULATION_FORMATS = ['csv', 'parquet', 'duckdb'] as const;
export type SimulationFormat = (typeof SIMULATION_FORMATS)[number];

/** Whether identifiers can belong to nobody (`safe`), or are such as people have (`realistic`). Source: synthetic-and-masking.md §3. */
export const IDENTIFIER_MODES = ['safe', 'realistic'] as const;
export type IdentifierMode = (typeof IDENTIFIER_MODES)[number];

export interface SimulationView {
  readonly id: string;
  readonly dataset: string;
  readonly state: SimulationState;
  readonly rows: number;
  readonly seed: string;
  readonly label: SimulationLabel;
  readonly digest: string;
  readonly createdAt: string;
  /** Version in force when it was made; null before the first load. */
  readonly datasetVersion: string | null;
  /** Who had the set made again and compared, and who published it. */
  readonly checkedBy?: string;
  readonly publishedBy?: string;
  /** L1 only: the release that the model came out with. */
  readonly model?: string;
  /** Absent: `safe`. */
  readonly mode?: IdentifierMode;
  readonly tables: readonly { readonly table: string; readonly rows: number; readonly digest: string }[];
}

/** What admission reads: declaration, what the loader measured of the simulated rows, thresholds, and what may be asked. No real figure. */
export interface SimulationKit {
  readonly format: 'sluice-kit-1';
  readonly simulation: SimulationView;
  /** SHA-256 of the declaration's tables; see `schemaDigest`. */
  readonly schemaDigest: string;
  readonly dataset: Dataset;
  /** Measured on the simulated rows alone. */
  readonly version: DatasetVersion;
  readonly policy: DisclosurePolicy;
  /** Of the asker's grant; without one every table, as a merchant who has none yet may look around. */
  readonly grant: Pick<Grant, 'tables' | 'endsOn' | 'scenario'> & { readonly live: boolean };
}

/** A set that is being made. */
export interface SimulationUnderWay {
  readonly id: string;
  readonly dataset: string;
  readonly rows: number;
  /** Of the work, 0 to 100. */
  readonly percent: number;
  readonly startedAt: string;
}

/** What can be asked about simulation sets. Source: requirements GZ-7a, GZ-16b, GZ-20b, GZ-21a. */
export interface SimulationOperations {
  /** `model`: the release of a fitted model; then the rows are sampled from it. `sql`: a query whose conditions some rows satisfy. */
  simulate(
    actor: Actor,
    input: {
      readonly dataset: string;
      readonly rows: number;
      readonly seed: string;
      readonly model?: string | undefined;
      readonly sql?: string | undefined;
      /** `realistic` is for operators alone, and on record. Default: `safe`. */
      readonly mode?: IdentifierMode | undefined;
    },
  ): Refusable<SimulationView>;
  /** Sets of a dataset that this process is making now: the asker's own, or all for who reads all. Gone once they are made or refused. */
  simulationsUnderWay(actor: Actor, dataset: string): Refusable<readonly SimulationUnderWay[]>;
  listSimulations(actor: Actor, dataset: string): Refusable<readonly SimulationView[]>;
  showSimulation(actor: Actor, id: string): Refusable<SimulationView>;
  /** Operators. Makes the set again from seed and declaration in a process of its own and compares every byte. */
  checkSimulation(actor: Actor, id: string): Refusable<SimulationView>;
  /** Operators. A set that was not checked is checked first. */
  publishSimulation(actor: Actor, id: string): Refusable<SimulationView>;
  /** Operators. The files go for good. */
  withdrawSimulation(actor: Actor, input: { readonly id: string; readonly reason: string }): Refusable<SimulationView>;
  /** The first rows of one table, at most 100. */
  previewSimulation(actor: Actor, input: { readonly id: string; readonly table: string; readonly rows: number }): Refusable<ResultTable>;
  /** One table as CSV (UTF-8) or Parquet; as a DuckDB file the whole set, whatever `table` says. */
  simulationFile(
    actor: Actor,
    input: { readonly id: string; readonly table?: string | undefined; readonly format: SimulationFormat },
  ): Refusable<AsyncIterable<Uint8Array>>;
  /** What admission needs of a set, for who works without a server. */
  simulationKit(actor: Actor, id: string): Refusable<SimulationKit>;
}
