import type { AuditEvent } from '../audit/event.ts';
import { affiliatesAt } from '../egress/affiliation.ts';
import { EGRESS_TRANSITIONS, type EgressOwner, type EgressState, STATE_OWNERS } from '../egress/review-states.ts';
import { isIndependent } from '../egress/review-votes.ts';
import type { Action } from '../identity/permissions.ts';
import { ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { maySee } from './egress-view.ts';
import { reach, refuseAccess } from './guard.ts';
import type { EgressRecord, StoreTransaction } from './ports.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** Whose a request is. Source: requirements.md §6.1. */
export const requestOwner = (request: EgressRecord) => ({ id: request.merchant, organisation: request.organisation });

/** States from which this kind of person may move a request to `to`, by the table. Source: review-states.ts. */
export function egressSourcesOf(to: EgressState, owner: EgressOwner): readonly EgressState[] {
  return EGRESS_TRANSITIONS.filter((item) => item.to === to && item.owners.includes(owner)).map((item) => item.from);
}

/** The request, if the actor may do this to it and may know that it is there. Source: requirements.md §6.1. */
export async function findRequest(ports: OperationsPorts, actor: Actor, action: Action, id: string): Outcome<EgressRecord> {
  const stored = await ports.store.view.egress.get(id);
  const request = stored !== null && maySee(actor, stored) ? stored : null;
  return reach(ports, actor, action, { kind: 'egress', id }, request, requestOwner);
}

/**
 * As `findRequest`, for people who decide about requests of others: never of their own organisation nor of an affiliate of it.
 * Source: requirements.md §6.2 S6.
 */
export async function findToDecide(ports: OperationsPorts, actor: Actor, action: Action, id: string): Outcome<EgressRecord> {
  const found = await findRequest(ports, actor, action, id);
  if (!found.ok) return found;
  const { organisation } = found.value;
  const terms = await ports.store.view.affiliations.of(organisation);
  const affiliates = affiliatesAt(terms, organisation, ports.clock.now().toISOString());
  if (isIndependent(actor, found.value, affiliates)) return found;
  return refuseAccess(ports, actor, action, [problem('access.separation_of_duties', { rule: 'S6' })], { kind: 'egress', id });
}

/** The request as it stands in this transaction. Throws where it is gone: requests are never removed. */
export async function readForDecision(tx: StoreTransaction, id: string): Promise<EgressRecord> {
  const request = await tx.egress.get(id);
  if (request === null) throw new Error('A request disappeared');
  return request;
}

/**
 * The job ends with its request, and so does what the ledger holds for it: released, or free for others. A job that has ended
 * already, by a rejection that was appealed, stays as it is. Source: requirements.md §5.5.
 */
export async function endJob(
  tx: StoreTransaction,
  request: Pick<EgressRecord, 'id' | 'job'>,
  state: EgressState,
  actor: Actor,
): Outcome<null> {
  const event: AuditEvent = {
    operation: 'job.done',
    actor,
    object: request.job,
    outcome: 'done',
    trace: request.job,
    facts: { egress: request.id, state },
  };
  if ((await tx.jobs.get(request.job))?.state === 'DONE') return ok(null);
  const done = await tx.jobs.transition(request.job, { from: ['EGRESS_REQUESTED'], to: 'DONE' }, event);
  if (!done.ok) return done;
  await tx.ledger.settle(request.job, state === 'RELEASED' ? 'released' : 'dropped', event);
  return ok(null);
}

/** The reasons of a request with one more. Source: requirements.md §7.5 (opinions). */
export function withReason(
  ports: Pick<OperationsPorts, 'clock'>,
  request: EgressRecord,
  said: { readonly by: string; readonly step: string; readonly reason: string },
): NonNullable<EgressRecord['reasons']> {
  return [...(request.reasons ?? []), { ...said, at: ports.clock.now().toISOString() }];
}

/** The problem of a step that the state of a request does not allow, with who has the next word. Source: egress-rules.md §2.3 (owner per state). */
export function egressConflict(state: EgressState): Problem {
  return problem('access.state_conflict', { kind: 'egress', state, waitsFor: STATE_OWNERS[state] });
}
