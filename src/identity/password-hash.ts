import { argon2, timingSafeEqual } from 'node:crypto';

/** Least and most characters. Source: NIST SP 800-63B-4 §3.1.1.2; ASVS 5.0 6.2.1, 6.2.9. */
export const PASSWORD_LENGTH = { least: 12, most: 128 } as const;

interface Cost {
  /** KiB. */
  readonly memory: number;
  readonly passes: number;
  readonly lanes: number;
}

/** Source: OWASP Password Storage Cheat Sheet, argon2id. */
const COST: Cost = { memory: 19_456, passes: 2, lanes: 1 };
/** What is computed for a stored text; one that asks for more was not written by us. */
const MOST: Cost = { memory: 262_144, passes: 8, lanes: 4 };
const TAG_BYTES = 32;
export const SALT_BYTES = 16;
const PHC = /^\$argon2id\$v=19\$m=(\d{1,7}),t=(\d{1,2}),p=(\d)\$([A-Za-z0-9+/]{11,86})\$([A-Za-z0-9+/]{22,86})$/;

/**
 * argon2id of a password as a PHC string, with a salt of 16 random bytes. `secret` is an optional pepper.
 * Source: RFC 9106; C2SP phc-strings.
 */
export async function hashPassword(password: string, salt: Uint8Array, cost: Cost = COST, secret?: Uint8Array): Promise<string> {
  const tag = await derive(password, salt, cost, TAG_BYTES, secret);
  return `$argon2id$v=19$m=${cost.memory},t=${cost.passes},p=${cost.lanes}$${unpadded(salt)}$${unpadded(tag)}`;
}

/** Whether the password is the one of a PHC string; false for a string that is none of ours. */
export async function passwordMatches(password: string, phc: string, secret?: Uint8Array): Promise<boolean> {
  const [, memory, passes, lanes, salt = '', tag = ''] = PHC.exec(phc) ?? [];
  const cost = { memory: Number(memory), passes: Number(passes), lanes: Number(lanes) };
  if (!(cost.memory <= MOST.memory && cost.passes <= MOST.passes && cost.lanes <= MOST.lanes && cost.passes > 0 && cost.lanes > 0))
    return false;
  const wanted = Buffer.from(tag, 'base64');
  const found = await derive(password, Buffer.from(salt, 'base64'), cost, wanted.length, secret);
  return wanted.length === found.length && timingSafeEqual(wanted, found);
}

/** Long enough, not longer than is hashed, and not made of the name it belongs to. No rules of composition (NIST). */
export function isUsablePassword(password: string, principal: string): boolean {
  const length = [...password].length;
  const plain = password.toLowerCase();
  const isVaried = new Set(plain).size >= 5;
  return (
    length >= PASSWORD_LENGTH.least &&
    length <= PASSWORD_LENGTH.most &&
    isVaried &&
    (principal === '' || !plain.includes(principal.toLowerCase()))
  );
}

function derive(password: string, salt: Uint8Array, cost: Cost, tagLength: number, secret?: Uint8Array): Promise<Buffer> {
  const { memory, passes, lanes: parallelism } = cost;
  const message = Buffer.from(password.normalize('NFC'), 'utf8');
  const parameters = { message, nonce: salt, parallelism, tagLength, memory, passes, ...(secret === undefined ? {} : { secret }) };
  return new Promise((resolve, reject) => {
    argon2('argon2id', parameters, (error, tag) => (error === null ? resolve(tag) : reject(error)));
  });
}

function unpadded(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '');
}
