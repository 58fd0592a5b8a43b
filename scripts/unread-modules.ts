import { readdir } from 'node:fs/promises';

const FOLDERS = ['src', 'test', 'bench', 'scripts', 'datasets'];

export interface Folder {
  readonly folder: string;
  readonly files: number;
}

/** Number of TypeScript files under `folder`, declarations and fixtures apart. */
async function countFiles(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const isSource = (name: string): boolean => name.endsWith('.ts') && !name.endsWith('.d.ts');
  return entries.filter((entry) => entry.isFile() && isSource(entry.name) && !entry.parentPath.includes('architecture/fixture')).length;
}

/** The folders that hold code, with the number of modules a reader must find in each. */
export async function codeFolders(): Promise<readonly Folder[]> {
  const counted = await Promise.all(FOLDERS.map(async (folder) => ({ folder, files: await countFiles(folder) })));
  return counted.filter((item) => item.files > 0);
}

/** One sentence for every folder of which fewer modules were read than stand on disk. No folder at all is one, too. */
export function unreadModules(read: readonly string[], folders: readonly Folder[]): readonly string[] {
  if (folders.length === 0) return ['no modules on disk'];
  return folders.flatMap(({ folder, files }) => {
    const seen = read.filter((source) => source.startsWith(`${folder}/`)).length;
    return seen < files ? [`read ${seen} of ${files} modules under ${folder}/`] : [];
  });
}
