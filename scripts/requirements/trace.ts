import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MACHINES } from '../../src/governance/machines.ts';

/** One requirement with where it is met and tried. */
export interface TracedRequirement {
  readonly id: string;
  readonly kind: 'core' | 'lifecycle' | 'governance';
  readonly says: string;
  readonly modules: readonly string[];
  readonly tests: readonly string[];
  /** Why it is not met, or not wholly; null where it is. */
  readonly open: string | null;
}

const ID = /\b(?:GZ|NB|QY|QZ|CQ-REG|CQ-OP)-\d{1,2}(?:\.\d{1,2})*[a-z]?\b/g;
/** Tries every step of every proceeding. */
export const TABLE_TEST = 'test/unit/governance/machines.test.ts';
/** Values of cities and their law, and the list of requirements itself: naming an article there meets nothing. */
const NO_CLAIM = 'src/catalog/profiles/';

function readJson<T>(name: string): T {
  return JSON.parse(readFileSync(`scripts/requirements/${name}.json`, 'utf8')) as T;
}

/** Ids that the TypeScript files under a folder name → the files. */
function tagsUnder(folder: string): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, string[]>();
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  for (const file of names.map((name) => join(folder, name)).sort()) {
    if (file.startsWith(NO_CLAIM)) continue;
    for (const id of new Set(readFileSync(file, 'utf8').match(ID) ?? [])) found.set(id, [...(found.get(id) ?? []), file]);
  }
  return found;
}

/**
 * Every requirement, and everything wrong with the claims: ids that nobody wrote, claims without a test, requirements
 * that are neither met nor named as open, files that are not there. A step of a proceeding is tried by the test of all
 * tables: who may take it, what it needs, where it leads. Source: requirements.md §11; tracker issue 5.
 */
export function traceRequirements(): { readonly requirements: readonly TracedRequirement[]; readonly faults: readonly string[] } {
  const list = readJson<readonly Pick<TracedRequirement, 'id' | 'kind' | 'says'>[]>('requirements');
  const elsewhere = readJson<Readonly<Record<string, { readonly module: string; readonly test: string }>>>('elsewhere');
  const reasons = readJson<Readonly<Record<string, string>>>('open');
  const [code, tests] = [tagsUnder('src'), tagsUnder('test')];
  const inTables = new Set(
    MACHINES.flatMap((machine) => [...machine.transitions, ...Object.values(machine.timers)].flatMap((item) => item.meets)),
  );
  const requirements = list.map((item): TracedRequirement => {
    const other = elsewhere[item.id];
    const modules = [...(code.get(item.id) ?? []), ...(other === undefined ? [] : [other.module])];
    const tried = [
      ...(tests.get(item.id) ?? []),
      ...(other === undefined ? [] : [other.test]),
      ...(inTables.has(item.id) ? [TABLE_TEST] : []),
    ];
    return { ...item, modules: [...new Set(modules)], tests: [...new Set(tried)], open: reasons[item.id] ?? null };
  });
  const known = new Set(list.map((item) => item.id));
  const isKnown = (id: string): boolean =>
    known.has(id) || list.some((item) => item.id.startsWith(id) && /^[a-z]$/.test(item.id.slice(id.length)));
  const isPart = (id: string): boolean => list.some((item) => item.id.startsWith(`${id}.`));
  const named = new Set([...code.keys(), ...tests.keys(), ...Object.keys(elsewhere), ...Object.keys(reasons)]);
  return {
    requirements,
    faults: [
      ...[...named].filter((id) => !isKnown(id) && !isPart(id)).map((id) => `${id}: there is no such requirement`),
      ...requirements
        .filter((item) => item.modules.length > 0 && item.tests.length === 0 && item.open === null)
        .map((item) => `${item.id}: no test`),
      ...requirements.filter((item) => item.modules.length === 0 && item.open === null).map((item) => `${item.id}: neither met nor open`),
      ...Object.entries(elsewhere).flatMap(([id, { module, test }]) =>
        [module, test].filter((file) => !existsSync(file)).map((file) => `${id}: ${file} is not there`),
      ),
    ],
  };
}
