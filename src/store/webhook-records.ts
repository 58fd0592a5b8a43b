import { type Kysely, type Selectable, sql } from 'kysely';
import type { MatterNotice } from '../operations/matter-store.ts';
import type {
  DeliveryFailure,
  DeliveryRecord,
  OutgoingNotice,
  WebhookReads,
  WebhookRecord,
  WebhookWrites,
} from '../operations/webhook-store.ts';
import type { Database } from './schema.ts';
import { requireAbout, type Writing } from './writing.ts';

/** Webhooks and their deliveries. Source: tracker issue 5 ("notices in an inbox and by signed webhook"). */
export function readWebhooks(db: Kysely<Database>): WebhookReads {
  return {
    async get(id) {
      const row = await db.selectFrom('webhooks').selectAll().where('id', '=', id).executeTakeFirst();
      return row === undefined ? null : webhookOf(row);
    },
    async of(principal) {
      const rows = await db.selectFrom('webhooks').selectAll().where('principal', '=', principal).orderBy('ordinal', 'desc').execute();
      return rows.map(webhookOf);
    },
    async deliveries(webhook, limit) {
      const rows = await db
        .selectFrom('webhook_deliveries')
        .selectAll()
        .where('webhook', '=', webhook)
        .orderBy('created_at', 'desc')
        .orderBy('id')
        .limit(limit)
        .execute();
      return rows.map(deliveryOf);
    },
    async hasWork(now) {
      const { rows } = await sql`
        select 1 from webhooks w join principals p on p.id = w.principal and p.state = 'active' where w.state = 'active' and (
          exists (select 1 from notices n where n.ordinal > w.cursor)
          or exists (select 1 from matter_notices m where m.ordinal > w.cursor)
          or exists (select 1 from webhook_deliveries d where d.webhook = w.id and d.state = 'waiting' and d.next_at <= ${now}
            and (d.leased_until is null or d.leased_until <= ${now})))
        limit 1`.execute(db);
      return rows.length > 0;
    },
  };
}

export function writeWebhooks(writing: Writing): WebhookWrites {
  const { tx, at, fields } = writing;
  return {
    ...readWebhooks(tx),
    async add(webhook, secret, event) {
      requireAbout(event, webhook.id);
      const ordinal = await writing.record(event);
      const { id, principal, url, kinds } = webhook;
      const sealed = await fields.seal(secret, `webhook/${id}`);
      const row = { id, ordinal, principal, url, kinds: JSON.stringify(kinds), secret: sealed, cursor: ordinal };
      await tx
        .insertInto('webhooks')
        .values({ ...row, state: 'active', created_at: at })
        .execute();
      return { ...webhook, state: 'active', createdAt: at };
    },
    async end(id, event) {
      requireAbout(event, id);
      const ended = await tx
        .updateTable('webhooks')
        .set({ state: 'ended' })
        .where('id', '=', id)
        .where('state', '=', 'active')
        .executeTakeFirstOrThrow();
      if (ended.numUpdatedRows === 0n) return false;
      await writing.record(event);
      await tx
        .updateTable('webhook_deliveries')
        .set({ state: 'given_up', failure: 'ended' })
        .where('webhook', '=', id)
        .where('state', '=', 'waiting')
        .execute();
      return true;
    },
    async active() {
      const rows = await tx.selectFrom('webhooks').selectAll().where('state', '=', 'active').orderBy('ordinal').execute();
      return rows.map((row) => ({ ...webhookOf(row), cursor: row.cursor }));
    },
    noticesAfter: (reader, after, limit) => noticesAfter(tx, reader, after, limit),
    newestNotice: () => newestNotice(tx),
    async enqueue(webhook, deliveries, cursor) {
      for (const delivery of deliveries) {
        const row = { ...delivery, webhook, state: 'waiting', attempts: 0, next_at: at, created_at: at };
        await tx
          .insertInto('webhook_deliveries')
          .values({ ...row, leased_until: null, status: null, failure: null })
          .onConflict((conflict) => conflict.columns(['webhook', 'notice']).doNothing())
          .execute();
      }
      if (cursor !== null) await tx.updateTable('webhooks').set({ cursor }).where('id', '=', webhook).execute();
    },
    async claim(until, limit) {
      const due = await tx
        .selectFrom('webhook_deliveries as d')
        .innerJoin('webhooks as w', 'w.id', 'd.webhook')
        .innerJoin('principals as p', 'p.id', 'w.principal')
        .selectAll('d')
        .select(['w.url as url', 'w.secret as secret'])
        .where('d.state', '=', 'waiting')
        .where('w.state', '=', 'active')
        .where('p.state', '=', 'active')
        .where('d.next_at', '<=', at)
        .where((where) => where.or([where('d.leased_until', 'is', null), where('d.leased_until', '<=', at)]))
        .orderBy('d.next_at')
        .limit(limit)
        .execute();
      const ids = due.map((row) => row.id);
      if (ids.length > 0) await tx.updateTable('webhook_deliveries').set({ leased_until: until }).where('id', 'in', ids).execute();
      return Promise.all(
        due.map(async (row) => ({
          ...deliveryOf(row),
          url: row.url,
          secret: (await fields.open(row.secret, `webhook/${row.webhook}`)) as string,
        })),
      );
    },
    async settle(id, outcome, event) {
      if (event !== null) await writing.record(event);
      const { state, attempts, nextAt, status, failure } = outcome;
      await tx
        .updateTable('webhook_deliveries')
        .set({ state, attempts, next_at: nextAt, status, failure, leased_until: null })
        .where('id', '=', id)
        // One that was given up meanwhile stays so.
        .where('state', '=', 'waiting')
        .execute();
    },
  };
}

