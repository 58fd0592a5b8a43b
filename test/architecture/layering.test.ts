import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { cruise, type ICruiseResult } from 'dependency-cruiser';
import { beforeAll, describe, expect, test } from 'vitest';
import { codeFolders, unreadModules } from '../../scripts/unread-modules.ts';

interface Rule {
  readonly name: string;
}

const config: { readonly forbidden: readonly Rule[]; readonly options: object } = createRequire(import.meta.url)(
  '../../.dependency-cruiser.cjs',
);

/** Every rule, and the files of the fixture tree that break it: these and no others. */
const BROKEN_BY: Readonly<Record<string, readonly string[]>> = {
  'no-cycles': ['kernel/cycle-a.ts'],
  'imports-resolve': ['kernel/unresolved.ts'],
  'kernel-imports-nothing-of-ours': ['kernel/imports-problems.ts'],
  'problems-import-only-kernel': ['problems/imports-catalog.ts'],
  'catalog-and-identifiers-import-downwards': ['catalog/imports-masking.ts'],
  'rules-import-downwards': [
    'egress/imports-operations.ts',
    'egress/imports-pipeline-part.ts',
    'egress/imports-pipeline-type.ts',
    'egress/imports-store.ts',
  ],
  'pipeline-imports-downwards': ['pipeline.ts', 'pipeline/imports-store.ts'],
  'operations-import-downwards': ['operations/imports-loader.ts'],
  'operations-know-no-edge': ['operations/imports-http.ts'],
  'adapters-know-no-edge': ['store/imports-http.ts'],
  'adapters-keep-apart': ['store/imports-loader.ts'],
  'http-calls-operations-only': ['http/imports-store.ts'],
  'cli-is-a-client': ['cli/imports-store.ts'],
  'console-is-a-client': ['console/imports-kernel.ts'],
  'instance-knows-no-client': ['instance.ts', 'instance/imports-cli.ts'],
  'nobody-imports-main': ['imports-main.ts'],
  'pure-folders-do-no-io': ['egress/imports-fs.ts'],
  'pure-folders-import-few-packages': ['egress/imports-package.ts'],
  'only-enclave-imports-duckdb': ['store/imports-duckdb.ts'],
  'worker-is-an-island': ['sandbox/enclave/worker-reaches-egress.ts'],
  'only-store-imports-database-drivers': ['operations/imports-kysely.ts', 'operations/imports-sqlite.ts'],
  'only-http-imports-fastify': ['operations/imports-fastify.ts'],
  'only-cli-imports-commander': ['egress/imports-package.ts', 'operations/imports-commander.ts'],
  'rule-sets-keep-apart': ['egress/imports-masking.ts'],
  'sql-reads-only-the-plan-of-masking': ['sandbox/sql/imports-synthetic.ts'],
  'port-is-a-type': ['operations/imports-port-code.ts'],
  'src-never-imports-test': ['cli/imports-test.ts'],
  'only-cli-imports-datasets': ['operations/imports-datasets.ts'],
  'src-imports-no-dev-dependency': ['operations/imports-dev-package.ts'],
};

test('a cruiser that read nothing has not passed', async () => {
  const folders = await codeFolders();
  expect(folders.map((item) => item.folder)).toContain('src');
  expect(unreadModules([], folders)).toHaveLength(folders.length);
  expect(unreadModules([], [])).toEqual(['no modules on disk']);
  expect(unreadModules(['src/a.ts', 'src/b.ts'], [{ folder: 'src', files: 2 }])).toEqual([]);
});

describe('layering rules', () => {
  let found: Map<string, string[]>;

  beforeAll(async () => {
    const { output } = await cruise(['src', 'test', 'datasets'], {
      ...config.options,
      baseDir: resolve(import.meta.dirname, 'fixture/layers'),
      validate: true,
      ruleSet: { forbidden: config.forbidden as never },
    });
    found = new Map();
    for (const violation of (output as ICruiseResult).summary.violations) {
      const files = found.get(violation.rule.name) ?? [];
      found.set(violation.rule.name, [...files, violation.from.replace(/^src\//, '')]);
    }
  });

  test('every rule has a fixture', () => {
    expect(Object.keys(BROKEN_BY).sort()).toEqual(config.forbidden.map((rule) => rule.name).sort());
  });

  test.each(Object.entries(BROKEN_BY))('%s fires, and only where it is broken', (name, files) => {
    expect([...new Set(found.get(name) ?? [])].sort()).toEqual(files);
  });
});
