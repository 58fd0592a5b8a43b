import type { SimulationAccess } from '../catalog/simulation-access.ts';
import { scopeOf } from '../identity/permit.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import { liveGrant } from './live-grant.ts';
import type { SimulationView } from './simulation-interface.ts';
import { isInUse } from './simulation-states.ts';
import type { SimulationRecord } from './simulation-store.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/** A set as everybody sees it who may see it. */
export function simulationView(record: SimulationRecord): SimulationView {
  const { version: _version, schemaDigest: _schema, owner: _owner, reasons: _reasons, wishes: _wishes, ...view } = record;
  return view;
}

/**
 * Whether this person may know of a set. Merchants, by the rule of the instance: every one in use, or those that are published
 * and those of their own organisation. Everybody else sees all.
 * Source: catalog/simulation-access.ts.
 */
export function seesSimulation(ports: Pick<OperationsPorts, 'simulationAccess'>, actor: Actor, record: SimulationRecord): boolean {
  if (!actor.roles.includes('merchant')) return true;
  if (record.state === 'WITHDRAWN') return record.owner.organisation === actor.organisation;
  if (ports.simulationAccess === 'open') return true;
  return record.state === 'PUBLISHED' || record.owner.organisation === actor.organisation;
}

/** Whether a job of this merchant may run on the set. Source: catalog/simulation-access.ts. */
export function runsOn(ports: Pick<OperationsPorts, 'simulationAccess'>, merchant: string, record: SimulationRecord): boolean {
  if (!isInUse(record.state)) return false;
  return ports.simulationAccess === 'open' || record.state === 'PUBLISHED' || record.owner.id === merchant;
}

/** The set, if the actor may do this and may know of it; a foreign one answers as one that does not exist. */
export async function reachSimulation(
  ports: OperationsPorts,
  actor: Actor,
  action: 'simulation.read' | 'simulation.download' | 'simulation.manage' | 'simulation.fit',
  id: string,
): Outcome<SimulationRecord> {
  const permitted = await allowed(ports, actor, action);
  if (!permitted.ok) return permitted;
  const record = await ports.store.view.simulations.get(id);
  if (record !== null && seesSimulation(ports, actor, record)) return ok(record);
  return refuseAccess(ports, actor, action, [problem('access.not_found', { kind: 'simulation' })], { kind: 'simulation', id });
}

/** Rules under which rows are taken away with a live grant only. Source: catalog/simulation-access.ts. */
const AFTER_GRANT: readonly SimulationAccess[] = ['granted', 'supervised', 'agreed'];

/**
 * As `reachSimulation` for who looks at rows: under the stricter rules a merchant needs a live grant, or a preview that the supervisor
 * gave and that has not ended. Source: GZ-16b; catalog/simulation-access.ts.
 */
export async function reachPreview(ports: OperationsPorts, actor: Actor, id: string): Outcome<SimulationRecord> {
  const found = await reachSimulation(ports, actor, 'simulation.read', id);
  const access = ports.simulationAccess;
  const isFree = access === 'open' || access === 'published' || access === 'granted';
  if (!found.ok || isFree || scopeOf(actor, 'job.submit') === null) return found;
  const { dataset } = found.value;
  const now = ports.clock.now();
  if ((await liveGrant(ports.store.view, actor, dataset, now, 'sim')) !== null) return found;
  if (access === 'supervised' && (await isShown(ports, actor.organisation, dataset, shanghaiDate(now)))) return found;
  const problems = [
    access === 'supervised' ? problem('simulation.needs_preview', { dataset }) : problem('simulation.needs_grant', { dataset }),
  ];
  return refuseAccess(ports, actor, 'simulation.read', problems, { kind: 'simulation', id });
}

async function isShown(ports: OperationsPorts, organisation: string, dataset: string, today: string): Promise<boolean> {
  const previews = await ports.store.view.matters.list({ noun: 'simulation-preview', organisation });
  return previews.some(({ state, fields: { datasets, until } }) => {
    const isOpen = state === 'GRANTED' && typeof until === 'string' && today <= until;
    return isOpen && Array.isArray(datasets) && datasets.includes(dataset);
  });
}

/** As `reachSimulation` for who takes rows away: the set must be in use, and a merchant needs a grant where the instance says so. */
export async function reachRows(ports: OperationsPorts, actor: Actor, id: string): Outcome<SimulationRecord> {
  const found = await reachSimulation(ports, actor, 'simulation.download', id);
  if (!found.ok) return found;
  const { state, dataset } = found.value;
  if (!isInUse(state)) return err([problem('simulation.not_in_use', { state })]);
  const needsGrant = AFTER_GRANT.includes(ports.simulationAccess) && scopeOf(actor, 'job.submit') !== null;
  if (!needsGrant || (await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), 'sim')) !== null) return found;
  return refuseAccess(ports, actor, 'simulation.download', [problem('simulation.needs_grant', { dataset })], { kind: 'simulation', id });
}
