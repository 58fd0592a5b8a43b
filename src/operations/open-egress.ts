import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { coverageFindings } from '../egress/check-coverage.ts';
import { checklistFromRecords } from '../egress/compliance-checklist.ts';
import { type EgressFinding, hardStops, isHeldForLinkage } from '../egress/finding.ts';
import type { EgressProfile } from '../egress/kind-policy.ts';
import { referenceOf } from '../egress/merged-profile.ts';
import type { ReleaseContent } from '../egress/release-content.ts';
import { type EgressState, egressTransition } from '../egress/review-states.ts';
import type { WithheldBand } from '../egress/withheld-band.ts';
import { ok, type Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { JobRecord, StoreTransaction } from './ports.ts';

/** A sealed content that asks to leave. */
export interface Opening {
  /** Id of the request. */
  readonly egress: string;
  readonly job: JobRecord;
  readonly content: ReleaseContent;
  readonly digest: string;
  readonly fingerprint: string;
  readonly findings: readonly EgressFinding[];
  readonly withheldBand: WithheldBand;
  readonly profile: EgressProfile;
  /** Whether there is anything in it that may leave. */
  readonly isReleasable: boolean;
  /** Names of rules for the log. */
  readonly rules: readonly string[];
}

function checkEvent({ egress, job, digest, rules, withheldBand }: Opening, state: EgressState): AuditEvent {
  const facts = { job: job.id, contentDigest: digest, state, rules, withheldBand };
  return { operation: 'egress.check', actor: SYSTEM_ACTOR, object: egress, outcome: 'done', trace: job.id, facts };
}

/** Released before, and called back: whoever lets it out again has to say why. Source: egress-rules.md §7 item 13. */
const RECALLED_BEFORE: EgressFinding = {
  rule: 'release.recalled-content',
  severity: 'soft',
  check: 'D',
  text: 'The same content was released before and recalled; look up the reason of the recall.',
  fix: 'State in a waiver why the reason of the recall no longer holds, or reject.',
};

/**
 * Opens the request of a job's sealed content and brings it through the automatic check: BLOCKED where a hard finding stands or
 * nothing may leave, HELD_LINKAGE where accumulation was found, REVIEW otherwise. Anything but a clear pass stops.
 * The job must be in RESULT_SEALED and goes to EGRESS_REQUESTED. Source: requirements.md §5.6.
 */
export async function openEgress(tx: StoreTransaction, opening: Opening): Promise<Result<EgressState, readonly Problem[]>> {
  const { egress, job, content, digest, fingerprint, profile } = opening;
  const first = await tx.releases.first(fingerprint);
  const productKind = content.productKind ?? 'indicator';
  const findings = [
    ...opening.findings,
    ...coverageFindings(productKind, content.criteria),
    ...(first?.state === 'recalled' ? [RECALLED_BEFORE] : []),
  ];
  const created = { job: job.id, dataset: job.dataset, contentDigest: digest, productKind, profile: referenceOf(profile) };
  await tx.egress.add(
    {
      id: egress,
      job: job.id,
      dataset: job.dataset,
      merchant: job.merchant,
      organisation: job.organisation,
      state: 'CREATED',
      round: 1,
      productKind,
      profile: referenceOf(profile),
      contentDigest: digest,
      fingerprint,
      ...(first === null ? {} : { firstRelease: first.id }),
      ...(content.consents === undefined ? {} : { consents: content.consents }),
      withheldBand: opening.withheldBand,
      publicWithheldBand: content.withheldBand,
      checklist: checklistFromRecords({
        grant: job.grantId,
        artefactHash: content.artefactHash,
        isolation: content.isolation,
        datasetVersion: content.datasetVersion,
        contentDigest: digest,
        criteria: content.criteria,
        hasHardFinding: hardStops(findings).length > 0,
      }),
      findings,
    },
    {
      operation: 'egress.create',
      actor: SYSTEM_ACTOR,
      object: egress,
      outcome: 'done',
      trace: job.id,
      facts: { ...created, withheldBand: opening.withheldBand, state: 'CREATED' },
    },
  );
  const facts = { dataset: job.dataset, target: job.target, state: 'EGRESS_REQUESTED' };
  const requested: AuditEvent = {
    operation: 'job.outcome',
    actor: SYSTEM_ACTOR,
    object: job.id,
    outcome: 'done',
    trace: job.id,
    facts,
  };
  const step = { from: ['RESULT_SEALED'], to: 'EGRESS_REQUESTED', patch: { egressId: egress } } as const;
  const opened = await tx.jobs.transition(job.id, step, requested);
  return opened.ok ? autoCheck(tx, opening, findings) : opened;
}

async function autoCheck(
  tx: StoreTransaction,
  opening: Opening,
  findings: readonly EgressFinding[],
): Promise<Result<EgressState, readonly Problem[]>> {
  const { egress, job, isReleasable } = opening;
  const started = await tx.egress.transition(egress, { from: ['CREATED'], to: 'AUTO_CHECK' }, checkEvent(opening, 'AUTO_CHECK'));
  if (!started.ok) return started;
  const isBlocked = !isReleasable || hardStops(findings).length > 0;
  const to: EgressState = isBlocked ? 'BLOCKED' : isHeldForLinkage(findings) ? 'HELD_LINKAGE' : 'REVIEW';
  if (egressTransition('AUTO_CHECK', to) === undefined) throw new Error('The automatic check leads nowhere');
  const checked = await tx.egress.transition(egress, { from: ['AUTO_CHECK'], to }, checkEvent(opening, to));
  if (!checked.ok) return checked;
  if (to !== 'BLOCKED') return ok(to);
  const ended: AuditEvent = {
    operation: 'job.done',
    actor: SYSTEM_ACTOR,
    object: job.id,
    outcome: 'done',
    trace: job.id,
    facts: { egress, state: 'BLOCKED' },
  };
  const done = await tx.jobs.transition(job.id, { from: ['EGRESS_REQUESTED'], to: 'DONE', patch: { verdict: 'withheld' } }, ended);
  if (!done.ok) return done;
  await tx.ledger.settle(job.id, 'dropped', ended);
  return ok(to);
}
