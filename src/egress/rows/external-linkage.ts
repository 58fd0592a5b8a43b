import type { EgressFinding } from '../finding.ts';

type Values = readonly (string | null)[];

/** People of a list from elsewhere, one a row, in the columns that the release shows too. */
export interface ExternalPeople {
  /** Id of the registered list. */
  readonly id: string;
  readonly people: number;
  /** Per column: each one's value, null where the list does not know it, and what the release may show such a value as. */
  readonly columns: ReadonlyMap<string, { readonly values: Values; readonly labelsOf: (value: string) => readonly string[] }>;
}

/** What whoever has the list can do with it. Chances are of naming the right one among those who look alike, 0 to 1. */
export interface ExternalLinkage {
  readonly id: string;
  readonly columns: readonly string[];
  /** Share of the list that finds rows it may be. */
  readonly linked: number;
  /** Largest and mean chance over those. */
  readonly highest: number;
  readonly average: number;
  /** Share of the list that finds rows of fewer than k people. */
  readonly belowK: number;
}

/** Beyond so many people in a group nobody asks how many. */
const MANY = 1000;
/** Combinations of labels that are looked up one by one; beyond, every group is compared. */
const MOST_LOOKUPS = 256;
/** Share of a list that finds rows from which somebody has to answer for the chance. */
const LEAST_LINKED = 0.05;

/**
 * The attack itself: everybody of the list is joined with the rows of a release on all columns that both have, and the people behind the rows he may be are counted. Null where there is no common column. `cells` are what the release shows, `keys` whose
 * each row is. Does not know whether somebody of the list is in the release at all: a join that is wrong counts as one. Source: requirements.md §10.2 (L: joins with external data); Sweeney 2002 (the voters' list); issue "Masking".
 */
export function linkExternal(
  cells: ReadonlyMap<string, Values>,
  keys: Int32Array,
  list: ExternalPeople,
  k: number,
): ExternalLinkage | null {
  const names = [...list.columns.keys()].filter((name) => cells.has(name));
  if (names.length === 0) return null;
  const groups = groupsOf(
    names.map((name) => cells.get(name) ?? []),
    keys,
  );
  const matchers = names.map((name, at) => matcherOf(groups, at, list.columns.get(name)?.labelsOf ?? ((value) => [value])));
  const people = new Map<string, { readonly values: Values; count: number }>();
  for (let row = 0; row < list.people; row += 1) {
    const values = names.map((name) => list.columns.get(name)?.values[row] ?? null);
    const known = people.get(JSON.stringify(values));
    if (known === undefined) people.set(JSON.stringify(values), { values, count: 1 });
    else known.count += 1;
  }
  let [linked, sum, highest, below] = [0, 0, 0, 0];
  for (const { values, count } of people.values()) {
    const size = peopleBehind(groups, matchers, values);
    if (size === 0) continue;
    linked += count;
    sum += count / size;
    highest = Math.max(highest, 1 / size);
    if (size < k) below += count;
  }
  const share = (part: number): number => part / Math.max(1, list.people);
  return { id: list.id, columns: names, linked: share(linked), highest, average: linked === 0 ? 0 : sum / linked, belowK: share(below) };
}

interface Group {
  readonly labels: readonly string[];
  readonly units: Set<number>;
}
type Groups = ReadonlyMap<string, Group>;
/** Labels that a value may be shown as, of those there are; null: any. */
type Matcher = (value: string | null) => readonly string[] | null;

function groupsOf(columns: readonly Values[], keys: Int32Array): Groups {
  const groups = new Map<string, Group>();
  for (const [row, unit] of keys.entries()) {
    const labels = columns.map((column) => column[row] ?? '');
    const key = JSON.stringify(labels);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, { labels, units: new Set([unit]) });
    else group.units.add(unit);
  }
  return groups;
}

function matcherOf(groups: Groups, at: number, labelsOf: (value: string) => readonly string[]): Matcher {
  const labels = new Set([...groups.values()].map((group) => group.labels[at] ?? ''));
  const ranges = [...labels].flatMap((label) => {
    const [, low, high] = /^\[(-?[\d.]+),(-?[\d.]+)\]$/.exec(label) ?? [];
    return low === undefined || high === undefined ? [] : [{ label, low: Number(low), high: Number(high) }];
  });
  const known = new Map<string, readonly string[]>();
  return (value) => {
    if (value === null || value.trim() === '') return null;
    const before = known.get(value);
    if (before !== undefined) return before;
    const number = Number(value);
    const found = [
      ...labelsOf(value).filter((label) => labels.has(label)),
      ...ranges.flatMap(({ label, low, high }) => (number >= low && number <= high ? [label] : [])),
    ];
    known.set(value, found);
    return found;
  };
}

/** Different people behind all rows that this one may be; counting ends at `MANY`. */
function peopleBehind(groups: Groups, matchers: readonly Matcher[], values: Values): number {
  const wanted = matchers.map((matcher, at) => matcher(values[at] ?? null));
  if (wanted.some((labels) => labels?.length === 0)) return 0;
  const found = candidates(groups, wanted);
  const [only, ...more] = found;
  if (only !== undefined && more.length === 0) return only.units.size;
  const units = new Set<number>();
  for (const group of found) {
    for (const unit of group.units) units.add(unit);
    if (units.size >= MANY) break;
  }
  return units.size;
}

function candidates(groups: Groups, wanted: readonly (readonly string[] | null)[]): readonly Group[] {
  const lookups = wanted.reduce((product, labels) => product * (labels?.length ?? Number.POSITIVE_INFINITY), 1);
  if (lookups > MOST_LOOKUPS)
    return [...groups.values()].filter(({ labels }) => wanted.every((some, at) => some === null || some.includes(labels[at] ?? '')));
  const keys = wanted.reduce<readonly (readonly string[])[]>(
    (before, labels) => before.flatMap((some) => (labels ?? []).map((label) => [...some, label])),
    [[]],
  );
  return keys.flatMap((labels) => groups.get(JSON.stringify(labels)) ?? []);
}

/**
 * L over registered lists: a hard finding where somebody of a list finds rows of fewer than k people, and one that people answer for where a part of a list finds rows and its best chance is above what the profile accepts. Never a count.
 * Source: requirements.md §10.2 (L), CQ-OP-36c, GZ-25; issue "Masking" (re-identification risk).
 */
export function externalFindings(found: readonly ExternalLinkage[], k: number, accepted: number): readonly EgressFinding[] {
  return found.flatMap(({ id, columns, linked, highest, belowK }): readonly EgressFinding[] => {
    const by = columns.join(', ');
    if (belowK > 0)
      return [
        {
          rule: 'linkage.external',
          severity: 'hard',
          check: 'L',
          version: '1',
          threshold: `k = ${k}`,
          measuredBand: `fewer than ${k}`,
          text: `People of the registered list ${id} can be joined with rows of fewer than ${k} people by ${by}.`,
          fix: 'Leave one of these columns out, or let the policy generalise it further.',
        },
      ];
    if (linked < LEAST_LINKED || highest <= accepted) return [];
    return [
      {
        rule: 'linkage.external-chance',
        severity: 'soft',
        check: 'L',
        version: '1',
        threshold: String(accepted),
        measuredBand: `1 in ${k} or less, and above ${accepted}`,
        text: `People of the registered list ${id} can be joined with rows by ${by}; the best chance of naming one right is above what the profile accepts.`,
        fix: 'Ask for a larger k, or say in a waiver why the chance is acceptable here.',
      },
    ];
  });
}
