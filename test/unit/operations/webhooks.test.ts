import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  deliverWebhooks,
  type PostOutcome,
  type PostSigned,
  type SignedPost,
  signatureHeaders,
} from '../../../src/operations/webhook-delivery.ts';
import { codes, dispose, seededInstance, type TestInstance, value } from '../../support/operations-instance.ts';

/** Notices of the inbox on their way out. What answers is scripted; store, log and permissions are real. */
let instance: TestInstance;
let sent: SignedPost[];
let outcomes: PostOutcome[];
const post: PostSigned = async (signed) => {
  sent.push(signed);
  return outcomes.shift() ?? { ok: true, status: 204 };
};
const round = (): Promise<number> => instance.operations.deliverWebhooks(post);
const merchant = () => instance.actor('merchant-a');
const bodies = () => sent.map((item) => JSON.parse(item.body) as { id: string; kind: string; about: Record<string, string> });

beforeEach(async () => {
  instance = await seededInstance();
  sent = [];
  outcomes = [];
}, 60_000);
afterEach(() => dispose(instance));

async function hook(kinds: readonly string[] = []) {
  return value(await instance.operations.createWebhook(merchant(), { url: 'https://hooks.example.org/x', kinds }));
}

async function rejected(): Promise<string> {
  const { id } = await instance.requestInReview(`SELECT ${sent.length} -- again`);
  value(await instance.operations.reject(instance.actor('operator-1'), { id, reason: 'not for this purpose' }));
  return id;
}

