import { type Checkpoint, hashOfOrigin, readCheckpoint, readCheckpointText } from './checkpoint.ts';
import { emptyRoot, HASH_BYTES, sameHash } from './merkle-hash.ts';
import { continues } from './merkle-proof.ts';
import type { NoteKey } from './note-key.ts';
import { readNote } from './signed-note.ts';

/** What a log asks of a witness: to sign that `checkpoint` continues the one of `oldSize`. */
export interface AddCheckpoint {
  readonly oldSize: number;
  readonly proof: readonly Uint8Array[];
  /** The note, whole. */
  readonly checkpoint: string;
}

/** What the witness does: cosign and remember, or refuse with this status. `size` goes with 409. */
export type WitnessVerdict =
  | { readonly kind: 'cosign'; readonly checkpoint: Checkpoint }
  | { readonly kind: 'refuse'; readonly status: 400 | 403 | 404 | 409 | 422; readonly size: number | null };

const MAX_PROOF = 63;
const OLD_LINE = /^old (0|[1-9][0-9]{0,15})$/;

/** The request's body. Source: C2SP tlog-witness, "add-checkpoint". */
export function printAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  return `old ${oldSize}\n${proof.map((hash) => `${Buffer.from(hash).toString('base64')}\n`).join('')}\n${checkpoint}`;
}

/** Reads a request's body; null for anything malformed, and more than 63 proof lines. Source: C2SP tlog-witness. */
export function readAddCheckpoint(body: string): AddCheckpoint | null {
  const end = body.indexOf('\n\n');
  if (end < 0) return null;
  const [old = '', ...lines] = body.slice(0, end).split('\n');
  const size = OLD_LINE.exec(old);
  if (size === null || lines.length > MAX_PROOF) return null;
  const proof = lines.map((line) => Buffer.from(line, 'base64'));
  if (!proof.every((hash, at) => hash.length === HASH_BYTES && hash.toString('base64') === lines[at])) return null;
  return { oldSize: Number(size[1]), proof, checkpoint: body.slice(end + 2) };
}

/** Origin that a request speaks of, unchecked, to look its log up; null where there is none. */
export function originOf(request: AddCheckpoint): string | null {
  const note = readNote(request.checkpoint);
  return note === null ? null : (readCheckpointText(note.text)?.origin ?? null);
}

/**
 * The witness's rule. `keys`: of the log under this origin, empty where the origin is unknown. `recorded`: what was
 * cosigned last, or null. To be called and its answer persisted under one lock. Refuses: 400 malformed or `old` above
 * the checkpoint; 404 unknown origin; 403 no good signature; 409 `old` is not the recorded size; 422 the proof does not
 * verify, the same size has another root, or an empty tree has another root than it must.
 * Source: C2SP tlog-witness; models-and-audit.md §2.2 "Witness rules worth copying".
 */
export function judgeCheckpoint(request: AddCheckpoint, keys: readonly NoteKey[], recorded: Checkpoint | null): WitnessVerdict {
  const refuse = (status: 400 | 403 | 404 | 409 | 422, size: number | null = null): WitnessVerdict => ({ kind: 'refuse', status, size });
  const origin = originOf(request);
  if (origin === null) return refuse(400);
  const algorithm = hashOfOrigin(origin);
  if (keys.length === 0 || algorithm === null) return refuse(404);
  const checkpoint = readCheckpoint(request.checkpoint, origin, keys);
  if (!checkpoint.ok) return refuse(403);
  if (request.oldSize > checkpoint.value.size) return refuse(400);
  const from = recorded ?? { size: 0, root: emptyRoot(algorithm) };
  if (request.oldSize !== from.size) return refuse(409, from.size);
  if (checkpoint.value.size === 0 && !sameHash(checkpoint.value.root, emptyRoot(algorithm))) return refuse(422);
  return continues(algorithm, from, checkpoint.value, request.proof) ? { kind: 'cosign', checkpoint: checkpoint.value } : refuse(422);
}
