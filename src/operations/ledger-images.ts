import type { IndexImage, LedgerIndex } from '../egress/ledger/ledger-index.ts';
import type { LedgerMark } from './ledger-store.ts';
import type { StorePort } from './ports.ts';

/** An index that was read, with where the store stood when it was taken. */
export interface LedgerImage {
  readonly mark: LedgerMark;
  readonly index: LedgerIndex;
}

/** Images of indexes beside the store: a process that starts reads one instead of a million records. Source: ADR 0025. */
export interface LedgerImages {
  /** Null where there is none that can be trusted. Throws nothing. */
  read(dataset: string): Promise<LedgerImage | null>;
  /** Throws nothing: an image may be missing. */
  write(dataset: string, mark: LedgerMark, image: IndexImage): Promise<void>;
}

const IMAGES = new WeakMap<StorePort, LedgerImages>();

/** Images of this store's ledgers are kept there from now on. Without, every start reads the records. */
export function keepLedgerImages(store: StorePort, images: LedgerImages): void {
  IMAGES.set(store, images);
}

export function imagesOf(store: StorePort): LedgerImages | undefined {
  return IMAGES.get(store);
}
