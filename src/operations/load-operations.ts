import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { countBand, textDigest } from '../audit/fact-values.ts';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import { permit } from '../identity/permit.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { datasetOwner, versionView } from './dataset-operations.ts';
import { allowed, reach, refuseAccess } from './guard.ts';
import { failJob } from './job-runner.ts';
import type { LoadTask, Operations } from './operations.ts';
import type { LoadRecord } from './ports.ts';
import { markStale } from './simulation-lifecycle.ts';
import { type AnsweredStandardTables, answerStandardTables, publishStandardTables } from './standard-tables.ts';
import { createTaskLine, type TaskLine } from './task-line.ts';
import type { WorkLeases } from './work-leases.ts';

type LoadOperations = Pick<Operations, 'startLoad' | 'showLoad' | 'awaitLoad'>;

interface LoadInput {
  readonly declaration: unknown;
  readonly baseFolder: string;
}

const PROGRESS_EVERY_MS = 1000;

function taskOf(record: LoadRecord): LoadTask {
  const { id, dataset, state, step, percent, version, problems } = record;
  return {
    id,
    dataset,
    state,
    step,
    percent,
    ...(version === undefined ? {} : { version }),
    ...(problems === undefined ? {} : { problems }),
  };
}

/** `v1`, `v2`, …: one more than the highest there ever was; numbers of withdrawn and erased versions are not used again. */
async function nextVersion(ports: OperationsPorts, dataset: string): Promise<string> {
  const versions = await ports.store.view.datasets.versions(dataset);
  const highest = versions.reduce((most, item) => Math.max(most, Number(/^v(\d+)$/.exec(item.version)?.[1] ?? 0)), 0);
  return `v${highest + 1}`;
}

function outcomeEvent(
  actor: Actor,
  id: string,
  outcome: 'refused' | 'failed',
  facts: { readonly dataset: string; readonly codes: readonly string[] },
): AuditEvent {
  const common = { object: id, outcome } as const;
  return outcome === 'refused'
    ? { ...common, actor, operation: 'load.refused', facts: { dataset: facts.dataset, problems: facts.codes.slice(0, 200) } }
    : { ...common, actor: SYSTEM_ACTOR, operation: 'load.failed', facts: { dataset: facts.dataset, failure: facts.codes[0] } };
}

/** Catalog entry, version and log entry in one transaction; the sealed file is on disk by then. */
async function register(
  ports: OperationsPorts,
  actor: Actor,
  id: string,
  dataset: Dataset,
  version: DatasetVersion,
  declarationDigest: string,
  standard: AnsweredStandardTables | null,
): Promise<void> {
  const facts = {
    dataset: dataset.name,
    version: version.version,
    digest: version.digest,
    rowsBand: countBand(version.profile.tables.reduce((sum, table) => sum + table.rows, 0)),
    tables: dataset.tables.map((table) => table.name).slice(0, 200),
    declarationDigest,
  };
  const event: AuditEvent = { operation: 'load.done', actor, object: id, outcome: 'done', trace: dataset.name, facts };
  const kept = await ports.store.write(async (tx) => {
    // Somebody else may have loaded the first version of this name meanwhile.
    const existing = await tx.datasets.get(dataset.name);
    const permitted = existing === null ? ok(true) : permit(actor, 'dataset.load', { kind: 'dataset', owner: datasetOwner(existing) });
    if (!permitted.ok) return permitted;
    await tx.datasets.put({ name: dataset.name, dataset, owner: { id: actor.id, organisation: actor.organisation } }, event);
    const added = await tx.datasets.addVersion(version, event);
    if (!added.ok) return added;
    const published = standard === null ? ok(null) : await publishStandardTables(tx, actor, version, standard);
    if (!published.ok) return published;
    const stale = await markStale(tx, dataset);
    if (!stale.ok) return stale;
    return tx.loads.transition(
      id,
      { from: ['running'], to: 'done', patch: { step: 'done', percent: 100, version: versionView(version) } },
      event,
    );
  });
  if (kept.ok) return;
  if (standard !== null) await failJob(ports, standard.job, [], 'standard-table');
  await ports.loader.erase(dataset.name, version.version);
  throw new Error('A loaded version could not be registered');
}

