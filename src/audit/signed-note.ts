import { keyId, type NoteKey, signedBy } from './note-key.ts';

/** A text with the lines of who signed it, as read; nothing of it is checked yet. */
export interface Note {
  /** Ends in a line end. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

export interface NoteSignature {
  readonly name: string;
  readonly keyId: Uint8Array;
  readonly signature: Uint8Array;
}

/** What makes signatures: a key file, a KMS, an HSM. Gets the bytes, gives 64 of signature. */
export interface Signer {
  readonly key: NoteKey;
  sign(message: Uint8Array): Promise<Uint8Array>;
}

/** A signature by one of the keys asked for. `time` (Unix seconds): of cosignatures. */
export interface KnownSignature {
  readonly key: NoteKey;
  readonly time: number | null;
}

const MARK = '— ';
const MAX_SIGNATURES = 100;
const MAX_NOTE_BYTES = 1_000_000;
const SIGNATURE_LINE = /^— (\S+) ([A-Za-z0-9+/]+={0,2})$/;
const COSIGNATURE_BYTES = 72;

/** One signature line, with its line end. Source: C2SP signed-note, "Format". */
export function printSignature({ name, keyId: id, signature }: NoteSignature): string {
  return `${MARK}${name} ${Buffer.concat([id, signature]).toString('base64')}\n`;
}

/** The whole note. Throws on a text without its line end, or with control characters. */
export function printNote({ text, signatures }: Note): string {
  if (!isNoteText(text)) throw new RangeError('A text that no note can hold');
  return `${text}\n${signatures.map(printSignature).join('')}`;
}

/**
 * Reads a note: text, empty line, one signature line or more. Null for anything else, control characters and more than
 * 100 signatures or a million bytes included. Source: C2SP signed-note, "Format".
 */
export function readNote(note: string): Note | null {
  if (Buffer.byteLength(note) > MAX_NOTE_BYTES || !note.endsWith('\n')) return null;
  const split = note.lastIndexOf('\n\n');
  if (split < 0) return null;
  const [text, lines] = [note.slice(0, split + 1), note.slice(split + 2, -1).split('\n')];
  if (!isNoteText(text) || lines.length > MAX_SIGNATURES) return null;
  const signatures = lines.map(readSignature);
  return signatures.every((item) => item !== null) ? { text, signatures } : null;
}

/**
 * The signatures of a note that are by one of `keys`. Unknown keys are passed over, as the specification asks, so that
 * lines of several algorithms and witnesses can stand together; a line that names a known key and does not verify makes
 * the note worth nothing: null.
 */
export function knownSignatures(note: Note, keys: readonly NoteKey[]): readonly KnownSignature[] | null {
  const known: KnownSignature[] = [];
  for (const line of note.signatures) {
    const key = keys.find((item) => item.name === line.name && Buffer.compare(keyId(item), line.keyId) === 0);
    if (key === undefined) continue;
    const checked = checkSignature(note.text, key, line.signature);
    if (checked === null) return null;
    if (!known.some((item) => item.key === key)) known.push(checked);
  }
  return known;
}

/** A log's line under a text. Not for cosignatures. */
export async function signText(text: string, signer: Signer): Promise<NoteSignature> {
  const signature = await signer.sign(Buffer.from(text, 'utf8'));
  return { name: signer.key.name, keyId: keyId(signer.key), signature };
}

/**
 * A witness's line under a checkpoint: eight bytes of time, big-endian, before the signature over time and text.
 * Source: C2SP tlog-cosignature, "Format".
 */
export async function cosign(text: string, signer: Signer, at: Date): Promise<NoteSignature> {
  const time = Math.floor(at.getTime() / 1000);
  const stamp = Buffer.alloc(8);
  stamp.writeBigUInt64BE(BigInt(time));
  const signature = Buffer.concat([stamp, await signer.sign(cosignedBytes(text, time))]);
  return { name: signer.key.name, keyId: keyId(signer.key), signature };
}

function cosignedBytes(text: string, time: number): Uint8Array {
  return Buffer.from(`cosignature/v1\ntime ${time}\n${text}`, 'utf8');
}

function checkSignature(text: string, key: NoteKey, signature: Uint8Array): KnownSignature | null {
  if (key.algorithm !== 'cosignature') return signedBy(key, Buffer.from(text, 'utf8'), signature) ? { key, time: null } : null;
  if (signature.length !== COSIGNATURE_BYTES) return null;
  const time = Number(Buffer.from(signature).readBigUInt64BE(0));
  return Number.isSafeInteger(time) && signedBy(key, cosignedBytes(text, time), signature.subarray(8)) ? { key, time } : null;
}

function readSignature(line: string): NoteSignature | null {
  const parts = SIGNATURE_LINE.exec(line);
  const bytes = Buffer.from(parts?.[2] ?? '', 'base64');
  if (parts === null || bytes.length < 5 || bytes.toString('base64') !== parts[2]) return null;
  return { name: parts[1] ?? '', keyId: bytes.subarray(0, 4), signature: bytes.subarray(4) };
}

function isNoteText(text: string): boolean {
  if (!text.endsWith('\n') || !text.isWellFormed()) return false;
  for (const character of text) if (character < ' ' && character !== '\n') return false;
  return true;
}
