import { createHash } from 'node:crypto';
import type { Rng } from '../kernel/rng.ts';

const SECRET_BYTES = 32;
const RECOVERY_CODES = 10;
const CODE_ALPHABET = '23456789abcdefghjkmnpqrstuvwxyz';

export type OneTimeKind = 'enrolment' | 'session';
const PREFIX = { enrolment: 'sle_', session: 'sls_' } as const;
const FORM = { enrolment: /^sle_[A-Za-z0-9_-]{43}$/, session: /^sls_[A-Za-z0-9_-]{43}$/ } as const;

/** 256 random bits that are told once; only their digest is kept, which needs no salt. Source: ASVS 5.0 7.2.3. */
export function makeSecretText(kind: OneTimeKind, rng: Rng): string {
  return PREFIX[kind] + Buffer.from(rng.bytes(SECRET_BYTES)).toString('base64url');
}

/** The digest under which a text of this kind is kept, or null for any other text. */
export function secretDigest(kind: OneTimeKind, text: string): string | null {
  return FORM[kind].test(text) ? createHash('sha256').update(text, 'utf8').digest('hex') : null;
}

/** What a page must send back with every change, so that another site cannot: bound to its session, of no use without it. */
export function csrfToken(session: string): string {
  return createHash('sha256').update(`sluice-csrf/v1\n${session}`, 'utf8').digest('base64url');
}

/** Ten codes of about 59 bits for who has lost the authenticator, each good once. */
export function makeRecoveryCodes(rng: Rng): readonly string[] {
  return Array.from({ length: RECOVERY_CODES }, () => {
    const letters = [...unbiased(rng, 12)].join('');
    return `${letters.slice(0, 4)}-${letters.slice(4, 8)}-${letters.slice(8)}`;
  });
}

/** The digest of a recovery code, bound to its owner; spelling of case, spaces and hyphens does not matter. */
export function recoveryDigest(principal: string, code: string): string {
  const plain = code.toLowerCase().replaceAll(/[\s-]/g, '');
  return createHash('sha256').update(`sluice-recovery/v1\n${principal}\n${plain}`, 'utf8').digest('hex');
}

function* unbiased(rng: Rng, length: number): Generator<string> {
  const limit = 256 - (256 % CODE_ALPHABET.length);
  for (let made = 0; made < length; ) {
    for (const byte of rng.bytes(length)) {
      if (byte >= limit || made >= length) continue;
      made += 1;
      yield CODE_ALPHABET[byte % CODE_ALPHABET.length] ?? '';
    }
  }
}
