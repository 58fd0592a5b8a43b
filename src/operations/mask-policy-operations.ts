import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { readDatasetPolicy } from '../masking/policy/dataset-policy.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import { type MaskPolicyRecord, POLICY_OWNERS, type PolicyDecision } from './mask-policy-store.ts';
import type { MaskingOperations } from './masking-interface.ts';
import { checkedReason } from './reason.ts';

type PolicyOperations = Pick<MaskingOperations, 'proposeMaskPolicy' | 'decideMaskPolicy' | 'listMaskPolicies' | 'showMaskPolicy'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

async function propose(ports: OperationsPorts, actor: Actor, json: unknown): Outcome<MaskPolicyRecord> {
  const permitted = await allowed(ports, actor, 'policy.propose');
  if (!permitted.ok) return permitted;
  const read = readDatasetPolicy(json);
  if (!read.ok) return read;
  const { dataset, policy, rules } = read.value;
  if ((await ports.store.view.datasets.get(dataset)) === null)
    return refuseAccess(ports, actor, 'policy.propose', [problem('access.not_found', { kind: 'dataset' })], {
      kind: 'dataset',
      id: dataset,
    });
  const id = newId('pol', ports.rng);
  const digest = textDigest(canonicalJson(read.value));
  const event: AuditEvent = {
    operation: 'policy.propose',
    actor,
    object: id,
    outcome: 'done',
    facts: { dataset, policy, policyDigest: digest },
  };
  const proposedBy = { id: actor.id, organisation: actor.organisation };
  return ports.store.write(async (tx) =>
    ok(await tx.maskPolicies.add({ id, dataset, policy, rules, digest, proposedBy, decisions: [] }, event)),
  );
}

/** The side for which this person can still speak: an owner who has not spoken, and neither the proposer nor of his organisation. */
function ownerSide(actor: Actor, record: MaskPolicyRecord): Result<PolicyDecision['owner'], readonly Problem[]> {
  const mine = POLICY_OWNERS.filter((owner) => actor.roles.includes(owner));
  const isOwn = record.proposedBy.id === actor.id || record.proposedBy.organisation === actor.organisation;
  // Both owners in one person, or in one office, are one owner.
  const hasSpoken = record.decisions.some((item) => item.by === actor.id || item.organisation === actor.organisation);
  const open = mine.find((owner) => !record.decisions.some((item) => item.owner === owner));
  return open === undefined || isOwn || hasSpoken ? err([problem('masking.policy_owner', { owner: mine.join(', ') })]) : ok(open);
}

async function decide(
  ports: OperationsPorts,
  actor: Actor,
  { id, decision, reason }: { readonly id: string; readonly decision: 'approve' | 'reject'; readonly reason: string },
): Outcome<MaskPolicyRecord> {
  const found = await show(ports, actor, id, 'policy.decide');
  if (!found.ok) return found;
  const said = checkedReason(reason);
  if (!said.ok) return said;
  return ports.store.write(async (tx) => {
    const record = await tx.maskPolicies.get(id);
    if (record === null) throw new Error('A policy disappeared');
    if (record.state !== 'PROPOSED') return err([problem('masking.policy_state', { state: record.state })]);
    const side = ownerSide(actor, record);
    if (!side.ok) return side;
    const own: PolicyDecision = { owner: side.value, by: actor.id, organisation: actor.organisation, decision, reason: said.value };
    const decisions = [...record.decisions, own];
    const isAgreed = POLICY_OWNERS.every((owner) => decisions.some((item) => item.owner === owner && item.decision === 'approve'));
    const state = decision === 'reject' ? 'REJECTED' : isAgreed ? 'IN_FORCE' : 'PROPOSED';
    const facts = {
      dataset: record.dataset,
      policy: record.policy,
      version: record.version,
      policyDigest: record.digest,
      owner: side.value,
      decision,
      state,
      reasonDigest: textDigest(said.value),
    };
    return tx.maskPolicies.decide(id, { state, decisions }, { operation: 'policy.decide', actor, object: id, outcome: 'done', facts });
  });
}

async function show(
  ports: OperationsPorts,
  actor: Actor,
  id: string,
  action: 'policy.read' | 'policy.decide' = 'policy.read',
): Outcome<MaskPolicyRecord> {
  const permitted = await allowed(ports, actor, action);
  if (!permitted.ok) return permitted;
  const record = await ports.store.view.maskPolicies.get(id);
  return record === null
    ? refuseAccess(ports, actor, action, [problem('access.not_found', { kind: 'policy' })], { kind: 'policy', id })
    : ok(record);
}

/** Masking policies of datasets: proposed, agreed to by two owners, in force for every query from then on. Source: issue "Masking" (policies); GZ-21c, QY-30. */
export function maskPolicyOperations(ports: OperationsPorts): PolicyOperations {
  return {
    proposeMaskPolicy: (actor, policy) => propose(ports, actor, policy),
    decideMaskPolicy: (actor, input) => decide(ports, actor, input),
    showMaskPolicy: (actor, id) => show(ports, actor, id),
    async listMaskPolicies(actor, { dataset }) {
      const permitted = await allowed(ports, actor, 'policy.read');
      return permitted.ok ? ok(await ports.store.view.maskPolicies.list(dataset)) : permitted;
    },
  };
}
