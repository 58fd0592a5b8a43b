import { textDigest } from '../audit/fact-values.ts';
import { findColumn, findTable } from '../catalog/dataset.ts';
import { strictestMode } from '../catalog/disclosure-mode.ts';
import type { Grant } from '../catalog/grant.ts';
import { listOf } from '../governance/field.ts';
import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { newId } from '../kernel/id.ts';
import { err, ok } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { Operations } from './operations.ts';
import type { DatasetRecord, PrincipalRecord } from './ports.ts';

type GrantOperations = Pick<Operations, 'createGrant' | 'listGrants'>;

function invalid(pointer: string, keyword: string): Problem {
  return problem('request.invalid', { place: 'body', pointer, keyword });
}

/** Everything wrong with a grant: nobody who is a merchant, an end that is past or no date, tables and columns that are not declared. */
function faultsOf(input: Omit<Grant, 'id'>, record: DatasetRecord, merchant: PrincipalRecord | null, today: string): readonly Problem[] {
  const faults: Problem[] = [];
  if (merchant?.state !== 'active' || !merchant.roles.includes('merchant')) faults.push(invalid('/merchant', 'not a merchant'));
  const end = new Date(`${input.endsOn}T00:00:00Z`);
  if (Number.isNaN(end.getTime()) || end.toISOString().slice(0, 10) !== input.endsOn) faults.push(invalid('/endsOn', 'date'));
  else if (input.endsOn < today) faults.push(invalid('/endsOn', 'past'));
  if (input.mode !== undefined && canonicalJson(strictestMode(record.dataset.mode, input.mode)) !== canonicalJson(input.mode))
    faults.push(invalid('/mode', 'not stricter'));
  // Noise beside exact figures of the same data is not differential privacy: the dataset decides. Source: gate.md §8.
  if (input.mode?.kind === 'dp' && record.dataset.mode?.kind !== 'dp') faults.push(invalid('/mode', 'of the dataset alone'));
  if (Object.keys(input.tables).length === 0) faults.push(invalid('/tables', 'empty'));
  for (const [name, columns] of Object.entries(input.tables)) {
    const table = findTable(record.dataset, name);
    if (table === undefined) faults.push(invalid('/tables', 'unknown table'));
    else if (columns !== '*' && columns.some((column) => findColumn(table, column) === undefined))
      faults.push(invalid('/tables', 'unknown column'));
  }
  return faults;
}

/** Whether the agreement or laboratory is in force for this merchant, dataset and scenario, and at least as long. Source: NB-23a, GZ-27e. */
async function restsOn(ports: OperationsPorts, input: Omit<Grant, 'id'>, basis: string): Promise<boolean> {
  const matter = await ports.store.view.matters.get(basis);
  const merchant = await ports.store.view.principals.get(input.merchant);
  if (matter === null || merchant?.organisation !== matter.organisation) return false;
  const { endsOn, scenario, datasets } = matter.fields;
  const covers = listOf(datasets).includes(input.dataset) && typeof endsOn === 'string' && input.endsOn <= endsOn;
  if (matter.noun === 'agreement') return covers && matter.state === 'EFFECTIVE' && scenario === input.scenario;
  return matter.noun === 'laboratory' && covers && matter.state === 'ACTIVE';
}

/** Who may query what. Source: requirements.md §5.5 (tables and columns ⊆ grant). */
export function grantOperations(ports: OperationsPorts): GrantOperations {
  return {
    async createGrant(actor, input) {
      const permitted = await allowed(ports, actor, 'grant.manage');
      if (!permitted.ok) return permitted;
      const record = await ports.store.view.datasets.get(input.dataset);
      if (record === null) {
        const missing = [problem('access.not_found', { kind: 'dataset' })];
        return refuseAccess(ports, actor, 'grant.manage', missing, { kind: 'dataset', id: input.dataset });
      }
      const faults = faultsOf(input, record, await ports.store.view.principals.get(input.merchant), shanghaiDate(ports.clock.now()));
      if (faults.length > 0) return err(faults);
      const { merchant, dataset, scenario, tables, endsOn, mode, basis } = input;
      if (basis !== undefined && !(await restsOn(ports, input, basis))) return err([problem('matter.no_agreement', {})]);
      const more = { ...(mode === undefined ? {} : { mode }), ...(basis === undefined ? {} : { basis }) };
      const grant: Grant = { id: newId('grt', ports.rng), merchant, dataset, scenario, tables, endsOn, ...more };
      const facts = { merchant, dataset, scenario: textDigest(scenario), tables: Object.keys(tables), endsOn, mode: mode?.kind };
      return ports.store.write(async (tx) => {
        await tx.grants.add(grant, { operation: 'grant.create', actor, object: grant.id, outcome: 'done', facts });
        return ok(grant);
      });
    },

    async listGrants(actor, filter) {
      // Who may see jobs may see what they rest on, equally far.
      const scope = await allowed(ports, actor, 'job.read');
      if (!scope.ok) return scope;
      const grants = await ports.store.view.grants.list({
        ...(scope.value === 'own' ? { merchant: actor.id } : {}),
        ...(filter.dataset === undefined ? {} : { dataset: filter.dataset }),
      });
      return ok(grants.filter((grant) => grant.revokedAt === null).map(({ createdAt: _created, revokedAt: _revoked, ...grant }) => grant));
    },
  };
}
