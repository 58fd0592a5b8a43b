import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import type { Clock } from '../kernel/clock.ts';
import { PRODUCT_VERSION } from '../kernel/product-version.ts';
import type { RecordSnapshot } from '../store/record-snapshot.ts';
import { openStream, sealStream } from '../store/sealed-stream.ts';
import type { OpenedStore } from '../store/store.ts';
import { encodePart, filePart, filesBelow, type PartHead, readParts } from './backup-stream.ts';

/** Folders of an instance that are kept beside the records; `inbox` and `tmp` hold nothing that lasts. */
const FOLDERS = ['keys', 'results', 'artefacts', 'releases', 'enclave', 'simulation'];
const FILES = ['release-public-key.pem', 'audit-trust'];

export interface BackupParts {
  /** Of the instance. */
  readonly dir: string;
  readonly opened: OpenedStore;
  readonly auditProfile: 'intl' | 'gm';
  readonly clock: Clock;
}

export interface BackupMade {
  /** One for each folder, the first one first. */
  readonly files: readonly string[];
  readonly bytes: number;
  /** SHA-256 of the file, hex. */
  readonly digest: string;
  /** Entries of the log in it. */
  readonly size: number;
}

/**
 * Everything an instance is, in one encrypted file in each of the folders: records and log at one instant, then the files they
 * name, keys included, so that a new machine can take over. Written beside, read back whole (which checks every byte), then
 * renamed; the log tells of it. Nobody writes records while they are read.
 * Source: requirement QY-44a (加密方式进行本地及异地备份); tracker issue 5; ADR 0024.
 */
export async function backupInstance(parts: BackupParts, key: Uint8Array, folders: readonly string[]): Promise<BackupMade> {
  const [first, ...others] = folders;
  if (first === undefined) throw new TypeError('A backup needs a folder');
  const { opened, clock } = parts;
  const name = `sluice-${clock
    .now()
    .toISOString()
    .replaceAll(/[-:]|\.\d+/g, '')}.backup`;
  await mkdir(first, { recursive: true, mode: 0o700 });
  const path = join(first, name);
  const temporary = `${path}.tmp`;
  try {
    await opened.audit.checkpoint();
    let size = 0;
    await opened.withSnapshot(async (snapshot) => {
      const about = await aboutOf(parts, snapshot);
      size = about.size;
      await writeStream(temporary, sealStream(plainParts(parts, snapshot, about), key));
    });
    await readBack(temporary, key);
    const digest = await digestOf(temporary);
    await rename(temporary, path);
    const copies: string[] = [];
    for (const folder of others) copies.push(await copyChecked(path, folder, digest));
    const facts = { size, digest, copies: folders.length };
    await opened.audit.append({ operation: 'instance.backup', actor: SYSTEM_ACTOR, object: 'instance', outcome: 'done', facts });
    return { files: [path, ...copies], bytes: (await stat(path)).size, digest, size };
  } finally {
    await rm(temporary, { force: true });
  }
}

async function aboutOf({ opened, auditProfile, clock }: BackupParts, { migrations }: RecordSnapshot) {
  const { size, note } = await opened.checkpointNow();
  const common = { kind: 'about', version: 1, product: PRODUCT_VERSION, bytes: 0 } as const;
  return { ...common, at: clock.now().toISOString(), migrations, size, note, auditProfile } satisfies PartHead;
}

async function* plainParts({ dir }: BackupParts, snapshot: RecordSnapshot, about: PartHead): AsyncGenerator<Uint8Array> {
  let count = 1;
  yield encodePart(about);
  for (const path of await filesBelow(dir, 'audit')) {
    yield* filePart(dir, path);
    count += 1;
  }
  for await (const { table, rows } of snapshot.pages()) {
    const content = Buffer.from(JSON.stringify(rows), 'utf8');
    yield encodePart({ kind: 'records', table, bytes: content.length }, content);
    count += 1;
  }
  const files = (await Promise.all(FOLDERS.map((folder) => filesBelow(dir, folder)))).flat();
  const single = await Promise.all(
    FILES.map((file) =>
      stat(join(dir, file)).then(
        () => [file],
        () => [],
      ),
    ),
  );
  for (const path of [...files, ...single.flat()]) {
    yield* filePart(dir, path);
    count += 1;
  }
  yield encodePart({ kind: 'end', parts: count, bytes: 0 });
}

async function writeStream(path: string, bytes: AsyncIterable<Uint8Array>): Promise<void> {
  const file = await open(path, 'wx', 0o600);
  try {
    for await (const chunk of bytes) await file.writeFile(chunk);
    await file.sync();
  } finally {
    await file.close();
  }
}

async function readBack(path: string, key: Uint8Array): Promise<void> {
  let last: PartHead | null = null;
  let count = 0;
  for await (const { head } of readParts(openStream(createReadStream(path), key))) {
    last = head;
    count += 1;
  }
  if (last?.kind !== 'end' || last.parts !== count - 1) throw new Error('The backup cannot be read back');
}

async function digestOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) hash.update(chunk);
  return hash.digest('hex');
}

async function copyChecked(path: string, folder: string, digest: string): Promise<string> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const copy = join(folder, basename(path));
  await copyFile(path, `${copy}.tmp`);
  if ((await digestOf(`${copy}.tmp`)) !== digest) throw new Error('The second copy of the backup is not what was written');
  await rename(`${copy}.tmp`, copy);
  return copy;
}
