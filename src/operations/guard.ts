import type { Action } from '../identity/permissions.ts';
import { permit, scopeOf } from '../identity/permit.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { Owner } from './ports.ts';

export type Refusal = { readonly ok: false; readonly error: readonly Problem[] };

/** What a person wants to do to one object. `owner` null: there is no such object. */
export interface Target {
  readonly kind: 'dataset' | 'load' | 'simulation' | 'job' | 'egress' | 'release';
  readonly id: string;
  readonly owner: Owner | null;
}

const SAFE_ID = /^[A-Za-z0-9_.:@-]{1,200}$/;

/**
 * Refuses on grounds of access and leaves a trace of it in the log. The same for an object of somebody else as for one
 * that does not exist: same answer, same entry.
 */
export async function refuseAccess(
  ports: OperationsPorts,
  actor: Actor,
  action: Action,
  problems: readonly Problem[],
  object?: { readonly kind: string; readonly id: string },
): Promise<Refusal> {
  await ports.audit.append({
    operation: 'auth.refused',
    actor,
    object: action,
    outcome: 'refused',
    facts: {
      action,
      problem: problems[0]?.code,
      objectKind: object?.kind,
      // What was asked for comes from outside: only what can be an id is kept.
      objectId: object !== undefined && SAFE_ID.test(object.id) ? object.id : undefined,
    },
  });
  return err(problems);
}

/** Whether some role of the actor has the action at all, and how far: for lists and for what has no owner. */
export async function allowed(ports: OperationsPorts, actor: Actor, action: Action): Promise<Result<'all' | 'own', readonly Problem[]>> {
  const scope = scopeOf(actor, action);
  return scope === null ? refuseAccess(ports, actor, action, [problem('access.forbidden', { action })]) : ok(scope);
}

/** Whether the actor may do this to that object; see `permit`. Refusals are audited. */
export async function allowedOn(
  ports: OperationsPorts,
  actor: Actor,
  action: Action,
  target: Target,
): Promise<Result<true, readonly Problem[]>> {
  const scope = await allowed(ports, actor, action);
  if (!scope.ok) return scope;
  const { kind, id, owner } = target;
  if (owner === null) return refuseAccess(ports, actor, action, [problem('access.not_found', { kind })], { kind, id });
  const permitted = permit(actor, action, { kind, owner });
  return permitted.ok ? permitted : refuseAccess(ports, actor, action, permitted.error, { kind, id });
}

/** The record, if there is one and the actor may do this to it. */
export async function reach<T>(
  ports: OperationsPorts,
  actor: Actor,
  action: Action,
  target: Omit<Target, 'owner'>,
  record: T | null,
  ownerOf: (record: T) => Owner,
): Promise<Result<T, readonly Problem[]>> {
  const permitted = await allowedOn(ports, actor, action, { ...target, owner: record === null ? null : ownerOf(record) });
  if (!permitted.ok) return permitted;
  if (record === null) throw new Error('Permitted on an object that does not exist');
  return ok(record);
}

/** Leaves out what is not the actor's where the scope is `own`. */
export function within<T>(scope: 'all' | 'own', actor: Actor, records: readonly T[], ownerOf: (record: T) => Owner): readonly T[] {
  if (scope === 'all') return records;
  return records.filter((record) => {
    const owner = ownerOf(record);
    return owner.id === actor.id && owner.organisation === actor.organisation;
  });
}
