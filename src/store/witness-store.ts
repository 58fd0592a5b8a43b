import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Checkpoint, hashOfOrigin, readCheckpoint } from '../audit/checkpoint.ts';
import type { NoteKey } from '../audit/note-key.ts';
import { cosign, type NoteSignature, printSignature, type Signer } from '../audit/signed-note.ts';
import { judgeCheckpoint, originOf, readAddCheckpoint } from '../audit/witness.ts';
import type { Clock } from '../kernel/clock.ts';
import { createFile, replaceFile, syncFolder } from './durable-file.ts';

/** What a witness answers to a log. */
export interface WitnessAnswer {
  readonly status: number;
  readonly mediaType: string;
  readonly body: string;
}

/** A witness: remembers the newest checkpoint of each log it knows, and signs only what continues it. */
export interface Witness {
  readonly key: NoteKey;
  addCheckpoint(body: string): Promise<WitnessAnswer>;
  /** The newest checkpoint it signed under this origin, with its own line; null where there is none. */
  latest(origin: string): Promise<string | null>;
}

const PLAIN = 'text/plain; charset=utf-8';
const MAX_BODY_BYTES = 100_000;

/**
 * Opens a witness in `folder`: its key (made on first use, mode 0600), the whole newest checkpoint of each log, and
 * everything it refused though a log signed it (`evidence`), since two signed checkpoints that do not fit each other
 * prove a fork. The new checkpoint is on disk before the answer goes out, and requests are taken one at a time.
 * One process for a folder. Source: C2SP tlog-witness; models-and-audit.md §2.2 (torchwood #72).
 */
export async function openWitness(folder: string, name: string, logs: readonly NoteKey[], clock: Clock): Promise<Witness> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const signer = await witnessSigner(folder, name);
  let line: Promise<unknown> = Promise.resolve();
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const done = line.then(work, work);
    line = done.catch(() => undefined);
    return done;
  };
  return {
    key: signer.key,
    addCheckpoint: (body) => alone(() => add(body, { folder, signer, logs, clock })),
    latest: async (origin) => (hashOfOrigin(origin) === null ? null : textOf(fileOf(folder, origin))),
  };
}

interface Parts {
  readonly folder: string;
  readonly signer: Signer;
  readonly logs: readonly NoteKey[];
  readonly clock: Clock;
}

async function add(body: string, { folder, signer, logs, clock }: Parts): Promise<WitnessAnswer> {
  const request = Buffer.byteLength(body) > MAX_BODY_BYTES ? null : readAddCheckpoint(body);
  const origin = request === null ? null : originOf(request);
  if (request === null || origin === null) return refusal(400);
  const keys = logs.filter((key) => key.name === origin);
  const recorded = keys.length === 0 ? null : await recordedCheckpoint(folder, origin, keys);
  const verdict = judgeCheckpoint(request, keys, recorded);
  if (verdict.kind === 'refuse') {
    if (verdict.status === 422 || verdict.status === 409) await keepEvidence(folder, origin, request.checkpoint, keys);
    return verdict.size === null ? refusal(verdict.status) : { status: 409, mediaType: 'text/x.tlog.size', body: `${verdict.size}\n` };
  }
  const own = await cosign(verdict.checkpoint.note.text, signer, clock.now());
  await replaceFile(fileOf(folder, origin), withLine(request.checkpoint, own), 0o600);
  return { status: 200, mediaType: PLAIN, body: printSignature(own) };
}

function withLine(note: string, signature: NoteSignature): string {
  return `${note}${printSignature(signature)}`;
}

function refusal(status: number): WitnessAnswer {
  return { status, mediaType: PLAIN, body: '' };
}

async function recordedCheckpoint(folder: string, origin: string, keys: readonly NoteKey[]): Promise<Checkpoint | null> {
  const text = await textOf(fileOf(folder, origin));
  if (text === null) return null;
  const read = readCheckpoint(text, origin, keys);
  // A record that does not read is no reason to begin anew: that would be a rollback.
  if (!read.ok) throw new Error('The record of this witness was changed');
  return read.value;
}

/** Signed checkpoints that were refused: proof of what the log did. */
async function keepEvidence(folder: string, origin: string, note: string, keys: readonly NoteKey[]): Promise<void> {
  if (!readCheckpoint(note, origin, keys).ok) return;
  const path = `${fileOf(folder, origin)}.evidence`;
  const known = (await textOf(path)) ?? '';
  if (!known.includes(note)) await appendFile(path, `${note}\n`, { mode: 0o600, flush: true });
}

function fileOf(folder: string, origin: string): string {
  return join(folder, `${createHash('sha256').update(origin).digest('hex').slice(0, 32)}.checkpoint`);
}

async function witnessSigner(folder: string, name: string): Promise<Signer> {
  const path = join(folder, 'witness.pem');
  const kept = await textOf(path);
  if (kept === null) {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ format: 'pem', type: 'pkcs8' }) as string;
    await createFile(path, Buffer.from(pem, 'utf8'), 0o600, 'new');
    await syncFolder(folder);
  }
  const secret = createPrivateKey(kept ?? (await readFile(path, 'utf8')));
  const publicKey = createPublicKey(secret).export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: { name, algorithm: 'cosignature', publicKey }, sign: async (message) => sign(null, message, secret) };
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
