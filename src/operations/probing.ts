import { createHmac } from 'node:crypto';
import type { AuditEvent } from '../audit/event.ts';
import type { EgressFinding } from '../egress/finding.ts';
import {
  columnsOverBudget,
  isProbing,
  type KeyedProbe,
  PROBING_BUDGET,
  type ProbingScope,
  probingPeriod,
} from '../egress/probing-budget.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import type { Decided } from '../pipeline.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { JobRecord, StoreTransaction } from './ports.ts';

/** What a real job adds to the probing budget of its merchant's organisation. */
export interface JobProbing {
  readonly scope: ProbingScope;
  readonly job: string;
  /** Every literal of the statement on a protected column. */
  readonly probes: readonly KeyedProbe[];
  /** Whether they count; where not, what counted earlier still does. */
  readonly counts: boolean;
}

/**
 * Literals become digests under a key of the dataset that is not in the store: a value someone searched for (an income,
 * a date of birth) stands in no table. Organisation and month are in the digest, so that nobody's can be compared with
 * another's. To be called before the transaction, which must not wait for keys.
 * Source: gate.md §9.
 */
export async function probingOf(ports: OperationsPorts, job: JobRecord, decided: Decided): Promise<JobProbing> {
  const { organisation, dataset } = job;
  const period = probingPeriod(ports.clock.now());
  const key = await ports.keys.datasetKey(dataset, 'probe');
  const digestOf = (column: string, literal: string): string =>
    createHmac('sha256', key)
      .update(canonicalJson([organisation, period, column, literal]), 'utf8')
      .digest('hex');
  return {
    scope: { organisation, dataset, period },
    job: job.id,
    probes: decided.probes.map(({ column, literal }) => ({ column, digest: digestOf(column, literal) })),
    counts: isProbing(decided),
  };
}

/**
 * One finding for each column of the statement on which its merchant's organisation is over the budget in this month,
 * this statement included where it counts. Reads in the transaction that also calls `recordProbes`: jobs that end at
 * once see each other. A statement that came out whole has its finding too: it is the other half of a search.
 *
 * For operators only: merchants see the same status with and without it.
 */
export async function budgetFindings(tx: StoreTransaction, probing: JobProbing): Promise<readonly EgressFinding[]> {
  const { scope, probes, counts } = probing;
  const columns = [...new Set(probes.map((probe) => probe.column))];
  const earlier = await tx.probes.counted(scope, columns);
  return columnsOverBudget(counts ? [...earlier, ...probes] : earlier).map(
    ({ column, literals }): EgressFinding => ({
      rule: 'probing.budget',
      severity: 'soft',
      check: 'D',
      column,
      text:
        `${literals} different literals on ${column} in ${scope.period} (more than ${PROBING_BUDGET}) in statements of this organisation ` +
        'with cells not released or conditions dropped; compare those statements before approving',
    }),
  );
}

/** Keeps the literals that count, beside the event that tells of the job's end. */
export async function recordProbes(tx: StoreTransaction, probing: JobProbing, event: AuditEvent): Promise<void> {
  if (probing.counts) await tx.probes.add(probing, event);
}
