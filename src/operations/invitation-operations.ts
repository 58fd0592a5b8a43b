import { problem } from '../problems/problem.ts';
import type { InvitationOperations } from './account-door.ts';
import { inviteAccount } from './account-operations.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';

/** Invitations over the API. Source: requirements.md §6.2 S6–S8. */
export function invitationOperations(ports: OperationsPorts): InvitationOperations {
  return {
    async inviteAccount(actor, { principal }) {
      const permitted = await allowed(ports, actor, 'principal.manage');
      if (!permitted.ok) return permitted;
      const found = await ports.store.view.principals.get(principal);
      if (found !== null && found.roles.length > 0 && found.roles.every((role) => role === 'merchant'))
        return inviteAccount(ports, actor, principal);
      const missing = [problem('access.not_found', { kind: 'principal' })];
      return refuseAccess(ports, actor, 'principal.manage', missing, { kind: 'principal', id: principal });
    },
  };
}
