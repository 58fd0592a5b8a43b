import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor, ActorRole } from './actor.ts';
import { scopesCover } from './key-terms.ts';
import { ACTIONS, type Action, PERMISSIONS, type Scope } from './permissions.ts';
import { conflictWithin } from './separation-of-duties.ts';

/**
 * What an action is about. `owner` is the person (or, without `id`, the whole organisation) it belongs to; an object
 * without an owner belongs to nobody.
 */
export interface ProtectedObject {
  /** In messages: `job`, `egress request`, … */
  readonly kind: string;
  readonly owner: { readonly id?: string; readonly organisation: string } | null;
}

/**
 * The widest scope any of the actor's roles gives for an action; null for none. For lists: `own` means that the caller
 * leaves out what is not the actor's. Unknown roles and actions give none, and so do roles that exclude each other and
 * API keys whose scopes leave the action out.
 */
export function scopeOf(actor: Actor, action: Action): Scope | null {
  if (!ACTIONS.includes(action) || conflictWithin(actor.roles) !== null || !scopesCover(actor.scopes, action)) return null;
  const scopes = actor.roles.map((role) => scopeOfRole(role, action));
  if (scopes.includes('all')) return 'all';
  return scopes.includes('own') ? 'own' : null;
}

/**
 * Whether the actor may do this to that object. Refuses with `access.forbidden` when no role of the actor has the
 * action at all, and with `access.not_found` when the object is not the actor's: the answer for an object that does
 * not exist, so that nobody learns of other people's. Where the scope is `own`, an object must be given.
 * Does not check separation of duties (review-votes.ts) nor states.
 * Source: requirements.md §6.1.
 */
export function permit(actor: Actor, action: Action, object?: ProtectedObject): Result<true, readonly Problem[]> {
  const scope = scopeOf(actor, action);
  if (scope === 'all') return ok(true);
  if (scope === null || object === undefined) return err([problem('access.forbidden', { action: String(action) })]);
  return owns(actor, object) ? ok(true) : err([problem('access.not_found', { kind: object.kind })]);
}

function scopeOfRole(role: ActorRole, action: Action): Scope | undefined {
  if (!Object.hasOwn(PERMISSIONS, role)) return undefined;
  const permissions = PERMISSIONS[role];
  return Object.hasOwn(permissions, action) ? permissions[action] : undefined;
}

function owns(actor: Actor, object: ProtectedObject): boolean {
  const { owner } = object;
  if (owner === null || actor.organisation === '' || owner.organisation !== actor.organisation) return false;
  return owner.id === undefined || owner.id === actor.id;
}
