import type { LogRecord } from './log-fault.ts';
import { type MerkleHash, sameHash } from './merkle-hash.ts';
import { type Frontier, frontierRoot, treeBuilder } from './merkle-tree.ts';
import { openIntents, tellsOfIntents } from './open-intents.ts';
import { checkedLeaf, prunedRanges, readRecord } from './read-record.ts';
import type { Anchor, LogVerification } from './verify-log.ts';

/** Entries that are verified by themselves: a complete subtree, so that stretches can be joined. */
export const STRETCH_ENTRIES = 8192;

/** What a stretch of the log says; plain data, which goes from thread to thread. */
export interface StretchFinding {
  /** Number of stretches before it. */
  readonly index: number;
  readonly entries: number;
  /** False: something is wrong somewhere in it, and the log has to be read entry by entry. */
  readonly isSound: boolean;
  /** The right edge after each size that somebody vouches for (sizes of the whole log), and after all of the stretch. */
  readonly heads: readonly (Frontier & { readonly at: string | null })[];
  readonly firstAt: string | null;
  readonly lastAt: string | null;
  /** Entries of intents, outcomes and prunings. */
  readonly telling: readonly { readonly operation: string; readonly body: string; readonly seq: number; readonly at: string }[];
  /** Entries without text. */
  readonly emptied: readonly number[];
}

/** Takes the records of one stretch in their order. */
export interface StretchReader {
  take(record: LogRecord): void;
  /** A fault that the keeper of the records has found. */
  spoil(): void;
  finish(): StretchFinding;
}

/**
 * Reads stretch `index`; `sizes` are those of the anchors. Says only whether all is right: what is wrong, and where, is for
 * `logVerifier`. Source: RFC 6962 §2.1 (a complete subtree stands for its leaves); ADR 0028.
 */
export function stretchReader(algorithm: MerkleHash, index: number, sizes: ReadonlySet<number>): StretchReader {
  const builder = treeBuilder(algorithm);
  const heads: (Frontier & { readonly at: string | null })[] = [];
  const telling: StretchFinding['telling'][number][] = [];
  const emptied: number[] = [];
  const before = index * STRETCH_ENTRIES;
  let isSound = true;
  let firstAt: string | null = null;
  let time: string | null = null;
  const fault = (): void => {
    isSound = false;
  };
  const operation = (name: string, body: string, seq: number, at: string): void => {
    firstAt ??= at;
    if (tellsOfIntents(name) || name === 'audit.prune') telling.push({ operation: name, body, seq, at });
  };
  const head = (): void => {
    const { size, nodes } = builder.frontier();
    heads.push({ size: before + size, nodes, at: time });
  };
  return {
    spoil: fault,
    take(record) {
      if (record.seq !== before + builder.size() + 1 || builder.size() === STRETCH_ENTRIES) return fault();
      const leaf = checkedLeaf(algorithm, record, fault);
      if (leaf === null) return;
      if (record.body === null) emptied.push(record.seq);
      else time = readRecord(record.body, record.seq, { time, fault, operation });
      builder.append(leaf);
      if (sizes.has(record.seq)) head();
    },
    finish() {
      head();
      return { index, entries: builder.size(), isSound, heads, firstAt, lastAt: time, telling, emptied };
    },
  };
}

/**
 * The verification that `logVerifier` would give of all these stretches of `entries` entries, in order, if it finds nothing wrong; null
 * where anything is, also a missing stretch. Source: models-and-audit.md §2.4; equal to `logVerifier` by test.
 */
export function joinStretches(
  algorithm: MerkleHash,
  findings: readonly StretchFinding[],
  log: { readonly entries: number; readonly anchors: readonly Anchor[]; readonly now: Date; readonly deadlineMs: number },
): LogVerification | null {
  const bySize = Map.groupBy(log.anchors, ({ size }) => size);
  const complete = treeBuilder(algorithm);
  const intents = openIntents();
  const emptied: number[] = [];
  const allowed: (readonly [number, number])[] = [];
  let lastRight: LogVerification['lastRight'] = null;
  let [entries, time, root] = [0, null as string | null, frontierRoot(algorithm, { size: 0, nodes: [] })];
  const agrees = (size: number, at: string | null): boolean => {
    const here = bySize.get(size) ?? [];
    bySize.delete(size);
    if (here.length > 0) lastRight = { size, at };
    return here.every((anchor) => sameHash(anchor.root, root));
  };
  if (!agrees(0, null)) return null;
  for (const [index, finding] of findings.entries()) {
    if (finding.index !== index || !finding.isSound || entries !== index * STRETCH_ENTRIES) return null;
    if (time !== null && finding.firstAt !== null && finding.firstAt < time) return null;
    for (const head of finding.heads) {
      root = frontierRoot(algorithm, { size: head.size, nodes: [...complete.frontier().nodes, ...head.nodes] });
      if (!agrees(head.size, head.at ?? time)) return null;
    }
    entries += finding.entries;
    if (finding.entries === STRETCH_ENTRIES) complete.append(finding.heads.at(-1)?.nodes[0] ?? new Uint8Array());
    time = finding.lastAt ?? time;
    emptied.push(...finding.emptied);
    for (const { operation, body, seq, at } of finding.telling) {
      intents.take(operation, body, seq, at);
      if (operation === 'audit.prune') allowed.push(...prunedRanges(body));
    }
  }
  // What is left over was vouched for and is not there.
  if (entries !== log.entries || bySize.size > 0) return null;
  if (!emptied.every((seq) => allowed.some(([from, to]) => seq >= from && seq <= to))) return null;
  if (intents.overdue(log.now, log.deadlineMs).length > 0) return null;
  return { verified: true, entries, root: Buffer.from(root).toString('hex'), faults: [], lastRight };
}
