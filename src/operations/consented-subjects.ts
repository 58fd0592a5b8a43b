import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import type { JobContext } from '../pipeline.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { JobRecord } from './ports.ts';

/**
 * Subjects whose consent stands today for this organisation, dataset and purpose: keyed hash of the subject → id of the consent. Nobody else's rows are used. A consent names the dataset in its scope and the scenario of the grant, and
 * the organisation as controller; one that was revoked, has expired or has not begun counts for nothing.
 * Source: requirements.md NB-21b, GZ-21c, QY-30.
 */
export async function consentedSubjects(
  ports: Pick<OperationsPorts, 'store' | 'clock'>,
  job: Pick<JobRecord, 'dataset' | 'organisation'>,
  { grant }: Pick<JobContext, 'grant'>,
): Promise<ReadonlyMap<string, string>> {
  const today = shanghaiDate(ports.clock.now());
  const found = new Map<string, string>();
  for (const matter of await ports.store.view.matters.list({ noun: 'consent' })) {
    const { scope, scenario, controller, givenOn, until, subjectHash } = matter.fields;
    const isHere = scope === job.dataset && scenario === grant.scenario && controller === job.organisation;
    const isNow =
      matter.state === 'GIVEN' && typeof givenOn === 'string' && typeof until === 'string' && givenOn <= today && today <= until;
    if (isHere && isNow && typeof subjectHash === 'string') found.set(subjectHash, matter.id);
  }
  return found;
}
