import type { Transaction } from 'kysely';
import type { AuditEvent } from '../audit/event.ts';
import { err } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Database } from './schema.ts';
import type { SealedFields } from './sealed-field.ts';

/** What every writing method of a repository works with. */
export interface Writing {
  readonly tx: Transaction<Database>;
  /** The instant of the transaction, ISO 8601 UTC: the same in its records and its audit entries. */
  readonly at: string;
  readonly fields: SealedFields;
  /** Appends the event and gives its number. No record is changed but beside a call of this. */
  record(event: AuditEvent): Promise<number>;
}

/** Throws when the event tells of another object than the one that changes: a bug of the caller. */
export function requireAbout(event: AuditEvent, id: string): void {
  if (event.object !== id && event.trace !== id) throw new TypeError(`Audit event ${event.operation} is not about the record that changes`);
}

export function notFound(kind: string): { readonly ok: false; readonly error: readonly Problem[] } {
  return err([problem('access.not_found', { kind })]);
}

export function conflict(kind: string, state: string): { readonly ok: false; readonly error: readonly Problem[] } {
  return err([problem('access.state_conflict', { kind, state })]);
}
