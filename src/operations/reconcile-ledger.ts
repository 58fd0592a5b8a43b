import type { AuditEntry } from '../audit/entry.ts';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { ok } from '../kernel/result.ts';
import type { OperationsPorts } from './data-ports.ts';

/** What newer files of the log say that a restored instance does not know. */
export interface Reconciliation {
  /** Datasets of which results may have left that the ledger does not hold: they stay shut. */
  readonly shut: readonly string[];
  /** Jobs over real data that the records do not know and that are not on record as failed. */
  readonly forgotten: readonly string[];
  /** Entries of the files, and of the log in the backup. */
  readonly size: number;
  readonly from: number;
}

/**
 * Jobs that read real data after the backup, by dataset. A job counts from its intent on, because what became of it may have
 * happened after the last signed checkpoint; only one that is on record as failed has given nothing out.
 * Source: requirements.md §7.6 (two-phase records); tracker issue 5; gate.md §7.
 */
export function forgottenJobs(entries: Iterable<AuditEntry>): ReadonlyMap<string, string> {
  const datasets = new Map<string, string>();
  for (const { operation, object, outcome, facts } of entries) {
    const dataset = facts['dataset'];
    const isRead =
      (operation === 'job.intent' && facts['target'] === 'real') || operation === 'ledger.reserve' || operation === 'fit.spend';
    if (isRead && typeof dataset === 'string') datasets.set(object.id, dataset);
    if (operation === 'job.outcome' && outcome === 'failed') datasets.delete(object.id);
  }
  return datasets;
}

/**
 * Opens the ledgers of the datasets of which nothing was forgotten and leaves the others shut. `entries`: what the newest log files
 * hold after the log of the backup; whoever calls has verified them. Idempotent. Does not bring figures back: they are in no log.
 */
export async function reconcileLedger(
  ports: Pick<OperationsPorts, 'store'>,
  found: {
    readonly entries: readonly AuditEntry[];
    readonly from: number;
    readonly size: number;
    readonly root: string;
    readonly reason: string;
  },
): Promise<Reconciliation> {
  const jobs = forgottenJobs(found.entries);
  const shut = [...new Set(jobs.values())].sort();
  const standing = await ports.store.view.ledger.shut();
  const [before] = standing;
  const facts = {
    from: found.from,
    size: found.size,
    root: found.root,
    jobs: jobs.size,
    datasets: shut.slice(0, 200),
    reasonDigest: textDigest(found.reason),
  };
  await ports.store.write(async (tx) => {
    const kept = before === undefined ? [] : shut.map((dataset) => ({ dataset, size: before.size, note: before.note }));
    await tx.ledger.setShut(kept, { operation: 'ledger.reconcile', actor: SYSTEM_ACTOR, object: 'instance', outcome: 'done', facts });
    return ok(null);
  });
  return { shut, forgotten: [...jobs.keys()].sort(), size: found.size, from: found.from };
}
