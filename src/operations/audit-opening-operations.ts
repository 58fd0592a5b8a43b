import { textDigest } from '../audit/fact-values.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { Opening } from './audit-store.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import type { OpeningView, Operations } from './operations.ts';
import { checkedReason } from './reason.ts';

type OpeningOperations = Pick<Operations, 'queryText' | 'requestOpening' | 'approveOpening' | 'openQueryText'>;

function viewOf({ id, job, requestedBy, approvedBy }: Opening): OpeningView {
  return { id, job, requestedBy, approvedBy };
}

/**
 * Literals of a query are read by who asked for it with a reason, once another person agreed, and every step is on
 * record. The text without literals needs the permission to read the log. Source: requirements.md §7.6 (I8).
 */
export function auditOpeningOperations(ports: OperationsPorts): OpeningOperations {
  const find = async (actor: Actor, id: string): Promise<Result<Opening, readonly Problem[]>> => {
    const permitted = await allowed(ports, actor, 'audit.open');
    if (!permitted.ok) return permitted;
    const opening = await ports.audit.queries.opening(id);
    return opening === null ? err([problem('access.not_found', { kind: 'opening' })]) : ok(opening);
  };
  return {
    async queryText(actor, job) {
      const permitted = await allowed(ports, actor, 'audit.read');
      if (!permitted.ok) return permitted;
      const kept = await ports.audit.queries.shape(job);
      if (kept === null) return err([problem('access.not_found', { kind: 'query' })]);
      await ports.audit.append({
        operation: 'audit.search',
        actor,
        object: 'log',
        outcome: 'done',
        trace: job,
        facts: { filters: ['shape'], found: 1 },
      });
      return ok({ job, ...kept });
    },

    async requestOpening(actor, { job, reason }) {
      const permitted = await allowed(ports, actor, 'audit.open');
      if (!permitted.ok) return permitted;
      const checked = checkedReason(reason);
      if (!checked.ok) return checked;
      if ((await ports.audit.queries.shape(job)) === null) return err([problem('access.not_found', { kind: 'query' })]);
      const id = newId('opn', ports.rng);
      const facts = { opening: id, reasonDigest: textDigest(checked.value) };
      const opening = { id, job, requestedBy: actor.id, organisation: actor.organisation, reason: checked.value };
      await ports.store.write(async (tx) => {
        const event = { operation: 'audit.open_request', actor, object: job, outcome: 'done', trace: job, facts } as const;
        return ok(await tx.audit.requestOpening(opening, event));
      });
      return ok({ id, job, requestedBy: actor.id, approvedBy: null });
    },

    async approveOpening(actor, id) {
      const found = await find(actor, id);
      if (!found.ok) return found;
      const { job, requestedBy } = found.value;
      if (requestedBy === actor.id) return err([problem('audit.second_person', {})]);
      const facts = { opening: id, requestedBy };
      const event = { operation: 'audit.open_approve', actor, object: job, outcome: 'done', trace: job, facts } as const;
      const approved = await ports.store.write((tx) => tx.audit.approveOpening(id, actor.id, event));
      return approved.ok ? ok(viewOf({ ...found.value, approvedBy: actor.id })) : approved;
    },

    async openQueryText(actor, id) {
      const found = await find(actor, id);
      if (!found.ok) return found;
      const { job, requestedBy, approvedBy } = found.value;
      if (approvedBy === null || approvedBy === requestedBy || requestedBy !== actor.id) return err([problem('audit.second_person', {})]);
      const text = await ports.audit.queries.open(job);
      if (text === null) return err([problem('access.not_found', { kind: 'query' })]);
      // On record before a letter of it goes out.
      const facts = { opening: id, approvedBy, textDigest: textDigest(text) };
      await ports.audit.append({ operation: 'audit.open', actor, object: job, outcome: 'done', trace: job, facts });
      return ok({ ...viewOf(found.value), text });
    },
  };
}
