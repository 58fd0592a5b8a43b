import { besideOneCell, nearRank } from './ledger-signals.ts';
import { factText, type Seen, slideOver, Tally } from './seen-entry.ts';

export const SIGNAL_KINDS = [
  'probing-one-group',
  'refusal-burst',
  'literal-family',
  'unusual-hours',
  'reconstruction-rank',
  'collusion',
] as const;

/** Something in the log that a person should look at, with the reason. No proof of anything. */
export interface Signal {
  readonly kind: (typeof SIGNAL_KINDS)[number];
  /** Organisation or actor it is about. */
  readonly subject: string;
  readonly dataset: string | null;
  /** Why, as numbers: what was counted, against which threshold, over how long (null: ever). */
  readonly reason: { readonly counted: number; readonly threshold: number; readonly windowHours: number | null; readonly what: string };
  /** Numbers of the entries behind it, newest last, at most 50. */
  readonly entries: readonly number[];
}

/** Our own figures, to be calibrated on the place's traffic; there is no published source for them. */
const THRESHOLDS = { probing: 8, refusals: 10, family: 5, colludingEach: 3, ownHistory: 20 } as const;
const HOUR_MS = 3_600_000;
const DAY_HOURS = 24;
const MOST_ENTRIES = 50;
/** China has had one time zone without summer time since 1991. */
const SHANGHAI_OFFSET_MS = 8 * HOUR_MS;
const NIGHT_FROM = 22;
const NIGHT_TO = 6;

const columnsOf = (entry: Seen): string => {
  const value = entry.facts['columns'];
  return Array.isArray(value) ? value.join(',') : '';
};
const isRealQuery = (entry: Seen): boolean => entry.operation === 'job.submit' && factText(entry, 'target') === 'real';
const isRefusal = (entry: Seen): boolean =>
  entry.operation === 'job.refuse' || entry.operation === 'auth.refused' || entry.outcome === 'refused';

/**
 * Signals in a stretch of the log, given in order: probing of one group from many sides, bursts of refusals, queries
 * that differ by literals, unusual hours, a merchant near the rank at which sums can be solved, and merchants together
 * beside one released cell or on the same columns. Counts entries, never data. Source: issue "audit log"; requirements.md §5 (R: "linear systems
 * solvable from the released sums").
 */
export function findSignals(entries: readonly Seen[]): readonly Signal[] {
  const queries = entries.filter(isRealQuery);
  return [
    ...distinctIn(queries, {
      kind: 'probing-one-group',
      group: (entry) => `${entry.actor.organisation}\n${factText(entry, 'dataset')}\n${columnsOf(entry)}`,
      distinct: (entry) => factText(entry, 'artefactHash'),
      threshold: THRESHOLDS.probing,
      windowHours: DAY_HOURS,
      what: 'different queries over real data on the same columns',
    }),
    ...distinctIn(entries.filter(isRefusal), {
      kind: 'refusal-burst',
      group: (entry) => `${entry.actor.id}\n`,
      distinct: (entry) => String(entry.seq),
      threshold: THRESHOLDS.refusals,
      windowHours: 1,
      what: 'refusals',
    }),
    ...distinctIn(
      queries.filter((entry) => factText(entry, 'shapeDigest') !== ''),
      {
        kind: 'literal-family',
        group: (entry) => `${entry.actor.organisation}\n${factText(entry, 'dataset')}\n${factText(entry, 'shapeDigest')}`,
        distinct: (entry) => factText(entry, 'artefactHash'),
        threshold: THRESHOLDS.family,
        windowHours: DAY_HOURS,
        what: 'queries over real data that differ in literals alone',
      },
    ),
    ...[...nearRank(entries), ...besideOneCell(entries)].map(({ kind, subject, dataset, reason, found }) =>
      signal(kind, subject, dataset, reason, found),
    ),
    ...collusion(queries),
    ...unusualHours(entries),
  ];
}

interface Rule {
  readonly kind: Signal['kind'];
  /** Subject, line end, dataset, line end, what else tells groups apart. */
  readonly group: (entry: Seen) => string;
  readonly distinct: (entry: Seen) => string;
  readonly threshold: number;
  readonly windowHours: number;
  readonly what: string;
}

