import { type IndexedEntry, LedgerIndex } from '../egress/ledger/ledger-index.ts';
import { decodeCoarse } from '../egress/ledger/sketch-bytes.ts';
import type { Result } from '../kernel/result.ts';
import { imagesOf, type LedgerImage } from './ledger-images.ts';
import type { LedgerChange } from './ledger-store.ts';
import type { StorePort, StoreTransaction } from './ports.ts';

/** Entries that are read and indexed at once when a process starts. */
const ENTRIES_AT_ONCE = 50_000;

/** What one process knows of a dataset's ledger: everything up to a revision. */
interface Known {
  index: LedgerIndex;
  revision: number;
  /** Entries and revision of the newest image beside the store. */
  kept: { readonly size: number; readonly revision: number };
}

const KNOWN = new WeakMap<StorePort, Map<string, Known>>();

function knownOf(store: StorePort, dataset: string): Known {
  const all = KNOWN.get(store) ?? new Map<string, Known>();
  KNOWN.set(store, all);
  const known = all.get(dataset) ?? { index: new LedgerIndex(), revision: 0, kept: { size: 0, revision: 0 } };
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
  if (known.revision === 0) await takeImage(store, tx, dataset, known);
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
  if (knownOf(store, dataset).revision === 0) await readImage(store, dataset);
  try {
    const done = await store.write(work);
    isCommitted = done.ok;
    if (isCommitted) keepImage(store, dataset);
    return done;
  } finally {
    if (!isCommitted) KNOWN.get(store)?.delete(dataset);
  }
}

/** Images that were read and not compared with the store yet. */
const READ = new WeakMap<StorePort, Map<string, LedgerImage>>();

/** Reads an image outside of any transaction: others would stand in line behind the file. */
async function readImage(store: StorePort, dataset: string): Promise<void> {
  const image = await imagesOf(store)?.read(dataset);
  if (image == null) return;
  const read = READ.get(store) ?? new Map<string, LedgerImage>();
  READ.set(store, read);
  read.set(dataset, image);
}

/** Begins with an image, where the store still holds what it shows, in the same states. */
async function takeImage(store: StorePort, tx: StoreTransaction, dataset: string, known: Known): Promise<void> {
  const image = READ.get(store)?.get(dataset);
  READ.get(store)?.delete(dataset);
  if (image === undefined) return;
  const { mark, index } = image;
  const now = await tx.ledger.mark(dataset, mark);
  if (now?.sealed !== mark.sealed || index.last !== mark.seq) return;
  const since = new Set((await tx.ledger.changes(dataset, mark.revision)).map(({ seq }) => seq));
  if ((await tx.ledger.sums(dataset, mark.revision)) !== index.sums(since)) return;
  known.index = index;
  known.revision = mark.revision;
  known.kept = { size: index.size, revision: mark.revision };
}

/** So many new or changed revisions, and a fifth of all entries, are read again rather than kept at once. */
const IMAGE_FROM = 20_000;
const IMAGE_SHARE = 0.2;

/** Keeps a new image where the last one is old. Nobody waits for it. */
function keepImage(store: StorePort, dataset: string): void {
  const images = imagesOf(store);
  const known = KNOWN.get(store)?.get(dataset);
  if (images === undefined || known === undefined) return;
  const { index, revision, kept } = known;
  if (index.size - kept.size < Math.max(IMAGE_FROM, index.size * IMAGE_SHARE) || revision === kept.revision) return;
  known.kept = { size: index.size, revision };
  const image = index.image();
  const at = { seq: index.last, revision };
  void store.view.ledger
    .mark(dataset, at)
    .then((mark) => (mark === null ? undefined : images.write(dataset, mark, image)))
    .catch(() => undefined);
}

/** An entry as the index takes it. Throws where its bytes are not a sketch. Source: ADR 0014. */
export function indexedEntry({ seq, job, unitType, namespace, family, state, coarse }: LedgerChange): IndexedEntry {
  const decoded = decodeCoarse(coarse);
  if (decoded === undefined) throw new Error('A ledger entry cannot be read');
  return { seq, job, unitType, namespace, family, state, coarse: decoded };
}
