import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { isPublicAddress } from '../../src/instance/public-address.ts';
import { webhookSender } from '../../src/instance/webhook-sender.ts';

/** Whoever may register a webhook tries to make the instance ask its own network for him. */
const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

async function victim(answer: (request: IncomingMessage) => [number, Record<string, string>] = () => [204, {}]) {
  const asked: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    asked.push(request);
    response.writeHead(...answer(request)).end();
  });
  servers.push(server);
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return { asked, port: (server.address() as AddressInfo).port };
}

const signed = (url: string) => ({ url, headers: { 'webhook-id': 'ntc_1' }, body: '{}' });

describe('addresses', () => {
  test.each([
    '127.0.0.1',
    '127.255.255.254',
    '0.0.0.0',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    '169.254.169.254',
    '100.100.100.200',
    '168.63.129.16',
    '192.0.0.192',
    '224.0.0.1',
    '255.255.255.255',
    '::',
    '::1',
    '::ffff:127.0.0.1',
    '::ffff:8.8.8.8',
    '::ffff:a9fe:a9fe',
    '::7f00:1',
    '64:ff9b::7f00:1',
    '2002:7f00:1::',
    '2001::1',
    'fe80::1',
    'fe80::1%eth0',
    'fd00:ec2::254',
    'fc00::1',
    'ff02::1',
    '2001:db8::1',
    'localhost',
    '',
  ])('%s is not public', (address) => expect(isPublicAddress(address)).toBe(false));

  test.each(['1.1.1.1', '8.8.8.8', '172.32.0.1', '100.128.0.1', '2606:4700:4700::1111', '240e::1'])('%s is public', (address) =>
    expect(isPublicAddress(address)).toBe(true),
  );
});

describe('addresses of webhooks, as they are written', () => {
  const { addressFault } = webhookSender([]);
  test.each([
    'https://127.0.0.1/',
    'https://2130706433/',
    'https://0x7f.1/',
    'https://0177.0.0.1/',
    'https://127.1/',
    'https://[::1]/',
    'https://[::ffff:127.0.0.1]/',
    'https://[::ffff:7f00:1]/',
    'https://localhost/',
    'https://localhost./',
    'https://LOCALHOST/',
    'https://a.localhost/',
    'https://metadata.google.internal/',
    'https://metadata/',
    'https://db.corp/',
    'https://１２７.0.0.1/',
    'https://127。0。0。1/',
  ])('%s: private', (url) => expect(addressFault(url)).toBe('private'));
  test.each(['http://example.org/', 'ftp://example.org/', 'file:///etc/passwd', 'gopher://example.org/', 'javascript:1'])(
    '%s: no such scheme',
    (url) => expect(addressFault(url)).toBe('scheme'),
  );
  test.each([
    '',
    'example.org',
    'https://user:pass@example.org/',
    'https://example.org:22/',
    'https://example.org/#x',
    `https://example.org/${'a'.repeat(2000)}`,
  ])('%s: no form', (url) => expect(addressFault(url)).toBe('form'));
  test('a public one passes', () => expect(addressFault('https://example.org:8443/x?y=1')).toBeNull());
});

describe('addresses of webhooks, when they are sent to', () => {
  test('a name that stands for this machine, alone or beside a public address, is not asked', async () => {
    const { asked, port } = await victim();
    for (const addresses of [['127.0.0.1'], ['93.184.216.34', '127.0.0.1'], ['::ffff:127.0.0.1'], ['169.254.169.254']]) {
      const { post } = webhookSender([], async () => addresses);
      expect(await post(signed(`https://evil.example.org:${port}/`))).toEqual({ ok: false, status: null, failure: 'address' });
    }
    expect(asked).toHaveLength(0);
  });

  test('a resolver that answers something else the second time is asked once only', async () => {
    const answers = [['93.184.216.34'], ['127.0.0.1']];
    let times = 0;
    const { post } = webhookSender([], async () => {
      times += 1;
      return answers.shift() ?? ['127.0.0.1'];
    });
    // Pinned to a documentation-like public address that nobody here reaches: what matters is who is asked.
    const { asked, port } = await victim();
    const attempt = post(signed(`https://rebind.example.org:${port}/`));
    await Promise.race([attempt, new Promise((done) => setTimeout(done, 500))]);
    expect(times).toBe(1);
    expect(asked).toHaveLength(0);
  });

  test('a redirect is a failure, and where it points is not asked', async () => {
    const inner = await victim();
    const outer = await victim(() => [302, { location: `http://127.0.0.1:${inner.port}/` }]);
    const { post } = webhookSender([`127.0.0.1:${outer.port}`]);
    expect(await post(signed(`http://127.0.0.1:${outer.port}/`))).toEqual({ ok: false, status: 302, failure: 'redirect' });
    expect(outer.asked).toHaveLength(1);
    expect(inner.asked).toHaveLength(0);
  });

  test('what the configuration names is sent to, with body and headers; its neighbour port is not', async () => {
    const { asked, port } = await victim();
    const { post } = webhookSender([`127.0.0.1:${port}`]);
    expect(await post(signed(`http://127.0.0.1:${port}/x`))).toEqual({ ok: true, status: 204 });
    expect(asked[0]?.headers).toMatchObject({ 'webhook-id': 'ntc_1', 'content-length': '2' });
    expect(await post(signed(`http://127.0.0.1:${port + 1}/x`))).toEqual({ ok: false, status: null, failure: 'address' });
  });

  test('answers that never end, and statuses that are no success', async () => {
    const { post } = webhookSender(['127.0.0.1:1']);
    expect(await post(signed('http://127.0.0.1:1/'))).toEqual({ ok: false, status: null, failure: 'connection' });
    const gone = await victim(() => [410, {}]);
    const other = webhookSender([`127.0.0.1:${gone.port}`]);
    expect(await other.post(signed(`http://127.0.0.1:${gone.port}/`))).toEqual({ ok: false, status: 410, failure: 'status' });
  });
});
