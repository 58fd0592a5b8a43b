import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import type { Clock } from '../kernel/clock.ts';
import { ok } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import { openFileKeyStore } from '../store/file-key-store.ts';
import { fillRecords, type RowPage } from '../store/record-snapshot.ts';
import { openStream, SealBroken } from '../store/sealed-stream.ts';
import { openStore } from '../store/store.ts';
import { contentOf, type Part, type PartHead, readParts } from './backup-stream.ts';

/** Where a file of a backup may stand in an instance. */
const PATH =
  /^(audit|keys|results|artefacts|releases|enclave|simulation)(\/[A-Za-z0-9._-]{1,120}){1,12}$|^(release-public-key\.pem|audit-trust)$/;
/** Files that are sealed for good are read-only, the others are changed by the instance. */
const READ_ONLY = /^(results|artefacts|releases|enclave|simulation)\//;

export interface Restored {
  /** Entries of the log in the backup. */
  readonly size: number;
  readonly at: string;
}

type About = Extract<PartHead, { kind: 'about' }>;

/**
 * Makes an instance from a backup in `dir`, which must not be there yet or be empty (nor hold the database records). Everything is
 * written beside, the log is verified against its signed checkpoint and the one that the backup names, and only then does the
 * folder get its name. What the instance released after the backup it does not know: its ledgers are shut until
 * `ledger reconcile`. Throws where the file is not what was sealed, and leaves nothing.
 * Source: requirement QZ-3.1.8a (备份恢复机制); tracker issue 5 ("verified by the audit chain"; "release stays shut until the ledger is reconciled").
 */
export async function restoreInstance(options: {
  readonly file: string;
  readonly dir: string;
  readonly key: Uint8Array;
  readonly databaseUrl: string | undefined;
  readonly clock: Clock;
  readonly rng: Rng;
}): Promise<Restored> {
  const { file, dir, key, databaseUrl, clock, rng } = options;
  await requireEmpty(dir);
  const staging = `${dir}.restoring`;
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { recursive: true, mode: 0o700 });
  try {
    const place = { path: join(staging, 'store.sqlite'), url: databaseUrl };
    const about = await unpack(readParts(openStream(createReadStream(file), key)), staging, place, clock);
    await openShut(staging, place, about, clock, rng);
    await rename(staging, dir);
    return { size: about.size, at: about.at };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function requireEmpty(dir: string): Promise<void> {
  const names = await readdir(dir).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  if (names === null) return;
  if (names.length > 0) throw new Error('There is something in the folder already');
  await rmdir(dir);
}

async function unpack(
  parts: AsyncGenerator<Part>,
  staging: string,
  place: { readonly path: string; readonly url: string | undefined },
  clock: Clock,
): Promise<About> {
  const first = await parts.next();
  const about = first.done === true ? null : first.value.head;
  if (about?.kind !== 'about' || about.version !== 1) throw new SealBroken();
  let count = 1;
  let isWhole = false;
  const pages = async function* (): AsyncGenerator<RowPage> {
    for (;;) {
      const next = await parts.next();
      if (next.done === true) return;
      const { head } = next.value;
      if (isWhole) throw new SealBroken();
      if (head.kind === 'end') isWhole = head.parts === count;
      count += 1;
      if (head.kind === 'file') await writeFilePart(staging, head.path, next.value);
      if (head.kind === 'records')
        yield { table: head.table, rows: JSON.parse((await contentOf(next.value)).toString('utf8')) as RowPage['rows'] };
    }
  };
  await fillRecords(place, about.migrations, clock.now(), pages());
  if (!isWhole) throw new SealBroken();
  return about;
}

async function writeFilePart(staging: string, path: string, part: Part): Promise<void> {
  if (!PATH.test(path) || path.split('/').includes('..')) throw new SealBroken();
  const target = join(staging, path);
  await mkdir(dirname(target), { recursive: true, mode: 0o700 });
  const file = await open(target, 'wx', READ_ONLY.test(path) ? 0o400 : path.endsWith('.pem') && !path.includes('/') ? 0o644 : 0o600);
  try {
    for await (const chunk of part.chunks) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** Opens what was unpacked, verifies its log, and shuts its ledgers, which an entry tells of. */
async function openShut(
  staging: string,
  place: { readonly path: string; readonly url: string | undefined },
  about: About,
  clock: Clock,
  rng: Rng,
): Promise<void> {
  const keys = await openFileKeyStore(join(staging, 'keys'), rng);
  const { store, audit } = await openStore({
    ...place,
    checkpointPath: join(staging, 'audit', 'checkpoint'),
    keys,
    clock,
    auditProfile: about.auditProfile,
  });
  try {
    const { verified, entries } = await audit.verify([about.note]);
    if (!verified || entries < about.size) throw new Error('The log in the backup does not verify');
    const event = {
      operation: 'instance.restore',
      actor: SYSTEM_ACTOR,
      object: 'instance',
      outcome: 'done',
      facts: { size: about.size },
    } as const;
    await store.write(async (tx) => {
      await tx.ledger.setShut([{ dataset: '*', size: about.size, note: about.note }], event);
      return ok(null);
    });
    await audit.checkpoint();
  } finally {
    await store.close();
  }
}
