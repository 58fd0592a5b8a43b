import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { Kysely, Transaction } from 'kysely';
import { queryShape } from '../audit/query-shape.ts';
import type { QueryTexts } from '../operations/audit-store.ts';
import type { KeyStore } from '../operations/ports.ts';
import type { Database } from './schema.ts';

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/**
 * Keeps the text of a query beside its entry: without literals in clear, and whole under AES-256-GCM with the key of
 * its month, which the master key wraps. Destroying the row of a month makes all its literals unreadable for good.
 * Source: requirements.md §7.6 (I8); models-and-audit.md §2.4 "Privacy of the log".
 */
export async function keepQueryText(
  tx: Transaction<Database>,
  keys: KeyStore,
  query: { readonly job: string; readonly text: string; readonly isCanonical: boolean; readonly at: string },
): Promise<void> {
  const { job, text, at } = query;
  const month = at.slice(0, 7);
  const key = await monthKey(tx, keys, month);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(job, 'utf8'));
  const sealed = Buffer.concat([nonce, cipher.update(text, 'utf8'), cipher.final(), cipher.getAuthTag()]).toString('base64');
  const shape = queryShape(query.isCanonical ? text : '');
  await tx.insertInto('audit_queries').values({ job, month, shape: shape.text, digest: shape.digest, sealed, at }).execute();
}

/** Reading query texts back; whoever calls has checked who may. */
export function readQueryTexts(db: Kysely<Database>, keys: KeyStore): QueryTexts {
  return {
    async shape(job) {
      const row = await db.selectFrom('audit_queries').select(['shape', 'digest', 'at']).where('job', '=', job).executeTakeFirst();
      return row ?? null;
    },
    async open(job) {
      const row = await db.selectFrom('audit_queries').select(['month', 'sealed']).where('job', '=', job).executeTakeFirst();
      if (row === undefined) return null;
      const kept = await db.selectFrom('audit_month_keys').select('wrapped').where('month', '=', row.month).executeTakeFirst();
      const key = kept === undefined ? null : await keys.unwrapDataKey(Buffer.from(kept.wrapped, 'base64'), contextOf(row.month));
      return key === null ? null : decrypt(key, row.sealed, job);
    },
    async opening(id) {
      const row = await db.selectFrom('audit_openings').selectAll().where('id', '=', id).executeTakeFirst();
      if (row === undefined) return null;
      const { job, organisation, reason, at } = row;
      return { id, job, requestedBy: row.requested_by, organisation, reason, approvedBy: row.approved_by, at };
    },
  };
}

async function monthKey(tx: Transaction<Database>, keys: KeyStore, month: string): Promise<Uint8Array> {
  const kept = await tx.selectFrom('audit_month_keys').select('wrapped').where('month', '=', month).executeTakeFirst();
  if (kept !== undefined) {
    const key = await keys.unwrapDataKey(Buffer.from(kept.wrapped, 'base64'), contextOf(month));
    if (key === null) throw new Error('The key of this month was changed');
    return key;
  }
  const key = randomBytes(KEY_BYTES);
  const wrapped = Buffer.from(await keys.wrapDataKey(key, contextOf(month))).toString('base64');
  await tx.insertInto('audit_month_keys').values({ month, wrapped }).execute();
  return key;
}

function decrypt(key: Uint8Array, sealed: string, job: string): string | null {
  const bytes = Buffer.from(sealed, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, NONCE_BYTES), { authTagLength: TAG_BYTES });
  decipher.setAAD(Buffer.from(job, 'utf8')).setAuthTag(bytes.subarray(-TAG_BYTES));
  const text = decipher.update(bytes.subarray(NONCE_BYTES, -TAG_BYTES));
  try {
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function contextOf(month: string): string {
  return `sluice/audit-query/${month}`;
}
