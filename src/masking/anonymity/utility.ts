import type { Classes } from './classes.ts';
import { type LossTable, lossAt } from './loss.ts';
import type { Records } from './records.ts';

/** How much of the data is left. */
export interface Utility {
  /** Σ f² over classes that stay, plus rows × all rows for those taken out. Smaller is better. */
  readonly discernibility: number;
  /** Σ f² over all classes, those taken out among them. */
  readonly monotoneDiscernibility: number;
  /** Rows per class that stays; null where none does. */
  readonly averageClassSize: number | null;
  /** Bits lost, and as a share of what losing everything would be. Null for classes that are not levels of a lattice. */
  readonly nonUniformEntropy: number | null;
  readonly entropyShare: number | null;
}

/** Utility of what stays. `levels`: null for classes of Mondrian. Source: Bayardo and Agrawal 2005 (discernibility); LeFevre 2006 (average class size); Gionis and Tassa 2009. */
export function utilityOf(
  records: Records,
  classes: Classes,
  failing: Uint8Array,
  loss: LossTable,
  levels: readonly number[] | null,
): Utility {
  let [kept, all, keptRows, keptClasses, lost] = [0, 0, 0, 0, 0];
  for (let id = 0; id < classes.count; id += 1) {
    const rows = classes.rows[id] ?? 0;
    all += rows * rows;
    if (failing[id] === 1) lost += rows;
    else {
      kept += rows * rows;
      keptRows += rows;
      keptClasses += 1;
    }
  }
  const entropy = levels === null ? null : lossAt(loss, levels);
  // What has one level alone is not shown.
  const most = records.attributes.reduce((sum, { names }, index) => sum + (names.length < 2 ? 0 : everything(records, loss, index)), 0);
  return {
    discernibility: kept + lost * records.rows,
    monotoneDiscernibility: all,
    averageClassSize: keptClasses === 0 ? null : keptRows / keptClasses,
    nonUniformEntropy: entropy,
    entropyShare: entropy === null ? null : most === 0 ? 0 : entropy / most,
  };
}

function everything(records: Records, loss: LossTable, attribute: number): number {
  const codes = records.codes[attribute] ?? new Int32Array();
  const bits = loss.suppressed[attribute] ?? new Float64Array();
  let sum = 0;
  for (const [entry, code] of codes.entries()) sum += (records.weights[entry] ?? 0) * (bits[code] ?? 0);
  return sum;
}
