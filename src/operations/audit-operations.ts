import { ok } from '../kernel/result.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import type { Operations } from './operations.ts';

const MOST_ENTRIES = 1000;

/** Reading and verifying the log. Reading is itself on record; verifying works on a broken log, so it is recorded only where it can be. */
export function auditOperations(ports: OperationsPorts): Pick<Operations, 'auditEntries' | 'verifyAudit'> {
  return {
    async auditEntries(actor, input) {
      const permitted = await allowed(ports, actor, 'audit.read');
      if (!permitted.ok) return permitted;
      const after = Math.max(0, Math.trunc(input.after));
      const limit = Math.min(MOST_ENTRIES, Math.max(1, Math.trunc(input.limit)));
      await ports.audit.append({ operation: 'audit.read', actor, object: 'log', outcome: 'done', facts: { after, limit } });
      return ok(await ports.audit.entries({ after, limit }));
    },

    async verifyAudit(actor, input) {
      const permitted = await allowed(ports, actor, 'audit.verify');
      if (!permitted.ok) return permitted;
      const verification = await ports.audit.verify(input?.witnessed);
      const { verified } = verification;
      const faults = [...new Set(verification.faults.map((fault) => fault.kind))];
      try {
        await ports.audit.append({
          operation: 'audit.verify',
          actor,
          object: 'log',
          outcome: verified ? 'done' : 'failed',
          facts: { verified, faults },
        });
      } catch (fault) {
        // A log that fails its verification may refuse entries: the finding matters more than the entry about it.
        if (verified) throw fault;
        ports.onFault(fault);
      }
      return ok(verification);
    },
  };
}
