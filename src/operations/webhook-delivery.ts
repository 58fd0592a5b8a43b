import { createHmac } from 'node:crypto';
import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { newId } from '../kernel/id.ts';
import { ok } from '../kernel/result.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { DeliveryFailure, DeliveryRecord } from './webhook-store.ts';

/** What is posted, with the headers that sign it. */
export interface SignedPost {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export type PostOutcome =
  | { readonly ok: true; readonly status: number }
  | { readonly ok: false; readonly status: number | null; readonly failure: DeliveryFailure };

/** Posts once, without following anything; throws never. Must refuse addresses that are not public. */
export type PostSigned = (post: SignedPost) => Promise<PostOutcome>;

const MINUTE_MS = 60_000;
/** Waits after the first attempt, the second …; after the last one nothing is tried again: about two days in all. */
const WAITS_MS = [0.5, 2, 10, 30, 120, 360, 720, 1440].map((minutes) => minutes * MINUTE_MS);
/** Longer than an attempt may take: the line of a process that died is taken up after it. */
const LEASE_MS = 2 * MINUTE_MS;
const AT_ONCE = 16;
const NOTICES_AT_ONCE = 200;

/**
 * Headers of a delivery: HMAC-SHA-256 over `id.timestamp.body`, so that neither a changed body nor an old one sent again passes for new.
 * Source: Standard Webhooks 1.0, "Signature scheme".
 */
export function signatureHeaders(secret: string, id: string, body: string, now: Date): Readonly<Record<string, string>> {
  const timestamp = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest('base64');
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` };
}

/**
 * One round: puts new notices in line and sends what is due. Several processes may do so at once: each delivery is leased. A delivery is
 * made at least once; who gets one twice knows it by `webhook-id`. Gives how many were sent.
 * Source: tracker issue 5 (webhooks; "leased"); ADR 0033.
 */
export async function deliverWebhooks(ports: OperationsPorts, post: PostSigned): Promise<number> {
  if (!(await ports.store.view.webhooks.hasWork(ports.clock.now().toISOString()))) return 0;
  await enqueueNotices(ports);
  const until = new Date(ports.clock.now().getTime() + LEASE_MS).toISOString();
  const claimed = await ports.store.write(async (tx) => ok(await tx.webhooks.claim(until, AT_ONCE)));
  if (!claimed.ok) return 0;
  await Promise.all(claimed.value.map((delivery) => attempt(ports, post, delivery)));
  return claimed.value.length;
}

/**
 * Whoever is suspended, or has lost the role, is told nothing: his inbox would not tell it either. The cursor goes past notices of
 * others too, so that a webhook with nothing to send is no work: an idle instance writes nothing.
 */
async function enqueueNotices(ports: OperationsPorts): Promise<void> {
  await ports.store.write(async (tx) => {
    const newest = await tx.webhooks.newestNotice();
    for (const webhook of await tx.webhooks.active()) {
      const owner = await tx.principals.get(webhook.principal);
      if (owner?.state !== 'active' || webhook.cursor >= newest) continue;
      const notices = await tx.webhooks.noticesAfter(owner, webhook.cursor, NOTICES_AT_ONCE);
      const wanted = notices.filter(({ kind }) => webhook.kinds.length === 0 || webhook.kinds.includes(kind));
      const deliveries = wanted.map(({ id, kind, at, about }) => ({
        id: newId('dlv', ports.rng),
        notice: id,
        kind,
        body: JSON.stringify({ id, kind, at, about }),
      }));
      // Of a full stretch more may follow.
      const isAll = notices.length < NOTICES_AT_ONCE;
      await tx.webhooks.enqueue(webhook.id, deliveries, isAll ? newest : (notices.at(-1)?.ordinal ?? webhook.cursor));
    }
    return ok(null);
  });
}

type Claimed = DeliveryRecord & { readonly url: string; readonly secret: string };

async function attempt(ports: OperationsPorts, post: PostSigned, delivery: Claimed): Promise<void> {
  const { id, url, body, secret, attempts } = delivery;
  const headers = signatureHeaders(secret, delivery.notice, body, ports.clock.now());
  const outcome = await post({ url, headers: { ...headers, 'content-type': 'application/json' }, body });
  const wait = WAITS_MS[attempts];
  const state = outcome.ok ? 'delivered' : wait === undefined ? 'given_up' : 'waiting';
  const settled = {
    state,
    attempts: attempts + 1,
    nextAt: new Date(ports.clock.now().getTime() + (wait ?? 0)).toISOString(),
    status: outcome.status,
    failure: outcome.ok ? null : outcome.failure,
  } as const;
  await ports.store.write(async (tx) => {
    await tx.webhooks.settle(id, settled, state === 'waiting' ? null : outcomeEvent(delivery, settled));
    return ok(null);
  });
}

function outcomeEvent(delivery: Claimed, settled: Pick<DeliveryRecord, 'state' | 'attempts' | 'failure'>): AuditEvent {
  const facts = {
    delivery: delivery.id,
    notice: delivery.notice,
    kind: delivery.kind,
    state: settled.state,
    attempts: settled.attempts,
    failure: settled.failure ?? undefined,
  };
  return { operation: 'webhook.deliver', actor: SYSTEM_ACTOR, object: delivery.webhook, outcome: 'done', facts };
}
