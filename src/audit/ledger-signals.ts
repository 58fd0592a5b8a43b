import type { AuditEntry } from './entry.ts';

type Seen = Pick<AuditEntry, 'seq' | 'at' | 'actor' | 'operation' | 'object' | 'facts'>;

/** What the ledger's own entries tell of one recipient or of several organisations. Counts of figures and queries, never data. */
export interface LedgerSignal {
  readonly kind: 'reconstruction-rank' | 'collusion';
  readonly subject: string;
  readonly dataset: string;
  readonly reason: { readonly counted: number; readonly threshold: number; readonly windowHours: number | null; readonly what: string };
  readonly found: readonly Seen[];
}

const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
/** A recipient with half of what a dataset bears is near. Our own figure. */
const NEAR = 0.5;
/** Two merchants, and one of them more than once. Our own figure. */
const LEAST_QUERIES = 3;

const textFact = (entry: Seen, name: string): string => {
  const value = entry.facts[name];
  return typeof value === 'string' ? value : '';
};
const numberFact = (entry: Seen, name: string): number => {
  const value = entry.facts[name];
  return typeof value === 'number' ? value : 0;
};
const isReservation = (entry: Seen): boolean => entry.operation === 'ledger.reserve';

/**
 * Recipients who hold half as many independent sums of a dataset as its units bear, all their releases together. Sums that
 * were answered as released before are not counted again. Source: models-and-audit.md M25 (rank budget: a tenth of the units).
 */
export function nearRank(entries: readonly Seen[]): readonly LedgerSignal[] {
  const reserved = Map.groupBy(entries.filter(isReservation), (entry) => entry.object.id);
  const releases = entries.filter((entry) => entry.operation === 'egress.release');
  const groups = Map.groupBy(releases, (entry) => `${textFact(entry, 'recipient')}\n${textFact(entry, 'dataset')}`);
  return [...groups].flatMap(([group, members]): readonly LedgerSignal[] => {
    const [subject = '', dataset = ''] = group.split('\n');
    const jobs = [...new Set(members.map((entry) => textFact(entry, 'job')))];
    const own = jobs.flatMap((job) => reserved.get(job) ?? []);
    const counted = own.reduce((sum, entry) => sum + numberFact(entry, 'figures'), 0);
    const room = own.map((entry) => numberFact(entry, 'room')).at(-1) ?? 0;
    const threshold = Math.max(1, Math.ceil(room * NEAR));
    if (own.length === 0 || counted < threshold) return [];
    const what = `independent sums of one dataset released to one recipient; its units bear ${room}`;
    return [{ kind: 'reconstruction-rank', subject, dataset, reason: { counted, threshold, windowHours: null, what }, found: members }];
  });
}

/** Several organisations that within a day ask beside one released cell: for nearly its units, but not quite. Source: issue "audit log"; gate.md §7. */
export function besideOneCell(entries: readonly Seen[]): readonly LedgerSignal[] {
  const organisation = new Map(
    entries.flatMap((entry) => (entry.operation === 'job.submit' ? [[entry.object.id, entry.actor.organisation] as const] : [])),
  );
  const beside = new Map<string, Seen[]>();
  for (const entry of entries.filter(isReservation)) {
    const cells = entry.facts['beside'];
    for (const cell of Array.isArray(cells) ? cells : []) {
      const group = `${textFact(entry, 'dataset')}\n${cell}`;
      beside.set(group, [...(beside.get(group) ?? []), entry]);
    }
  }
  return [...beside].flatMap(([group, members]): readonly LedgerSignal[] => {
    const day = busiestDay(members);
    const who = new Set(day.flatMap((entry) => organisation.get(entry.object.id) ?? []));
    const queries = new Set(day.map((entry) => entry.object.id)).size;
    if (who.size < 2 || queries < LEAST_QUERIES) return [];
    const reason = {
      counted: queries,
      threshold: LEAST_QUERIES,
      windowHours: DAY_HOURS,
      what: 'queries of several organisations beside one released cell',
    };
    return [{ kind: 'collusion', subject: [...who].sort().join(' '), dataset: group.split('\n')[0] ?? '', reason, found: day }];
  });
}

function busiestDay(members: readonly Seen[]): readonly Seen[] {
  let best: readonly Seen[] = [];
  let start = 0;
  for (const [end, entry] of members.entries()) {
    while (Date.parse(entry.at) - Date.parse(members[start]?.at ?? entry.at) > DAY_HOURS * HOUR_MS) start += 1;
    if (end + 1 - start > best.length) best = members.slice(start, end + 1);
  }
  return best;
}
