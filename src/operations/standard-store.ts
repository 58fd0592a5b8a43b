import type { AuditEvent } from '../audit/event.ts';
import type { ResultTable } from '../pipeline.ts';

/** A table of the owner as it was answered over one version: released, and the same for everybody. Source: gate.md §2. */
export interface StandardTableRecord {
  readonly name: string;
  readonly canonicalSql: string;
  readonly table: ResultTable;
}

/** Which version the tables are of. */
export interface StandardScope {
  readonly dataset: string;
  readonly version: string;
}

/** Reads of standard tables, in the order they were declared. Source: gate.md §2. */
export interface StandardReads {
  of(scope: StandardScope): Promise<readonly StandardTableRecord[]>;
}

/** Writes of standard tables: with the version that they are of, and never again. Source: gate.md §2. */
export interface StandardWrites {
  add(scope: StandardScope, tables: readonly StandardTableRecord[], event: AuditEvent): Promise<void>;
}
