import { mayRegister } from '../identity/separation-of-duties.ts';
import { ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { InvitationOperations, MerchantView } from './account-door.ts';
import { inviteAccount } from './account-operations.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { PrincipalRecord } from './ports.ts';

const isMerchant = ({ roles }: PrincipalRecord): boolean => roles.length > 0 && roles.every((role) => role === 'merchant');
const shown = ({ id, organisation, state }: PrincipalRecord): MerchantView => ({ principal: id, organisation, state });

/** Merchants and their invitations over the API. Source: requirements.md §6.2 S6–S8. */
export function invitationOperations(ports: OperationsPorts): InvitationOperations {
  return {
    async registerMerchant(actor, { principal, organisation }) {
      const permitted = await allowed(ports, actor, 'principal.manage');
      if (!permitted.ok) return permitted;
      const roles = ['merchant'] as const;
      return ports.store.write(async (tx) => {
        const separate = mayRegister({ organisation, roles }, await tx.principals.list());
        if (!separate.ok) return separate;
        const added = await tx.principals.add(
          { id: principal, organisation, roles },
          { operation: 'principal.register', actor, object: principal, outcome: 'done', facts: { organisation, roles: [...roles] } },
        );
        return added.ok ? ok({ principal, organisation, state: 'active' }) : added;
      });
    },

    async listMerchants(actor) {
      const permitted = await allowed(ports, actor, 'principal.manage');
      if (!permitted.ok) return permitted;
      const merchants = (await ports.store.view.principals.list()).filter(isMerchant).map(shown);
      return ok(merchants.sort((a, b) => (a.principal < b.principal ? -1 : 1)));
    },

    async inviteAccount(actor, { principal }) {
      const permitted = await allowed(ports, actor, 'principal.manage');
      if (!permitted.ok) return permitted;
      const found = await ports.store.view.principals.get(principal);
      if (found !== null && isMerchant(found)) return inviteAccount(ports, actor, principal);
      const missing = [problem('access.not_found', { kind: 'principal' })];
      return refuseAccess(ports, actor, 'principal.manage', missing, { kind: 'principal', id: principal });
    },
  };
}
