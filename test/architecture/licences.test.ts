import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ROOT, read } from './repository.ts';

/** Licences that let the product be given away under Apache-2.0. Blue Oak is a permissive model licence. */
const ACCEPTED = [
  'MIT',
  'MIT-0',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'ISC',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'Unlicense',
  'Python-2.0',
];

interface Locked {
  readonly dev?: boolean;
  readonly optional?: boolean;
}

/** An SPDX expression is acceptable when one choice of every `OR`, and every part of an `AND`, is. */
function acceptable(expression: string): boolean {
  return expression
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((choice) => choice.split(' AND ').every((licence) => ACCEPTED.includes(licence.trim())));
}

test('a licence that binds the product is seen', () => {
  expect(acceptable('(MIT OR GPL-3.0-only)')).toBe(true);
  expect(acceptable('GPL-3.0-only')).toBe(false);
  expect(acceptable('MIT AND AGPL-3.0-only')).toBe(false);
});

test('every production dependency has a licence that permits what we do', () => {
  const packages = Object.entries(JSON.parse(read('package-lock.json')).packages as Readonly<Record<string, Locked>>);
  const production = packages.filter(
    ([path, locked]) => path.startsWith('node_modules/') && locked.dev !== true && existsSync(join(ROOT, path, 'package.json')),
  );
  expect(production.length).toBeGreaterThan(10);
  const refused = production.flatMap(([path]) => {
    const { license } = JSON.parse(read(join(path, 'package.json'))) as { readonly license?: string | { readonly type: string } };
    const expression = typeof license === 'string' ? license : (license?.type ?? 'none');
    return acceptable(expression) ? [] : [`${path}: ${expression}`];
  });
  expect(refused).toEqual([]);
});
