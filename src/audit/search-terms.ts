import type { AuditEntry } from './entry.ts';
import { lineageLinks } from './lineage.ts';
import { AUDIT_OPERATIONS } from './operation.ts';

/** What entries are found by. `from` and `to` are ends of lineage links. Source: issue "audit log", query log. */
export const TERM_KINDS = [
  'actor',
  'organisation',
  'operation',
  'object',
  'trace',
  'outcome',
  'dataset',
  'table',
  'column',
  'verdict',
  'rule',
  'digest',
  'shape',
  'from',
  'to',
] as const;

export type TermKind = (typeof TERM_KINDS)[number];

export interface SearchTerm {
  readonly kind: TermKind;
  readonly term: string;
}

const BY_FACT: Readonly<Record<string, TermKind>> = {
  dataset: 'dataset',
  tables: 'table',
  columns: 'column',
  verdict: 'verdict',
  rules: 'rule',
  problems: 'rule',
  problem: 'rule',
  shapeDigest: 'shape',
};

/** Every term an entry is found by, each once. */
export function searchTerms(entry: AuditEntry): readonly SearchTerm[] {
  const { actor, operation, object, outcome, trace, facts } = entry;
  const terms: SearchTerm[] = [
    { kind: 'actor', term: actor.id },
    { kind: 'organisation', term: actor.organisation },
    { kind: 'operation', term: operation },
    { kind: 'object', term: object.id },
    { kind: 'outcome', term: outcome },
  ];
  if (trace !== undefined) terms.push({ kind: 'trace', term: trace });
  if (object.kind === 'dataset') terms.push({ kind: 'dataset', term: object.id });
  const kinds: Readonly<Record<string, string>> = Object.hasOwn(AUDIT_OPERATIONS, operation) ? AUDIT_OPERATIONS[operation].facts : {};
  for (const [name, value] of Object.entries(facts)) {
    const kind = BY_FACT[name] ?? (kinds[name]?.startsWith('digest') === true ? 'digest' : undefined);
    if (kind === undefined) continue;
    for (const term of Array.isArray(value) ? value : [value]) if (typeof term === 'string') terms.push({ kind, term });
  }
  for (const { from, to } of lineageLinks(entry)) terms.push({ kind: 'from', term: from }, { kind: 'to', term: to });
  return [...new Map(terms.map((item) => [`${item.kind} ${item.term}`, item])).values()];
}
