import { connect, type TLSSocket } from 'node:tls';
import { CliFault } from './outcome.ts';

const TIMEOUT_MS = 15_000;

/** Where syslog messages go. The receiver's certificate must be signed by `ca` and name `host`; there is no way to skip that. */
export interface SyslogReceiver {
  readonly host: string;
  readonly port: number;
  /** PEM. */
  readonly ca: string;
}

/**
 * Sends messages (RFC 5424, one a line) over TLS with octet counting; returns once the receiver has closed its side
 * after ours, that is, has taken them all. Syslog has no acknowledgement beyond that.
 * Source: RFC 5425 §4.3, §4.4.
 */
export async function sendSyslog(receiver: SyslogReceiver, text: string): Promise<void> {
  const frames = text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => `${Buffer.byteLength(line)} ${line}`);
  if (frames.length === 0) return;
  await new Promise<void>((done, failed) => {
    const socket: TLSSocket = connect({ ...receiver, minVersion: 'TLSv1.2', servername: receiver.host });
    const fail = () => {
      socket.destroy();
      failed(
        new CliFault('The syslog receiver could not be reached over TLS, or its certificate is not trusted. Nothing was marked as sent.'),
      );
    };
    socket.setTimeout(TIMEOUT_MS, fail);
    socket.once('error', fail);
    socket.once('secureConnect', () => socket.end(frames.join('')));
    socket.once('close', (hadError) => (hadError ? fail() : done()));
    socket.resume();
  });
}
