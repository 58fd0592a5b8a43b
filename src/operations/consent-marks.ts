import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { sha256Hex } from '../egress/release-content.ts';
import type { Matter } from '../governance/matter.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { EgressRecord, StoreTransaction, StoreView } from './ports.ts';

const NOTICE_DIGITS = 26;

/**
 * Marks every product that rests on a consent which ended, and tells its merchant and reviewers: whoever looks at the request sees it, and nothing of it is released or handed out any more (`consentObstacles`). What was downloaded before has left; the operator recalls it.
 * Source: requirements.md NB-21b, QY-30; issue "Masking" (revocation marks the product).
 */
export async function markProducts(
  tx: StoreTransaction,
  consent: Pick<Matter, 'id' | 'state'>,
  today: string,
): Promise<Result<null, readonly Problem[]>> {
  for (const request of await tx.egress.list({})) {
    if (request.consents?.includes(consent.id) !== true) continue;
    const { id, job, state, contentDigest, reasons = [] } = request;
    const step = consent.state === 'REVOKED' ? 'consent_revoked' : 'consent_expired';
    const event: AuditEvent = {
      operation: 'egress.mark',
      actor: SYSTEM_ACTOR,
      object: id,
      outcome: 'done',
      trace: job,
      facts: { job, contentDigest, state, mark: step },
    };
    const marked = [
      ...reasons,
      {
        by: 'system',
        step,
        at: today,
        reason: `${consent.id}: rows of its subject are in this product; the next one is made without them`,
      },
    ];
    const moved = await tx.egress.transition(id, { from: [state], to: state, patch: { reasons: marked } }, event);
    if (!moved.ok) return moved;
    // Who had it made, and who answered for it: the one may hold a copy, the others may recall it.
    const people = new Set([request.merchant, ...(await tx.egress.votes(id)).map(({ voter }) => voter)]);
    for (const recipient of people) {
      const name = sha256Hex(`${consent.id} ${step} ${id} ${recipient}`).slice(0, NOTICE_DIGITS);
      await tx.notices.add({ id: `ntc_${name}`, recipient, kind: 'consent.ended', object: request.releaseId ?? id }, event);
    }
  }
  return ok(null);
}

/** What stands against a release that rests on consents: one that is not given any more. Source: requirements.md NB-21b, QY-30. */
export async function consentObstacles(
  view: Pick<StoreView, 'matters'>,
  { consents = [] }: Pick<EgressRecord, 'consents'>,
  now: Date,
): Promise<readonly Problem[]> {
  const today = shanghaiDate(now);
  for (const id of consents) {
    const consent = await view.matters.get(id);
    const until = consent?.fields['until'];
    if (consent?.state !== 'GIVEN' || typeof until !== 'string' || until < today) return [problem('masking.consent_ended', {})];
  }
  return [];
}
