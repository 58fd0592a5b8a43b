import { err, ok, type Result } from '../kernel/result.ts';
import { type Checkpoint, hashOfOrigin, readCheckpoint } from './checkpoint.ts';
import { isWitnessed, type LogTrust } from './log-trust.ts';
import { HASH_BYTES, leafHash } from './merkle-hash.ts';
import { includes } from './merkle-proof.ts';

/** Proof that an entry stands in a log, for who has neither log nor instance: a receipt. */
export interface TlogProof {
  /** Place of the entry, from 0. */
  readonly index: number;
  /** From the leaf's sibling up. */
  readonly path: readonly Uint8Array[];
  /** The signed checkpoint, as it stands. */
  readonly checkpoint: string;
  /** Here: the entry itself, so that the reader sees what is proved. Authenticated by the path alone. */
  readonly entry: Uint8Array;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const INDEX = /^index (0|[1-9][0-9]{0,15})$/;
/** A tree of 2⁶³ leaves has paths of 63. */
const MAX_PATH = 63;

export type ReceiptFault = 'receipt-malformed' | 'checkpoint-invalid' | 'not-included' | 'too-few-witnesses';

/** The receipt as text. The entry is its `extra` line. Source: C2SP tlog-proof, "Format". */
export function printReceipt({ index, path, checkpoint, entry }: TlogProof): string {
  return `${[HEADER, `extra ${base64(entry)}`, `index ${index}`, ...path.map(base64)].join('\n')}\n\n${checkpoint}`;
}

/** Reads a receipt's form; checks no signature and no path. Source: C2SP tlog-proof, "Format". */
export function readReceipt(text: string): TlogProof | null {
  const end = text.indexOf('\n\n');
  if (end < 0) return null;
  const [header, extra = '', index = '', ...path] = text.slice(0, end).split('\n');
  const place = INDEX.exec(index);
  if (header !== HEADER || !extra.startsWith('extra ') || place === null || path.length > MAX_PATH) return null;
  const hashes = path.map(fromBase64);
  const entry = fromBase64(extra.slice('extra '.length));
  if (entry === null || !hashes.every((item) => item?.length === HASH_BYTES)) return null;
  return { index: Number(place[1]), path: hashes as readonly Uint8Array[], checkpoint: text.slice(end + 2), entry };
}

/**
 * Checks a receipt against the keys of the log and k of the witnesses: the checkpoint is signed, at least `quorum`
 * witnesses cosigned it, and the entry is in its tree. An empty path is good in a tree of one entry alone.
 * Does not tell what became of the log since. Source: C2SP tlog-proof; RFC 9162 §2.1.3.2.
 */
export function verifyReceipt(
  text: string,
  trust: LogTrust,
): Result<{ readonly proof: TlogProof; readonly checkpoint: Checkpoint }, ReceiptFault> {
  const proof = readReceipt(text);
  const algorithm = hashOfOrigin(trust.origin);
  if (proof === null || algorithm === null) return err('receipt-malformed');
  const checkpoint = readCheckpoint(proof.checkpoint, trust.origin, trust.logKeys, trust.witnesses);
  if (!checkpoint.ok) return checkpoint;
  const { size, root, signatures } = checkpoint.value;
  if (!isWitnessed(signatures, trust)) return err('too-few-witnesses');
  const leaf = leafHash(algorithm, proof.entry);
  if (!includes(algorithm, { index: proof.index, size, leaf, root }, proof.path)) return err('not-included');
  return ok({ proof, checkpoint: checkpoint.value });
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

function fromBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : null;
}
