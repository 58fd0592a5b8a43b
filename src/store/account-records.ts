import type { Kysely } from 'kysely';
import type { AccountReads, AccountRecord, AccountWrites } from '../operations/account-store.ts';
import type { Database } from './schema.ts';
import type { SealedFields } from './sealed-field.ts';
import type { Writing } from './writing.ts';

/** Secrets of authenticators are sealed: with them, codes can be made. Everything else is a hash or a digest. */
export function readAccounts(db: Kysely<Database>, fields: SealedFields): AccountReads {
  return {
    async get(principal) {
      const row = await db.selectFrom('accounts').selectAll().where('principal', '=', principal).executeTakeFirst();
      if (row === undefined) return null;
      const secret = (await fields.open(row.totp_sealed, contextOf(principal))) as string;
      return {
        principal,
        passwordHash: row.password_hash,
        totpSecret: Buffer.from(secret, 'base64'),
        totpStep: row.totp_step,
        failures: row.failures,
        lockedUntil: row.locked_until,
      } satisfies AccountRecord;
    },
    async hasAny() {
      return (await db.selectFrom('accounts').select('principal').limit(1).executeTakeFirst()) !== undefined;
    },
    async session(digest) {
      const row = await db.selectFrom('sessions').selectAll().where('digest', '=', digest).where('ended_at', 'is', null).executeTakeFirst();
      return row === undefined ? null : { digest, principal: row.principal, createdAt: row.created_at, seenAt: row.seen_at };
    },
    async enrolment(digest) {
      const row = await db
        .selectFrom('enrolments')
        .selectAll()
        .where('digest', '=', digest)
        .where('used_at', 'is', null)
        .executeTakeFirst();
      return row === undefined ? null : { digest, principal: row.principal, expiresAt: row.expires_at };
    },
    async certificateHolder(fingerprint) {
      const row = await db.selectFrom('client_certificates').select('principal').where('fingerprint', '=', fingerprint).executeTakeFirst();
      return row?.principal ?? null;
    },
  };
}

export function writeAccounts(writing: Writing): AccountReads & AccountWrites {
  const { tx, at, fields } = writing;
  return {
    ...readAccounts(tx, fields),
    async put({ principal, passwordHash, totpSecret }, recoveryDigests, event) {
      await writing.record(event);
      const totp_sealed = await fields.seal(Buffer.from(totpSecret).toString('base64'), contextOf(principal));
      const values = { password_hash: passwordHash, totp_sealed, totp_step: 0, failures: 0, locked_until: null, updated_at: at };
      await tx
        .insertInto('accounts')
        .values({ principal, ...values })
        .onConflict((conflict) => conflict.column('principal').doUpdateSet(values))
        .execute();
      await tx.deleteFrom('recovery_codes').where('principal', '=', principal).execute();
      for (const digest of recoveryDigests) await tx.insertInto('recovery_codes').values({ principal, digest, used_at: null }).execute();
      await tx.updateTable('sessions').set({ ended_at: at }).where('principal', '=', principal).where('ended_at', 'is', null).execute();
    },
    async noteAttempt(principal, { failures, lockedUntil, totpStep }, event) {
      await writing.record(event);
      const after = { failures, locked_until: lockedUntil, totp_step: totpStep, updated_at: at };
      await tx.updateTable('accounts').set(after).where('principal', '=', principal).execute();
    },
    async useRecoveryCode(principal, digest, event) {
      const { numUpdatedRows } = await tx
        .updateTable('recovery_codes')
        .set({ used_at: at })
        .where('principal', '=', principal)
        .where('digest', '=', digest)
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 1n) await writing.record(event);
      return numUpdatedRows === 1n;
    },
    async addSession({ digest, principal }, event) {
      await writing.record(event);
      await tx.insertInto('sessions').values({ digest, principal, created_at: at, seen_at: at, ended_at: null }).execute();
    },
    async endSession(digest, event) {
      await writing.record(event);
      await tx.updateTable('sessions').set({ ended_at: at }).where('digest', '=', digest).execute();
    },
    async addEnrolment({ digest, principal, expiresAt }, event) {
      await writing.record(event);
      // One right at a time: a newer one takes the place of those before.
      const earlier = tx.updateTable('enrolments').set({ used_at: at }).where('used_at', 'is', null);
      await (principal === null ? earlier.where('principal', 'is', null) : earlier.where('principal', '=', principal)).execute();
      await tx.insertInto('enrolments').values({ digest, principal, expires_at: expiresAt, used_at: null }).execute();
    },
    async useEnrolment(digest, event) {
      await writing.record(event);
      const { numUpdatedRows } = await tx
        .updateTable('enrolments')
        .set({ used_at: at })
        .where('digest', '=', digest)
        .where('used_at', 'is', null)
        .executeTakeFirstOrThrow();
      return numUpdatedRows === 1n;
    },
    async addCertificate({ fingerprint, principal }, event) {
      await writing.record(event);
      await tx
        .insertInto('client_certificates')
        .values({ fingerprint, principal, created_at: at })
        .onConflict((conflict) => conflict.column('fingerprint').doUpdateSet({ principal }))
        .execute();
    },
  };
}

/** See `StorePort.noteSessionUse`. */
export async function noteSessionUse(db: Kysely<Database>, digest: string, at: Date): Promise<void> {
  await db.updateTable('sessions').set({ seen_at: at.toISOString() }).where('digest', '=', digest).execute();
}

function contextOf(principal: string): string {
  return `account/${principal}/totp`;
}
