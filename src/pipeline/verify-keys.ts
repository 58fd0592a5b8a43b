import { createHash } from 'node:crypto';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Enclave, SessionLimits } from '../sandbox/enclave/port.ts';
import type { JobContext } from './job.ts';

/** Which keys to look up, as keyed digests; the key itself never reaches the statement. */
export interface KeyLookup {
  readonly table: string;
  readonly keyColumn: string;
  readonly compareColumn: string | null;
  /** 32 bytes. */
  readonly secret: Uint8Array;
  /** `keyDigest` of each key. */
  readonly digests: readonly string[];
}

/** By key digest, the digest of what each of its rows holds; null where that is missing, and where nothing is compared. */
export type HeldDigests = ReadonlyMap<string, readonly (string | null)[]>;

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * Keyed digest of a normal key, lower-case hex: SHA-256 over the secret and the inner keyed SHA-256, which the engine can form, too.
 * Source: Bellare, Canetti, Krawczyk 1996 (NMAC); requirements.md QY-24c (keys hashed).
 */
export function keyDigest(secret: Uint8Array, key: string): string {
  const hex = Buffer.from(secret).toString('hex');
  return sha256(`${hex}|k|${sha256(`${hex}|k|${key}`)}`);
}

/** Keyed digest of what a column of a key is claimed to hold: another for every key. Source: as `keyDigest`. */
export function claimDigest(secret: Uint8Array, digest: string, claim: string): string {
  const hex = Buffer.from(secret).toString('hex');
  return sha256(`${hex}|c|${sha256(`${hex}|c|${digest}|${claim}`)}`);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function statement({ table, keyColumn, compareColumn, secret, digests }: KeyLookup): string {
  const hex = Buffer.from(secret).toString('hex');
  const key = `upper(trim(nfc_normalize(CAST(${quoted(keyColumn)} AS VARCHAR))))`;
  const digest = `sha256('${hex}|k|' || sha256('${hex}|k|' || ${key}))`;
  const value = compareColumn === null ? null : `trim(CAST(${quoted(compareColumn)} AS VARCHAR))`;
  const held = value === null ? 'CAST(NULL AS VARCHAR)' : `sha256('${hex}|c|' || sha256('${hex}|c|' || d || '|' || v))`;
  const wanted = digests.map((item) => `'${item}'`).join(', ');
  const rows = `SELECT ${digest} AS d, ${value ?? 'CAST(NULL AS VARCHAR)'} AS v FROM ${quoted(table)}`;
  return `SELECT d, ${held} AS c FROM (${rows}) WHERE d IN (${wanted})`;
}

/**
 * Looks keys up in the sealed version inside a worker of the enclave. What comes out are digests under the caller's secret, never a
 * value; whatever goes wrong is one constant code. Source: requirements.md QY-24c (no row release); architecture.md (one door).
 */
export async function verifyKeys(
  lookup: KeyLookup,
  { sealedPath, version }: JobContext,
  { enclave, limits }: { readonly enclave: Enclave; readonly limits: SessionLimits },
): Promise<Result<HeldDigests, readonly Problem[]>> {
  const hexOnly = lookup.digests.every((item) => /^[0-9a-f]{64}$/.test(item));
  if (!hexOnly) throw new RangeError('Not a digest of a key');
  const mounts = { database: { kind: 'sealed', path: sealedPath, digest: version.digest }, readable: [], writable: [] } as const;
  const opened = await enclave.open(mounts, limits);
  if (!opened.ok) return err([problem('enclave.failed', {})]);
  try {
    const answered = await opened.value.query(statement(lookup));
    if (!answered.ok) return err([problem('enclave.failed', {})]);
    const held = new Map<string, (string | null)[]>();
    for (const [digest, value] of answered.value.rows) {
      const rows = held.get(String(digest)) ?? [];
      held.set(String(digest), rows);
      rows.push(typeof value === 'string' ? value : null);
    }
    return ok(held);
  } finally {
    await opened.value.close();
  }
}
