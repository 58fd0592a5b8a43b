import { canonicalJson } from '../kernel/canonical-json.ts';
import type { AuditActor, AuditEvent, AuditObject, AuditOutcome } from './event.ts';
import { textDigest } from './fact-values.ts';
import { AUDIT_OPERATIONS, type AuditOperation, type FactKind } from './operation.ts';

type FactValue = string | number | boolean | readonly string[];

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
  readonly facts: Readonly<Record<string, FactValue>>;
  readonly trace?: string;
}

const NAME = /^[\p{L}\p{N}_.:@/-]{1,200}$/u;
const CODE = /^[A-Za-z0-9_.:-]{1,100}$/;
const DIGEST = /^[0-9a-f]{64}$/;
const BAND = /^(0|<?[0-9]+|[0-9]+–[0-9]+|[0-9]+\+)(s|ms)?$/;
const MAX_ITEMS = 1000;
/** A bundle of entries has two bytes for the length of each. Source: C2SP tlog-tiles; models-and-audit.md §2.4. */
const MAX_BODY_BYTES = 60_000;
/** Everything of an entry but its facts: names have at most 200 characters of at most four bytes. */
const HEAD_BYTES = 8000;

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
  const facts: Record<string, FactValue> = {};
  for (const [name, value] of Object.entries(event.facts)) {
    if (value === undefined) continue;
    const kind = Object.hasOwn(kinds, name) ? kinds[name] : undefined;
    require(kind !== undefined && FACT_CHECKS[kind](value), event, name);
    facts[name] = value as FactValue;
  }
  return shortened(facts);
}

/** Long lists, the longest first, give way to their digest until the entry fits. */
function shortened(facts: Readonly<Record<string, FactValue>>): AuditEntry['facts'] {
  const kept: Record<string, FactValue> = { ...facts };
  const lists = Object.entries(facts).filter((item): item is [string, readonly string[]] => Array.isArray(item[1]));
  for (const [name, list] of lists.sort((a, b) => b[1].join().length - a[1].join().length)) {
    if (Buffer.byteLength(JSON.stringify(kept)) < MAX_BODY_BYTES - HEAD_BYTES) break;
    kept[name] = [`sha256:${textDigest(JSON.stringify(list))}`, `items:${list.length}`];
  }
  return kept;
}

function require(holds: boolean, event: AuditEvent, field: string): void {
  if (!holds) throw new TypeError(`Audit event ${event.operation}: "${field}" is not allowed or has a wrong form`);
}