describe('webhooks', () => {
  test('a verdict goes out once, signed so that its receiver can check body and time', async () => {
    const { id, secret } = await hook();
    const egress = await rejected();
    expect(await round()).toBe(1);
    expect(await round()).toBe(0);
    expect(bodies()).toMatchObject([{ kind: 'egress.rejected', about: { object: egress } }]);
    const [signed] = sent;
    const { 'webhook-id': notice, 'webhook-timestamp': at, 'webhook-signature': signature } = signed?.headers ?? {};
    const key = Buffer.from(secret.slice('whsec_'.length), 'base64');
    const expected = createHmac('sha256', key).update(`${notice}.${at}.${signed?.body}`).digest('base64');
    expect(signature).toBe(`v1,${expected}`);
    expect(Number(at)).toBe(instance.clock.now().getTime() / 1000);
    expect(value(await instance.operations.listDeliveries(merchant(), id))).toMatchObject([
      { notice, state: 'delivered', attempts: 1, status: 204 },
    ]);
  });

  test('the signature follows the published test vector of Standard Webhooks', () => {
    const headers = signatureHeaders(
      'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
      'msg_p5jXN8AQM9LWM0D4loKWxJek',
      '{"test": 2432232314}',
      new Date(1_614_265_330_000),
    );
    expect(headers['webhook-signature']).toBe('v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=');
  });

  test('only kinds that were asked for; what came before is not told', async () => {
    await rejected();
    await hook(['egress.released']);
    await rejected();
    expect(await round()).toBe(0);
    const { id } = await instance.requestFiled('SELECT 3');
    value(await instance.operations.release(instance.actor('operator-1'), id));
    await round();
    expect(bodies().map((item) => item.kind)).toEqual(['egress.released']);
  });

  test('a failed attempt waits longer each time, and is given up in the end; a restart changes nothing', async () => {
    const { id } = await hook();
    await rejected();
    outcomes = Array.from({ length: 20 }, () => ({ ok: false, status: 500, failure: 'status' }));
    const waits: number[] = [];
    for (let attempt = 0; attempt < 9; attempt += 1) {
      expect(await round()).toBe(1);
      expect(await round()).toBe(0);
      const [delivery] = value(await instance.operations.listDeliveries(merchant(), id));
      if (delivery?.nextAt === undefined) break;
      waits.push(Date.parse(delivery.nextAt) - instance.clock.now().getTime());
      const at = delivery.nextAt;
      if (attempt === 2) instance = await instance.reopen();
      instance.clock.set(at);
    }
    expect(waits.length).toBe(8);
    expect(waits).toEqual([...waits].sort((a, b) => a - b));
    const deliveries = value(await instance.operations.listDeliveries(merchant(), id));
    expect(deliveries).toMatchObject([{ state: 'given_up', attempts: 9, status: 500, failure: 'status' }]);
    const found = await instance.operations.searchAudit(instance.actor('auditor-1'), {
      filter: { operation: 'webhook.deliver' },
      limit: 10,
    });
    expect(JSON.stringify(value(found).entries)).toContain('given_up');
  });

  test('two processes at once send each notice once', async () => {
    await hook();
    await rejected();
    const sends = await Promise.all([round(), deliverWebhooks(instance.ports, post)]);
    expect(sends.reduce((a, b) => a + b, 0)).toBe(1);
    expect(sent).toHaveLength(1);
  });

  test('a process that dies while it sends loses the delivery to the next one after the lease', async () => {
    const { id } = await hook();
    await rejected();
    void deliverWebhooks(instance.ports, async () => new Promise<never>(() => undefined));
    await expect.poll(async () => value(await instance.operations.listDeliveries(merchant(), id)).length).toBe(1);
    await expect.poll(() => round()).toBe(0);
    instance.clock.set(new Date(instance.clock.now().getTime() + 121_000).toISOString());
    expect(await round()).toBe(1);
    expect(sent).toHaveLength(1);
  });

  test('an instance where nothing is to be sent writes nothing: notices of others, of suspended people, deliveries of theirs', async () => {
    await hook();
    await hook(['egress.released']);
    value(await instance.operations.createWebhook(instance.actor('merchant-b'), { url: 'https://b.example.org/', kinds: [] }));
    await rejected();
    let writes = 0;
    const { store } = instance.ports;
    const write: typeof store.write = (work) => {
      writes += 1;
      return store.write(work);
    };
    const counted = { ...instance.ports, store: { ...store, write } };
    const idle = async (): Promise<number> => {
      expect(await deliverWebhooks(counted, post)).toBe(0);
      writes = 0;
      for (let turn = 0; turn < 5; turn += 1) await deliverWebhooks(counted, post);
      return writes;
    };
    expect(await deliverWebhooks(counted, post)).toBe(1);
    expect(writes).toBeGreaterThan(0);
    expect(await idle()).toBe(0);
    const event = { operation: 'principal.suspend', actor: instance.actor('operator-1'), object: 'merchant-b', outcome: 'done', facts: {} };
    outcomes = [{ ok: false, status: 500, failure: 'status' }];
    await rejected();
    value(await store.write((tx) => tx.principals.suspend('merchant-b', event as never)));
    expect(await deliverWebhooks(counted, post)).toBe(1);
    const suspend = { ...event, object: 'merchant-a' };
    value(await store.write((tx) => tx.principals.suspend('merchant-a', suspend as never)));
    instance.clock.set('2026-04-01T00:00:00.000Z');
    expect(await idle()).toBe(0);
    expect(sent).toHaveLength(2);
  });

  test('a suspended owner is told nothing', async () => {
    await hook();
    await rejected();
    const event = { operation: 'principal.suspend', actor: instance.actor('operator-1'), object: 'merchant-a', outcome: 'done', facts: {} };
    value(await instance.ports.store.write((tx) => tx.principals.suspend('merchant-a', event as never)));
    expect(await round()).toBe(0);
    expect(sent).toEqual([]);
  });

  test('nobody sees, pings or ends the webhook of another, and neither do those without the permission', async () => {
    const { id } = await hook();
    const { operations } = instance;
    for (const other of ['merchant-b', 'operator-1']) {
      const actor = instance.actor(other);
      const tried = [
        await operations.showWebhook(actor, id),
        await operations.pingWebhook(actor, id),
        await operations.endWebhook(actor, id),
        await operations.listDeliveries(actor, id),
      ];
      expect(tried.map(codes)).toEqual(Array.from({ length: 4 }, () => ['access.not_found']));
      expect(value(await operations.listWebhooks(actor))).toEqual([]);
    }
    expect(codes(await operations.createWebhook(instance.actor('auditor-1'), { url: 'https://a.example.org/', kinds: [] }))).toEqual([
      'access.forbidden',
    ]);
  });

  test('an ended one sends nothing more, what waited included; the secret stands nowhere in clear', async () => {
    const { id, secret } = await hook();
    await rejected();
    outcomes = [{ ok: false, status: null, failure: 'connection' }];
    await round();
    expect(value(await instance.operations.endWebhook(merchant(), id)).state).toBe('ended');
    expect(codes(await instance.operations.endWebhook(merchant(), id))).toEqual(['access.state_conflict']);
    expect(codes(await instance.operations.pingWebhook(merchant(), id))).toEqual(['access.state_conflict']);
    instance.clock.set('2026-04-01T00:00:00.000Z');
    await rejected();
    expect(await round()).toBe(0);
    expect(value(await instance.operations.listDeliveries(merchant(), id))).toMatchObject([{ state: 'given_up', failure: 'ended' }]);
    expect(JSON.stringify(value(await instance.operations.listWebhooks(merchant())))).not.toContain(secret);
  });

  test('addresses and kinds that cannot be, and more than ten', async () => {
    const { operations } = instance;
    expect(codes(await operations.createWebhook(merchant(), { url: 'http://hooks.example.org/', kinds: ['x'] }))).toEqual([
      'webhook.address',
      'webhook.kind',
    ]);
    for (let made = 0; made < 10; made += 1) await hook();
    expect(codes(await operations.createWebhook(merchant(), { url: 'https://a.example.org/', kinds: [] }))).toEqual(['webhook.too_many']);
  });

  test('deadlines go to the people of the role they are escalated to, and to nobody else', async () => {
    const { operations } = instance;
    const operator = value(await operations.createWebhook(instance.actor('operator-1'), { url: 'https://o.example.org/', kinds: [] }));
    await hook();
    const fields = { legalName: '示例', creditCode: '91350100M000100Y43' };
    const opened = value(await operations.openMatter(instance.actor('merchant-b'), { noun: 'onboarding', city: 'GZ', fields }));
    expect(opened.next.length).toBeGreaterThan(0);
    instance.clock.set('2027-03-02T01:00:00.000Z');
    await operations.sweep();
    await round();
    const told = new Set(sent.map((item) => item.url));
    expect(told.has('https://hooks.example.org/x')).toBe(false);
    expect([operator.url].filter((url) => told.has(url)).length).toBe(told.size);
  });
});
