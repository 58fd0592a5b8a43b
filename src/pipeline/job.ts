import type { ColumnLineage } from '../catalog/column-lineage.ts';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import type { DisclosureMode } from '../catalog/disclosure-mode.ts';
import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import type { Grant } from '../catalog/grant.ts';
import type { AnsweredRows } from '../egress/decide.ts';
import type { LinearSolver } from '../egress/ledger/feasibility.ts';
import type { Rng } from '../kernel/rng.ts';
import type { Enclave, IsolationLevel, SessionLimits } from '../sandbox/enclave/port.ts';
import type { RunWasm } from '../sandbox/models/score/wasm-scorer.ts';
import type { RunStatement } from './enclave-fault.ts';
import type { LedgerPort } from './ledger-port.ts';
import type { StatementReaders } from './statement-readers.ts';

/** Everything one job may know besides its own text. */
export interface JobContext {
  readonly dataset: Dataset;
  readonly version: DatasetVersion;
  /** Path of the sealed file of `version`. */
  readonly sealedPath: string;
  readonly grant: Grant;
  readonly policy: DisclosurePolicy;
  /** `name@version` of the masking policy that `dataset` carries; absent where none is in force. */
  readonly maskPolicy?: string;
  /** Absent: exact or withheld. */
  readonly mode?: DisclosureMode;
  /** A merchant's model whose scores the query is about. Checked by nobody yet. */
  readonly scoring?: ScoringModel;
}

/** A model file as it was handed in. */
export interface ScoringModel {
  readonly format: 'onnx' | 'wasm';
  readonly bytes: Uint8Array;
}

export interface PipelinePorts {
  readonly enclave: Enclave;
  /** For admission of submissions; absent: every text is read in a process of its own. */
  readonly readers?: StatementReaders;
  /** Limits of the worker that reads data; those of the product where absent. */
  readonly limits?: SessionLimits;
  /** What was released before. Absent for simulation data, of which everything may be known. */
  readonly ledger?: LedgerPort;
  /** For intervals of withheld cells beside totals. */
  readonly solver?: LinearSolver;
  /** Where noise comes from. Needed under differential privacy only. */
  readonly rng?: Rng;
  /** Awaited after admission and before any data is touched. What it throws ends the job. */
  readonly onIntent?: () => Promise<void>;
  /** Runs code of a merchant in a process of its own. */
  readonly runWasm?: RunWasm;
  /** Makes rows of its own in the worker before the first gate runs; gates run with what it gives. */
  readonly onOpened?: (run: RunStatement, signal?: AbortSignal) => Promise<RunStatement>;
}

/** A released-shape table: canonical order; null stands where a cell is withheld. */
export interface ResultTable {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly (string | number | boolean | null)[])[];
}

/** One gate of a statement: the queries whose figures it gave, and what of them may leave. */
export interface AnsweredGate {
  readonly name: string;
  /** How many of the columns are labels. */
  readonly keys: number;
  /** One query for each set of dropped operands, with the labels of its rows. */
  readonly answered: readonly AnsweredRows[];
  /** Figures that stand as they were released before: the queries above do not give them. */
  readonly replaced?: readonly {
    readonly labels: readonly (string | number | boolean | null)[];
    readonly column: string;
    /** The query that gave them, and the labels of its row, as operators see it. */
    readonly by?: { readonly sql: string; readonly labels: readonly (string | number | boolean | null)[] };
  }[];
  readonly table: ResultTable;
}

/** One reason behind a decision; for operators, and for merchants on simulation data only. */
export interface Finding {
  readonly rule: string;
  readonly severity: 'info' | 'soft' | 'hard';
  readonly cell?: string;
  readonly column?: string;
  readonly text: string;
}

/** A literal or bin edge that a statement holds against a protected column. For the probing budget alone. Source: gate.md §9. */
export interface Probe {
  /** `table.column`, or `derived` for what the statement computes per unit itself. */
  readonly column: string;
  readonly literal: string;
}

/** What is shown to the merchant before the run: canonical text, and what was rounded. Depends on query and catalogue only. */
export interface Admitted {
  /** Set where the merchant wrote another dialect: which, and what its translation could not keep. */
  readonly translation?: { readonly dialect: string; readonly differences: readonly string[] };
  readonly canonicalSql: string;
  /** SHA-256 of the canonical text, hex. What simulation passed is what may be promoted. */
  readonly artefactHash: string;
  /** How its figures leave, with all parameters, where not exactly. */
  readonly mode?: DisclosureMode;
  /** Under differential privacy, the noise of its figures in words. */
  readonly noise?: readonly string[];
  readonly tables: readonly string[];
  readonly columns: readonly string[];
  /** What each column of the result derives from; absent where it was no query. */
  readonly lineage?: readonly ColumnLineage[];
  readonly roundings: readonly {
    readonly column: string;
    readonly from: string;
    readonly to: string;
    readonly line: number;
    readonly at: number;
  }[];
  /** Never kept with the job nor shown: present on the way from admission to the decision only. */
  readonly probes?: readonly Probe[];
}

/** The verdict on a job with everything an operator needs to judge it. The result itself is not released by it. */
export interface Decided {
  readonly admitted: Admitted;
  readonly verdict: 'releasable' | 'withheld';
  readonly table: ResultTable;
  readonly withheldRows: number;
  readonly withheldCells: number;
  /** Labels of a public domain without a released row, empty or small alike; null where labels are not public. All a merchant may know, and that in bands. */
  readonly publicLabelsWithheld: number | null;
  readonly findings: readonly Finding[];
  /** Each once. */
  readonly probes: readonly Probe[];
  /** What was really answered, gate by gate: for operators and the ledger, never for merchants. */
  readonly gates: readonly AnsweredGate[];
  readonly isolation: IsolationLevel;
  readonly datasetVersion: string;
}
