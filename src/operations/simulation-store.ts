import type { DatasetVersion } from '../catalog/dataset.ts';
import type { ColumnWish } from '../synthetic/query-wishes.ts';
import type { SimulationView } from './simulation-interface.ts';

/** A simulation set as it is kept. Source: requirement GZ-7a (simset). */
export interface SimulationRecord extends SimulationView {
  readonly owner: { readonly id: string; readonly organisation: string };
  /** What the gate needs of it, as for a real version; `origin` is `simulation`. */
  readonly version: DatasetVersion;
  /** Of the declaration it was made from; see `schemaDigest`. */
  readonly schemaDigest: string;
  /** What a merchant's query asked of columns when it was made. */
  readonly wishes?: Readonly<Record<string, ColumnWish>>;
  readonly reasons?: readonly { readonly by: string; readonly step: string; readonly at: string; readonly reason: string }[];
}

/** What of a set may change as it goes. */
export type SimulationBody = Pick<SimulationRecord, 'checkedBy' | 'publishedBy' | 'reasons'>;
