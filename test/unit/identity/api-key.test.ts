import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import { macMatches, makeApiKey, parseApiKey } from '../../../src/identity/api-key.ts';
import { systemRng } from '../../support/temporary-store.ts';

test('a new key has the form slk_<id>_<secret> with at least 256 random bits, and is never the same', () => {
  const [one, two] = [makeApiKey(systemRng), makeApiKey(systemRng)];
  expect(one.key).toMatch(/^slk_[0-9a-z]{16}_[0-9a-z]{52}$/);
  expect(parseApiKey(one.key)).toEqual(one);
  expect(one.key).not.toBe(two.key);
});

test('anything else is not a key', () => {
  const { key } = makeApiKey(systemRng);
  for (const text of ['', 'slk_', key.slice(0, -1), `${key}0`, `${key}\n`, ` ${key}`, key.toUpperCase(), key.replace('slk_', 'skl_')]) {
    expect(parseApiKey(text)).toBeNull();
  }
});

test('a MAC matches its own stored form and no other', () => {
  const mac = createHmac('sha256', 'k').update('key').digest();
  const hex = mac.toString('hex');
  expect(macMatches(mac, hex)).toBe(true);
  for (const stored of [
    '',
    hex.slice(2),
    `${hex}00`,
    hex.toUpperCase(),
    hex.replace(/^./, (digit) => (digit === '0' ? '1' : '0')),
    'zz'.repeat(32),
  ]) {
    expect(macMatches(mac, stored)).toBe(stored === hex);
  }
});
