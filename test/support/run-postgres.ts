import type { TestProject } from 'vitest/node';
import { startPostgres } from './private-postgres.ts';

declare module 'vitest' {
  interface ProvidedContext {
    readonly databaseUrl: string;
  }
}

/** One server for all tests of this run that keep their records on PostgreSQL; ends with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const server = await startPostgres();
  project.provide('databaseUrl', server.url);
  return () => server.remove();
}
