import type { DisclosureMode } from './disclosure-mode.ts';
import type { SimulationHints } from './simulation-hints.ts';

/** Sensitivity labels of a column. Work secrets and state secrets never enter the sandbox. */
export type Label = 'none' | 'personal' | 'sensitivePersonal' | 'tradeSecret' | 'workSecret' | 'stateSecret';

/** What a column is for; the permissions of each role stand in `permissions.ts`. */
export type Role = 'unitId' | 'directId' | 'quasiId' | 'sensitive' | 'measure' | 'dimension';

/** One hop of a unit path: rows of the table at hand find their row in `table` by `from = table.to`. */
export interface Hop {
  readonly from: string;
  readonly table: string;
  readonly to: string;
}

/** Way from a row to its unit: zero or more hops, then the unit's column in the last table. */
export interface UnitPath {
  readonly hops: readonly Hop[];
  readonly column: string;
}

export interface ForeignKey {
  readonly columns: readonly string[];
  readonly table: string;
  readonly references: readonly string[];
}

export interface Column {
  readonly name: string;
  /** DuckDB type name as declared, upper case: `VARCHAR`, `DECIMAL(12,2)`, … */
  readonly type: string;
  readonly label: Label;
  readonly role: Role;
  readonly nullable: boolean;
  readonly semantic?: string;
  /** Inclusive; numbers, or ISO dates for DATE and TIMESTAMP. */
  readonly bounds?: readonly [number | string, number | string];
  /** Closed list of values. */
  readonly domain?: readonly (string | number)[];
  /** Whether the domain itself is public knowledge. */
  readonly publicDomain: boolean;
  /** Columns of one family hold the same fact. Default: `table.column`. */
  readonly factFamily: string;
  /** Grid that literals are rounded to. Default by type and role. */
  readonly grid?: string;
  /** How queries may show it: not at all, or no finer than so (dates; codes of regions). Undefined: as its role says. */
  readonly masking?: 'withheld' | 'decade' | 'year' | 'quarter' | 'month' | 'county' | 'prefecture' | 'province';
  /** File of its generalisation levels, `value;level1;…`, relative to the declaration: for masked datasets. */
  readonly hierarchy?: string;
}

export interface Table {
  readonly name: string;
  readonly visibility: 'public' | 'protected';
  readonly primaryKey: readonly string[];
  readonly foreignKeys: readonly ForeignKey[];
  /** Unit type → path. Empty for public tables. The first one sorts the sealed table. */
  readonly units: Readonly<Record<string, UnitPath>>;
  readonly standingFilters: readonly string[];
  /** In declared order. */
  readonly columns: readonly Column[];
  /** Hint for simulation. */
  readonly rows?: number;
  /** Published facts that simulation follows. */
  readonly simulation?: SimulationHints;
}

/**
 * Proof that the data were lawfully public before they came here: on which basis, the SHA-256 (lower-case hex) of the evidence that is
 * kept outside, and which office confirmed it. Source: requirements.md GZ-4b, GZ-28c.
 */
export interface PublicSource {
  readonly legalBasis: string;
  readonly evidenceDigest: string;
  readonly confirmedBy: string;
}

/** A table that the owner publishes: its name and the query that gives it. Source: gate.md §2 (standard tables). */
export interface StandardTable {
  readonly name: string;
  readonly sql: string;
}

/** What a declaration says of one dataset, checked and normalised. The same for every version of its data. */
export interface Dataset {
  readonly name: string;
  readonly title: { readonly zh: string; readonly en: string };
  readonly provider: string;
  readonly collectedBy?: string;
  readonly verifiedBy?: string;
  readonly grade: string;
  readonly shareType: string;
  readonly openness: string;
  readonly updateFrequency: string;
  /** May only raise the profile's. */
  readonly k?: number;
  /** Cities whose data went into it, besides that of the instance: their rules hold together with it. Source: requirements.md §4.3. */
  readonly cities?: readonly string[];
  readonly publicSource?: PublicSource;
  /** How figures leave; absent: exact or withheld. Source: gate.md §8. */
  readonly mode?: DisclosureMode;
  /** Withheld rows of a result are merged into one, `其他`, where that is safe. Source: gate.md §7. */
  readonly mergeWithheld?: boolean;
  /** Queries of the owner, answered over every new version for all merchants. Source: gate.md §2. */
  readonly standardTables?: readonly StandardTable[];
  readonly tables: readonly Table[];
}

