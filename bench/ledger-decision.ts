import { DEFAULT_POLICY } from '../src/catalog/disclosure-policy.ts';
import { BasisShelf } from '../src/egress/ledger/basis-shelf.ts';
import { MOST_BASIS } from '../src/egress/ledger/combinations.ts';
import { decideByLedger } from '../src/egress/ledger/ledger.ts';
import type { LedgerEntry, LedgerStatement } from '../src/egress/ledger/ledger-statement.ts';
import { BUCKETS, coarsen, type Sketch, sketchOfBuckets } from '../src/egress/ledger/sketch.ts';
import { MODULUS } from '../src/kernel/modular.ts';
import type { Emit } from './bench-line.ts';
import { median } from './gate-measure.ts';
import { numbers } from './ledger.ts';

const ROUNDS = 7;
const CELLS = [1, 4, 25, 120, 1200];

/**
 * What deciding on one family of a statement costs beside 80 earlier figures that have nothing to do with it, in
 * processor time of the host: the usual case. Above 1,000 cells figures have lanes only, as in the gate.
 */
export function runLedgerDecisionBench(emit: Emit): void {
  const random = numbers(3);
  const basis = Array.from(
    { length: MOST_BASIS },
    (_, at): LedgerEntry => ({
      id: MOST_BASIS - at,
      statement: 'earlier',
      row: `earlier/${at}`,
      state: 'released',
      isMagnitude: true,
      sketch: anySketch(random),
    }),
  );
  const shelf = new BasisShelf();
  const decide = (cells: number, kept: BasisShelf): number => {
    const statement = statementOf(cells, random);
    const used = process.cpuUsage();
    decideByLedger(statement, { near: () => [], basis, span: [], shelf: kept }, DEFAULT_POLICY, { rows: 'each' });
    const { user, system } = process.cpuUsage(used);
    return (user + system) / 1000;
  };
  for (const cells of CELLS) {
    const fresh = median(Array.from({ length: ROUNDS }, () => decide(cells, new BasisShelf())));
    const again = median(Array.from({ length: ROUNDS }, () => decide(cells, shelf)));
    emit({ name: 'ledger', metric: `decision-of-${cells}-figures, a new basis`, value: fresh, unit: 'ms' });
    emit({ name: 'ledger', metric: `decision-of-${cells}-figures, a known basis`, value: again, unit: 'ms' });
  }
}

function statementOf(cells: number, random: () => number): LedgerStatement {
  const sketches = Array.from({ length: cells }, () => (cells > 1000 ? coarsen(anySketch(random)) : anySketch(random)));
  return {
    id: 'own',
    gates: [
      {
        rowsId: 'rows',
        keys: ['key'],
        oneRow: false,
        terms: [{ name: 'sum', isMagnitude: true, isOneSigned: true }],
        cells: sketches.map((sketch, at) => ({
          key: [`cell ${at}`],
          units: 1000,
          figures: [{ sketch, units: 1000, isReleased: true }],
        })),
      },
    ],
  };
}

/** A figure of 256 buckets that has nothing to do with any other. */
export function anySketch(random: () => number): Sketch {
  const vector = Uint32Array.from({ length: BUCKETS }, () => 1 + Math.floor(random() * (MODULUS - 1)));
  return sketchOfBuckets(vector, { scale: 2, digits: Array.from({ length: BUCKETS }, () => BigInt(Math.floor(random() * 1e6))) });
}