async function newestNotice(tx: Kysely<Database>): Promise<number> {
  const [own, matters] = await Promise.all([
    tx
      .selectFrom('notices')
      .select((all) => all.fn.max('ordinal').as('last'))
      .executeTakeFirst(),
    tx
      .selectFrom('matter_notices')
      .select((all) => all.fn.max('ordinal').as('last'))
      .executeTakeFirst(),
  ]);
  return Math.max(Number(own?.last ?? 0), Number(matters?.last ?? 0));
}

/** Both kinds of notices in the order of the log. A whole entry is read or none of it, so that the cursor stands between entries. */
async function noticesAfter(
  tx: Kysely<Database>,
  reader: { readonly id: string; readonly organisation: string; readonly roles: readonly string[] },
  after: number,
  limit: number,
): Promise<readonly OutgoingNotice[]> {
  const own = await tx
    .selectFrom('notices')
    .selectAll()
    .where('recipient', '=', reader.id)
    .where('ordinal', '>', after)
    .orderBy('ordinal')
    .limit(limit)
    .execute();
  const matters = await tx
    .selectFrom('matter_notices')
    .selectAll()
    .where((where) =>
      where.or([
        where('organisation', '=', reader.organisation),
        ...(reader.roles.length === 0 ? [] : [where('role', 'in', [...reader.roles])]),
      ]),
    )
    .where('ordinal', '>', after)
    .orderBy('ordinal')
    .limit(limit)
    .execute();
  const found: readonly OutgoingNotice[] = [
    ...own.map(({ id, ordinal, kind, object, at }) => ({ id, ordinal, kind, at, about: { object } })),
    ...matters.map(({ id, ordinal, body, at }) => {
      const { matter, noun, kind, what, state } = JSON.parse(body) as MatterNotice;
      return { id, ordinal, kind: `matter.${kind}`, at, about: { matter, noun, what, state } };
    }),
  ];
  const sorted = [...found].sort((a, b) => a.ordinal - b.ordinal || (a.id < b.id ? -1 : 1));
  const full = Math.max(own.length, matters.length) === limit;
  const last = full ? Math.min(own.at(-1)?.ordinal ?? Infinity, matters.at(-1)?.ordinal ?? Infinity) : Infinity;
  // Of an entry at the end of a full stretch some notices may be missing: it waits, unless it is all there is.
  const whole = sorted.filter((notice) => notice.ordinal < last);
  return whole.length > 0 || !full ? whole : sorted;
}

function webhookOf(row: Selectable<Database['webhooks']>): WebhookRecord {
  const { id, principal, url, state, created_at } = row;
  return { id, principal, url, kinds: JSON.parse(row.kinds) as string[], state: state as WebhookRecord['state'], createdAt: created_at };
}

function deliveryOf(row: Selectable<Database['webhook_deliveries']>): DeliveryRecord {
  const { id, webhook, notice, kind, body, attempts, next_at, status, created_at } = row;
  return {
    id,
    webhook,
    notice,
    kind,
    body,
    state: row.state as DeliveryRecord['state'],
    attempts,
    nextAt: next_at,
    status,
    failure: row.failure as DeliveryFailure | null,
    createdAt: created_at,
  };
}
