import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { EGRESS_TRANSITIONS, type EgressOwner, type EgressState } from '../egress/review-states.ts';
import type { Action } from '../identity/permissions.ts';
import { APPROVERS_NEEDED, approvedByTwo, mayVote } from '../identity/separation-of-duties.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { egressView, mayReview, maySee, reviewView } from './egress-view.ts';
import { allowed, reach, refuseAccess, within } from './guard.ts';
import type { EgressView, Operations } from './operations.ts';
import type { EgressRecord, StoreTransaction } from './ports.ts';
import { checkedReason, checkedReceipt } from './reason.ts';
import { openContent } from './sealed-content.ts';

type EgressOperations = Pick<Operations, 'listEgress' | 'showEgress' | 'approve' | 'reject' | 'returnToMerchant' | 'withdraw' | 'file'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

const ownerOf = (request: EgressRecord) => ({ id: request.merchant, organisation: request.organisation });

/** States from which this kind of person may move a request to `to`, by the table. */
export function egressSourcesOf(to: EgressState, owner: EgressOwner): readonly EgressState[] {
  return EGRESS_TRANSITIONS.filter((item) => item.to === to && item.owners.includes(owner)).map((item) => item.from);
}

/** The request, if the actor may do this to it and may know that it is there. */
export async function findRequest(ports: OperationsPorts, actor: Actor, action: Action, id: string): Outcome<EgressRecord> {
  const stored = await ports.store.view.egress.get(id);
  const request = stored !== null && maySee(actor, stored) ? stored : null;
  return reach(ports, actor, action, { kind: 'egress', id }, request, ownerOf);
}

/** As `findRequest`, for people who decide about requests of others: never of their own organisation. */
export async function findToDecide(ports: OperationsPorts, actor: Actor, action: Action, id: string): Outcome<EgressRecord> {
  const found = await findRequest(ports, actor, action, id);
  if (!found.ok || (found.value.organisation !== actor.organisation && found.value.merchant !== actor.id)) return found;
  return refuseAccess(ports, actor, action, [problem('access.separation_of_duties', { rule: 'S6' })], { kind: 'egress', id });
}

/** The job ends with its request, and so does what the ledger holds for it: released, or free for others. */
export async function endJob(tx: StoreTransaction, request: EgressRecord, state: EgressState, actor: Actor): Outcome<null> {
  const event: AuditEvent = {
    operation: 'job.done',
    actor,
    object: request.job,
    outcome: 'done',
    trace: request.job,
    facts: { egress: request.id, state },
  };
  const done = await tx.jobs.transition(request.job, { from: ['EGRESS_REQUESTED'], to: 'DONE' }, event);
  if (!done.ok) return done;
  await tx.ledger.settle(request.job, state === 'RELEASED' ? 'released' : 'dropped', event);
  return ok(null);
}

async function readForDecision(tx: StoreTransaction, id: string): Promise<EgressRecord> {
  const request = await tx.egress.get(id);
  if (request === null) throw new Error('A request disappeared');
  return request;
}

async function castApproval(ports: OperationsPorts, actor: Actor, seen: EgressRecord, reason: string): Outcome<EgressRecord> {
  const content = await openContent(ports, seen);
  if (!content.ok) return content;
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, seen.id);
    if (request.state !== 'REVIEW') return err([problem('access.state_conflict', { kind: 'egress', state: request.state })]);
    // The bytes that were opened are the bytes that are voted on.
    if (request.contentDigest !== seen.contentDigest) return err([problem('egress.content_changed', {})]);
    const independent = mayVote(actor, request, await tx.egress.votes(request.id));
    if (!independent.ok) return independent;
    const { id: egress, round, contentDigest, job } = request;
    const facts = { job, contentDigest, round, vote: 'approve', state: 'REVIEW', reasonDigest: textDigest(reason) };
    const common = { actor, object: egress, outcome: 'done', trace: job } as const;
    const cast = { egress, round, voter: actor.id, organisation: actor.organisation, vote: 'approve', reason, contentDigest } as const;
    const voted = await tx.egress.vote(cast, { ...common, operation: 'egress.vote', facts });
    if (!voted.ok) return voted;
    if (!approvedByTwo(request, await tx.egress.votes(egress))) return ok(request);
    const check = { ...common, actor: SYSTEM_ACTOR, operation: 'egress.check', facts: { job, contentDigest, state: 'CHECKED' } } as const;
    return tx.egress.transition(egress, { from: egressSourcesOf('CHECKED', 'operator'), to: 'CHECKED' }, check);
  });
}

