/**
 * Operations that say what is about to be read, and those that say what became of it. An intent without any of its
 * outcomes is an incident once its time is up.
 * Source: models-and-audit.md §2.4 "Two-phase rule".
 */
const OUTCOMES: Readonly<Record<string, readonly string[]>> = {
  'job.intent': ['job.outcome', 'job.cancel'],
  'enclave.intent': ['enclave.outcome'],
  'load.start': ['load.done', 'load.refused', 'load.failed'],
};
const CLOSING = new Map(Object.entries(OUTCOMES).flatMap(([intent, ends]) => ends.map((end) => [end, intent] as const)));
const INCIDENT = 'incident.outcome_missing';
const KNOWN = new Set([...Object.keys(OUTCOMES), ...CLOSING.keys(), INCIDENT]);

/** How long an intent may stand without an outcome before it is a fault. */
export const OUTCOME_DEADLINE_MS = 24 * 3_600_000;

/** Intents that have no outcome yet, as entries go by. */
export interface OpenIntents {
  /** `operation` as `operationIn` reads it from `body`. */
  take(operation: string, body: string, seq: number, at: string): void;
  /** Numbers of intents older than the deadline for which no incident was recorded either. */
  overdue(now: Date, deadlineMs: number): readonly number[];
  /** All that are open: number, operation, object, time. */
  list(): readonly { readonly seq: number; readonly operation: string; readonly object: string; readonly at: string }[];
}

const OPERATION = '"operation":"';
const OBJECT = /"object":\{"id":"([^"]*)"/;

/** The operation of a canonical body, by its fixed field: facts cannot hold a quote, and none of them has this name. */
export function operationIn(body: string): string {
  const start = body.indexOf(OPERATION) + OPERATION.length;
  return body.slice(start, body.indexOf('"', start));
}

/** Whether entries of this operation begin or end something that has an outcome. */
export function tellsOfIntents(operation: string): boolean {
  return KNOWN.has(operation);
}

/** Reads canonical bodies by their fixed fields, without parsing them. */
export function openIntents(): OpenIntents {
  const open = new Map<string, { readonly seq: number; readonly operation: string; readonly object: string; readonly at: string }>();
  return {
    take(operation, body, seq, at) {
      if (!KNOWN.has(operation)) return;
      const object = OBJECT.exec(body)?.[1] ?? '';
      if (Object.hasOwn(OUTCOMES, operation)) open.set(`${operation} ${object}`, { seq, operation, object, at });
      const intent = CLOSING.get(operation);
      if (intent !== undefined) open.delete(`${intent} ${object}`);
      if (operation === INCIDENT) for (const of of Object.keys(OUTCOMES)) open.delete(`${of} ${object}`);
    },
    overdue(now, deadlineMs) {
      return [...open.values()].filter(({ at }) => now.getTime() - Date.parse(at) > deadlineMs).map(({ seq }) => seq);
    },
    list: () => [...open.values()],
  };
}
