import type { DisclosurePolicy } from '../../src/catalog/disclosure-policy.ts';
import { type KinFamilies, NO_KIN } from '../../src/catalog/kin-families.ts';
import { LedgerIndex } from '../../src/egress/ledger/ledger-index.ts';
import { type LedgerPort, type LedgerVerdict, type NewEntry, type RegisteredFigure, settleRows } from '../../src/pipeline.ts';

interface Kept {
  readonly entry: NewEntry;
  readonly job: string;
  readonly figure: RegisteredFigure;
  state: 'reserved' | 'released' | 'dropped';
}

/** A ledger in memory with the product's own decision: what the store keeps, without the store. */
export interface MemoryLedger {
  /** The ledger as a job sees it. */
  of(job: string, policy: DisclosurePolicy, kin?: KinFamilies): LedgerPort & { readonly verdicts: readonly LedgerVerdict[] };
  release(job: string): void;
  drop(job: string): void;
  readonly size: number;
}

export function memoryLedger(): MemoryLedger {
  const index = new LedgerIndex();
  const kept = new Map<number, Kept>();
  let next = 1;
  const change = (job: string, state: 'released' | 'dropped'): void => {
    for (const [seq, item] of kept) {
      if (item.job !== job || item.state !== 'reserved') continue;
      item.state = state;
      for (const part of indexed(seq, item)) index.apply([part]);
    }
  };
  return {
    of(job, policy, kin = NO_KIN) {
      const verdicts: LedgerVerdict[] = [];
      const found = (seqs: readonly number[]): readonly RegisteredFigure[] =>
        seqs.flatMap((seq) => {
          const item = kept.get(seq);
          if (item === undefined) return [];
          return [{ ...item.figure, state: item.job === job || item.state === 'released' ? ('released' as const) : ('reserved' as const) }];
        });
      return {
        verdicts,
        async settle(rows) {
          const settled = settleRows(
            rows,
            {
              near: (unitType, namespace, sketch, k) => found(index.near(unitType, namespace, sketch, k)),
              kin,
              family: (unitType, family) => found(index.family(unitType, family, 80, kin)),
              mixed: (unitType) => found(index.mixed(unitType, 80)),
              span: (unitType, family) => found(index.family(unitType, family, Number.POSITIVE_INFINITY, kin)),
            },
            policy,
          );
          verdicts.push(...settled.verdicts.flat());
          for (const entry of settled.entries) {
            const { figure, answered, labels } = entry;
            for (const { unitType, sketch: own } of figure.sketches) {
              const sketch = { ...own, mask: own.sure };
              const seq = next++;
              const { isMagnitude, total, value } = figure;
              const registered: RegisteredFigure = {
                seq,
                family: figure.family,
                state: 'reserved',
                row: `${job}/${entry.row}`,
                isMagnitude,
                sketch,
                total,
                value,
                answered,
                labels,
              };
              const item: Kept = {
                entry: { ...entry, figure: { ...figure, sketches: [{ unitType, sketch }] } },
                job,
                figure: registered,
                state: 'reserved',
              };
              kept.set(seq, item);
              for (const part of indexed(seq, item)) index.apply([part]);
            }
          }
          return settled.verdicts;
        },
      };
    },
    release: (job) => change(job, 'released'),
    drop: (job) => change(job, 'dropped'),
    get size() {
      return index.size;
    },
  };
}

function indexed(seq: number, { entry, job, state }: Kept): Parameters<LedgerIndex['apply']>[0] {
  const { namespace, family, sketches } = entry.figure;
  return sketches.map(({ unitType, sketch }) => ({ seq, job, unitType, namespace, family, state, coarse: sketch }));
}
