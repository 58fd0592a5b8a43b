import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type Checkpoint, checkpointText, logOrigin, readCheckpoint, type TreeHead } from '../audit/checkpoint.ts';
import type { MerkleHash } from '../audit/merkle-hash.ts';
import type { NoteKey } from '../audit/note-key.ts';
import { type NoteSignature, printNote, type Signer, signText } from '../audit/signed-note.ts';
import type { KeyStore } from '../operations/ports.ts';
import { replaceFile } from './durable-file.ts';

/**
 * `intl`: SHA-256 and Ed25519. `gm`: SM3, signed with SM2 and with Ed25519 beside it, for readers that know only one.
 * Source: models-and-audit.md §2.4 "Algorithms profile".
 */
export type AuditProfile = 'intl' | 'gm';

/** The checkpoint beside the store. Writing is to be done under the store's write lock only. */
export interface CheckpointFile {
  readonly algorithm: MerkleHash;
  readonly origin: string;
  /** Keys of the log, for who verifies. */
  readonly keys: readonly NoteKey[];
  read(): Promise<Checkpoint | 'checkpoint-missing' | 'checkpoint-invalid'>;
  /** The file's text, unread; null where there is none. */
  text(): Promise<string | null>;
  /** Checks a note as this log's, without the file. */
  check(note: string): Checkpoint | null;
  /** Signs and writes; on disk when it returns. Gives the note. */
  write(head: TreeHead): Promise<string>;
  /** A note over another text, signed with the log's keys. */
  signText(text: string): Promise<string>;
  /** Adds lines of witnesses to the checkpoint, if it still is the one they signed. */
  addSignatures(text: string, lines: readonly NoteSignature[]): Promise<boolean>;
}

/** Source: C2SP tlog-checkpoint; ADR 0018. */
export async function openCheckpointFile(path: string, keys: KeyStore, profile: AuditProfile): Promise<CheckpointFile> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  const algorithm: MerkleHash = profile === 'gm' ? 'sm3' : 'sha256';
  const origin = logOrigin(algorithm, await keys.publicKey('audit'));
  const signers = await signersOf(keys, profile, origin);
  // The profile's own signature must be there; the other stands beside it for who asks for it.
  const required = signers.slice(0, 1).map(({ key }) => key);
  // The signature of a text that was checked before need not be checked again.
  let known: { readonly text: string; readonly checkpoint: Checkpoint } | null = null;
  const check = (text: string): Checkpoint | null => {
    const result = readCheckpoint(text, origin, required);
    return result.ok ? result.value : null;
  };
  const sign = async (text: string): Promise<string> => {
    const signatures: NoteSignature[] = [];
    for (const signer of signers) signatures.push(await signText(text, signer));
    return printNote({ text, signatures });
  };
  const read: CheckpointFile['read'] = async () => {
    const text = await textOf(path);
    if (text === null) return 'checkpoint-missing';
    if (known?.text === text) return known.checkpoint;
    const checkpoint = check(text);
    if (checkpoint === null) return 'checkpoint-invalid';
    known = { text, checkpoint };
    return checkpoint;
  };

  return {
    algorithm,
    origin,
    keys: signers.map(({ key }) => key),
    text: () => textOf(path),
    check,
    read,
    signText: sign,
    async write(head) {
      const note = await sign(checkpointText(origin, head));
      await replaceFile(path, note, 0o600);
      return note;
    },
    async addSignatures(text, lines) {
      const current = await read();
      if (typeof current === 'string' || current.note.text !== text) return false;
      const old = current.note.signatures.filter((item) => !lines.some((line) => Buffer.compare(line.keyId, item.keyId) === 0));
      await replaceFile(path, printNote({ text, signatures: [...old, ...lines] }), 0o600);
      return true;
    },
  };
}

async function signersOf(keys: KeyStore, profile: AuditProfile, origin: string): Promise<readonly Signer[]> {
  const ed25519: Signer = {
    key: { name: origin, algorithm: 'ed25519', publicKey: await keys.publicKey('audit') },
    sign: (message) => keys.sign('audit', message),
  };
  if (profile === 'intl') return [ed25519];
  const sm2: Signer = {
    key: { name: origin, algorithm: 'sm2-sm3', publicKey: await keys.publicKey('audit-sm2') },
    sign: (message) => keys.sign('audit-sm2', message),
  };
  return [sm2, ed25519];
}

async function textOf(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}
