import { textDigest } from '../audit/fact-values.ts';
import type { Table } from '../catalog/dataset.ts';
import { sha256Hex } from '../egress/release-content.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { ExternalList } from '../pipeline/masked/external-lists.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { ExternalDataRecord } from './external-data-store.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { MaskingOperations } from './masking-interface.ts';
import type { EgressRecord, StoreView } from './ports.ts';
import { checkedReason } from './reason.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;
type ExternalOperations = Pick<MaskingOperations, 'registerExternalData' | 'listExternalData' | 'withdrawExternalData'>;
type Registration = Parameters<MaskingOperations['registerExternalData']>[1];

const MOST_PEOPLE = 1_000_000;

/** Keys of people are no ground to join on here: whoever knows them needs no quasi-identifiers. */
function fits(table: Table, { columns, rows }: Registration['people']): boolean {
  const names = columns.map(({ name }) => name);
  const joinable = new Set(table.columns.filter(({ role }) => role !== 'unitId' && role !== 'directId').map(({ name }) => name));
  const isWhole = rows.every((row) => row.length === names.length);
  return (
    names.length > 0 && new Set(names).size === names.length && names.every((name) => joinable.has(name)) && isWhole && rows.length > 0
  );
}

async function register(
  ports: OperationsPorts,
  actor: Parameters<MaskingOperations['registerExternalData']>[0],
  input: Registration,
): Outcome<ExternalDataRecord> {
  const permitted = await allowed(ports, actor, 'external.manage');
  if (!permitted.ok) return permitted;
  const { dataset, table: tableName, name, people } = input;
  const record = await ports.store.view.datasets.get(dataset);
  if (record === null)
    return refuseAccess(ports, actor, 'external.manage', [problem('access.not_found', { kind: 'dataset' })], {
      kind: 'dataset',
      id: dataset,
    });
  const source = checkedReason(input.source);
  if (!source.ok) return source;
  const table = record.dataset.tables.find((item) => item.name === tableName && item.visibility !== 'public');
  if (table === undefined || people.rows.length > MOST_PEOPLE || !fits(table, people))
    return err([problem('masking.external', { table: tableName })]);
  const id = newId('ext', ports.rng);
  const columns = people.columns.map((column) => column.name);
  const rows = people.rows.map((row) => row.map((cell) => (cell === null ? null : String(cell))));
  const { digest } = await ports.vault.seal(id, Buffer.from(JSON.stringify({ id, columns, rows } satisfies ExternalList), 'utf8'));
  const kept = { id, dataset, table: tableName, name, source: source.value, columns, people: rows.length, digest, registeredBy: actor.id };
  const facts = { dataset, contentDigest: digest };
  return ports.store.write(async (tx) =>
    ok(await tx.externalData.add(kept, { operation: 'external.register', actor, object: id, outcome: 'done', facts })),
  );
}

/** Lists of people that others have: registered, looked at, withdrawn. Their rows are sealed and never shown again. Source: requirements.md §10.2 (L); issue "Masking" (registered external data). */
export function externalDataOperations(ports: OperationsPorts): ExternalOperations {
  return {
    registerExternalData: (actor, input) => register(ports, actor, input),
    async listExternalData(actor, { dataset }) {
      const permitted = await allowed(ports, actor, 'external.read');
      return permitted.ok ? ok(await ports.store.view.externalData.list(dataset)) : permitted;
    },
    async withdrawExternalData(actor, { id, reason }) {
      const permitted = await allowed(ports, actor, 'external.manage');
      if (!permitted.ok) return permitted;
      const said = checkedReason(reason);
      if (!said.ok) return said;
      const found = await ports.store.view.externalData.get(id);
      if (found === null)
        return refuseAccess(ports, actor, 'external.manage', [problem('access.not_found', { kind: 'external data' })], {
          kind: 'external',
          id,
        });
      const facts = { dataset: found.dataset, reasonDigest: textDigest(said.value) };
      const kept = await ports.store.write((tx) =>
        tx.externalData.withdraw(id, { operation: 'external.withdraw', actor, object: id, outcome: 'done', facts }),
      );
      if (kept.ok) await ports.vault.destroy(id);
      return kept;
    },
  };
}

/** The lists themselves; refuses where one cannot be read or is not the one that was registered, since nothing could be said then. Source: requirements.md §10.2 (L). */
export async function openExternal(
  ports: Pick<OperationsPorts, 'vault'>,
  records: readonly ExternalDataRecord[],
): Outcome<readonly ExternalList[]> {
  const lists: ExternalList[] = [];
  for (const { id, digest } of records) {
    const opened = await ports.vault.open(id);
    if (!opened.ok || sha256Hex(opened.value) !== digest) return err([problem('masking.external_unreadable', {})]);
    lists.push(JSON.parse(Buffer.from(opened.value).toString('utf8')) as ExternalList);
  }
  return ok(lists);
}

/** What stands against a release: a list that its check did not know. Source: requirements.md §10.2 (L). */
export async function externalObstacles(
  view: Pick<StoreView, 'externalData'>,
  { productKind, dataset }: EgressRecord,
  checked: readonly string[] | undefined,
): Promise<readonly Problem[]> {
  if (productKind !== 'masked_dataset') return [];
  const known = new Set(checked);
  const lists = await view.externalData.list(dataset);
  return lists.some(({ id, state }) => state === 'REGISTERED' && !known.has(id)) ? [problem('masking.external_newer', {})] : [];
}
