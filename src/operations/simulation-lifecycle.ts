import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { schemaDigest } from '../catalog/canonical-dataset.ts';
import type { Dataset } from '../catalog/dataset.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { modelText } from './fitted-model.ts';
import type { StoreTransaction, StoreView } from './ports.ts';
import { checkedReason } from './reason.ts';
import type { SimulationOperations } from './simulation-interface.ts';
import { reachSimulation, simulationView } from './simulation-reach.ts';
import { isInUse, simulationSourcesOf } from './simulation-states.ts';
import type { SimulationRecord } from './simulation-store.ts';

type Lifecycle = Pick<SimulationOperations, 'checkSimulation' | 'publishSimulation' | 'withdrawSimulation'>;
type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/**
 * Takes the sets of another schema out of use, in the transaction that puts the schema in force.
 * Source: requirement GZ-7a (PUBLISHED → STALE).
 */
export async function markStale(tx: StoreTransaction, dataset: Dataset): Outcome<null> {
  const digest = schemaDigest(dataset);
  const sets = await tx.simulations.list(dataset.name);
  for (const { id, state, schemaDigest: made } of sets) {
    if (!isInUse(state) || made === digest) continue;
    const facts = { dataset: dataset.name, from: state, schemaDigest: digest };
    const event: AuditEvent = { operation: 'simulation.stale', actor: SYSTEM_ACTOR, object: id, outcome: 'done', facts };
    const moved = await tx.simulations.transition(id, { from: simulationSourcesOf('STALE'), to: 'STALE' }, event);
    if (!moved.ok) return moved;
  }
  return ok(null);
}

async function schemaInForce(view: Pick<StoreView, 'datasets'>, record: SimulationRecord): Promise<readonly Problem[]> {
  const current = await view.datasets.get(record.dataset);
  return current !== null && schemaDigest(current.dataset) === record.schemaDigest
    ? []
    : [problem('simulation.schema_changed', { dataset: record.dataset })];
}

/** Makes the set again and compares; what differs is on record, and the set stays as it was. */
async function check(ports: OperationsPorts, actor: Actor, record: SimulationRecord): Outcome<SimulationRecord> {
  const { id, dataset, rows, seed, wishes, mode, tables, digest } = record;
  if (record.state !== 'GENERATED') return err([problem('access.state_conflict', { kind: 'simulation', state: record.state })]);
  const current = await ports.store.view.datasets.get(dataset);
  const changed = await schemaInForce(ports.store.view, record);
  if (current === null || changed.length > 0) return err(changed);
  const model = record.model === undefined ? undefined : await modelText(ports, record.model);
  if (model !== undefined && !model.ok) return model;
  const recipe = {
    dataset: current.dataset,
    rows,
    seed,
    ...(wishes === undefined ? {} : { wishes }),
    ...(model === undefined ? {} : { model: model.value }),
    ...(mode === undefined ? {} : { mode }),
  };
  const compared = await ports.simulator.differing({ ...recipe, id, tables });
  if (!compared.ok) return compared;
  const common = { operation: 'simulation.check', actor, object: id } as const;
  if (compared.value.length > 0) {
    const facts = { dataset, digest, tables: compared.value.slice(0, 200), state: record.state };
    await ports.audit.append({ ...common, outcome: 'refused', facts });
    return err([problem('simulation.differs', { tables: compared.value })]);
  }
  return ports.store.write(async (tx) => {
    const late = await schemaInForce(tx, record);
    if (late.length > 0) return err(late);
    const step = { from: simulationSourcesOf('CHECKED'), to: 'CHECKED', patch: { checkedBy: actor.id } } as const;
    return tx.simulations.transition(id, step, { ...common, outcome: 'done', facts: { dataset, digest, state: 'CHECKED' } });
  });
}

async function publish(ports: OperationsPorts, actor: Actor, found: SimulationRecord): Outcome<SimulationRecord> {
  const checked = found.state === 'GENERATED' ? await check(ports, actor, found) : ok(found);
  if (!checked.ok) return checked;
  const { id, dataset, digest } = checked.value;
  const facts = { dataset, digest, state: 'PUBLISHED' };
  const event: AuditEvent = { operation: 'simulation.publish', actor, object: id, outcome: 'done', facts };
  return ports.store.write(async (tx) => {
    const changed = await schemaInForce(tx, checked.value);
    if (changed.length > 0) return err(changed);
    const step = { from: simulationSourcesOf('PUBLISHED'), to: 'PUBLISHED', patch: { publishedBy: actor.id } } as const;
    return tx.simulations.transition(id, step, event);
  });
}

async function withdraw(ports: OperationsPorts, actor: Actor, found: SimulationRecord, reason: string): Outcome<SimulationRecord> {
  const { id, dataset } = found;
  const withdrawn = await ports.store.write(async (tx) => {
    const now = await tx.simulations.get(id);
    const facts = { dataset, from: now?.state ?? 'NONE', reasonDigest: textDigest(reason) };
    const event: AuditEvent = { operation: 'simulation.withdraw', actor, object: id, outcome: 'done', facts };
    const said = { by: actor.id, step: 'withdraw', at: ports.clock.now().toISOString(), reason };
    const patch = { reasons: [...(now?.reasons ?? []), said] };
    return tx.simulations.transition(id, { from: simulationSourcesOf('WITHDRAWN'), to: 'WITHDRAWN', patch }, event);
  });
  // After the commit: files without a set in use are swept at the next start, a set without its files would be a lie.
  if (withdrawn.ok) await ports.simulator.remove(dataset, id);
  return withdrawn;
}

/** What operators do with simulation sets: check, publish, withdraw. Source: requirement GZ-7a. */
export function simulationLifecycle(ports: OperationsPorts): Lifecycle {
  const manage = async (actor: Actor, id: string, deed: (record: SimulationRecord) => Outcome<SimulationRecord>) => {
    const found = await reachSimulation(ports, actor, 'simulation.manage', id);
    if (!found.ok) return found;
    const done = await deed(found.value);
    return done.ok ? ok(simulationView(done.value)) : done;
  };
  return {
    checkSimulation: (actor, id) => manage(actor, id, (record) => check(ports, actor, record)),
    publishSimulation: (actor, id) => manage(actor, id, (record) => publish(ports, actor, record)),
    withdrawSimulation: (actor, input) =>
      manage(actor, input.id, async (record) => {
        const reason = checkedReason(input.reason);
        return reason.ok ? withdraw(ports, actor, record, reason.value) : reason;
      }),
  };
}
