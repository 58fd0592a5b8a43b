/** What may be declared to leave the domain. Raw data is no kind. Source: requirements.md §10.1 (GZ-4c, NB-19b, CQ-OP-3a, QY-24c). */
export const PRODUCT_KINDS = [
  'masked_dataset',
  'api',
  'indicator',
  'report',
  'model_algorithm',
  'component',
  'application',
  'service',
  'business_service',
  'verification',
] as const;
export type ProductKind = (typeof PRODUCT_KINDS)[number];

/**
 * Every check of the gate, in the order in which the gate goes through them: purpose, format, raw match, masking, consent,
 * threshold, differencing, reversibility, linkage, assessment on record, human review, filing, watermark; O is what stays on
 * watch after the release. Source: requirements.md §10.2, §10.3 (order).
 */
export const EGRESS_CHECKS = ['P', 'S', 'X', 'M', 'C', 'K', 'D', 'R', 'L', 'A', 'H', 'F', 'W', 'O'] as const;
export type EgressCheck = (typeof EGRESS_CHECKS)[number];

/** `required`, `ifApplies` (the profile or the content says whether), or `no`. */
export type CheckNeed = 'required' | 'ifApplies' | 'no';

const NEEDS: Readonly<Record<string, CheckNeed>> = { '●': 'required', '○': 'ifApplies', '·': 'no' };

/** One row of the table, columns K D M C X R L P S H A F W O as the reference prints them. */
const COLUMNS: readonly EgressCheck[] = ['K', 'D', 'M', 'C', 'X', 'R', 'L', 'P', 'S', 'H', 'A', 'F', 'W', 'O'];
const TABLE: Readonly<Record<ProductKind, string>> = {
  indicator: '● ● ● ○ · ● ● ● ● ● ● ○ ● ·',
  report: '● ● ● ○ ● ● ● ● ● ● ● ○ ● ·',
  masked_dataset: '○ ● ● ○ ● ● ● ● ● ● ● ○ ● ·',
  model_algorithm: '○ ○ ● ○ ● ● ● ● ● ● ● ○ ● ·',
  component: '· · ● ○ ● ● ○ ● ● ● ● ○ ● ·',
  application: '· · ● ○ ● ● ○ ● ● ● ● ○ ● ●',
  api: '● ● ● ○ ● ● ● ● ● ● ● ○ · ●',
  service: '● ● ● ○ ● ● ● ● ● ● ● ○ ● ●',
  business_service: '● ● ● ○ ● ● ● ● ● ● ● ○ ● ●',
  verification: '· ● ● ● · ● ● ● ● ● ● ○ · ●',
};

/** Kinds of which single rows leave: they carry a watermark of their recipient. Source: requirements.md §10.3 (W), GZ-27c. */
export const ROW_LEVEL_KINDS: readonly ProductKind[] = ['masked_dataset'];

/**
 * What a kind needs of a check. Throws on a kind or check that is not in the table: nothing unknown passes as not needed.
 * Source: requirements.md §10.3.
 */
export function checkNeed(kind: ProductKind, check: EgressCheck): CheckNeed {
  const row = Object.hasOwn(TABLE, kind) ? TABLE[kind].split(' ') : [];
  const need = NEEDS[row[COLUMNS.indexOf(check)] ?? ''];
  if (need === undefined) throw new RangeError('Unknown product kind or check');
  return need;
}

/** The checks a kind needs, in the order of the gate, each with whether it may turn out not to apply. Source: requirements.md §10.3. */
export function checksOf(kind: ProductKind): readonly { readonly check: EgressCheck; readonly need: Exclude<CheckNeed, 'no'> }[] {
  return EGRESS_CHECKS.flatMap((check) => {
    const need = checkNeed(kind, check);
    return need === 'no' ? [] : [{ check, need }];
  });
}

/** Whether a text from outside names a kind. Does not say that a profile lets it leave. Source: requirements.md GZ-4c. */
export function isProductKind(text: string): text is ProductKind {
  return (PRODUCT_KINDS as readonly string[]).includes(text);
}
