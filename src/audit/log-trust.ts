import type { NoteKey } from './note-key.ts';
import { readKey } from './note-key.ts';
import type { KnownSignature } from './signed-note.ts';

/** Whom a reader believes: the log under this origin and key, and `quorum` (k) of the witnesses (n). */
export interface LogTrust {
  readonly origin: string;
  readonly logKeys: readonly NoteKey[];
  readonly witnesses: readonly NoteKey[];
  /** 0: no witness is asked for. */
  readonly quorum: number;
}

/** Whether enough different witnesses signed. Two names for one key are one witness. Source: C2SP tlog-policy (k of n). */
export function isWitnessed(signatures: readonly KnownSignature[], trust: Pick<LogTrust, 'witnesses' | 'quorum'>): boolean {
  const keys = signatures.filter(({ key }) => trust.witnesses.includes(key)).map(({ key }) => Buffer.from(key.publicKey).toString('hex'));
  return new Set(keys).size >= trust.quorum;
}

/** A witness that a log asks, and where. */
export interface WitnessPlace {
  readonly key: NoteKey;
  readonly url: string;
}

const WITNESS_LINE = /^witness\s+(\S+)\s+(https?:\/\/\S+)$/;

/**
 * Whom a log asks for cosignatures: lines `witness KEY URL` and `quorum K`. Null where a line is anything else.
 * Source: C2SP tlog-policy, reduced to one group.
 */
export function readWitnesses(text: string): { readonly witnesses: readonly WitnessPlace[]; readonly quorum: number } | null {
  const witnesses: WitnessPlace[] = [];
  let quorum = 0;
  for (const line of text.split('\n').map((each) => each.replace(/#.*$/, '').trim())) {
    const [, encoded = '', url = ''] = WITNESS_LINE.exec(line) ?? [];
    const key = readKey(encoded);
    const wanted = /^quorum\s+(\d{1,3})$/.exec(line)?.[1];
    if (line === '') continue;
    if (wanted !== undefined) quorum = Number(wanted);
    else if (key?.algorithm === 'cosignature') witnesses.push({ key, url });
    else return null;
  }
  return quorum > witnesses.length ? null : { witnesses, quorum };
}

/**
 * Trust from the lines of a key file: `log KEY`, `witness KEY`, `quorum K`; `#` begins a comment. The origin is the
 * name of the log's keys. Null where a line is anything else, a key does not read, logs have several names, no log is
 * named, or fewer different witnesses stand there than the quorum asks for.
 * Source: C2SP tlog-policy, reduced to one group; signed-note ("Verifier keys").
 */
export function readTrust(text: string): LogTrust | null {
  const logKeys: NoteKey[] = [];
  const witnesses: NoteKey[] = [];
  let quorum: number | null = null;
  for (const line of text.split('\n')) {
    const [word, value = '', ...rest] = line.replace(/#.*$/, '').trim().split(/\s+/);
    if (word === '' || word === undefined) continue;
    if (rest.length > 0) return null;
    if (word === 'quorum' && quorum === null && /^\d{1,3}$/.test(value)) quorum = Number(value);
    else {
      const key = readKey(value);
      const isWitness = key?.algorithm === 'cosignature';
      if (key === null || (word === 'witness' ? !isWitness : word !== 'log' || isWitness)) return null;
      (isWitness ? witnesses : logKeys).push(key);
    }
  }
  const origin = logKeys[0]?.name;
  if (origin === undefined || logKeys.some((key) => key.name !== origin)) return null;
  const wanted = quorum ?? witnesses.length;
  const different = new Set(witnesses.map((key) => Buffer.from(key.publicKey).toString('hex'))).size;
  return wanted > different ? null : { origin, logKeys, witnesses, quorum: wanted };
}
