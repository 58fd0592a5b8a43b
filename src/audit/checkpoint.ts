import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../kernel/result.ts';
import { HASH_BYTES, type MerkleHash } from './merkle-hash.ts';
import type { NoteKey } from './note-key.ts';
import { type KnownSignature, knownSignatures, type Note, readNote } from './signed-note.ts';

/** How large a log was and what its root was: what is signed. */
export interface TreeHead {
  readonly size: number;
  readonly root: Uint8Array;
}

/** A checkpoint whose signature was checked. */
export interface Checkpoint extends TreeHead {
  readonly origin: string;
  readonly note: Note;
  /** By the keys that were asked for. */
  readonly signatures: readonly KnownSignature[];
}

const SIZE = /^(0|[1-9][0-9]{0,15})$/;

/**
 * Origin of a log: `sluice/audit/<hash>/<first 16 hex digits of the key's SHA-256>`. The algorithm is in the name, so
 * that a log with SM3 can never be taken for one with SHA-256. `publicKey`: the log's Ed25519 key.
 * Source: C2SP tlog-checkpoint ("origin"); models-and-audit.md §2.2 (SM3 is a private profile).
 */
export function logOrigin(algorithm: MerkleHash, publicKey: Uint8Array): string {
  return `sluice/audit/${algorithm}/${createHash('sha256').update(publicKey).digest('hex').slice(0, 16)}`;
}

/** The algorithm that an origin of ours names, or null. */
export function hashOfOrigin(origin: string): MerkleHash | null {
  return origin.startsWith('sluice/audit/sm3/') ? 'sm3' : origin.startsWith('sluice/audit/sha256/') ? 'sha256' : null;
}

/** The text of a checkpoint. Source: C2SP tlog-checkpoint, "Note text". */
export function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${Buffer.from(root).toString('base64')}\n`;
}

/** Origin, size and root of a checkpoint's text; null for anything else. Extension lines are refused: ours have none. */
export function readCheckpointText(text: string): (TreeHead & { readonly origin: string }) | null {
  const [origin = '', size = '', encoded = '', end, more] = text.split('\n');
  const root = Buffer.from(encoded, 'base64');
  if (origin === '' || end !== '' || more !== undefined || !SIZE.test(size) || !Number.isSafeInteger(Number(size))) return null;
  if (root.length !== HASH_BYTES || root.toString('base64') !== encoded) return null;
  return { origin, size: Number(size), root };
}

/**
 * A checkpoint of this origin that carries the signature of at least one of `logKeys`; signatures of `witnessKeys` are
 * checked and named with it. Refuses any other origin, and any line of a known key that does not verify.
 * Source: C2SP tlog-checkpoint; signed-note.
 */
export function readCheckpoint(
  noteText: string,
  origin: string,
  logKeys: readonly NoteKey[],
  witnessKeys: readonly NoteKey[] = [],
): Result<Checkpoint, 'checkpoint-invalid'> {
  const note = readNote(noteText);
  const head = note === null ? null : readCheckpointText(note.text);
  if (note === null || head === null || head.origin !== origin) return err('checkpoint-invalid');
  const signatures = knownSignatures(note, [...logKeys, ...witnessKeys]);
  if (signatures === null || !signatures.some(({ key }) => logKeys.includes(key))) return err('checkpoint-invalid');
  return ok({ ...head, note, signatures });
}
