import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import type { Actor } from './actor.ts';
import { isContained } from './incident-hold.ts';
import type { GrantRecord, StoreView } from './ports.ts';

/** Whether a grant is in force: not revoked, and its last day is not over in Asia/Shanghai. */
function isLive(grant: GrantRecord, now: Date): boolean {
  return grant.revokedAt === null && shanghaiDate(now) <= grant.endsOn;
}

/**
 * Whether what a grant rests on is in force today: an agreement within its term, of a merchant who is not suspended; a
 * laboratory for simulation data only. A grant without a basis stands by itself. Unknown kinds and ids: no.
 * Source: requirements.md §5.3, §5.5 (SUBMITTED); GZ-20b, NB-12b, NB-17b.
 */
async function basisInForce(view: StoreView, grant: GrantRecord, target: 'sim' | 'real', today: string): Promise<boolean> {
  if (grant.basis === undefined) return true;
  const basis = await view.matters.get(grant.basis);
  if (basis === null) return false;
  const { startsOn, endsOn } = basis.fields;
  const running = typeof startsOn === 'string' && typeof endsOn === 'string' && startsOn <= today && today <= endsOn;
  const open =
    basis.noun === 'agreement' ? basis.state === 'EFFECTIVE' : basis.noun === 'laboratory' && basis.state === 'ACTIVE' && target === 'sim';
  if (!running || !open) return false;
  const onboardings = await view.matters.list({ noun: 'onboarding', organisation: basis.organisation });
  return onboardings.some((item) => item.state === 'REGISTERED');
}

/** No incident holds the merchant, the dataset or the agreement, and the merchant's admission is not suspended, whatever the grant rests on. */
async function isHeld(view: StoreView, merchant: string, grant: GrantRecord): Promise<boolean> {
  const organisation = (await view.principals.get(merchant))?.organisation;
  if (await isContained(view, { merchant, organisation, dataset: grant.dataset, basis: grant.basis })) return true;
  return (await view.matters.list({ noun: 'onboarding', organisation })).some(
    (item) => organisation !== undefined && item.state === 'SUSPENDED',
  );
}

/** Whether this very grant is live; no for one that is not there. */
export async function isGrantLive(view: StoreView, id: string, now: Date, target: 'sim' | 'real'): Promise<boolean> {
  const grant = await view.grants.get(id);
  return (
    grant !== null &&
    isLive(grant, now) &&
    (await basisInForce(view, grant, target, shanghaiDate(now))) &&
    !(await isHeld(view, grant.merchant, grant))
  );
}

/** The newest live grant of a merchant for a dataset, or null. Grants are not merged: each stands for one scenario. */
export async function liveGrant(
  view: StoreView,
  merchant: Pick<Actor, 'id'>,
  dataset: string,
  now: Date,
  target: 'sim' | 'real',
): Promise<GrantRecord | null> {
  const grants = await view.grants.list({ merchant: merchant.id, dataset });
  for (const grant of grants.filter((item) => isLive(item, now)).toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))) {
    if ((await basisInForce(view, grant, target, shanghaiDate(now))) && !(await isHeld(view, merchant.id, grant))) return grant;
  }
  return null;
}
