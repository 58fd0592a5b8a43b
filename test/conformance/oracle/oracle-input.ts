import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import type { Catalog } from '../case-file.ts';
import type { RealData } from '../real-data.ts';

/** What the oracle judges by: the declared catalogue, the raw tables, the policy, and the one person of the case file. */
export interface OracleInput {
  readonly catalog: Catalog;
  readonly data: RealData;
  readonly policy: DisclosurePolicy;
  /** Whole numbers are read as BIGINT: what the product computes with wider ones would overflow in its text. */
  readonly wide?: boolean;
  readonly victim: Readonly<Record<string, string | number>>;
}
