import { chainOf, votingSteps } from '../egress/kind-policy.ts';
import { type Tally, tallyVotes } from '../egress/review-votes.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { egressConflict } from './egress-access.ts';
import type { EgressRecord, StoreView } from './ports.ts';
import { profileOfRequest, type RulingPorts } from './whose-rules.ts';

/** How the votes of a request stand, by the chain of the profile in force. Source: requirements.md §4.3 `egress.approvers`. */
export async function tallyOf(ports: RulingPorts, view: Pick<StoreView, 'egress' | 'affiliations'>, request: EgressRecord): Promise<Tally> {
  const votes = await view.egress.votes(request.id);
  const affiliates = await view.affiliations.of(request.organisation);
  return tallyVotes(votingSteps(profileOfRequest(ports, request)), request, votes, affiliates);
}

/** People that the chain needs: what a refusal tells. Source: requirements.md §6.2 S6. */
export function peopleNeeded(ports: RulingPorts, request: EgressRecord): number {
  return votingSteps(profileOfRequest(ports, request)).reduce((sum, step) => sum + step.people, 0);
}

/**
 * Why a request may not be released as it stands in the store, or nothing: the kind allowed by the profile in force, the state at
 * the end of its chain, receipt and assessment where the chain has them, and the votes standing for this very content.
 * Source: requirements.md §5.6 (CHECKED, FILED, RELEASED); GZ-22a; QY-44b.
 */
export function releaseObstacles(ports: RulingPorts, request: EgressRecord, tally: Tally): readonly Problem[] {
  const egressProfile = profileOfRequest(ports, request);
  const isFiled = egressProfile.filingMode === 'receipt_before_release';
  const state = isFiled ? 'FILED' : 'CHECKED';
  if (request.state !== state) return [egressConflict(request.state)];
  const needsAssessment = chainOf(egressProfile).some((step) => step.by === 'assessment');
  return [
    ...(egressProfile.productKinds.includes(request.productKind)
      ? []
      : [problem('egress.kind_not_allowed', { kinds: egressProfile.productKinds, profile: egressProfile.name })]),
    ...(isFiled && request.filingReceipt === undefined ? [problem('egress.receipt_missing', {})] : []),
    ...(needsAssessment && request.riskAssessment === undefined ? [problem('egress.assessment_missing', {})] : []),
    ...(tally.standing === 'passed' ? [] : [problem('egress.not_approved', { needed: peopleNeeded(ports, request) })]),
  ];
}
