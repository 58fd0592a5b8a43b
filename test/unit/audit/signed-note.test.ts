import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { sm2 } from 'sm-crypto-v2';
import { describe, expect, test } from 'vitest';
import { checkpointText, logOrigin, readCheckpoint, readCheckpointText } from '../../../src/audit/checkpoint.ts';
import { emptyRoot } from '../../../src/audit/merkle-hash.ts';
import { type NoteKey, printKey, readKey, signedBy } from '../../../src/audit/note-key.ts';
import { cosign, knownSignatures, printNote, readNote, type Signer, signText } from '../../../src/audit/signed-note.ts';

/** Source: C2SP signed-note.md, "Example". */
const VKEY = 'example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k';
const EXAMPLE =
  'This is an example message.\n\n— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n';

function ed25519(name: string, algorithm: 'ed25519' | 'cosignature' = 'ed25519'): Signer & { readonly secret: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: { name, algorithm, publicKey: raw }, secret: privateKey, sign: async (message) => sign(null, message, privateKey) };
}

describe('signed notes', () => {
  test('the published example verifies, and none of its bytes may change', () => {
    const key = readKey(VKEY);
    const note = readNote(EXAMPLE);
    expect(key && printKey(key)).toBe(VKEY);
    expect(note && knownSignatures(note, [key as NoteKey])).toHaveLength(1);
    expect(note && printNote(note)).toBe(EXAMPLE);
    const bytes = Buffer.from(EXAMPLE);
    for (let at = 0; at < bytes.length; at += 1) {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const read = readNote(changed.toString('utf8'));
      expect(read === null ? [] : (knownSignatures(read, [key as NoteKey]) ?? [])).toEqual([]);
    }
  });

  test.each(['no line end', 'no signature\n', 'text\n\n', 'a\u0000b\n\n— x AAAAAAA=\n', 'a\n\nx AAAAAAA=\n'])('%j is no note', (text) => {
    expect(readNote(text)).toBeNull();
  });

  test('a key under another name or with another id is not read', () => {
    expect(readKey(VKEY.replace('530d903a', '530d903b'))).toBeNull();
    expect(readKey(VKEY.replace('foo', 'fob'))).toBeNull();
    expect(readKey('a+00000000+AA==')).toBeNull();
  });

  test('a text that injects lines cannot be signed', async () => {
    expect(() => printNote({ text: 'no end', signatures: [] })).toThrow(RangeError);
    expect(() => printNote({ text: 'esc\u001b[0m\n', signatures: [] })).toThrow(RangeError);
  });
});

describe('SM2 with SM3', () => {
  const x = '09F9DF311E5421A150DD7D161E4BC5C672179FAD1833FC076BB08FF356F35020';
  const y = 'CCEA490CE26775A52DC6EA718CC1AA600AED05FBF35E084A6632F6072DA9AD13';
  const r = 'F5A03B0648D2C4630EEAC513E1BB81A15944DA3827D5B74143AC7EACEEE720B3';
  const s = 'B1B6AA29DF212FD8763182BC0D421CA1BB9038FD1F7F42D4840B69C485BBC1AA';
  const key: NoteKey = { name: 'gm', algorithm: 'sm2-sm3', publicKey: Buffer.from(x + y, 'hex') };

  test('the example of GB/T 32918.5 verifies, another message does not', () => {
    expect(signedBy(key, Buffer.from('message digest'), Buffer.from(r + s, 'hex'))).toBe(true);
    expect(signedBy(key, Buffer.from('message digesu'), Buffer.from(r + s, 'hex'))).toBe(false);
    expect(signedBy(key, Buffer.from('message digest'), Buffer.from(s + r, 'hex'))).toBe(false);
    expect(readKey(printKey(key))).toEqual({ ...key, publicKey: expect.anything() });
  });

  test('ECDSA with SM3 on the same curve, which Node makes, is refused', () => {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'SM2' });
    const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-64);
    const message = Buffer.from('message digest');
    const signature = sign('sm3', message, { key: privateKey, dsaEncoding: 'ieee-p1363' });
    expect(signedBy({ ...key, publicKey: point }, message, signature)).toBe(false);
  });

  test('stands beside Ed25519 on one checkpoint; either key is enough to read it', async () => {
    const pair = sm2.generateKeyPairHex();
    const point = Buffer.from(pair.publicKey.slice(2), 'hex');
    const log = ed25519('log');
    const origin = logOrigin('sha256', log.key.publicKey);
    const first: Signer = { ...log, key: { ...log.key, name: origin } };
    const second: Signer = {
      key: { name: origin, algorithm: 'sm2-sm3', publicKey: point },
      sign: async (message) => Buffer.from(sm2.doSignature(message, pair.privateKey, { hash: true }), 'hex'),
    };
    const text = checkpointText(origin, { size: 0, root: emptyRoot('sha256') });
    const note = printNote({ text, signatures: [await signText(text, first), await signText(text, second)] });
    for (const keys of [[first.key], [second.key], [first.key, second.key]]) {
      const read = readCheckpoint(note, origin, keys);
      expect(read.ok && read.value.signatures.length).toBe(keys.length);
    }
    expect(readCheckpoint(note, origin, [ed25519(origin).key]).ok).toBe(false);
  });
});

describe('checkpoints', () => {
  const root = emptyRoot('sha256');
  test('the text and what is not one', () => {
    expect(readCheckpointText(checkpointText('o', { size: 7, root }))).toEqual({ origin: 'o', size: 7, root });
    const encoded = Buffer.from(root).toString('base64');
    for (const text of [
      `o\n07\n${encoded}\n`,
      `o\n-1\n${encoded}\n`,
      `o\n7\n${encoded}\nmore\n`,
      `o\n7\nAAAA\n`,
      `\n7\n${encoded}\n`,
      `o\n7\n`,
    ]) {
      expect(readCheckpointText(text)).toBeNull();
    }
  });

  test('cosignatures are known by their key, carry a time, and do not stand for the log’s own signature', async () => {
    const [log, witness] = [ed25519('log'), ed25519('witness.example', 'cosignature')];
    const text = checkpointText('log', { size: 3, root });
    const at = new Date('2026-11-22T00:00:00Z');
    const line = await cosign(text, witness, at);
    const alone = printNote({ text, signatures: [line] });
    expect(readCheckpoint(alone, 'log', [log.key], [witness.key]).ok).toBe(false);
    const note = printNote({ text, signatures: [await signText(text, log), line] });
    const read = readCheckpoint(note, 'log', [log.key], [witness.key]);
    expect(read.ok && read.value.signatures.map(({ time }) => time)).toEqual([null, at.getTime() / 1000]);
    const later = Buffer.from(line.signature);
    later[7] = (later[7] ?? 0) + 1;
    const moved = printNote({ text, signatures: [await signText(text, log), { ...line, signature: later }] });
    expect(readCheckpoint(moved, 'log', [log.key], [witness.key]).ok).toBe(false);
  });
});
