import { textDigest } from '../audit/fact-values.ts';
import type { DatasetVersion } from '../catalog/dataset.ts';
import { EXACT } from '../catalog/disclosure-mode.ts';
import { permit } from '../identity/permit.ts';
import { ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, allowedOn, refuseAccess } from './guard.ts';
import { liveGrant } from './live-grant.ts';
import type { DatasetView, Operations, VersionView } from './operations.ts';
import type { DatasetRecord } from './ports.ts';
import { checkedReason } from './reason.ts';

type DatasetOperations = Pick<Operations, 'listDatasets' | 'showDataset' | 'withdrawVersion'>;

export function versionView(version: DatasetVersion): VersionView {
  const { dataset, state, digest, bytes, loadedAt, profile } = version;
  return {
    dataset,
    version: version.version,
    state,
    digest,
    bytes,
    loadedAt,
    rows: profile.tables.reduce((sum, table) => sum + table.rows, 0),
  };
}

/** The organisation that loads a dataset owns it; which of its people did is not what counts. */
export function datasetOwner(record: DatasetRecord): { readonly organisation: string } {
  return { organisation: record.owner.organisation };
}

/** The published entry; sizes and digests of versions only for those who may know them. */
async function viewFor(ports: OperationsPorts, actor: Actor, record: DatasetRecord, isWhole: boolean): Promise<DatasetView> {
  const { dataset, currentVersion } = record;
  // `rows` is a hint for simulation that may be a true count.
  const tables = dataset.tables.map(({ rows: _rows, ...table }) => table);
  const { name, title, provider, mode = EXACT } = dataset;
  const mayReadVersions = permit(actor, 'dataset.versions.read', { kind: 'dataset', owner: datasetOwner(record) }).ok;
  const standard = currentVersion === null ? [] : await ports.store.view.standard.of({ dataset: name, version: currentVersion });
  const isShown = isWhole && (mayReadVersions || (await liveGrant(ports.store.view, actor, name, ports.clock.now(), 'real')) !== null);
  const standardTables = standard.map((item) => ({ name: item.name, sql: item.canonicalSql, ...(isShown ? { table: item.table } : {}) }));
  const entry: DatasetView = { dataset: name, title, provider, currentVersion, tables, mode, standardTables };
  if (!mayReadVersions) return entry;
  const versions = await ports.store.view.datasets.versions(record.name);
  return { ...entry, versions: versions.map(versionView) };
}

/** The catalogue, and taking versions out of use. */
export function datasetOperations(ports: OperationsPorts): DatasetOperations {
  return {
    async listDatasets(actor) {
      const permitted = await allowed(ports, actor, 'dataset.read');
      if (!permitted.ok) return permitted;
      const records = await ports.store.view.datasets.list();
      return ok(await Promise.all(records.map((record) => viewFor(ports, actor, record, false))));
    },

    async showDataset(actor, dataset) {
      const permitted = await allowed(ports, actor, 'dataset.read');
      if (!permitted.ok) return permitted;
      const record = await ports.store.view.datasets.get(dataset);
      if (record !== null) return ok(await viewFor(ports, actor, record, true));
      const missing = [problem('access.not_found', { kind: 'dataset' })];
      return refuseAccess(ports, actor, 'dataset.read', missing, { kind: 'dataset', id: dataset });
    },

    async withdrawVersion(actor, input) {
      const record = await ports.store.view.datasets.get(input.dataset);
      const owner = record === null ? null : { id: actor.id, organisation: record.owner.organisation };
      const permitted = await allowedOn(ports, actor, 'dataset.withdraw', { kind: 'dataset', id: input.dataset, owner });
      if (!permitted.ok) return permitted;
      const reason = checkedReason(input.reason);
      if (!reason.ok) return reason;
      const to = input.erase ? 'erased' : 'withdrawn';
      const retired = await ports.store.write(async (tx) => {
        const version = await tx.datasets.version(input.dataset, input.version);
        const facts = { version: input.version, reasonDigest: textDigest(reason.value), digest: version?.digest };
        const operation = input.erase ? 'dataset.erase' : 'dataset.withdraw';
        const step = { from: input.erase ? (['queryable', 'withdrawn'] as const) : (['queryable'] as const), to } as const;
        return tx.datasets.retireVersion(input.dataset, input.version, step, {
          operation,
          actor,
          object: input.dataset,
          outcome: 'done',
          facts,
        });
      });
      if (!retired.ok) return retired;
      // After the commit: a file without a version is swept at the next start, a version without its file would be a lie.
      if (input.erase) await ports.loader.erase(input.dataset, input.version);
      return ok(versionView(retired.value));
    },
  };
}
