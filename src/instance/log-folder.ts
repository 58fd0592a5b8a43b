import { readCheckpoint } from '../audit/checkpoint.ts';
import type { LogFault } from '../audit/log-fault.ts';
import type { LogTrust } from '../audit/log-trust.ts';
import { verifyTiles } from '../store/audit-verification.ts';

/** What the files of a log alone say. `hash`: root, hex. */
export interface TileVerification {
  readonly verified: boolean;
  readonly entries: number;
  readonly checkpoint: { readonly size: number; readonly hash: string } | null;
  readonly faults: readonly LogFault[];
  readonly root: string;
  readonly lastRight: { readonly size: number; readonly at: string | null } | null;
}

/**
 * Verifies a folder of tiles with its checkpoint against keys, and against checkpoints that witnesses kept (notes; one
 * that is not signed by the log is a fault). Opens no store. Throws where the folder cannot be read.
 * Source: models-and-audit.md §2.4 ("--tiles").
 */
export async function verifyLogFolder(
  folder: string,
  trust: LogTrust,
  options: { readonly witnessed: readonly string[]; readonly now: Date },
): Promise<TileVerification> {
  const heads = options.witnessed.map((note) => readCheckpoint(note, trust.origin, trust.logKeys, trust.witnesses));
  const witnessed = heads.flatMap((head) => (head.ok ? [head.value] : []));
  const found = await verifyTiles(folder, trust, { witnessed, now: options.now });
  const unread: readonly LogFault[] = heads.some((head) => !head.ok) ? [{ seq: null, kind: 'checkpoint-invalid' }] : [];
  const faults = [...unread, ...found.faults];
  const { entries, root, lastRight, checkpoint } = found;
  const head = checkpoint && { size: checkpoint.size, hash: Buffer.from(checkpoint.root).toString('hex') };
  return { verified: faults.length === 0, entries, checkpoint: head, faults, root, lastRight };
}