async function run(ports: OperationsPorts, actor: Actor, id: string, dataset: Dataset, input: LoadInput): Promise<void> {
  let toldAt = 0;
  const onProgress = (progress: { readonly step: string; readonly percent: number }): void => {
    const now = ports.clock.now().getTime();
    if (now - toldAt < PROGRESS_EVERY_MS) return;
    toldAt = now;
    ports.store.reportLoadProgress(id, progress).catch(ports.onFault);
  };
  try {
    const version = await nextVersion(ports, dataset.name);
    const loaded = await ports.loader.load({ dataset, ...input, version, onProgress });
    const standard = loaded.ok ? await answerStandardTables(ports, actor, dataset, loaded.value) : loaded;
    if (loaded.ok && standard.ok)
      return await register(ports, actor, id, dataset, loaded.value, textDigest(canonicalJson(input.declaration)), standard.value);
    if (loaded.ok) await ports.loader.erase(dataset.name, version);
    const problems = standard.ok ? [] : standard.error;
    const codes = [...new Set(problems.map((item) => item.code))];
    await ports.store.write((tx) =>
      tx.loads.transition(
        id,
        { from: ['running'], to: 'refused', patch: { step: 'refused', problems } },
        outcomeEvent(actor, id, 'refused', { dataset: dataset.name, codes }),
      ),
    );
  } catch (fault) {
    ports.onFault(fault);
    await ports.store.write((tx) =>
      tx.loads.transition(
        id,
        { from: ['running'], to: 'failed', patch: { step: 'failed' } },
        outcomeEvent(actor, id, 'failed', { dataset: dataset.name, codes: ['fault'] }),
      ),
    );
  }
}

/** Who may load into this name: those with the action; a source only what is its own or new. */
async function admitLoad(ports: OperationsPorts, actor: Actor, declaration: unknown): Promise<Result<Dataset, readonly Problem[]>> {
  const scope = await allowed(ports, actor, 'dataset.load');
  if (!scope.ok) return scope;
  const read = ports.loader.read(declaration);
  if (!read.ok) return read;
  const existing = await ports.store.view.datasets.get(read.value.name);
  if (existing === null || permit(actor, 'dataset.load', { kind: 'dataset', owner: datasetOwner(existing) }).ok) return read;
  const forbidden = [problem('access.forbidden', { action: 'dataset.load' })];
  return refuseAccess(ports, actor, 'dataset.load', forbidden, { kind: 'dataset', id: read.value.name });
}

/** Loads run one after another in the background: each may use all the memory a load is allowed. */
export function loadOperations(
  ports: OperationsPorts,
  leases: Pick<WorkLeases, 'hold' | 'drop'>,
  line: TaskLine = createTaskLine(ports.onFault),
): LoadOperations & { close(): Promise<void> } {
  const find = async (actor: Actor, id: string): Promise<Result<LoadTask, readonly Problem[]>> => {
    const record = await ports.store.view.loads.get(id);
    const found = await reach(ports, actor, 'load.read', { kind: 'load', id }, record, (item) => item.owner);
    return found.ok ? ok(taskOf(found.value)) : found;
  };

  return {
    async startLoad(actor, input) {
      const read = await admitLoad(ports, actor, input.declaration);
      const id = newId('load', ports.rng);
      if (!read.ok) {
        const codes = [...new Set(read.error.map((item) => item.code))];
        if (!codes.includes('access.forbidden')) {
          await ports.audit.append({
            operation: 'load.refused',
            actor,
            object: id,
            outcome: 'refused',
            facts: { problems: codes.slice(0, 200) },
          });
        }
        return err(read.error);
      }
      const dataset = read.value;
      const at = ports.clock.now().toISOString();
      const owner = { id: actor.id, organisation: actor.organisation };
      const record: LoadRecord = {
        id,
        dataset: dataset.name,
        state: 'running',
        step: 'waiting',
        percent: 0,
        owner,
        createdAt: at,
        updatedAt: at,
      };
      const facts = {
        dataset: dataset.name,
        declarationDigest: textDigest(canonicalJson(input.declaration)),
        files: dataset.tables.length,
      };
      await leases.hold(id);
      await ports.store.write(async (tx) => {
        await tx.loads.add(record, { operation: 'load.start', actor, object: id, outcome: 'done', facts });
        return ok(null);
      });
      line.add(id, async () => {
        await run(ports, actor, id, dataset, input);
        await leases.drop(id);
      });
      return ok(taskOf(record));
    },

    showLoad: find,

    async awaitLoad(actor, id) {
      const found = await find(actor, id);
      if (!found.ok) return found;
      await line.settled(id);
      return find(actor, id);
    },

    close: () => line.settledAll(),
  };
}
