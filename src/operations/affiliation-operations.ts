import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import { err, ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import type { Operations } from './operations.ts';
import { checkedReason } from './reason.ts';

/**
 * Organisations that belong together: nobody of the one decides about what the other lets out. Declared by operators and never
 * taken back here. Source: requirements.md §6.2 S1, S6 (affiliates declared and checked), GZ-4d.
 */
export function affiliationOperations(ports: OperationsPorts): Pick<Operations, 'declareAffiliation'> {
  return {
    async declareAffiliation(actor, { organisation, affiliate, reason }) {
      const permitted = await allowed(ports, actor, 'principal.manage');
      if (!permitted.ok) return permitted;
      const said = checkedReason(reason);
      if (!said.ok) return said;
      if (organisation === affiliate) return err([problem('egress.same_organisation', {})]);
      const facts = { affiliate, reasonDigest: textDigest(said.value) };
      const event: AuditEvent = { operation: 'organisation.affiliate', actor, object: organisation, outcome: 'done', facts };
      return ports.store.write(async (tx) => {
        await tx.affiliations.add({ organisation, affiliate }, event);
        return ok({ organisation, affiliates: await tx.affiliations.of(organisation) });
      });
    },
  };
}
