import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** Root of the repository. */
export const ROOT = resolve(import.meta.dirname, '../..');

/** Text of a file of the repository. */
export function read(path: string): string {
  return readFileSync(join(ROOT, path), 'utf8');
}

/**
 * Paths of the files that belong to the repository: tracked, or new and not ignored; relative to its root.
 * Outside a git checkout (an unpacked archive) every file but `node_modules` and instances.
 */
export function repositoryFiles(): readonly string[] {
  if (existsSync(join(ROOT, '.git'))) {
    const names = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: ROOT, encoding: 'utf8' });
    return names.split('\0').filter((name) => name !== '' && existsSync(join(ROOT, name)));
  }
  return readdirSync(ROOT, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(ROOT.length + 1))
    .filter((name) => !/(^|\/)(node_modules|sluice-data|sluice-demo|coverage|\.tmp)\//.test(name));
}

/** TypeScript files under `folder`, fixtures apart. */
export function sources(folder: string): readonly string[] {
  return repositoryFiles().filter(
    (name) => name.startsWith(`${folder}/`) && name.endsWith('.ts') && !name.includes('architecture/fixture/'),
  );
}
