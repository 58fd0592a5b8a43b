import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { affiliatesAt } from '../egress/affiliation.ts';
import { hardStops, rulesToWaive } from '../egress/finding.ts';
import type { EgressState } from '../egress/review-states.ts';
import type { Action } from '../identity/permissions.ts';
import { scopeOf } from '../identity/permit.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import {
  egressConflict,
  egressSourcesOf,
  endJob,
  findRequest,
  findToDecide,
  readForDecision,
  requestOwner,
  withReason,
} from './egress-access.ts';
import { egressView, insideView, mayReview, maySee, reviewView } from './egress-view.ts';
import { allowed, within } from './guard.ts';
import type { EgressView, Operations } from './operations.ts';
import { readPage } from './page-wish.ts';
import type { EgressRecord, StoreTransaction } from './ports.ts';
import { checkedReason, checkedReceipt } from './reason.ts';
import { peopleNeeded, tallyOf } from './review-standing.ts';
import { openContent } from './sealed-content.ts';
import { tellVerdict } from './verdict-notice.ts';

type EgressOperations = Pick<
  Operations,
  'listEgress' | 'showEgress' | 'withdraw' | 'file' | 'clear' | 'assess' | 'appeal' | 'decideAppeal'
>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/**
 * Sends a request back to review in a new round where its votes no longer stand for its content: the old votes are void.
 * Nothing happens where they do stand. Source: review-states.ts, guard `digest_changed`.
 */
export async function voidFallenVotes(ports: OperationsPorts, id: string): Promise<void> {
  await ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { job, contentDigest, round } = request;
    if ((await tallyOf(ports, tx, request)).standing === 'passed') return err([]);
    const facts = { job, contentDigest, state: 'REVIEW', rules: ['egress.not_approved'] };
    const event: AuditEvent = { operation: 'egress.check', actor: SYSTEM_ACTOR, object: id, outcome: 'refused', trace: job, facts };
    const from = egressSourcesOf('REVIEW', 'system').filter((state) => state !== 'AUTO_CHECK');
    return tx.egress.transition(id, { from, to: 'REVIEW', patch: { round: round + 1 } }, event);
  });
}

async function recordReceipt(ports: OperationsPorts, actor: Actor, seen: EgressRecord, receipt: string): Outcome<EgressRecord> {
  const content = await openContent(ports, seen);
  if (!content.ok) return content;
  const { id, job, contentDigest } = seen;
  const facts = { job, contentDigest, receiptDigest: textDigest(receipt) };
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    if (request.contentDigest !== contentDigest) return err([problem('egress.content_changed', {})]);
    const fallen = request.state === 'CHECKED' && (await tallyOf(ports, tx, request)).standing !== 'passed';
    if (fallen) return err([problem('egress.not_approved', { needed: peopleNeeded(ports, request) })]);
    return tx.egress.transition(
      id,
      { from: egressSourcesOf('FILED', 'supervisor'), to: 'FILED', patch: { filingReceipt: receipt } },
      { operation: 'egress.file', actor, object: id, outcome: 'done', trace: job, facts },
    );
  });
}

/** The merchant takes it back, from any state in which nothing is decided for good. */
async function takeBack(ports: OperationsPorts, actor: Actor, { id }: EgressRecord, reason: string): Outcome<EgressRecord> {
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { job } = request;
    const facts = { job, from: request.state, reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'egress.withdraw', actor, object: id, outcome: 'done', trace: job, facts };
    const patch = { reasons: withReason(ports, request, { by: actor.id, step: 'withdrawn', reason }) };
    const moved = await tx.egress.transition(id, { from: egressSourcesOf('WITHDRAWN', 'merchant'), to: 'WITHDRAWN', patch }, event);
    if (!moved.ok) return moved;
    const ended = await endJob(tx, request, 'WITHDRAWN', actor);
    return ended.ok ? moved : ended;
  });
}

/** An operator answers for it that the accumulation does no harm. Source: requirements.md §5.6 (HELD_LINKAGE), CQ-OP-36c. */
async function clearHeld(ports: OperationsPorts, actor: Actor, { id }: EgressRecord, reason: string): Outcome<EgressRecord> {
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { job, findings = [] } = request;
    const facts = { job, rules: rulesToWaive(findings), reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'egress.clear', actor, object: id, outcome: 'done', trace: job, facts };
    const patch = { reasons: withReason(ports, request, { by: actor.id, step: 'cleared', reason }) };
    return tx.egress.transition(id, { from: egressSourcesOf('REVIEW', 'operator'), to: 'REVIEW', patch }, event);
  });
}

const ASSESSABLE: readonly EgressState[] = ['HELD_LINKAGE', 'REVIEW', 'CHECKED', 'FILED'];

async function recordAssessment(ports: OperationsPorts, actor: Actor, { id }: EgressRecord, reference: string): Outcome<EgressRecord> {
  return ports.store.write(async (tx) => {
    const request = await readForDecision(tx, id);
    const { job, contentDigest, state } = request;
    if (!ASSESSABLE.includes(state)) return err([egressConflict(state)]);
    const facts = { job, contentDigest, referenceDigest: textDigest(reference) };
    const event: AuditEvent = { operation: 'egress.assess', actor, object: id, outcome: 'done', trace: job, facts };
    const patch = { riskAssessment: { reference, by: actor.id, at: ports.clock.now().toISOString() } };
    return tx.egress.transition(id, { from: [state], to: state, patch }, event);
  });
}

