import { readDeclaration } from '../../../src/catalog/declaration.ts';
import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import type { Grant } from '../../../src/catalog/grant.ts';
import type { Result } from '../../../src/kernel/result.ts';
import { answer, type Decided, type JobContext } from '../../../src/pipeline.ts';
import type { Problem } from '../../../src/problems/problem.ts';
import { csv } from '../gate-bench.ts';
import { loadingBench } from '../loading.ts';
import { sharedEnclave } from '../shared-enclave.ts';
import type { World } from './world.ts';

const POLICY: DisclosurePolicy = { k: 10, dominance: { units: 2, share: 0.9 }, pShare: 0.1 };

export type Asked = Result<Decided, readonly Problem[]>;

/** Versions of one schema, loaded for real; one warm worker for each, one for admission. */
export interface WorldBench {
  ask(version: number, sql: string, k: number): Promise<Asked>;
  close(): Promise<void>;
}

export async function worldBench(versions: readonly World[]): Promise<WorldBench> {
  const bench = await loadingBench();
  const enclave = sharedEnclave(bench.enclave);
  const contexts: JobContext[] = [];
  for (const [index, world] of versions.entries()) {
    const read = readDeclaration(world.declaration);
    if (!read.ok) throw new Error(`The declaration is refused: ${JSON.stringify(read.error)}`);
    const { dataset } = read.value;
    const files = Object.fromEntries(
      Object.entries(world.tables).map(([name, rows]) => [
        `${name}.csv`,
        csv(
          Object.keys(rows[0] ?? {}),
          rows.map((row) => Object.values(row)),
        ),
      ]),
    );
    const version = `v${index + 1}`;
    const loaded = await bench.load(world.declaration, files, { version });
    if (!loaded.ok) throw new Error(`The load is refused: ${JSON.stringify(loaded.error)}`);
    const tables = Object.fromEntries(dataset.tables.map((table) => [table.name, '*' as const]));
    const grant: Grant = { id: 'grant', merchant: 'merchant-a', dataset: dataset.name, scenario: 'test', tables, endsOn: '2099-12-31' };
    contexts.push({ dataset, version: loaded.value, sealedPath: bench.sealedPath(dataset.name, version), grant, policy: POLICY });
  }
  return {
    ask: async (version, sql, k) => {
      const context = contexts[version];
      if (context === undefined) throw new Error('No such version');
      return answer(sql, { ...context, policy: { ...POLICY, k } }, { enclave });
    },
    close: () => bench.close(),
  };
}
