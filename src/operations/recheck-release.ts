import { policyFor, strictestOf } from '../catalog/disclosure-policy.ts';
import type { OperationsPorts } from './data-ports.ts';
import { ledgerIndex } from './ledger-memory.ts';
import type { EgressRecord, StoreTransaction } from './ports.ts';
import { kinInForce, recheckEntries } from './recheck-entries.ts';

/**
 * The rules by which a job's figures may not leave any more: beside what other jobs released, under the policy in force
 * now or at the run, whichever is stricter. Empty where nothing stands against it. Belongs into the transaction that
 * releases, before its first write; runs nothing over data. Source: gate.md §7 (approval repeats all checks against what was
 * released meanwhile).
 */
export async function clashingRules(
  ports: OperationsPorts,
  tx: StoreTransaction,
  { job, dataset }: Pick<EgressRecord, 'job' | 'dataset'>,
): Promise<readonly string[]> {
  const reserved = (await tx.ledger.ofJob(job)).filter((entry) => entry.state === 'reserved');
  const [first] = reserved;
  if (first === undefined) return [];
  const record = await tx.datasets.get(dataset);
  const atRun = (await tx.ledger.entries(dataset, [first.seq]))[0]?.body.policy;
  if (record === null || atRun === undefined) throw new Error('A ledger entry cannot be read');
  const clashes = await recheckEntries(tx, {
    dataset,
    policy: strictestOf(policyFor(ports.policy, record.dataset.k), atRun),
    seqs: reserved.map((entry) => entry.seq),
    index: await ledgerIndex(ports.store, tx, dataset),
    kin: await kinInForce(tx, record),
    isBeside: (other) => other.state === 'released',
  });
  return [...new Set(clashes.map((clash) => clash.rule))].sort();
}