async function castRejection(ports: OperationsPorts, actor: Actor, id: string, reason: string): Outcome<EgressRecord> {
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { round, contentDigest, job } = request;
    const facts = { job, contentDigest, round, vote: 'reject', state: 'REJECTED', reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'egress.vote', actor, object: id, outcome: 'done', trace: job, facts };
    const said = { by: actor.id, step: 'reject', at: ports.clock.now().toISOString(), reason };
    const patch = { reasons: [...(request.reasons ?? []), said] };
    const rejected = await tx.egress.transition(id, { from: egressSourcesOf('REJECTED', 'operator'), to: 'REJECTED', patch }, event);
    if (!rejected.ok) return rejected;
    // Who approved earlier may still stop it: the rejection then stands as reason and state, not as a second vote.
    if (mayVote(actor, request, await tx.egress.votes(id)).ok) {
      const cast = { egress: id, round, voter: actor.id, organisation: actor.organisation, vote: 'reject', reason, contentDigest } as const;
      const voted = await tx.egress.vote(cast, event);
      if (!voted.ok) return voted;
    }
    const ended = await endJob(tx, request, 'REJECTED', actor);
    return ended.ok ? rejected : ended;
  });
}

/** A step with a reason and nothing else: return, withdraw. */
async function stepWithReason(
  ports: OperationsPorts,
  actor: Actor,
  id: string,
  reason: string,
  step: { readonly to: 'RETURNED' | 'WITHDRAWN'; readonly owner: EgressOwner },
): Outcome<EgressRecord> {
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { job, round } = request;
    const reasonDigest = textDigest(reason);
    const common = { actor, object: id, outcome: 'done', trace: job } as const;
    const event: AuditEvent =
      step.to === 'RETURNED'
        ? { ...common, operation: 'egress.return', facts: { job, round, reasonDigest } }
        : { ...common, operation: 'egress.withdraw', facts: { job, from: request.state, reasonDigest } };
    const said = { by: actor.id, step: step.to.toLowerCase(), at: ports.clock.now().toISOString(), reason };
    const patch = { reasons: [...(request.reasons ?? []), said] };
    const moved = await tx.egress.transition(id, { from: egressSourcesOf(step.to, step.owner), to: step.to, patch }, event);
    if (!moved.ok || step.to === 'RETURNED') return moved;
    const ended = await endJob(tx, request, step.to, actor);
    return ended.ok ? moved : ended;
  });
}

/**
 * Sends a request back to review in a new round where its votes no longer stand for its content: the old votes are void.
 * Nothing happens where they do stand. Source: review-states.ts, guard `digest_changed`.
 */
export async function voidFallenVotes(ports: OperationsPorts, id: string): Promise<void> {
  await ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { job, contentDigest, round } = request;
    if (approvedByTwo(request, await tx.egress.votes(id))) return err([]);
    const facts = { job, contentDigest, state: 'REVIEW', rules: ['egress.not_approved'] };
    const event: AuditEvent = { operation: 'egress.check', actor: SYSTEM_ACTOR, object: id, outcome: 'refused', trace: job, facts };
    return tx.egress.transition(
      id,
      { from: egressSourcesOf('REVIEW', 'system').filter(isAfterVotes), to: 'REVIEW', patch: { round: round + 1 } },
      event,
    );
  });
}

const isAfterVotes = (state: EgressState): boolean => state !== 'AUTO_CHECK';

