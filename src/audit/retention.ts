import type { AuditEntry } from './entry.ts';

/**
 * How long an entry's text is kept. `audit` 36 months from the event (QZ-3.1.8b); `registration` of people, grants and
 * agreements, as long as they live and the audit term after; `network` at least 6 months after the end (NB-17a).
 * Source: requirements.md §7.6 "Retention classes".
 */
export type RetentionClass = 'audit' | 'registration' | 'network';

const FLOOR_MONTHS: Readonly<Record<RetentionClass, number>> = { audit: 36, registration: 36, network: 6 };

const NETWORK: readonly string[] = ['instance.heartbeat'];
const REGISTRATION: readonly string[] = [
  'principal.register',
  'principal.suspend',
  'key.issue',
  'key.revoke',
  'grant.create',
  'grant.revoke',
];
/** What explains the log itself is never pruned. */
const KEPT: readonly string[] = ['audit.prune', 'audit.hold', 'audit.unhold', 'audit.rebuild', 'incident.outcome_missing'];

/** The class of an operation; null for what is never pruned. */
export function retentionClass(operation: string): RetentionClass | null {
  if (KEPT.includes(operation)) return null;
  if (NETWORK.includes(operation)) return 'network';
  return REGISTRATION.includes(operation) ? 'registration' : 'audit';
}

/** What stands against pruning besides age. */
export interface RetentionGround {
  readonly now: Date;
  /** Ids (grants, jobs, requests, people) whose agreement still lives, and those under a legal hold. */
  readonly kept: ReadonlySet<string>;
  /** A hold over everything. */
  readonly isAllHeld: boolean;
}

/**
 * Whether the text of an entry may go. Never before the floor of its class, never of what lives or is held.
 * `keptFrom`: end of an agreement the entry belongs to, where it is later than the event.
 */
export function mayPrune(
  entry: Pick<AuditEntry, 'operation' | 'at' | 'object' | 'trace' | 'actor' | 'facts'>,
  ground: RetentionGround,
): boolean {
  const ofClass = retentionClass(entry.operation);
  if (ofClass === null || ground.isAllHeld) return false;
  const ids = [
    entry.object.id,
    entry.trace ?? '',
    entry.actor.id,
    entry.actor.organisation,
    ...Object.values(entry.facts).flat().map(String),
  ];
  if (ids.some((id) => ground.kept.has(id))) return false;
  return Date.parse(entry.at) < monthsBefore(ground.now, FLOOR_MONTHS[ofClass]).getTime();
}

/** The same day so many months before, or the last day of a shorter month. UTC. */
export function monthsBefore(date: Date, months: number): Date {
  const first = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - months, 1));
  const days = new Date(Date.UTC(first.getUTCFullYear(), first.getUTCMonth() + 1, 0)).getUTCDate();
  first.setUTCDate(Math.min(date.getUTCDate(), days));
  return new Date(first.getTime() + (date.getTime() % 86_400_000));
}

/** Numbers as ranges `3-7`, ascending. */
export function asRanges(numbers: readonly number[]): readonly string[] {
  const ranges: [number, number][] = [];
  for (const number of numbers.toSorted((a, b) => a - b)) {
    const last = ranges.at(-1);
    if (last !== undefined && number === last[1] + 1) last[1] = number;
    else ranges.push([number, number]);
  }
  return ranges.map(([from, to]) => `${from}-${to}`);
}
