import { textDigest } from '../audit/fact-values.ts';
import { nodesNamed, traceLineage } from '../audit/lineage.ts';
import { type SearchTerm, TERM_KINDS, type TermKind } from '../audit/search-terms.ts';
import { findSignals } from '../audit/signals.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { err, ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed } from './guard.ts';
import type { AuditEntryView, AuditSearchFilter, Operations } from './operations.ts';

const MOST_FOUND = 1000;
const MOST_TRACED = 1000;
/** Entries that signals are looked for in at one time. */
const MOST_LOOKED_AT = 50_000;
const DAY_MS = 86_400_000;
/** Ids as the log itself takes them; what is not one is named by its digest. */
const LOGGED = /^[\p{L}\p{N}_.:@/-]{1,200}$/u;

function termsOf(filter: AuditSearchFilter): readonly SearchTerm[] {
  return Object.entries(filter).flatMap(([kind, term]) =>
    typeof term === 'string' && (TERM_KINDS as readonly string[]).includes(kind) ? [{ kind: kind as TermKind, term }] : [],
  );
}

/** Names of the fields that were asked by, for the record of the search; never what was asked for. */
function fieldsOf(filter: AuditSearchFilter): readonly string[] {
  return Object.entries(filter).flatMap(([name, value]) => (value === undefined ? [] : [name]));
}

/** Finding, tracing and noticing in the log. All of it is reading, and is itself on record. Source: GZ-27a, GZ-27c; requirements.md §7.6. */
export function auditSearchOperations(ports: OperationsPorts): Pick<Operations, 'searchAudit' | 'traceAudit' | 'auditSignals'> {
  return {
    async searchAudit(actor, input) {
      const permitted = await allowed(ports, actor, 'audit.read');
      if (!permitted.ok) return permitted;
      const { saved, save } = input;
      const kept = saved === undefined ? undefined : (await ports.audit.searches(actor.id)).find(({ name }) => name === saved)?.filter;
      if (saved !== undefined && kept === undefined) return err([problem('access.not_found', { kind: 'saved search' })]);
      const filter = { ...kept, ...input.filter };
      if (save !== undefined) {
        const facts = { name: save, filterDigest: textDigest(canonicalJson(filter)) };
        await ports.store.write(async (tx) => {
          const event = { operation: 'audit.search_save', actor, object: 'log', outcome: 'done', facts } as const;
          return ok(await tx.audit.saveSearch({ owner: actor.id, name: save, filter }, event));
        });
      }
      const limit = Math.min(MOST_FOUND, Math.max(1, Math.trunc(input.limit)));
      const { from = null, to = null } = filter;
      const entries = await ports.audit.search({ terms: termsOf(filter), from, to, before: input.before ?? null, limit });
      const facts = { filters: fieldsOf(filter), found: entries.length, saved };
      await ports.audit.append({ operation: 'audit.search', actor, object: 'log', outcome: 'done', facts });
      return ok({ entries, next: entries.length < limit ? null : (entries.at(-1)?.seq ?? null) });
    },

    async traceAudit(actor, id) {
      const permitted = await allowed(ports, actor, 'audit.read');
      if (!permitted.ok) return permitted;
      const trace = await traceLineage(nodesNamed(id), (end, nodes) => ports.audit.links(end, nodes));
      const ids = trace.steps.map(({ node }) => node.slice(node.indexOf(':') + 1));
      const entries = trace.steps.length === 0 ? [] : await ports.audit.about(ids, MOST_TRACED);
      const named = LOGGED.test(id) ? id : `sha256:${textDigest(id)}`;
      const facts = { id: named, found: trace.steps.length };
      await ports.audit.append({ operation: 'audit.trace', actor, object: 'log', outcome: 'done', facts });
      if (trace.steps.length === 0) return err([problem('access.not_found', { kind: 'trace' })]);
      return ok({ id, ...trace, isComplete: trace.isComplete && entries.length < MOST_TRACED, entries });
    },

    async auditSignals(actor, { days }) {
      const permitted = await allowed(ports, actor, 'audit.read');
      if (!permitted.ok) return permitted;
      const from = new Date(ports.clock.now().getTime() - days * DAY_MS).toISOString();
      const entries: AuditEntryView[] = [];
      for (let before: number | null = null; entries.length < MOST_LOOKED_AT; ) {
        const page: readonly AuditEntryView[] = await ports.audit.search({ terms: [], from, to: null, before, limit: MOST_FOUND });
        entries.push(...page);
        if (page.length < MOST_FOUND) break;
        before = page.at(-1)?.seq ?? null;
      }
      const seen = entries.toReversed().map(({ seq, at, actor: by, organisation, operation, object, outcome, facts }) => ({
        seq,
        at,
        actor: { id: by, organisation, roles: [] },
        operation: operation as Parameters<typeof findSignals>[0][number]['operation'],
        object: object as Parameters<typeof findSignals>[0][number]['object'],
        outcome: outcome as Parameters<typeof findSignals>[0][number]['outcome'],
        facts: facts as Parameters<typeof findSignals>[0][number]['facts'],
      }));
      const signals = findSignals(seen);
      const facts = { signals: [...new Set(signals.map(({ kind }) => kind))] };
      await ports.audit.append({ operation: 'audit.signals', actor, object: 'log', outcome: 'done', facts });
      return ok(signals);
    },
  };
}
