import { type DisclosurePolicy, policyFor, weakerThresholds } from '../catalog/disclosure-policy.ts';
import { LedgerIndex } from '../egress/ledger/ledger-index.ts';
import { err, ok } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import { indexedEntry } from './ledger-memory.ts';
import type { LedgerReplayView, Operations } from './operations.ts';
import type { DatasetRecord, StoreView } from './ports.ts';
import { type EntryClash, kinInForce, recheckEntries } from './recheck-entries.ts';

/** Entries that one call looks at: a few seconds of work. */
const ENTRIES_AT_ONCE = 2000;

/** The index can tell figures apart up to so many units. Source: gate.md §7 (K_max). */
const MOST_K = 64;

/**
 * What stands in the ledger, seen again. A replay reads stored sketches and changes nothing; every call of it is on record.
 * Source: gate.md §7 (replay), formats.md "Commands".
 */
export function ledgerOperations(ports: OperationsPorts): Pick<Operations, 'replayLedger'> {
  return {
    async replayLedger(actor, { dataset, policy, after }) {
      const permitted = await allowed(ports, actor, 'ledger.replay');
      if (!permitted.ok) return permitted;
      const unusable = policyProblems(policy, ports.policy);
      if (unusable.length > 0) return err(unusable);
      const record = await ports.store.view.datasets.get(dataset);
      if (record === null) return err([problem('access.not_found', { kind: 'dataset' })]);
      const from = Math.max(0, Math.trunc(after));
      const { k, dominance, pShare } = policy;
      const facts = { k, share: dominance.share, pShare, after: from };
      await ports.audit.append({ operation: 'ledger.replay', actor, object: dataset, outcome: 'done', facts });
      return ok(await replayed(ports.store.view, record, policyFor(policy, record.dataset.k), from));
    },
  };
}

function policyProblems(policy: DisclosurePolicy, inForce: DisclosurePolicy): readonly Problem[] {
  const { k, dominance, pShare } = policy;
  const isShare = (value: number): boolean => value > 0 && value < 1;
  const isUsable = Number.isInteger(k) && k <= MOST_K && dominance.units === 2 && isShare(dominance.share) && isShare(pShare);
  if (!isUsable) return [problem('ledger.policy_out_of_range', { mostK: MOST_K })];
  const weaker = weakerThresholds(policy, inForce);
  return weaker.length === 0 ? [] : [problem('ledger.policy_weaker', { thresholds: weaker })];
}

/** One stretch of a dataset's releases in order of registration, each entry beside those that were registered before it. */
async function replayed(view: StoreView, record: DatasetRecord, policy: DisclosurePolicy, after: number): Promise<LedgerReplayView> {
  const dataset = record.name;
  const released = (await view.ledger.changes(dataset, 0)).filter((entry) => entry.state === 'released');
  const waiting = released.filter((entry) => entry.seq > after);
  const now = waiting.slice(0, ENTRIES_AT_ONCE);
  const last = now.at(-1)?.seq ?? after;
  const index = new LedgerIndex();
  index.apply(released.filter((entry) => entry.seq <= last).map(indexedEntry));
  const seqs = now.map((entry) => entry.seq);
  const kin = await kinInForce(view, record);
  const clashes = await recheckEntries(view, { dataset, policy, seqs, index, kin, isBeside: (other, seq) => other.seq < seq });
  const remaining = waiting.length - now.length;
  return {
    dataset,
    policy,
    replayed: now.length,
    remaining,
    next: remaining === 0 ? null : last,
    failing: await failingReleases(view, dataset, clashes),
  };
}

/** Clashes by release and rule, in the order their first entries were registered. */
async function failingReleases(view: StoreView, dataset: string, clashes: readonly EntryClash[]): Promise<LedgerReplayView['failing']> {
  const releases = new Map<string, string | null>();
  for (const job of new Set(clashes.flatMap((clash) => [clash.job, ...clash.jobs]))) releases.set(job, await releaseOf(view, job));
  const groups = new Map<string, EntryClash[]>();
  for (const clash of clashes) {
    const name = JSON.stringify([clash.job, clash.rule]);
    groups.set(name, [...(groups.get(name) ?? []), clash]);
  }
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const jobs = [...new Set(group.flatMap((clash) => clash.jobs))];
    return [
      {
        release: releases.get(first.job) ?? null,
        job: first.job,
        dataset,
        rule: first.rule,
        entries: group.map((clash) => clash.figure),
        against: [...new Set(group.flatMap((clash) => clash.entries))].sort((a, b) => a - b),
        releases: jobs.flatMap((job) => releases.get(job) ?? []).sort(),
      },
    ];
  });
}

async function releaseOf(view: StoreView, job: string): Promise<string | null> {
  const requests = await view.egress.list({ job });
  return requests.find((request) => request.releaseId !== undefined)?.releaseId ?? null;
}
