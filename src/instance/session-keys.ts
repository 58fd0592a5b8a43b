import type { Authenticate } from '../http/plugins/identity.ts';
import type { Rng } from '../kernel/rng.ts';
import type { IdentityPort } from '../operations/identity-port.ts';

export interface SessionKeys {
  readonly authenticate: Authenticate;
  /** A key in memory for a principal, valid as long as this process; null where there is no such principal. */
  keyFor(principal: string): Promise<string | null>;
}

/** API keys of the store, and beside them keys of embedded sessions that are stored nowhere. */
export function sessionKeys(identity: IdentityPort, rng: Rng): SessionKeys {
  const sessions = new Map<string, string>();
  return {
    async authenticate(key) {
      const principal = sessions.get(key);
      return principal === undefined ? identity.authenticate(key) : identity.actor(principal);
    },
    async keyFor(principal) {
      if ((await identity.actor(principal)) === null) return null;
      const key = Buffer.from(rng.bytes(32)).toString('base64url');
      sessions.set(key, principal);
      return key;
    },
  };
}
