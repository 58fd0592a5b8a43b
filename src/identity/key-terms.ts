import { ACTIONS, type Action } from './permissions.ts';

/** Days that an API key lives, and hours that a replaced one goes on beside its successor. Source: models-and-audit.md §3.1 (ASVS 13.2.1). */
export const KEY_LIFE = { presetDays: 90, mostDays: 366, mostOverlapHours: 30 * 24 } as const;

/** Keys of one principal that live at the same time. */
export const MOST_LIVE_KEYS = 20;

/** The text of an actor's API key limits him further to its scopes: an action (`job.read`) or the noun of actions (`job`). */
export function isKeyScope(text: string): boolean {
  return ACTIONS.some((action) => action === text || nounOf(action) === text);
}

/** Whether scopes take in an action; where there are none, nothing is narrowed. Unknown scopes take in nothing. */
export function scopesCover(scopes: readonly string[] | undefined, action: Action): boolean {
  return scopes === undefined || scopes.includes(action) || scopes.includes(nounOf(action));
}

/** Whether everything that `inner` takes in, `outer` does too: nobody hands on more than he holds. */
export function scopesWithin(outer: readonly string[] | undefined, inner: readonly string[] | undefined): boolean {
  return ACTIONS.every((action) => !scopesCover(inner, action) || scopesCover(outer, action));
}

/** What stands in the way of a key at an instant. The last moment of its life is no longer part of it. */
export function keyEnd(key: { readonly revokedAt: string | null; readonly expiresAt: string }, now: Date): 'revoked' | 'expired' | null {
  if (key.revokedAt !== null) return 'revoked';
  const end = Date.parse(key.expiresAt);
  return Number.isFinite(end) && now.getTime() < end ? null : 'expired';
}

function nounOf(action: string): string {
  return action.slice(0, action.indexOf('.'));
}
