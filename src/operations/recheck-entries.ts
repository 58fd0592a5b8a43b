import { type DisclosurePolicy, weakerThresholds } from '../catalog/disclosure-policy.ts';
import { type KinFamilies, kinFamilies, NO_KIN } from '../catalog/kin-families.ts';
import { MOST_BASIS } from '../egress/ledger/combinations.ts';
import type { LedgerIndex } from '../egress/ledger/ledger-index.ts';
import { type CheckedFigure, type Clash, recheckFigure } from '../egress/ledger/recheck.ts';
import { decodeSketch } from '../egress/ledger/sketch-bytes.ts';
import type { LedgerEntry } from './ledger-store.ts';
import type { DatasetRecord, StoreView } from './ports.ts';

/** Which entries are looked at again, and beside which others. */
export interface Recheck {
  readonly dataset: string;
  readonly policy: DisclosurePolicy;
  /** Numbers of the entries to look at. */
  readonly seqs: readonly number[];
  /** Holds at least the entries that they are compared with. */
  readonly index: LedgerIndex;
  /** Which families are combined with one another. */
  readonly kin: KinFamilies;
  /** Whether an entry of another job counts. */
  readonly isBeside: (other: { readonly seq: number; readonly state: string }, figure: number) => boolean;
}

/** The kin of families by the data of the version in force. Source: ADR 0049. */
export async function kinInForce(
  view: Pick<StoreView, 'datasets'>,
  { name, dataset, currentVersion }: Pick<DatasetRecord, 'name' | 'dataset' | 'currentVersion'>,
): Promise<KinFamilies> {
  const version = currentVersion === null ? null : await view.datasets.version(name, currentVersion);
  return version === null ? NO_KIN : kinFamilies(dataset, version.profile);
}

export interface EntryClash extends Clash {
  /** Of the entry that clashes, and of those it clashes with. */
  readonly job: string;
  readonly jobs: readonly string[];
}

/**
 * Looks at entries of one dataset again, on their stored sketches alone: beside others, and beside earlier ones of the same
 * job where the policy is stricter than the one they were decided by together. Runs nothing over data and changes nothing.
 * Throws where an entry cannot be read. Source: gate.md §7 (atomic, replay), ADR 0014.
 */
export async function recheckEntries(view: Pick<StoreView, 'ledger'>, recheck: Recheck): Promise<readonly EntryClash[]> {
  const { dataset, policy, index } = recheck;
  const own = await view.ledger.entries(dataset, recheck.seqs);
  const beside = new Map(own.map((entry) => [entry.seq, namesBeside(entry, recheck)]));
  const wanted = new Set([...beside.values()].flatMap(({ near, family }) => [...near, ...family]));
  const known = new Map<number, CheckedFigure>();
  for (const entry of [...own, ...(await view.ledger.entries(dataset, [...wanted]))]) known.set(entry.seq, checked(entry));
  const found = (seqs: readonly number[]): readonly CheckedFigure[] => seqs.flatMap((seq) => known.get(seq) ?? []);
  return own.flatMap(({ seq, job }): readonly EntryClash[] => {
    const figure = known.get(seq);
    const names = beside.get(seq);
    if (figure === undefined || names === undefined) throw new Error('A ledger entry cannot be read');
    const clash = recheckFigure(figure, { near: () => found(names.near), family: () => found(names.family) }, policy);
    if (clash === undefined) return [];
    const jobs = new Set(clash.entries.flatMap((other) => index.get(other)?.job ?? []));
    return [{ ...clash, job, jobs: [...jobs].sort() }];
  });
}

interface NamesBeside {
  readonly near: readonly number[];
  readonly family: readonly number[];
}

function namesBeside(entry: LedgerEntry, { index, policy, kin, isBeside }: Recheck): NamesBeside {
  const isDecidedAnew = weakerThresholds(entry.body.policy, policy).length > 0;
  const counts = (seq: number): boolean => {
    const other = index.get(seq);
    if (other === undefined || seq === entry.seq) return false;
    return other.job === entry.job ? isDecidedAnew && seq < entry.seq : isBeside(other, entry.seq);
  };
  const { sketch } = checked(entry);
  const near = index.near(entry.unitType, entry.namespace, sketch, policy.k).filter(counts);
  const family = index.family(entry.unitType, entry.family, Number.POSITIVE_INFINITY, kin).filter(counts).slice(0, MOST_BASIS);
  return { near, family: entry.namespace === 'linear' ? family : [] };
}

function checked({ seq, unitType, namespace, family, sketch, body }: LedgerEntry): CheckedFigure {
  const decoded = decodeSketch(sketch);
  if (decoded === undefined) throw new Error('A ledger entry cannot be read');
  const { isMagnitude, isOneSigned, units, policy } = body;
  const functional = typeof body.figure === 'string' && !body.isTotal ? body.figure : null;
  return { seq, unitType, namespace, family, isMagnitude, isOneSigned, units, policy, sketch: decoded, functional };
}
