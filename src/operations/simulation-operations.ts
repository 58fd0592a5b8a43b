import { textDigest } from '../audit/fact-values.ts';
import { schemaDigest } from '../catalog/canonical-dataset.ts';
import type { Dataset } from '../catalog/dataset.ts';
import { policyFor } from '../catalog/disclosure-policy.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { modelText } from './fitted-model.ts';
import { allowed, refuseAccess } from './guard.ts';
import { liveGrant } from './live-grant.ts';
import type { DatasetRecord } from './ports.ts';
import type { SimulationFormat, SimulationKit, SimulationOperations, SimulationUnderWay, SimulationView } from './simulation-interface.ts';
import { simulationLifecycle } from './simulation-lifecycle.ts';
import { reachPreview, reachRows, reachSimulation, seesSimulation, simulationView } from './simulation-reach.ts';
import type { SimulationRecord } from './simulation-store.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

const MOST_PREVIEW_ROWS = 100;

type Request = Parameters<SimulationOperations['simulate']>[1];

/** The model that is asked for, where one is: the release must be the asker's own, or the asker reads all. */
async function modelOf(ports: OperationsPorts, actor: Actor, { dataset, model }: Request): Outcome<string | null> {
  if (model === undefined) return ok(null);
  const permitted = await allowed(ports, actor, 'release.read');
  if (!permitted.ok) return permitted;
  const release = await ports.store.view.releases.get(model);
  const request = release === null ? null : await ports.store.view.egress.get(release.egress);
  const mine = request !== null && (permitted.value === 'all' || request.merchant === actor.id) && request.dataset === dataset;
  if (mine) return modelText(ports, model);
  return refuseAccess(ports, actor, 'release.read', [problem('access.not_found', { kind: 'model' })], { kind: 'release', id: model });
}

/** Sets that are being made, with who asked for them. */
type UnderWay = Map<string, SimulationUnderWay & { readonly owner: string }>;

async function make(
  ports: OperationsPorts,
  actor: Actor,
  input: Request,
  { record, underWay }: { readonly record: DatasetRecord; readonly underWay: UnderWay },
): Outcome<SimulationView> {
  const model = await modelOf(ports, actor, input);
  if (!model.ok) return model;
  const isRealistic = input.mode === 'realistic';
  // Such identifiers may be somebody's: that this is wanted is for operators to say.
  const mayBe = isRealistic ? await allowed(ports, actor, 'simulation.manage') : ok(true);
  if (!mayBe.ok) return mayBe;
  const id = newId('sim', ports.rng);
  const { rows, seed } = input;
  const wishes = input.sql === undefined ? undefined : await ports.simulator.wishes(input.sql);
  const recipe = {
    dataset: record.dataset,
    rows,
    seed,
    ...(wishes === undefined ? {} : { wishes }),
    ...(model.value === null ? {} : { model: model.value }),
    ...(isRealistic ? { mode: 'realistic' as const } : {}),
  };
  const begun = { id, dataset: record.name, rows, startedAt: ports.clock.now().toISOString(), owner: actor.id };
  const onProgress = (percent: number): void => void underWay.set(id, { ...begun, percent });
  onProgress(0);
  const made = await ports.simulator.simulate({ id, ...recipe, onProgress }).finally(() => underWay.delete(id));
  if (!made.ok) return err(made.error);
  const { version, tables } = made.value;
  const simulation: SimulationRecord = {
    id,
    dataset: record.name,
    state: 'GENERATED',
    rows,
    seed,
    label: model.value === null ? 'SIMULATED-L0' : 'SIMULATED-L1',
    digest: version.digest,
    createdAt: ports.clock.now().toISOString(),
    datasetVersion: record.currentVersion,
    ...(input.model === undefined ? {} : { model: input.model }),
    ...(isRealistic ? { mode: 'realistic' as const } : {}),
    ...(wishes === undefined ? {} : { wishes }),
    tables,
    owner: { id: actor.id, organisation: actor.organisation },
    version,
    schemaDigest: schemaDigest(record.dataset),
  };
  const facts = {
    dataset: record.name,
    datasetVersion: record.currentVersion ?? undefined,
    rows,
    seedDigest: textDigest(seed),
    digest: version.digest,
    label: simulation.label,
    model: input.model,
    mode: isRealistic ? 'realistic' : 'safe',
  };
  const kept = await ports.store.write<SimulationView, readonly Problem[]>(async (tx) => {
    // A load may have put another schema in force meanwhile: the set would be stale from birth, with nobody to say so.
    const now = await tx.datasets.get(record.name);
    if (now === null || schemaDigest(now.dataset) !== simulation.schemaDigest) {
      return err([problem('simulation.schema_changed', { dataset: record.name })]);
    }
    await tx.simulations.add(simulation, { operation: 'simulation.create', actor, object: id, outcome: 'done', facts });
    return ok(simulationView(simulation));
  });
  if (!kept.ok) await ports.simulator.remove(record.name, id);
  return kept;
}

async function datasetOf(ports: OperationsPorts, record: SimulationRecord): Promise<Dataset> {
  const found = await ports.store.view.datasets.get(record.dataset);
  if (found === null) throw new Error('A simulation without its dataset');
  return found.dataset;
}

