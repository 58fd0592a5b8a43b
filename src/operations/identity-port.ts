import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor, ActorRole } from './actor.ts';

type Kept<T> = Promise<Result<T, readonly Problem[]>>;

/** Who somebody is, by key or by name. Source: architecture.md, "Conventions". */
export interface IdentityPort {
  /** The active principal behind an API key, or null. Takes the same time for a wrong key of the right form. */
  authenticate(key: string): Promise<Actor | null>;
  /** An active principal by id: embedded instances only (`--as`). */
  actor(id: string): Promise<Actor | null>;
  /** Refuses an organisation that would be operator and merchant at once (S1), conflicting roles, and ids taken. */
  register(
    by: Actor | null,
    principal: { readonly id: string; readonly organisation: string; readonly roles: readonly ActorRole[] },
  ): Kept<Actor>;
  /** The key is shown here and never again. */
  issueKey(by: Actor | null, principal: string): Kept<{ readonly id: string; readonly key: string }>;
  revokeKey(by: Actor | null, id: string): Kept<void>;
}
