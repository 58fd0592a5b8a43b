import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { AuditEntry } from '../audit/entry.ts';
import { readTrust } from '../audit/log-trust.ts';
import { decodeBundle, TILE_WIDTH, tilePath } from '../audit/tile.ts';
import type { Clock } from '../kernel/clock.ts';
import { err, type Result } from '../kernel/result.ts';
import type { AuditPort } from '../operations/audit-store.ts';
import type { StorePort } from '../operations/ports.ts';
import { type Reconciliation, reconcileLedger } from '../operations/reconcile-ledger.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { verifyLogFolder } from './log-folder.ts';

export interface NewerLog {
  /** The `audit` folder of the instance that was lost, or the newest copy of it. */
  readonly tiles: string;
  /** Checkpoints that witnesses kept: files of an older state are then found out. */
  readonly witnessed: readonly string[];
  readonly reason: string;
}

/**
 * Reads what the log held after the backup and reconciles the ledgers with it. Refuses (`ledger.log_not_newer`) files that are not
 * whole, not signed by this log, do not go on from the log in the backup, or hold nothing newer. That they are the newest there
 * are, nobody can see in them: who gives them says so, with a reason that is on record; checkpoints of witnesses prove it.
 * Source: tracker issue 5; ADR 0018 (witnesses).
 */
export async function reconcileWithLog(
  { tiles, witnessed, reason }: NewerLog,
  { dir, store, audit, clock }: { readonly dir: string; readonly store: StorePort; readonly audit: AuditPort; readonly clock: Clock },
): Promise<Result<Reconciliation, readonly Problem[]>> {
  const refuse = (...faults: readonly string[]) => err([problem('ledger.log_not_newer', { faults: [...new Set(faults)] })]);
  const [standing] = await store.view.ledger.shut();
  if (standing === undefined) return refuse('nothing-shut');
  const trust = readTrust(await readFile(join(dir, 'audit-trust'), 'utf8'));
  if (trust === null) return refuse('no-trust');
  // The signature of the log's own key is what counts here; whether witnesses signed, `witnessed` says.
  const found = await verifyLogFolder(
    tiles,
    { ...trust, witnesses: [], quorum: 0 },
    { witnessed: [standing.note, ...witnessed], now: clock.now() },
  ).catch(() => null);
  if (found === null) return refuse('unreadable');
  const faults = found.faults.filter(({ kind }) => kind !== 'outcome-missing').map(({ kind }) => kind);
  if (faults.length > 0) return refuse(...faults);
  if (found.entries <= standing.size) return refuse('not-newer');
  const entries = await entriesAfter(tiles, standing.size, found.entries);
  if (entries === null) return refuse('pruned');
  if (await isOwnLog(audit, standing.size, entries)) return refuse('own-log');
  return {
    ok: true,
    value: await reconcileLedger({ store }, { entries, from: standing.size, size: found.entries, root: found.root, reason }),
  };
}

/**
 * Whether the files are those that this restored instance has begun itself: they go on from the backup too, and know of nothing
 * that the lost one did. They are told by the entry of the restoring.
 */
async function isOwnLog(audit: AuditPort, from: number, entries: readonly AuditEntry[]): Promise<boolean> {
  for (let after = from; ; ) {
    const page = await audit.entries({ after, limit: 1000 });
    const own = page.find(({ operation }) => operation === 'instance.restore');
    if (own !== undefined) {
      const there = entries.find(({ seq }) => seq === own.seq);
      return there?.operation === own.operation && there.at === own.at;
    }
    const last = page.at(-1);
    if (last === undefined) return true;
    after = last.seq;
  }
}

/** Entries `from`+1 … `size`, from the bundles; null where the text of one is gone. */
async function entriesAfter(folder: string, from: number, size: number): Promise<readonly AuditEntry[] | null> {
  const entries: AuditEntry[] = [];
  for (let index = Math.floor(from / TILE_WIDTH); index * TILE_WIDTH < size; index += 1) {
    const first = index * TILE_WIDTH;
    const width = Math.min(TILE_WIDTH, size - first);
    const bytes = await readFile(join(folder, tilePath({ level: 'entries', index, width }))).catch(() => null);
    const bundle = bytes === null ? null : decodeBundle(bytes);
    if (bundle === null || bundle.length < width) return null;
    for (const [at, text] of bundle.entries())
      if (first + at >= from) entries.push(JSON.parse(Buffer.from(text).toString('utf8')) as AuditEntry);
  }
  return entries;
}