async function preview(ports: OperationsPorts, actor: Actor, id: string, table: string, rows: number) {
  const found = await reachPreview(ports, actor, id);
  if (!found.ok) return found;
  const record = found.value;
  if (record.state === 'STALE' || record.state === 'WITHDRAWN') return err([problem('simulation.not_in_use', { state: record.state })]);
  if (!record.tables.some((item) => item.table === table)) return err([problem('access.not_found', { kind: 'table' })]);
  const shown = Math.min(Math.max(1, rows), MOST_PREVIEW_ROWS);
  const facts = { dataset: record.dataset, table, rows: shown };
  await ports.audit.append({ operation: 'simulation.preview', actor, object: id, outcome: 'done', facts });
  return ports.simulator.preview({ dataset: await datasetOf(ports, record), id, table, rows: shown });
}

async function download(ports: OperationsPorts, actor: Actor, id: string, format: SimulationFormat, name: string | undefined) {
  const found = await reachRows(ports, actor, id);
  if (!found.ok) return found;
  const record = found.value;
  const part = format === 'duckdb' ? record.tables[0] : record.tables.find((item) => item.table === name);
  if (part === undefined) {
    return refuseAccess(ports, actor, 'simulation.download', [problem('access.not_found', { kind: 'simulation' })], {
      kind: 'simulation',
      id,
    });
  }
  const { table } = part;
  const digest = format === 'duckdb' ? record.digest : part.digest;
  const facts = { dataset: record.dataset, table: format === 'duckdb' ? undefined : table, digest, format };
  await ports.audit.append({ operation: 'simulation.download', actor, object: id, outcome: 'done', facts });
  return ports.simulator.file({ dataset: await datasetOf(ports, record), id, label: record.label, format, table });
}

async function kit(ports: OperationsPorts, actor: Actor, id: string): Outcome<SimulationKit> {
  const found = await reachRows(ports, actor, id);
  if (!found.ok) return found;
  const record = found.value;
  const whole = await datasetOf(ports, record);
  const now = ports.clock.now();
  const grant = await liveGrant(ports.store.view, actor, record.dataset, now, 'sim');
  const every = Object.fromEntries(whole.tables.map((table) => [table.name, '*' as const]));
  const facts = { dataset: record.dataset, digest: record.digest, format: 'kit' };
  await ports.audit.append({ operation: 'simulation.download', actor, object: id, outcome: 'done', facts });
  return ok({
    format: 'sluice-kit-1',
    simulation: simulationView(record),
    schemaDigest: record.schemaDigest,
    // `rows` is a hint for simulation that may be a true count.
    dataset: { ...whole, tables: whole.tables.map(({ rows: _rows, ...table }) => table) },
    version: record.version,
    policy: policyFor(ports.policy, whole.k),
    grant: {
      tables: grant?.tables ?? every,
      endsOn: grant?.endsOn ?? shanghaiDate(now),
      scenario: grant?.scenario ?? '',
      live: grant !== null,
    },
  });
}

/** Simulation data: made from the declaration alone, so that everybody who may read the catalogue may read them, as the instance allows. */
export function simulationOperations(ports: OperationsPorts): SimulationOperations {
  const missing = (actor: Actor, action: 'simulation.create' | 'simulation.read', id: string) =>
    refuseAccess(ports, actor, action, [problem('access.not_found', { kind: 'dataset' })], { kind: 'dataset', id });
  const underWay: UnderWay = new Map();
  return {
    async simulate(actor, input) {
      const permitted = await allowed(ports, actor, 'simulation.create');
      if (!permitted.ok) return permitted;
      const record = await ports.store.view.datasets.get(input.dataset);
      return record === null ? missing(actor, 'simulation.create', input.dataset) : make(ports, actor, input, { record, underWay });
    },

    async simulationsUnderWay(actor, dataset) {
      const permitted = await allowed(ports, actor, 'simulation.create');
      if (!permitted.ok) return permitted;
      if ((await ports.store.view.datasets.get(dataset)) === null) return missing(actor, 'simulation.create', dataset);
      const shown = [...underWay.values()].filter(
        (item) => item.dataset === dataset && (!actor.roles.includes('merchant') || item.owner === actor.id),
      );
      return ok(shown.map(({ owner: _owner, ...view }) => view));
    },

    async listSimulations(actor, dataset) {
      const permitted = await allowed(ports, actor, 'simulation.read');
      if (!permitted.ok) return permitted;
      if ((await ports.store.view.datasets.get(dataset)) === null) return missing(actor, 'simulation.read', dataset);
      const records = await ports.store.view.simulations.list(dataset);
      return ok(records.filter((record) => seesSimulation(ports, actor, record)).map(simulationView));
    },

    async showSimulation(actor, id) {
      const found = await reachSimulation(ports, actor, 'simulation.read', id);
      return found.ok ? ok(simulationView(found.value)) : found;
    },

    ...simulationLifecycle(ports),
    previewSimulation: (actor, { id, table, rows }) => preview(ports, actor, id, table, rows),
    simulationFile: (actor, { id, format, table }) => download(ports, actor, id, format, table),
    simulationKit: (actor, id) => kit(ports, actor, id),
  };
}
