import { factText, type Seen, slideOver, Tally } from './seen-entry.ts';

/** What the ledger's own entries tell of one recipient or of several organisations. Counts of figures and queries, never data. */
export interface LedgerSignal {
  readonly kind: 'reconstruction-rank' | 'collusion';
  readonly subject: string;
  readonly dataset: string;
  readonly reason: { readonly counted: number; readonly threshold: number; readonly windowHours: number | null; readonly what: string };
  readonly found: readonly Seen[];
}

const DAY_HOURS = 24;
/** A recipient with half of what a dataset bears is near. Our own figure. */
const NEAR = 0.5;
/** Two merchants, and one of them more than once. Our own figure. */
const LEAST_QUERIES = 3;

const numberFact = (entry: Seen, name: string): number => {
  const value = entry.facts[name];
  return typeof value === 'number' ? value : 0;
};
const isReservation = (entry: Seen): boolean => entry.operation === 'ledger.reserve';

/** Whose each job is: reservations are entries of the system. */
function organisationsOf(entries: readonly Seen[]): ReadonlyMap<string, string> {
  const submitted = entries.filter((entry) => entry.operation === 'job.submit');
  return new Map(submitted.map((entry) => [entry.object.id, entry.actor.organisation]));
}

/**
 * Organisations that hold half as many independent sums of a dataset as its units bear, all releases to their people together, in the entries
 * given. Sums that were answered as released before are not counted again. A recipient whose organisation is not in the entries stands for
 * himself. Source: models-and-audit.md M25 (rank budget: a tenth of the units).
 */
export function nearRank(entries: readonly Seen[]): readonly LedgerSignal[] {
  const organisation = organisationsOf(entries);
  const reserved = Map.groupBy(entries.filter(isReservation), (entry) => entry.object.id);
  const releases = entries.filter((entry) => entry.operation === 'egress.release');
  const holder = (entry: Seen): string => organisation.get(factText(entry, 'job')) ?? factText(entry, 'recipient');
  const groups = Map.groupBy(releases, (entry) => `${holder(entry)}\n${factText(entry, 'dataset')}`);
  return [...groups].flatMap(([group, members]): readonly LedgerSignal[] => {
    const [subject = '', dataset = ''] = group.split('\n');
    const jobs = [...new Set(members.map((entry) => factText(entry, 'job')))];
    const own = jobs.flatMap((job) => reserved.get(job) ?? []);
    const counted = own.reduce((sum, entry) => sum + numberFact(entry, 'figures'), 0);
    const room = own.map((entry) => numberFact(entry, 'room')).at(-1) ?? 0;
    const threshold = Math.max(1, Math.ceil(room * NEAR));
    if (own.length === 0 || counted < threshold) return [];
    const what = `independent sums of one dataset released to one organisation; its units bear ${room}`;
    return [{ kind: 'reconstruction-rank', subject, dataset, reason: { counted, threshold, windowHours: null, what }, found: members }];
  });
}

/** Several organisations that within some day ask beside one released cell: for nearly its units, but not quite. Source: issue "audit log"; gate.md §7. */
export function besideOneCell(entries: readonly Seen[]): readonly LedgerSignal[] {
  const organisation = organisationsOf(entries);
  const asked = entries.filter(isReservation).flatMap((entry) => {
    const cells = entry.facts['beside'];
    return (Array.isArray(cells) ? cells : []).map((cell) => ({ group: `${factText(entry, 'dataset')}\n${cell}`, entry }));
  });
  return [...Map.groupBy(asked, ({ group }) => group)].flatMap(([group, members]): readonly LedgerSignal[] => {
    const { who, queries, found } = togetherIn(
      members.map(({ entry }) => entry),
      organisation,
    );
    if (queries < LEAST_QUERIES) return [];
    const what = 'queries of several organisations beside one released cell';
    const reason = { counted: queries, threshold: LEAST_QUERIES, windowHours: DAY_HOURS, what };
    return [{ kind: 'collusion', subject: [...who].sort().join(' '), dataset: group.split('\n')[0] ?? '', reason, found }];
  });
}

/** The day with the most queries among those with several organisations: one that asks a lot on another day hides nobody. */
function togetherIn(
  members: readonly Seen[],
  organisation: ReadonlyMap<string, string>,
): { readonly who: readonly string[]; readonly queries: number; readonly found: readonly Seen[] } {
  const [organisations, jobs] = [new Tally(), new Tally()];
  const count = (entry: Seen, by: 1 | -1): void => {
    organisations.add(organisation.get(entry.object.id) ?? '', by);
    jobs.add(entry.object.id, by);
  };
  let best: { readonly who: readonly string[]; readonly queries: number; readonly found: readonly Seen[] } = {
    who: [],
    queries: 0,
    found: [],
  };
  slideOver(members, DAY_HOURS, {
    enter: (entry) => count(entry, 1),
    leave: (entry) => count(entry, -1),
    look: (from, to) => {
      const who = organisations.names().filter((name) => name !== '');
      if (who.length >= 2 && jobs.size > best.queries) best = { who, queries: jobs.size, found: members.slice(from, to) };
    },
  });
  return best;
}
