import { defineConfig } from 'vitest/config';
import { isPostgresInstalled } from './test/support/private-postgres.ts';

/** Servers and commands that tests start find our code compiled by the first of them: half the processor time of each start (ADR 0045). */
process.env['NODE_COMPILE_CACHE'] ??= new URL('node_modules/.cache/compiled', import.meta.url).pathname;

const everywhere = {
  exclude: ['**/node_modules/**', 'test/architecture/fixture/**'],
  testTimeout: 60_000,
  hookTimeout: 120_000,
  setupFiles: ['test/support/same-draws.ts'],
};

/**
 * Files that share nothing with the process but pure code, and stores and enclaves in folders of their own: one process runs file after file
 * and imports the product once (ADR 0045). A test that changes its process (environment, modules, signals) does not stand here.
 */
const TOGETHER = ['test/unit/**/*.test.ts', 'test/property/**/*.test.ts'];
const together = { test: { ...everywhere, name: 'together', include: TOGETHER, isolate: false } };

/** A process for each file. */
const apart = { test: { ...everywhere, name: 'apart', include: ['test/**/*.test.ts'], exclude: [...everywhere.exclude, ...TOGETHER] } };

/** The same tests again, with our own records on PostgreSQL. Where it is not installed, test/integration/postgres says so. */
const onPostgres = {
  test: {
    ...everywhere,
    name: 'postgres',
    include: ['test/integration/store/**/*.test.ts', 'test/unit/operations/**/*.test.ts'],
    isolate: false,
    globalSetup: ['test/support/run-postgres.ts'],
    setupFiles: [...everywhere.setupFiles, 'test/support/use-postgres.ts'],
  },
};

export default defineConfig({
  test: { maxWorkers: 2, projects: [together, apart, ...(isPostgresInstalled() ? [onPostgres] : [])] },
});
