import type { AUDIT_OPERATIONS, AuditOperation, FactKind, ObjectKind } from './operation.ts';

interface FactValues {
  readonly id: string;
  readonly ids: readonly string[];
  readonly digest: string;
  readonly digests: readonly string[];
  readonly code: string;
  readonly codes: readonly string[];
  readonly band: string;
  readonly number: number;
  readonly flag: boolean;
}

type FactsFrom<K extends Readonly<Record<string, FactKind>>> = { readonly [Name in keyof K]?: FactValues[K[Name]] | undefined };

/** The facts that one operation may carry; each is optional. */
export type AuditFacts<O extends AuditOperation = AuditOperation> = FactsFrom<(typeof AUDIT_OPERATIONS)[O]['facts']>;

/** Who did it. `system` for what the instance does by itself, `unknown` for a caller that could not be told. */
export interface AuditActor {
  readonly id: string;
  readonly organisation: string;
  readonly roles: readonly string[];
}

export interface AuditObject {
  readonly kind: ObjectKind;
  readonly id: string;
}

/** `done`: it happened. `refused`: rules said no. `failed`: it was tried and a fault ended it. */
export type AuditOutcome = 'done' | 'refused' | 'failed';

/**
 * What happened, as the one who did it says it. Sequence number, time and hashes are added when it is appended.
 * A closed union: TypeScript refuses unknown operations and facts, `auditEntry` refuses them again at run time.
 */
export type AuditEvent = {
  readonly [O in AuditOperation]: {
    readonly operation: O;
    readonly actor: AuditActor;
    /** Id of the object; its kind is fixed by the operation. */
    readonly object: string;
    readonly outcome: AuditOutcome;
    readonly facts: AuditFacts<O>;
    /** Ties the entries of one chain together, source to destination: usually the job's id. */
    readonly trace?: string | undefined;
  };
}[AuditOperation];

/** The instance itself as actor: timers, restarts, the runner. */
export const SYSTEM_ACTOR: AuditActor = { id: 'system', organisation: 'system', roles: [] };
