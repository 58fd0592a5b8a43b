import { canonicalJson } from '../kernel/canonical-json.ts';
import type { AuditActor, AuditEvent, AuditObject, AuditOutcome } from './event.ts';
import { AUDIT_OPERATIONS, type AuditOperation, type FactKind } from './operation.ts';

/** What is hashed and kept: the event with its place and time. `facts` holds only what the operation allows. */
export interface AuditEntry {
  readonly v: 1;
  /** From 1, without gaps. */
  readonly seq: number;
  /** UTC, ISO 8601 with milliseconds. */
  readonly at: string;
  readonly actor: AuditActor;
  readonly operation: AuditOperation;
  readonly object: AuditObject;
  readonly outcome: AuditOutcome;
  readonly facts: Readonly<Record<string, string | number | boolean | readonly string[]>>;
  readonly trace?: string;
}

const NAME = /^[\p{L}\p{N}_.:@/-]{1,200}$/u;
const CODE = /^[A-Za-z0-9_.:-]{1,100}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const BAND = /^(0|<?[0-9]+|[0-9]+–[0-9]+|[0-9]+\+)(s|ms)?$/;
const MAX_ITEMS = 1000;

const isText = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const isTexts = (pattern: RegExp) => (value: unknown) =>
  Array.isArray(value) && value.length <= MAX_ITEMS && value.every((item) => typeof item === 'string' && pattern.test(item));

const FACT_CHECKS: Readonly<Record<FactKind, (value: unknown) => boolean>> = {
  id: isText(NAME),
  ids: isTexts(NAME),
  digest: isText(DIGEST),
  digests: isTexts(DIGEST),
  code: isText(CODE),
  codes: isTexts(CODE),
  band: isText(BAND),
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  flag: (value) => typeof value === 'boolean',
};

const OUTCOMES: readonly string[] = ['done', 'refused', 'failed'];

/**
 * The entry that an event becomes at its place in the log. Throws (a bug of the caller, which stops the action) on an
 * operation, a fact or a form that `AUDIT_OPERATIONS` does not allow; the message names the field, never its value.
 * Facts that are undefined are left out.
 */
export function auditEntry(event: AuditEvent, seq: number, at: Date): AuditEntry {
  if (!Object.hasOwn(AUDIT_OPERATIONS, event.operation)) throw new TypeError('Audit event with an unknown operation');
  const definition = AUDIT_OPERATIONS[event.operation];
  const { actor, outcome, trace } = event;
  require(NAME.test(actor.id) && NAME.test(actor.organisation) && actor.roles.every((role) => CODE.test(role)), event, 'actor');
  require(NAME.test(event.object), event, 'object');
  require(OUTCOMES.includes(outcome), event, 'outcome');
  require(trace === undefined || NAME.test(trace), event, 'trace');
  return {
    v: 1,
    seq,
    at: at.toISOString(),
    actor: { id: actor.id, organisation: actor.organisation, roles: [...actor.roles] },
    operation: event.operation,
    object: { kind: definition.object, id: event.object },
    outcome,
    facts: checkedFacts(event, definition.facts),
    ...(trace === undefined ? {} : { trace }),
  };
}

/** The bytes that stand for an entry, RFC 8785. */
export function entryBody(entry: AuditEntry): string {
  return canonicalJson(entry);
}

function checkedFacts(event: AuditEvent, kinds: Readonly<Record<string, FactKind>>): AuditEntry['facts'] {
  const facts: Record<string, string | number | boolean | readonly string[]> = {};
  for (const [name, value] of Object.entries(event.facts)) {
    if (value === undefined) continue;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    require(kind !== undefined && FACT_CHECKS[kind](value), event, name);
    facts[name] = value as string | number | boolean | readonly string[];
  }
  return facts;
}

function require(holds: boolean, event: AuditEvent, field: string): void {
  if (!holds) throw new TypeError(`Audit event ${event.operation}: "${field}" is not allowed or has a wrong form`);
}