/** Names of the columns that the loader adds to a sealed protected table. Reserved: no declared column may start with `__`. */
export const UNIT_COLUMN = (unitType: string): string => `__u_${unitType}`; // INTEGER, dense from 0 per unit type and version; NULL = no unit
export const BUCKET_COLUMN = (unitType: string): string => `__b_${unitType}`; // USMALLINT, 0 … BUCKETS-1, keyed hash of the unit; NULL = no unit
export const UNIT_KEY_COLUMN = (unitType: string): string => `__h_${unitType}`; // INTEGER, 1 … 2³¹-2, keyed hash of the unit, the same in every table and version; NULL = no unit
export const ROW_KEY_COLUMN = '__rk'; // INTEGER, 31-bit keyed hash of the primary key

/** B of `gate.md` §2: at least 4 k for every k ever allowed. */
export const BUCKETS = 256;

/** What the loader measured of one protected table and unit type. Stays inside the domain: exact figures. */
export interface UnitProfile {
  readonly table: string;
  readonly unitType: string;
  readonly units: number;
  readonly rows: number;
  readonly rowsWithoutUnit: number;
  readonly maxRowsPerUnit: number;
  /** Numeric columns only; figures as decimal text. `maxUnitAbsSum`: the largest Σ|x| of one unit. */
  readonly columns: Readonly<
    Record<
      string,
      { readonly min: string | null; readonly max: string | null; readonly nulls: number; readonly maxUnitAbsSum: string | null }
    >
  >;
}

/** What the loader measured of one table whatever its units. Stays inside the domain. */
export interface TableProfile {
  readonly table: string;
  readonly rows: number;
  /** Columns (single) whose values proved unique; primary key included. Join keys that cannot fan out. */
  readonly uniqueColumns: readonly string[];
  /** Of public tables: pairs of columns whose values together occur once, of which neither does by itself. */
  readonly uniquePairs?: readonly (readonly [string, string])[];
  /** Of public tables: columns of more different values than a result has room for classes. Source: ADR 0044. */
  readonly manyValued?: readonly string[];
  /** Of protected tables: pairs of columns that hold the same in many rows, as planned and actual dates do. Source: ADR 0049. */
  readonly alike?: readonly (readonly [string, string])[];
  /** Per column with a closed domain: the least number of units of any value of it, by unit type. For the grid's exemption. */
  readonly leastUnitsPerValue: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Number of NULLs by column, for columns present in the sealed file. */
  readonly nulls: Readonly<Record<string, number>>;
}

export interface DataProfile {
  readonly tables: readonly TableProfile[];
  readonly units: readonly UnitProfile[];
}

/** One immutable load of a dataset. `digest` is the SHA-256 of the sealed file, lower-case hex. */
export interface DatasetVersion {
  readonly dataset: string;
  readonly version: string;
  readonly digest: string;
  readonly bytes: number;
  readonly state: 'queryable' | 'withdrawn' | 'erased';
  readonly loadedAt: string;
  /** `real` from a source department, `simulation` from the L0 generator. */
  readonly origin: 'real' | 'simulation';
  readonly profile: DataProfile;
}

export function findTable(dataset: Dataset, name: string): Table | undefined {
  return dataset.tables.find((table) => table.name === name);
}

export function findColumn(table: Table, name: string): Column | undefined {
  return table.columns.find((column) => column.name === name);
}

/** Columns that stand in the sealed file: those some permission of their role allows to be used (`gate.md` §2). */
export function isSealedColumn(column: Column): boolean {
  return column.role !== 'directId';
}
