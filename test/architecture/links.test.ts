import { existsSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, read, repositoryFiles } from './repository.ts';

const PAGES = repositoryFiles().filter((name) => name.endsWith('.md') && !name.includes('/fixture/'));

/** Paths inside the repository that a page links to, from its root. */
function localLinks(name: string): readonly string[] {
  return [...read(name).matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => String(match[1]).replace(/#.*$/, ''))
    .filter((target) => target !== '' && !/^[a-z]+:/.test(target))
    .map((target) => normalize(join(dirname(name), target)));
}

describe('links of the documents', () => {
  test('there are some', () => {
    expect(PAGES.flatMap(localLinks).length).toBeGreaterThan(10);
  });

  test.each(PAGES)('%s leads somewhere', (name) => {
    expect(localLinks(name).filter((target) => !existsSync(join(ROOT, target)))).toEqual([]);
  });
});