function distinctIn(entries: readonly Seen[], rule: Rule): readonly Signal[] {
  const signals: Signal[] = [];
  for (const [group, members] of Map.groupBy(entries, rule.group)) {
    const { counted, found } = mostInWindow(members, rule);
    if (counted < rule.threshold) continue;
    const [subject = '', dataset = ''] = group.split('\n');
    const { threshold, what } = rule;
    signals.push(signal(rule.kind, subject, dataset, { counted, threshold, windowHours: rule.windowHours, what }, found));
  }
  return signals;
}

/** The window with the most different members. */
function mostInWindow(
  members: readonly Seen[],
  { distinct, windowHours }: Rule,
): { readonly counted: number; readonly found: readonly Seen[] } {
  const inside = new Tally();
  let best = { counted: 0, from: 0, to: 0 };
  slideOver(members, windowHours, {
    enter: (entry) => inside.add(distinct(entry), 1),
    leave: (entry) => inside.add(distinct(entry), -1),
    look: (from, to) => {
      if (inside.size > best.counted) best = { counted: inside.size, from, to };
    },
  });
  return { counted: best.counted, found: members.slice(best.from, best.to) };
}

/** Two organisations or more, each with several different queries on the same columns within some day. */
function collusion(queries: readonly Seen[]): readonly Signal[] {
  const signals: Signal[] = [];
  for (const [group, members] of Map.groupBy(queries, (entry) => `${factText(entry, 'dataset')}\n${columnsOf(entry)}`)) {
    const busy = busiestDay(members);
    if (busy.length < 2 || columnsOf(members[0] as Seen) === '') continue;
    const what = 'organisations with several queries on the same columns';
    const reason = { counted: busy.length, threshold: 2, windowHours: DAY_HOURS, what };
    const subject = busy
      .map(([organisation]) => organisation)
      .sort()
      .join(' ');
    const found = busy.flatMap(([, of]) => of);
    signals.push(signal('collusion', subject, group.split('\n')[0] ?? '', reason, found));
  }
  return signals;
}

/** The organisations with several different queries in the day that has most of them, whenever it was. */
function busiestDay(members: readonly Seen[]): readonly (readonly [string, readonly Seen[]])[] {
  const inside = new Map<string, Tally>();
  const count = (entry: Seen, by: 1 | -1): void => {
    const own = inside.get(entry.actor.organisation) ?? new Tally();
    inside.set(entry.actor.organisation, own);
    own.add(factText(entry, 'artefactHash'), by);
  };
  let best = { busy: 0, from: 0, to: 0 };
  slideOver(members, DAY_HOURS, {
    enter: (entry) => count(entry, 1),
    leave: (entry) => count(entry, -1),
    look: (from, to) => {
      const busy = [...inside.values()].filter((own) => own.size >= THRESHOLDS.colludingEach).length;
      if (busy > best.busy) best = { busy, from, to };
    },
  });
  return [...Map.groupBy(members.slice(best.from, best.to), (entry) => entry.actor.organisation)].filter(
    ([, of]) => new Set(of.map((entry) => factText(entry, 'artefactHash'))).size >= THRESHOLDS.colludingEach,
  );
}

/** Real queries at night by somebody whose earlier entries were all by day. */
function unusualHours(entries: readonly Seen[]): readonly Signal[] {
  const signals: Signal[] = [];
  for (const [actor, members] of Map.groupBy(entries, (entry) => entry.actor.id)) {
    const first = members.findIndex(isAtNight);
    const found = first < THRESHOLDS.ownHistory ? [] : members.slice(first).filter((entry) => isAtNight(entry) && isRealQuery(entry));
    if (found.length === 0) continue;
    const reason = { counted: found.length, threshold: 1, windowHours: DAY_HOURS, what: `queries at night after ${first} entries by day` };
    signals.push(signal('unusual-hours', actor, '', reason, found));
  }
  return signals;
}

function isAtNight(entry: Seen): boolean {
  const hour = new Date(Date.parse(entry.at) + SHANGHAI_OFFSET_MS).getUTCHours();
  return hour >= NIGHT_FROM || hour < NIGHT_TO;
}

function signal(
  kind: Signal['kind'],
  subject: string,
  dataset: string,
  reason: Signal['reason'],
  found: readonly Pick<Seen, 'seq'>[],
): Signal {
  const entries = found.map(({ seq }) => seq).sort((a, b) => a - b);
  return { kind, subject, dataset: dataset === '' ? null : dataset, reason, entries: entries.slice(-MOST_ENTRIES) };
}
