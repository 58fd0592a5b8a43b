import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { AddressFault, DeliveryView, WebhookOperations, WebhookView } from './webhook-interface.ts';
import type { DeliveryRecord, WebhookRecord } from './webhook-store.ts';

const MOST_ACTIVE = 10;
const MOST_SHOWN = 1000;
const SECRET_BYTES = 32;
const KIND = /^[a-z]{2,40}\.[a-z_]{2,40}$/;

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

function viewOf({ principal: _, ...view }: WebhookRecord): WebhookView {
  return view;
}

function deliveryView(delivery: DeliveryRecord): DeliveryView {
  const { id, notice, kind, state, attempts, createdAt, nextAt, status, failure } = delivery;
  return {
    id,
    notice,
    kind,
    state,
    attempts,
    createdAt,
    ...(state === 'waiting' ? { nextAt } : {}),
    ...(status === null ? {} : { status }),
    ...(failure === null ? {} : { failure }),
  };
}

/** Webhooks of their owners. `addressFault` knows what the configuration allows. */
export function webhookOperations(ports: OperationsPorts, addressFault: AddressFault): WebhookOperations {
  const find = async (actor: Actor, id: string): Outcome<WebhookRecord> => {
    const permitted = await allowed(ports, actor, 'webhook.manage');
    if (!permitted.ok) return permitted;
    const record = await ports.store.view.webhooks.get(id);
    if (record !== null && record.principal === actor.id) return ok(record);
    return refuseAccess(ports, actor, 'webhook.manage', [problem('access.not_found', { kind: 'webhook' })], { kind: 'webhook', id });
  };
  return {
    async createWebhook(actor, { url, kinds }) {
      const permitted = await allowed(ports, actor, 'webhook.manage');
      if (!permitted.ok) return permitted;
      const fault = addressFault(url);
      const unknown = kinds.filter((kind) => !KIND.test(kind)).map((kind) => problem('webhook.kind', { kind: kind.slice(0, 60) }));
      if (fault !== null || unknown.length > 0)
        return err([...(fault === null ? [] : [problem('webhook.address', { fault })]), ...unknown]);
      const id = newId('whk', ports.rng);
      const secret = `whsec_${Buffer.from(ports.rng.bytes(SECRET_BYTES)).toString('base64')}`;
      const facts = { urlDigest: textDigest(url), kinds };
      const event: AuditEvent = { operation: 'webhook.register', actor, object: id, outcome: 'done', facts };
      return ports.store.write(async (tx) => {
        const living = (await tx.webhooks.of(actor.id)).filter((webhook) => webhook.state === 'active');
        if (living.length >= MOST_ACTIVE) return err([problem('webhook.too_many', { limit: MOST_ACTIVE })]);
        return ok({ ...viewOf(await tx.webhooks.add({ id, principal: actor.id, url, kinds }, secret, event)), secret });
      });
    },
    async listWebhooks(actor) {
      const permitted = await allowed(ports, actor, 'webhook.manage');
      return permitted.ok ? ok((await ports.store.view.webhooks.of(actor.id)).map(viewOf)) : permitted;
    },
    async showWebhook(actor, id) {
      const found = await find(actor, id);
      return found.ok ? ok(viewOf(found.value)) : found;
    },
    async endWebhook(actor, id) {
      const found = await find(actor, id);
      if (!found.ok) return found;
      const event: AuditEvent = { operation: 'webhook.end', actor, object: id, outcome: 'done', facts: {} };
      return ports.store.write(async (tx) =>
        (await tx.webhooks.end(id, event))
          ? ok(viewOf({ ...found.value, state: 'ended' }))
          : err([problem('access.state_conflict', { kind: 'webhook', state: 'ended' })]),
      );
    },
    async pingWebhook(actor, id) {
      const found = await find(actor, id);
      if (!found.ok) return found;
      const notice = newId('png', ports.rng);
      const body = JSON.stringify({ id: notice, kind: 'webhook.ping', at: ports.clock.now().toISOString(), about: { webhook: id } });
      return ports.store.write(async (tx) => {
        if ((await tx.webhooks.get(id))?.state !== 'active')
          return err([problem('access.state_conflict', { kind: 'webhook', state: 'ended' })]);
        await tx.audit.append({ operation: 'webhook.ping', actor, object: id, outcome: 'done', facts: { notice } });
        await tx.webhooks.enqueue(id, [{ id: newId('dlv', ports.rng), notice, kind: 'webhook.ping', body }], null);
        return ok(viewOf(found.value));
      });
    },
    async listDeliveries(actor, id) {
      const found = await find(actor, id);
      return found.ok ? ok((await ports.store.view.webhooks.deliveries(id, MOST_SHOWN)).map(deliveryView)) : found;
    },
  };
}
