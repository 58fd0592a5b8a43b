import type { ReleaseContent } from '../egress/release-content.ts';
import { UNTOLD } from '../egress/withheld-band.ts';
import { scopeOf } from '../identity/permit.ts';
import type { Actor } from './actor.ts';
import type { EgressView } from './operations.ts';
import type { EgressRecord, VoteRecord } from './ports.ts';

/** Whether this person may look inside: the role, and not of the author's organisation. Source: requirements.md §6.1, §6.2 S6. */
export function mayReview(actor: Actor, request: EgressRecord): boolean {
  return scopeOf(actor, 'egress.review') === 'all' && actor.organisation !== request.organisation;
}

/**
 * Whether this person may know of the request. A merchant never learns of a blocked one, for that would tell a
 * withheld job from a failed one. Source: gate.md §9.
 */
export function maySee(actor: Actor, request: EgressRecord): boolean {
  if (scopeOf(actor, 'egress.read') === 'all') return true;
  return !['CREATED', 'AUTO_CHECK', 'BLOCKED'].includes(request.state);
}

/** What everybody sees who may see the request at all. A merchant's band is that of public labels alone. Source: gate.md §9. */
export function egressView(actor: Actor, request: EgressRecord): EgressView {
  const { id, job, dataset, merchant, state, productKind, contentDigest, createdAt, updatedAt } = request;
  return {
    id,
    job,
    dataset,
    merchant,
    state,
    productKind,
    contentDigest,
    createdAt,
    updatedAt,
    withheldBand: (scopeOf(actor, 'egress.read') === 'all' ? request.withheldBand : request.publicWithheldBand) ?? UNTOLD,
    ...(request.filingReceipt === undefined ? {} : { filingReceipt: request.filingReceipt }),
    ...(request.releasedAt === undefined ? {} : { releasedAt: request.releasedAt }),
    ...(request.releaseId === undefined ? {} : { releaseId: request.releaseId }),
  };
}

/** What reviewers see besides: votes with reasons, findings, and the content where it is intact. */
export function reviewView(actor: Actor, request: EgressRecord, votes: readonly VoteRecord[], content: ReleaseContent | null): EgressView {
  return {
    ...egressView(actor, request),
    votes: votes.map((item) => ({ by: item.voter, vote: item.vote, at: item.at, reason: item.reason })),
    findings: [
      ...(request.findings ?? []),
      ...(content === null
        ? [{ rule: 'sealed-content', severity: 'hard' as const, text: 'The sealed content is missing or was changed; nothing can leave.' }]
        : []),
    ],
    ...(content === null ? {} : { preview: content.table, sql: content.canonicalSql }),
  };
}
