import { describe, expect, test } from 'vitest';
import { read, repositoryFiles, sources } from './repository.ts';

const TEXT = /\.(ts|js|cjs|mjs|json|jsonc|md|sql|yml|yaml|txt|csv|html|css|sh)$|(^|\/)(run|LICENSE|\.npmrc|\.gitignore)$/;
const MOST_LINES = 350;

/** Joined at run time, so that this file does not find itself. */
const MACHINE_PATHS = ['work', 'root', 'home', 'Users'].map((folder) => `/${folder}/`);
const REGISTRY_HOSTS = [
  ['arti', 'factory'].join(''),
  ['registry', 'npmjs', 'org'].join('.'),
  ['registry', 'npmmirror', 'com'].join('.'),
  ['registry', 'yarnpkg'].join('.'),
];

describe('files of the repository', () => {
  const files = repositoryFiles().filter((name) => TEXT.test(name));

  test('name no folder of the machine they were written on', () => {
    const found = files.flatMap((name) =>
      MACHINE_PATHS.filter((path) => new RegExp(`(^|[\\s"'\`(=:])${path}`, 'm').test(read(name))).map((path) => `${name}: ${path}`),
    );
    expect(found).toEqual([]);
  });

  test('name no package registry', () => {
    const found = files.flatMap((name) => REGISTRY_HOSTS.filter((host) => read(name).includes(host)).map((host) => `${name}: ${host}`));
    expect(found).toEqual([]);
    expect(read('package-lock.json')).not.toContain('"resolved"');
  });

  test(`in src have at most ${MOST_LINES} lines`, () => {
    const long = sources('src').flatMap((name) => {
      const lines = read(name).split('\n').length - 1;
      return lines > MOST_LINES ? [`${name}: ${lines} lines`] : [];
    });
    expect(long).toEqual([]);
  });

  test('in src have names that say what they hold', () => {
    expect(sources('src').filter((name) => /\/(utils?|helpers?|types?|index)\.ts$/.test(name))).toEqual([]);
  });

  test('the command of the README is the command that is run', () => {
    expect(read('README.md')).toContain('npm install && npm test');
    expect(read('README.md')).toContain('npm install && npm run demo');
    expect(read('.ci/run')).toContain("'npm install && npm test'");
  });
});
