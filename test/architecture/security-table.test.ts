import { describe, expect, test } from 'vitest';
import { read, repositoryFiles } from './repository.ts';

const FILES = new Set(repositoryFiles());

/** Rows of the table of promises in SECURITY.md: promise, modules, tests. */
function promises(): readonly { readonly promise: string; readonly modules: readonly string[]; readonly tests: readonly string[] }[] {
  const section = /## Promises\n([\s\S]*?)(?=\n## )/.exec(read('SECURITY.md'))?.[1] ?? '';
  return section
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (---|promise )/.test(line))
    .map((line) => {
      const [promise = '', modules = '', tests = ''] = line.split('|').slice(1, -1);
      const paths = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map((match) => String(match[1]));
      return { promise: promise.trim(), modules: paths(modules), tests: paths(tests) };
    });
}

describe('SECURITY.md', () => {
  test('makes promises', () => {
    expect(promises().length).toBeGreaterThan(5);
  });

  test.each(promises())('names modules and tests that exist: $promise', ({ modules, tests }) => {
    expect(modules.length).toBeGreaterThan(0);
    expect(tests.length).toBeGreaterThan(0);
    const present = (path: string) => FILES.has(path) || (path.endsWith('/') && [...FILES].some((name) => name.startsWith(path)));
    expect(modules.filter((path) => !path.startsWith('src/') || !present(path))).toEqual([]);
    expect(tests.filter((path) => !/^test\/.*\.test\.ts$/.test(path) || !FILES.has(path))).toEqual([]);
  });
});
