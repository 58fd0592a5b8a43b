import type { AuditEntry } from './entry.ts';

/** A thing that data come from or go to: `version:city@v1`, `job:job_…`, `egress:…`, `release:…`, `file:<sha256>`, `person:…`. */
export type LineageNode = string;

/** One step of data, or of leave to use them, as an entry tells it. */
export interface LineageLink {
  readonly from: LineageNode;
  readonly to: LineageNode;
}

type Facts = AuditEntry['facts'];
type Linker = (object: string, facts: Facts) => readonly LineageLink[];

const text = (facts: Facts, name: string): string | null => {
  const value = facts[name];
  return typeof value === 'string' && value !== '' ? value : null;
};
const texts = (facts: Facts, name: string): readonly string[] => {
  const value = facts[name];
  return Array.isArray(value) ? value : [];
};
/** Links from the first to the second, where the entry names both. */
const between = (from: LineageNode | null, to: LineageNode | null): readonly LineageLink[] =>
  from === null || to === null ? [] : [{ from, to }];
const node = (kind: string, id: string | null): LineageNode | null => (id === null ? null : `${kind}:${id}`);
const version = (facts: Facts, name = 'datasetVersion'): LineageNode | null => {
  const [dataset, of] = [text(facts, 'dataset'), text(facts, name)];
  return dataset === null || of === null ? null : `version:${dataset}@${of}`;
};

/** dataset version → grant → job → gate → votes → filing → release → download. Source: GZ-27a, GZ-27c. */
const LINKERS: Readonly<Record<string, Linker>> = {
  'load.done': (object, facts) => [
    ...between(node('load', object), version(facts, 'version')),
    ...between(node('dataset', text(facts, 'dataset')), version(facts, 'version')),
    ...texts(facts, 'inputDigests').flatMap((digest) => between(node('file', digest), node('load', object))),
  ],
  'grant.create': (object, facts) => [
    ...between(node('dataset', text(facts, 'dataset')), node('grant', object)),
    ...between(node('grant', object), node('person', text(facts, 'merchant'))),
  ],
  'simulation.create': (object, facts) => between(node('dataset', text(facts, 'dataset')), node('simulation', object)),
  'job.submit': (object, facts) => between(node('grant', text(facts, 'grant')), node('job', object)),
  'job.intent': (object, facts) => between(version(facts), node('job', object)),
  'egress.create': (object, facts) => between(node('job', text(facts, 'job')), node('egress', object)),
  'egress.release': (object, facts) => {
    const release = node('release', text(facts, 'release'));
    return [
      ...between(node('egress', object), release),
      ...texts(facts, 'files').flatMap((digest) => between(release, node('file', digest))),
    ];
  },
  'release.download': (object, facts) => [
    ...between(node('release', object), node('person', text(facts, 'recipient'))),
    ...between(node('file', text(facts, 'digest')), node('person', text(facts, 'recipient'))),
  ],
};

/** The links that an entry tells of; none for most operations. Source: GZ-27a, GZ-27c. */
export function lineageLinks({ operation, object, facts }: Pick<AuditEntry, 'operation' | 'object' | 'facts'>): readonly LineageLink[] {
  return Object.hasOwn(LINKERS, operation) ? (LINKERS[operation]?.(object.id, facts) ?? []) : [];
}

const KINDS = ['version', 'dataset', 'load', 'grant', 'simulation', 'job', 'egress', 'release', 'file', 'person'] as const;

/** What an id that a person gives may stand for; with its kind (`job:…`) only that. */
export function nodesNamed(id: string): readonly LineageNode[] {
  return KINDS.some((kind) => id.startsWith(`${kind}:`)) ? [id] : KINDS.map((kind) => `${kind}:${id}`);
}

/** Gives the links that start (`from`) or end (`to`) at any of the nodes. */
export type LinkReader = (end: 'from' | 'to', nodes: readonly LineageNode[]) => Promise<readonly LineageLink[]>;

export interface TraceStep {
  readonly node: LineageNode;
  /** Steps from what was asked for: 0, negative towards the sources, positive towards the recipients. */
  readonly distance: number;
}

/** Most nodes a trace shows each way; a dataset may have gone to many. */
const MOST_NODES = 5000;

/**
 * Everything the nodes come from, and everything that came of them. Persons end a way: what somebody received is not
 * what he passed on. `isComplete` false: there was more than a trace shows. Source: GZ-27a, GZ-27c.
 */
export async function traceLineage(
  start: readonly LineageNode[],
  read: LinkReader,
): Promise<{ readonly steps: readonly TraceStep[]; readonly links: readonly LineageLink[]; readonly isComplete: boolean }> {
  const back = await walk(start, 'to', read);
  const forth = await walk(start, 'from', read);
  const known = new Set([...back.links, ...forth.links].flatMap(({ from, to }) => [from, to]));
  const origin = start.filter((item) => known.has(item)).map((item) => ({ node: item, distance: 0 }));
  const links = new Map([...back.links, ...forth.links].map((link) => [`${link.from} ${link.to}`, link]));
  const steps = [
    ...back.steps.map(({ node: item, distance }) => ({ node: item, distance: -distance })).reverse(),
    ...origin,
    ...forth.steps,
  ];
  return { steps, links: [...links.values()], isComplete: back.isComplete && forth.isComplete };
}

async function walk(start: readonly LineageNode[], end: 'from' | 'to', read: LinkReader) {
  const seen = new Set(start);
  const steps: TraceStep[] = [];
  const links: LineageLink[] = [];
  let edge = start;
  for (let distance = 1; edge.length > 0 && seen.size < MOST_NODES; distance += 1) {
    const found = await read(end, edge);
    links.push(...found);
    const next = new Set(found.map((link) => (end === 'from' ? link.to : link.from)).filter((item) => !seen.has(item)));
    for (const item of next) {
      seen.add(item);
      steps.push({ node: item, distance });
    }
    edge = [...next].filter((item) => !item.startsWith('person:'));
  }
  return { steps, links, isComplete: seen.size < MOST_NODES };
}
