import { createPrivateKey, generateKeyPairSync, sign } from 'node:crypto';

/** DER: tag, length, content. Source: X.690 §8. */
function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  const content = Buffer.concat(parts);
  const length =
    content.length < 128
      ? [content.length]
      : content.length < 256
        ? [0x81, content.length]
        : [0x82, content.length >> 8, content.length & 255];
  return Buffer.concat([Buffer.of(tag, ...length), content]);
}

const SEQUENCE = 0x30;
const ED25519 = der(SEQUENCE, Buffer.from('06032b6570', 'hex'));
const time = (text: string): Buffer => der(0x18, Buffer.from(text));

/** A certificate for `localhost` that signs itself, for TLS on this machine in a test. Source: RFC 5280 §4.1. */
export function selfSigned(): { readonly key: string; readonly cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const name = der(SEQUENCE, der(0x31, der(SEQUENCE, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from('localhost')))));
  const names = der(SEQUENCE, der(0x82, Buffer.from('localhost')));
  const alternative = der(SEQUENCE, Buffer.from('0603551d11', 'hex'), der(0x04, names));
  const authority = der(
    SEQUENCE,
    Buffer.from('0603551d13', 'hex'),
    der(0x01, Buffer.of(0xff)),
    der(0x04, der(SEQUENCE, der(0x01, Buffer.of(0xff)))),
  );
  const body = der(
    SEQUENCE,
    der(0xa0, der(0x02, Buffer.of(2))),
    der(0x02, Buffer.of(1)),
    ED25519,
    name,
    der(SEQUENCE, time('20200101000000Z'), time('20991231235959Z')),
    name,
    publicKey.export({ format: 'der', type: 'spki' }),
    der(0xa3, der(SEQUENCE, alternative, authority)),
  );
  const whole = der(
    SEQUENCE,
    body,
    ED25519,
    der(0x03, Buffer.of(0), sign(null, body, createPrivateKey(privateKey.export({ format: 'pem', type: 'pkcs8' })))),
  );
  const pem = whole.toString('base64').replace(/.{64}/g, '$&\n');
  return {
    key: privateKey.export({ format: 'pem', type: 'pkcs8' }) as string,
    cert: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  };
}
