import { createHash, createPublicKey, verify } from 'node:crypto';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { ChainHead } from './chain.ts';

/** What the log was at a time, to be kept apart from it and signed, so that a cut-off or rewritten log can be told. */
export interface Checkpoint extends ChainHead {
  readonly v: 1;
  /** Names the log, its algorithm and its key. */
  readonly origin: string;
  /** UTC, ISO 8601. */
  readonly time: string;
}

const SIGNED_PREFIX = 'sluice-checkpoint/v1\n';
const ED25519_SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const HASH = /^[0-9a-f]{64}$/;

/** Origin of the log that this audit key signs: `sluice/audit/sha256-ed25519/<16 hex of the key's SHA-256>`. */
export function checkpointOrigin(publicKey: Uint8Array): string {
  return `sluice/audit/sha256-ed25519/${createHash('sha256').update(publicKey).digest('hex').slice(0, 16)}`;
}

export function checkpointOf(head: ChainHead, publicKey: Uint8Array, time: Date): Checkpoint {
  return { v: 1, origin: checkpointOrigin(publicKey), size: head.size, hash: head.hash, time: time.toISOString() };
}

/** The bytes to sign. The prefix keeps the signature from meaning anything else. */
export function signedBytes(checkpoint: Checkpoint): Uint8Array {
  return Buffer.from(SIGNED_PREFIX + canonicalJson(checkpoint), 'utf8');
}

/** The checkpoint file: canonical JSON and a line end. */
export function printCheckpoint(checkpoint: Checkpoint, signature: Uint8Array): string {
  return `${canonicalJson({ checkpoint, signature: Buffer.from(signature).toString('hex') })}\n`;
}

/**
 * Reads a checkpoint file. Refuses everything but the very bytes that `printCheckpoint` makes, another origin, and a
 * signature that is not this key's, so that any changed byte is found.
 */
export function readCheckpoint(text: string, publicKey: Uint8Array): Result<Checkpoint, 'checkpoint-invalid'> {
  const parts = parse(text);
  if (parts === null) return err('checkpoint-invalid');
  const { checkpoint, signature } = parts;
  const faithful = printCheckpoint(checkpoint, signature) === text && checkpoint.origin === checkpointOrigin(publicKey);
  if (!faithful || !signedBy(publicKey, checkpoint, signature)) return err('checkpoint-invalid');
  return ok(checkpoint);
}

function signedBy(publicKey: Uint8Array, checkpoint: Checkpoint, signature: Uint8Array): boolean {
  const key = createPublicKey({ key: Buffer.concat([ED25519_SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
  return verify(null, signedBytes(checkpoint), key, signature);
}

function parse(text: string): { readonly checkpoint: Checkpoint; readonly signature: Uint8Array } | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return null;
  }
  if (!isRecord(value) || !isRecord(value.checkpoint) || typeof value.signature !== 'string') return null;
  const { v, origin, size, hash, time } = value.checkpoint;
  if (v !== 1 || typeof origin !== 'string' || typeof time !== 'string') return null;
  if (typeof size !== 'number' || !Number.isSafeInteger(size) || size < 0) return null;
  if (typeof hash !== 'string' || !HASH.test(hash)) return null;
  return { checkpoint: { v, origin, size, hash, time }, signature: Buffer.from(value.signature, 'hex') };
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}
