import { createPublicKey, hash, verify } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { isPostgres } from './migrations/migration.ts';
import type { Database } from './schema.ts';

/** The end of a log of the first form: number of entries and hash of the last, hex. */
export interface ChainHead {
  readonly size: number;
  readonly hash: string;
}

const START = '0'.repeat(64);
const ENTRY_PREFIX = Buffer.of(0x01);
const SIGNED_PREFIX = 'sluice-checkpoint/v1\n';
const ED25519_SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Hash of an entry of the first form: SHA-256(0x01 ‖ previous ‖ text). Source: ADR 0010. */
export function chainHash(previous: string, body: string): string {
  return hash('sha256', Buffer.concat([ENTRY_PREFIX, Buffer.from(previous, 'hex'), Buffer.from(body, 'utf8')]), 'hex');
}

/** Whether a store still holds a chain of the first form, also an empty one. */
export async function hasChain(tx: Transaction<Database>): Promise<boolean> {
  // Not by introspection there: it reads every schema, also of instances that come and go beside ours.
  const { rows } = isPostgres(tx)
    ? await sql<{ readonly found: number }>`select 1 as found where to_regclass('audit_chain_v1') is not null`.execute(tx)
    : await sql<{ readonly found: number }>`select 1 as found from sqlite_master where name = 'audit_chain_v1'`.execute(tx);
  return rows.length > 0;
}

/**
 * The head of the old chain where every link holds and its old checkpoint covers a part of it; null otherwise. Read
 * once, before the tree is built over the same texts: what was changed under the old form is not taken over as right.
 * `checkpoint`: text of the old file, or null. Source: ADR 0010, ADR 0018.
 */
export async function checkedChain(tx: Transaction<Database>, checkpoint: string | null, publicKey: Uint8Array): Promise<ChainHead | null> {
  const covered = readOldCheckpoint(checkpoint, publicKey);
  if (covered === null) return null;
  let head: ChainHead = { size: 0, hash: START };
  let met = covered.size === 0 && covered.hash === START;
  const { rows } = await sql<{ readonly seq: number; readonly body: string; readonly previous_hash: string; readonly hash: string }>`
    select seq, body, previous_hash, hash from audit_chain_v1 order by seq`.execute(tx);
  for (const row of rows) {
    if (row.seq !== head.size + 1 || row.previous_hash !== head.hash || chainHash(head.hash, row.body) !== row.hash) return null;
    head = { size: row.seq, hash: row.hash };
    met ||= head.size === covered.size && head.hash === covered.hash;
  }
  return met ? head : null;
}

function readOldCheckpoint(text: string | null, publicKey: Uint8Array): ChainHead | null {
  if (text === null) return null;
  try {
    const { checkpoint, signature } = JSON.parse(text) as { readonly checkpoint: ChainHead; readonly signature: string };
    const key = createPublicKey({ key: Buffer.concat([ED25519_SPKI_PREFIX, publicKey]), format: 'der', type: 'spki' });
    const signed = Buffer.from(SIGNED_PREFIX + canonicalJson(checkpoint), 'utf8');
    return verify(null, signed, key, Buffer.from(signature, 'hex')) ? { size: checkpoint.size, hash: checkpoint.hash } : null;
  } catch {
    return null;
  }
}
