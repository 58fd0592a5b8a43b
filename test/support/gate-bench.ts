import { readDeclaration } from '../../src/catalog/declaration.ts';
import type { DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';
import type { Grant } from '../../src/catalog/grant.ts';
import type { Result } from '../../src/kernel/result.ts';
import { type Admitted, admit, answer, type Decided, type JobContext, type LedgerPort } from '../../src/pipeline.ts';
import type { Problem } from '../../src/problems/problem.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import { loadingBench } from './loading.ts';
import { sharedEnclave } from './shared-enclave.ts';

export const TEST_POLICY: DisclosurePolicy = { k: 10, dominance: { units: 2, share: 0.9 }, pShare: 0.1 };

/** A dataset loaded for real, and the whole pipeline over it. */
export interface GateBench {
  readonly context: JobContext;
  readonly enclave: Enclave;
  ask(
    sql: string,
    policy?: DisclosurePolicy,
    onIntent?: () => Promise<void>,
    ledger?: LedgerPort,
  ): Promise<Result<Decided, readonly Problem[]>>;
  admit(sql: string): Promise<Result<Admitted, readonly Problem[]>>;
  close(): Promise<void>;
}

export async function gateBench(
  declaration: unknown,
  files: Readonly<Record<string, string>>,
  grantTables?: Grant['tables'],
): Promise<GateBench> {
  const bench = await loadingBench();
  const read = readDeclaration(declaration);
  if (!read.ok) throw new Error(`The declaration is refused: ${JSON.stringify(read.error)}`);
  const loaded = await bench.load(declaration, files);
  if (!loaded.ok) throw new Error(`The load is refused: ${JSON.stringify(loaded.error)}`);
  const { dataset } = read.value;
  const tables = grantTables ?? Object.fromEntries(dataset.tables.map((table) => [table.name, '*' as const]));
  const grant: Grant = { id: 'grant', merchant: 'merchant-a', dataset: dataset.name, scenario: 'test', tables, endsOn: '2099-12-31' };
  const context: JobContext = {
    dataset,
    version: loaded.value,
    sealedPath: bench.sealedPath(dataset.name, 'v1'),
    grant,
    policy: TEST_POLICY,
  };
  const ports = { enclave: sharedEnclave(bench.enclave) };
  return {
    context,
    enclave: ports.enclave,
    ask: (sql, policy = TEST_POLICY, onIntent = () => Promise.resolve(), ledger = undefined) =>
      answer(sql, { ...context, policy }, { ...ports, onIntent, ...(ledger === undefined ? {} : { ledger }) }),
    admit: (sql) => admit(sql, context, ports),
    close: () => bench.close(),
  };
}

export function csv(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [header, ...rows]
    .map((row) => row.map((value) => (value === null ? '' : String(value))).join(','))
    .join('\n')
    .concat('\n');
}
