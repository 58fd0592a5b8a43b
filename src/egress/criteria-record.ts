import { rulesFor } from './check-coverage.ts';
import { CHECKLIST_VERSION, type ChecklistCell } from './compliance-checklist.ts';
import { checksOf } from './product-kinds.ts';
import type { ReleaseFacts } from './provenance.ts';
import type { ReleaseContent } from './release-content.ts';

/**
 * Every criterion that was applied to a release, for machines: checks of its kind with the rules behind each, thresholds, version of
 * the product, chain with who took part, the twelve cells of the compliance check. Findings stand as one digest: which cell met which
 * rule stays inside.
 * Source: SATRE v2 3.3.09 (machine-readable record of all criteria applied, linked to the package); requirements.md GZ-15.
 */
export function criteriaRecord(content: ReleaseContent, facts: ReleaseFacts): Readonly<Record<string, unknown>> {
  const kind = content.productKind ?? 'indicator';
  const { policy, criteria, isolation, dataset, datasetVersion, datasetDigest, artefactHash } = content;
  return {
    format: 'sluice-criteria-1',
    release: facts.release,
    egress: facts.egress,
    productVersion: facts.productVersion,
    productKind: kind,
    profile: facts.profile,
    contentDigest: facts.contentDigest,
    subject: { dataset, datasetVersion, datasetDigest, artefactHash },
    thresholds: { k: policy.k, dominance: policy.dominance, pShare: policy.pShare },
    rules: criteria,
    isolation,
    checks: checksOf(kind).map(({ check, need }) => ({
      check,
      need,
      rules: rulesFor(check, criteria),
      outcome: outcomeOf(check, content, facts),
    })),
    chain: facts.steps,
    checklistVersion: CHECKLIST_VERSION,
    checklist: facts.checklist.map(({ object, domain, result }: ChecklistCell) => ({ object, domain, result })),
    filingReceipt: facts.filingReceipt,
    ...(facts.riskAssessment === undefined ? {} : { riskAssessment: facts.riskAssessment }),
    ...(facts.firstRelease === undefined ? {} : { firstRelease: facts.firstRelease }),
    findingsDigest: facts.findingsDigest,
    releasedAt: facts.releasedAt,
  };
}

/** `passed` needs something that was really done: a rule applied, a vote, a receipt. */
function outcomeOf(check: string, content: ReleaseContent, facts: ReleaseFacts): 'passed' | 'on watch' | 'not applicable' {
  const isDone: Readonly<Record<string, boolean>> = {
    H: facts.steps.some((step) => step.people.length > 0),
    A: facts.checklist.length > 0,
    F: facts.filingReceipt !== '',
    W: facts.watermark !== 'none',
  };
  if (check === 'O') return 'on watch';
  const done = Object.hasOwn(isDone, check) ? isDone[check] : rulesFor(check as 'P', content.criteria).length > 0;
  return done === true ? 'passed' : 'not applicable';
}