/** One step of an appeal. Nothing is released by it: upheld, the request is reviewed again in a new round. */
async function appealStep(
  ports: OperationsPorts,
  actor: Actor,
  id: string,
  reason: string,
  to: 'APPEALED' | 'REVIEW' | 'REJECTED',
): Outcome<EgressRecord> {
  return ports.store.write(async (tx: StoreTransaction) => {
    const request = await readForDecision(tx, id);
    const { job, state, round } = request;
    const hard = to === 'REVIEW' ? hardStops(request.findings ?? []) : [];
    if (hard.length > 0) return err([problem('egress.hard_stop', { rules: hard })]);
    const next = to === 'REVIEW' ? round + 1 : round;
    const facts = { job, from: state, state: to, round: next, reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'egress.appeal', actor, object: id, outcome: 'done', trace: job, facts };
    const said = to === 'APPEALED' ? 'appeal' : to === 'REVIEW' ? 'upheld' : 'dismissed';
    const patch = { round: next, reasons: withReason(ports, request, { by: actor.id, step: said, reason }) };
    const from = egressSourcesOf(to, to === 'APPEALED' ? 'merchant' : 'supervisor');
    const moved = await tx.egress.transition(id, { from, to, patch }, event);
    const kind = to === 'REVIEW' ? 'egress.appeal_upheld' : 'egress.appeal_dismissed';
    if (moved.ok && to !== 'APPEALED') await tellVerdict(ports, tx, request, kind, event);
    return moved;
  });
}

async function show(ports: OperationsPorts, actor: Actor, id: string): Outcome<EgressView> {
  const found = await findRequest(ports, actor, 'egress.read', id);
  if (!found.ok) return found;
  const request = found.value;
  const { view } = ports.store;
  const affiliations = await view.affiliations.of(request.organisation);
  const affiliates = affiliatesAt(affiliations, request.organisation, ports.clock.now().toISOString());
  const isReviewing = mayReview(actor, request, affiliates);
  const isOutside = scopeOf(actor, 'egress.read') !== 'all' || (scopeOf(actor, 'egress.review') !== null && !isReviewing);
  if (isOutside) return ok(egressView(actor, request));
  const inside = { ports, votes: await view.egress.votes(id), tally: await tallyOf(ports, view, request), affiliations };
  const { job, contentDigest } = request;
  await ports.audit.append({ operation: 'egress.view', actor, object: id, outcome: 'done', trace: job, facts: { job, contentDigest } });
  if (!isReviewing) return ok(insideView(actor, request, inside));
  const content = await openContent(ports, request);
  return ok(reviewView(actor, request, inside, content.ok ? content.value : null));
}

async function list(
  ports: OperationsPorts,
  actor: Actor,
  { state, dataset, page }: Parameters<Operations['listEgress']>[1],
): Outcome<readonly EgressView[]> {
  const scope = await allowed(ports, actor, 'egress.read');
  if (!scope.ok) return scope;
  const stored = { ...(scope.value === 'own' ? { merchant: actor.id } : {}), ...(dataset === undefined ? {} : { dataset }) };
  const isMine = (request: EgressRecord): boolean =>
    within(scope.value, actor, [request], requestOwner).length === 1 && maySee(actor, request);
  return readPage(page, {
    find: (id) => ports.store.view.egress.get(id),
    read: (stretch) => ports.store.view.egress.list({ ...stored, ...stretch }),
    idOf: (request) => request.id,
    mayAfter: isMine,
    view: (request) => {
      const view = isMine(request) ? egressView(actor, request) : null;
      // By the state that this person sees: filtering by the stored one would tell held requests from others.
      return state === undefined || view?.state === state ? view : null;
    },
  });
}

/** What happens to a request apart from votes: looking, clearing, assessing, filing, taking back, appealing. Source: requirements.md §5.6. */
export function egressOperations(ports: OperationsPorts): EgressOperations {
  type Deed = (request: EgressRecord, text: string) => Outcome<EgressRecord>;
  const act = async (
    actor: Actor,
    action: Action,
    id: string,
    text: Result<string, readonly Problem[]>,
    deed: Deed,
  ): Outcome<EgressView> => {
    const isOwn = scopeOf(actor, action) === 'own';
    const found = await (isOwn ? findRequest : findToDecide)(ports, actor, action, id);
    if (!found.ok) return found;
    if (!text.ok) return text;
    const done = await deed(found.value, text.value);
    if (done.ok) return ok(egressView(actor, done.value));
    if (done.error.some((item) => item.code === 'egress.not_approved')) await voidFallenVotes(ports, id);
    return done;
  };

  return {
    listEgress: (actor, filter) => list(ports, actor, filter),
    showEgress: (actor, id) => show(ports, actor, id),
    withdraw: (actor, { id, reason }) =>
      act(actor, 'egress.withdraw', id, checkedReason(reason), (request, text) => takeBack(ports, actor, request, text)),
    file: (actor, { id, receipt }) =>
      act(actor, 'egress.file', id, checkedReceipt(receipt), (request, text) => recordReceipt(ports, actor, request, text)),
    clear: (actor, { id, reason }) =>
      act(actor, 'egress.clear', id, checkedReason(reason), (request, text) => clearHeld(ports, actor, request, text)),
    assess: (actor, { id, reference }) =>
      act(actor, 'egress.assess', id, checkedReceipt(reference), (request, text) => recordAssessment(ports, actor, request, text)),
    appeal: (actor, { id, reason }) =>
      act(actor, 'egress.appeal', id, checkedReason(reason), (_request, text) => appealStep(ports, actor, id, text, 'APPEALED')),
    decideAppeal: (actor, { id, isUpheld, reason }) =>
      act(actor, 'egress.appeal.decide', id, checkedReason(reason), (_request, text) =>
        appealStep(ports, actor, id, text, isUpheld ? 'REVIEW' : 'REJECTED'),
      ),
  };
}
