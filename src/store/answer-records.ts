import { createHash } from 'node:crypto';
import type { Kysely } from 'kysely';
import type { Clock } from '../kernel/clock.ts';
import type { AnswerStore, EarlierRequest, KeptAnswer, RequestMark } from '../operations/answer-store.ts';
import type { Database } from './schema.ts';
import type { SealedFields } from './sealed-field.ts';
import { writeTogether } from './write-together.ts';

const KEPT_MS = 24 * 3_600_000;

/** Answers by principal and digest of the key. Bodies are sealed: they may hold what only their reader may see. */
export function answerStore(writer: Kysely<Database>, fields: SealedFields, clock: Clock): AnswerStore {
  const write = writeTogether(writer);
  return {
    async begin(mark) {
      const now = clock.now();
      const key_digest = digestOf(mark.key);
      const row = await write(async (tx) => {
        const stale = new Date(now.getTime() - KEPT_MS).toISOString();
        await tx.deleteFrom('idempotent_answers').where('at', '<=', stale).execute();
        const { principal, fingerprint } = mark;
        const { numInsertedOrUpdatedRows } = await tx
          .insertInto('idempotent_answers')
          .values({ principal, key_digest, fingerprint, state: 'begun', sealed: null, at: now.toISOString() })
          .onConflict((conflict) => conflict.doNothing())
          .executeTakeFirst();
        if (numInsertedOrUpdatedRows === 1n) return null;
        return tx
          .selectFrom('idempotent_answers')
          .selectAll()
          .where('principal', '=', principal)
          .where('key_digest', '=', key_digest)
          .executeTakeFirstOrThrow();
      });
      if (row === null) return { kind: 'none' };
      return row.fingerprint === mark.fingerprint ? earlier(row, mark, fields) : { kind: 'other' };
    },
    async settle(mark, answer) {
      const sealed = answer === null ? null : await fields.seal(answer, contextOf(mark));
      await write((tx) =>
        tx
          .updateTable('idempotent_answers')
          .set({ state: answer === null ? 'secret' : 'answered', sealed })
          .where('principal', '=', mark.principal)
          .where('key_digest', '=', digestOf(mark.key))
          .where('fingerprint', '=', mark.fingerprint)
          .where('state', '=', 'begun')
          .execute(),
      );
    },
  };
}

async function earlier(
  row: { readonly state: string; readonly sealed: string | null },
  mark: RequestMark,
  fields: SealedFields,
): Promise<EarlierRequest> {
  if (row.state === 'secret') return { kind: 'secret' };
  if (row.state !== 'answered' || row.sealed === null) return { kind: 'unsettled' };
  return { kind: 'answered', answer: (await fields.open(row.sealed, contextOf(mark))) as KeptAnswer };
}

function digestOf(key: string): string {
  return createHash('sha256').update(key, 'utf8').digest('hex');
}

function contextOf(mark: RequestMark): string {
  return `answer/${mark.principal}/${digestOf(mark.key)}/${mark.fingerprint}`;
}
