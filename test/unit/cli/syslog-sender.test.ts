import type { AddressInfo } from 'node:net';
import { createServer, type Server } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sendSyslog } from '../../../src/cli/syslog-sender.ts';
import { selfSigned } from '../../support/self-signed.ts';

/** A receiver that reads RFC 5425 frames: a length in decimal, a space, so many bytes. */
let server: Server;
let port = 0;
let received = Buffer.alloc(0);
const own = selfSigned();

beforeEach(async () => {
  received = Buffer.alloc(0);
  server = createServer(own, (socket) => {
    socket.on('data', (chunk: Buffer) => {
      received = Buffer.concat([received, chunk]);
    });
    socket.on('error', () => undefined);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', () => done()));
  port = (server.address() as AddressInfo).port;
});
afterEach(() => new Promise<void>((done) => server.close(() => done())));

function framesOf(bytes: Buffer): readonly string[] {
  const frames: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.subarray(at, space).toString());
    expect(Number.isSafeInteger(length) && length > 0).toBe(true);
    frames.push(bytes.subarray(space + 1, space + 1 + length).toString('utf8'));
    at = space + 1 + length;
  }
  return frames;
}

test('messages arrive framed and whole, also with characters of several bytes', async () => {
  const messages = ['<110>1 - - sluice - a - 一', '<110>1 - - sluice - b - x'.padEnd(9000, 'y')];
  await sendSyslog({ host: 'localhost', port, ca: own.cert }, `${messages.join('\n')}\n`);
  expect(framesOf(received)).toEqual(messages);
});

test('a receiver with a certificate of somebody else gets nothing', async () => {
  await expect(sendSyslog({ host: 'localhost', port, ca: selfSigned().cert }, 'secret\n')).rejects.toThrow('certificate');
  expect(received).toHaveLength(0);
});

test('nobody there: a fault, not a silence', async () => {
  await expect(sendSyslog({ host: 'localhost', port: 1, ca: own.cert }, 'x\n')).rejects.toThrow('could not be reached');
});