async function recordReceipt(ports: OperationsPorts, actor: Actor, seen: EgressRecord, receipt: string): Outcome<EgressRecord> {
  const content = await openContent(ports, seen);
  if (!content.ok) return content;
  const { id, job, contentDigest } = seen;
  const facts = { job, contentDigest, receiptDigest: textDigest(receipt) };
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    if (request.contentDigest !== contentDigest) return err([problem('egress.content_changed', {})]);
    const fallen = request.state === 'CHECKED' && !approvedByTwo(request, await tx.egress.votes(id));
    if (fallen) return err([problem('egress.not_approved', { needed: APPROVERS_NEEDED })]);
    return tx.egress.transition(
      id,
      { from: egressSourcesOf('FILED', 'supervisor'), to: 'FILED', patch: { filingReceipt: receipt } },
      { operation: 'egress.file', actor, object: id, outcome: 'done', trace: job, facts },
    );
  });
}

async function show(ports: OperationsPorts, actor: Actor, id: string): Outcome<EgressView> {
  const found = await findRequest(ports, actor, 'egress.read', id);
  if (!found.ok) return found;
  const request = found.value;
  if (!mayReview(actor, request)) return ok(egressView(actor, request));
  const { job, contentDigest } = request;
  await ports.audit.append({ operation: 'egress.view', actor, object: id, outcome: 'done', trace: job, facts: { job, contentDigest } });
  const content = await openContent(ports, request);
  return ok(reviewView(actor, request, await ports.store.view.egress.votes(id), content.ok ? content.value : null));
}

/** Review of what wants to leave: looking, voting, returning, withdrawing, filing. Source: requirements.md §5.6. */
export function egressOperations(ports: OperationsPorts): EgressOperations {
  type Deed = (request: EgressRecord, text: string) => Outcome<EgressRecord>;
  const decide = async (
    actor: Actor,
    action: Action,
    id: string,
    text: Result<string, readonly Problem[]>,
    deed: Deed,
  ): Outcome<EgressView> => {
    const found = await (action === 'egress.withdraw' ? findRequest : findToDecide)(ports, actor, action, id);
    if (!found.ok) return found;
    if (!text.ok) return text;
    const done = await deed(found.value, text.value);
    if (done.ok) return ok(egressView(actor, done.value));
    if (done.error.some((item) => item.code === 'egress.not_approved')) await voidFallenVotes(ports, id);
    const separated = done.error.find((item) => item.code === 'access.separation_of_duties');
    return separated === undefined ? done : refuseAccess(ports, actor, action, [separated], { kind: 'egress', id });
  };

  return {
    async listEgress(actor, filter) {
      const scope = await allowed(ports, actor, 'egress.read');
      if (!scope.ok) return scope;
      const requests = await ports.store.view.egress.list({
        ...(scope.value === 'own' ? { merchant: actor.id } : {}),
        ...(filter.state === undefined ? {} : { states: [filter.state] }),
      });
      const mine = within(scope.value, actor, requests, ownerOf).filter((request) => maySee(actor, request));
      return ok(mine.map((request) => egressView(actor, request)));
    },

    showEgress: (actor, id) => show(ports, actor, id),

    approve: (actor, { id, reason }) =>
      decide(actor, 'egress.vote', id, checkedReason(reason), (request, text) => castApproval(ports, actor, request, text)),

    reject: (actor, { id, reason }) =>
      decide(actor, 'egress.vote', id, checkedReason(reason), (request, text) => castRejection(ports, actor, request.id, text)),

    returnToMerchant: (actor, { id, reason }) =>
      decide(actor, 'egress.vote', id, checkedReason(reason), (request, text) =>
        stepWithReason(ports, actor, request.id, text, { to: 'RETURNED', owner: 'operator' }),
      ),

    withdraw: (actor, { id, reason }) =>
      decide(actor, 'egress.withdraw', id, checkedReason(reason), (request, text) =>
        stepWithReason(ports, actor, request.id, text, { to: 'WITHDRAWN', owner: 'merchant' }),
      ),

    file: (actor, { id, receipt }) =>
      decide(actor, 'egress.file', id, checkedReceipt(receipt), (request, text) => recordReceipt(ports, actor, request, text)),
  };
}
