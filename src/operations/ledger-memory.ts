import { type IndexedEntry, LedgerIndex } from '../egress/ledger/ledger-index.ts';
import { decodeCoarse } from '../egress/ledger/sketch-bytes.ts';
import type { Result } from '../kernel/result.ts';
import type { LedgerChange } from './ledger-store.ts';
import type { StorePort, StoreTransaction } from './ports.ts';

/** Entries that are read and indexed at once when a process starts. */
const ENTRIES_AT_ONCE = 50_000;

/** What one process knows of a dataset's ledger: everything up to a revision. */
interface Known {
  readonly index: LedgerIndex;
  revision: number;
}

const KNOWN = new WeakMap<StorePort, Map<string, Known>>();

function knownOf(store: StorePort, dataset: string): Known {
  const all = KNOWN.get(store) ?? new Map<string, Known>();
  KNOWN.set(store, all);
  const known = all.get(dataset) ?? { index: new LedgerIndex(), revision: 0 };
  all.set(dataset, known);
  return known;
}

/**
 * The index of a dataset's ledger with everything that a write transaction sees, its own changes included: where there
 * may be such, use `writeWithLedger`. One transaction runs at a time, so that refreshes never overtake one another.
 * Source: gate.md §7 (look-up).
 */
export async function ledgerIndex(store: StorePort, tx: StoreTransaction, dataset: string): Promise<LedgerIndex> {
  const known = knownOf(store, dataset);
  // A process that starts reads everything, in stretches: a million rows at once would take several times the index.
  for (let last = 0, isMore = known.revision === 0; isMore; ) {
    const page = await tx.ledger.page(dataset, last, ENTRIES_AT_ONCE);
    known.index.apply(page.map(indexedEntry));
    known.revision = page.reduce((most, change) => Math.max(most, change.revision), known.revision);
    last = page.at(-1)?.seq ?? last;
    isMore = page.length === ENTRIES_AT_ONCE;
  }
  const changes = await tx.ledger.changes(dataset, known.revision);
  known.index.apply(changes.map(indexedEntry));
  known.revision = changes.reduce((last, change) => Math.max(last, change.revision), known.revision);
  return known.index;
}

/**
 * A write transaction that reads the index. Where it does not commit, what the index learnt from it never happened, and
 * its revision numbers will be given again: the index is forgotten and read anew. Source: gate.md §7 (atomic).
 */
export async function writeWithLedger<T, E>(
  store: StorePort,
  dataset: string,
  work: (tx: StoreTransaction) => Promise<Result<T, E>>,
): Promise<Result<T, E>> {
  let isCommitted = false;
  try {
    const done = await store.write(work);
    isCommitted = done.ok;
    return done;
  } finally {
    if (!isCommitted) KNOWN.get(store)?.delete(dataset);
  }
}

/** An entry as the index takes it. Throws where its bytes are not a sketch. Source: ADR 0014. */
export function indexedEntry({ seq, job, unitType, namespace, family, state, coarse }: LedgerChange): IndexedEntry {
  const decoded = decodeCoarse(coarse);
  if (decoded === undefined) throw new Error('A ledger entry cannot be read');
  return { seq, job, unitType, namespace, family, state, coarse: decoded };
}
