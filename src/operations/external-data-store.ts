import type { AuditEvent } from '../audit/event.ts';
import type { Kept } from './store-step.ts';

export const EXTERNAL_STATES = ['REGISTERED', 'WITHDRAWN'] as const;

/** A list of people that others have (a voters' list, a club's members), against which masked datasets of a table are checked. Its rows are sealed, not here. */
export interface ExternalDataRecord {
  readonly id: string;
  readonly dataset: string;
  readonly table: string;
  readonly name: string;
  /** Where it comes from and on what ground it is kept. */
  readonly source: string;
  readonly state: (typeof EXTERNAL_STATES)[number];
  /** Columns it shares with the table, by name. */
  readonly columns: readonly string[];
  readonly people: number;
  readonly digest: string;
  readonly registeredBy: string;
  readonly registeredAt: string;
}

export interface ExternalDataReads {
  get(id: string): Promise<ExternalDataRecord | null>;
  /** Newest first. */
  list(dataset?: string): Promise<readonly ExternalDataRecord[]>;
}

export interface ExternalDataWrites {
  add(record: Omit<ExternalDataRecord, 'state' | 'registeredAt'>, event: AuditEvent): Promise<ExternalDataRecord>;
  /** From REGISTERED only. */
  withdraw(id: string, event: AuditEvent): Kept<ExternalDataRecord>;
}
