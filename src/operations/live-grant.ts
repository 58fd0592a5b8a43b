import { shanghaiDate } from '../kernel/calendar/shanghai-date.ts';
import type { Actor } from './actor.ts';
import type { GrantRecord, StoreView } from './ports.ts';

/** Whether a grant is in force: not revoked, and its last day is not over in Asia/Shanghai. */
export function isLive(grant: GrantRecord, now: Date): boolean {
  return grant.revokedAt === null && shanghaiDate(now) <= grant.endsOn;
}

/** The newest live grant of a merchant for a dataset, or null. Grants are not merged: each stands for one scenario. */
export async function liveGrant(view: StoreView, merchant: Pick<Actor, 'id'>, dataset: string, now: Date): Promise<GrantRecord | null> {
  const grants = await view.grants.list({ merchant: merchant.id, dataset });
  const live = grants.filter((grant) => isLive(grant, now));
  return live.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))[0] ?? null;
}
