import { readDeclaration } from '../../src/catalog/declaration.ts';
import { DEFAULT_POLICY } from '../../src/catalog/disclosure-policy.ts';
import type { JobContext } from '../../src/pipeline.ts';

/** What admission needs to know of a declared dataset: a grant for all of it, no data. Throws where the declaration is refused. */
export function admissionContext(declaration: unknown): JobContext {
  const read = readDeclaration(declaration);
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  const { dataset } = read.value;
  const tables = Object.fromEntries(dataset.tables.map((table) => [table.name, '*' as const]));
  const version = {
    dataset: dataset.name,
    version: 'v1',
    digest: '',
    bytes: 0,
    state: 'queryable',
    loadedAt: '',
    origin: 'real',
    profile: { tables: [], units: [] },
  } as const;
  const grant = { id: 'grant', merchant: 'merchant-a', dataset: dataset.name, scenario: 'test', tables, endsOn: '2099-12-31' };
  return { dataset, version, sealedPath: '', grant, policy: DEFAULT_POLICY };
}
