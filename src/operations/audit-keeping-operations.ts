import { type ExportedEntry, exportNoteText, exportText } from '../audit/export-formats.ts';
import { textDigest } from '../audit/fact-values.ts';
import { asRanges } from '../audit/retention.ts';
import { newId } from '../kernel/id.ts';
import { err, ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { Hold } from './audit-store.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import type { HoldView, Operations } from './operations.ts';
import { checkedReason } from './reason.ts';

type KeepingOperations = Pick<
  Operations,
  'exportAudit' | 'pruneAudit' | 'holdAudit' | 'releaseAuditHold' | 'auditReceipt' | 'auditCheckpoint'
>;

const MOST_EXPORTED = 1000;
/** Texts that go at one time; a multiple of a bundle. */
const MOST_PRUNED = 25_600;
/** Ranges that one entry can name. */
const MOST_RANGES = 1000;

const holdView = ({ id, subject, setBy, at }: Hold): HoldView => ({ id, subject, setBy, at });

/** Ids that still live: their texts stay whatever their age. */
async function livingIds(ports: OperationsPorts): Promise<ReadonlySet<string>> {
  const today = ports.clock.now().toISOString().slice(0, 10);
  const grants = await ports.store.view.grants.list({});
  return new Set(grants.filter((grant) => grant.revokedAt === null && grant.endsOn >= today).map((grant) => grant.id));
}

/** What leaves the log and what is taken out of it: exports, receipts, pruning, holds. Source: requirements.md §7.6; QZ-3.1.8c. */
export function auditKeepingOperations(ports: OperationsPorts): KeepingOperations {
  return {
    async exportAudit(actor, { format, after, limit }) {
      const permitted = await allowed(ports, actor, 'audit.export');
      if (!permitted.ok) return permitted;
      const entries = await ports.audit.entries({ after, limit: Math.min(MOST_EXPORTED, Math.max(1, limit)) });
      const text = exportText(format, entries as readonly ExportedEntry[]);
      const [first, last] = [entries[0]?.seq ?? 0, entries.at(-1)?.seq ?? 0];
      const note = await ports.audit.signText(exportNoteText(format, first, last, text));
      const facts = { format, from: first, to: last, digest: textDigest(text) };
      await ports.audit.append({ operation: 'audit.export', actor, object: 'log', outcome: 'done', facts });
      return ok({ format, first, last, text, note });
    },

    async pruneAudit(actor) {
      const permitted = await allowed(ports, actor, 'audit.keep');
      if (!permitted.ok) return permitted;
      const holds = await ports.audit.holds();
      const kept = new Set([...(await livingIds(ports)), ...holds.map(({ subject }) => subject)]);
      const ground = { now: ports.clock.now(), kept, isAllHeld: kept.has('*') };
      const { seqs, classes } = await ports.audit.prunable(ground, MOST_PRUNED);
      const ranges = asRanges(seqs).slice(0, MOST_RANGES);
      if (ranges.length === 0) return ok({ entries: 0, ranges });
      const lastOf = Number(ranges.at(-1)?.split('-')[1]);
      const pruned = seqs.filter((seq) => seq <= lastOf);
      const facts = { before: ground.now.toISOString().slice(0, 10), classes, ranges, entries: pruned.length };
      await ports.store.write(async (tx) => {
        await tx.audit.prune(pruned, { operation: 'audit.prune', actor, object: 'log', outcome: 'done', facts });
        return ok(null);
      });
      await ports.audit.checkpoint();
      await ports.audit.dropBundles(pruned);
      return ok({ entries: pruned.length, ranges });
    },

    async holdAudit(actor, { subject, reason }) {
      const permitted = await allowed(ports, actor, 'audit.keep');
      if (!permitted.ok) return permitted;
      const checked = checkedReason(reason);
      if (!checked.ok) return checked;
      const hold = { id: newId('hld', ports.rng), subject, reason: checked.value, setBy: actor.id };
      const facts = { hold: hold.id, reasonDigest: textDigest(checked.value) };
      await ports.store.write(async (tx) => {
        await tx.audit.addHold(hold, { operation: 'audit.hold', actor, object: 'log', outcome: 'done', facts });
        return ok(null);
      });
      return ok(holdView({ ...hold, at: ports.clock.now().toISOString() }));
    },

    async releaseAuditHold(actor, { id, reason }) {
      const permitted = await allowed(ports, actor, 'audit.keep');
      if (!permitted.ok) return permitted;
      const checked = checkedReason(reason);
      if (!checked.ok) return checked;
      const facts = { hold: id, reasonDigest: textDigest(checked.value) };
      const released = await ports.store.write((tx) =>
        tx.audit.releaseHold(id, { operation: 'audit.unhold', actor, object: 'log', outcome: 'done', facts }),
      );
      return released.ok ? ok((await ports.audit.holds()).map(holdView)) : released;
    },

    async auditReceipt(actor, seq) {
      const permitted = await allowed(ports, actor, 'audit.read');
      if (!permitted.ok) return permitted;
      const receipt = await ports.audit.receipt(seq);
      if (receipt === null) return err([problem('access.not_found', { kind: 'entry' })]);
      await ports.audit.append({ operation: 'audit.receipt', actor, object: 'log', outcome: 'done', facts: { entry: seq } });
      return ok({ receipt });
    },

    async auditCheckpoint(actor) {
      const permitted = await allowed(ports, actor, 'audit.verify');
      if (!permitted.ok) return permitted;
      return ok({ checkpoint: await ports.audit.checkpoint(), keys: await ports.audit.keys() });
    },
  };
}
