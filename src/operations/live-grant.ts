import type { Actor } from './actor.ts';
import type { GrantRecord, StoreView } from './ports.ts';

const SHANGHAI_OFFSET_MS = 8 * 3_600_000; // no daylight saving there

/** Today's ISO date in Asia/Shanghai. */
export function shanghaiDate(now: Date): string {
  return new Date(now.getTime() + SHANGHAI_OFFSET_MS).toISOString().slice(0, 10);
}

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
