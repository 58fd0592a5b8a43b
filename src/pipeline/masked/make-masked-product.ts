import { isNumericType } from '../../egress/csv.ts';
import type { EgressFinding } from '../../egress/finding.ts';
import type { ReleaseCell, ReleaseContent, ReleaseTable } from '../../egress/release-content.ts';
import { testReversibility } from '../../egress/reversibility/test-reversibility.ts';
import { compositionFindings, type Membership, type SealedMembership, sealNumbers } from '../../egress/rows/composition.ts';
import { rawMatchFindings } from '../../egress/rows/raw-match.ts';
import { rowLinkageFindings } from '../../egress/rows/row-linkage.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { Rng } from '../../kernel/rng.ts';
import { type MaskedRows, makeMaskedRows, type RowsToMask } from '../../masking/dataset/make-masked-rows.ts';
import type { PlannedColumn } from '../../masking/dataset/plan-masked-dataset.ts';
import type { RiskReport } from '../../masking/risk/risk-report.ts';
import type { Problem } from '../../problems/problem.ts';
import { type ExternalList, externalChecks } from './external-lists.ts';

type Values = readonly (string | null)[];

/** Rows to mask with what was let out of the same people before. */
export interface MaskedProductRequest {
  readonly input: RowsToMask;
  readonly earlier: readonly Membership[];
  readonly external: readonly ExternalList[];
}

/** What is sealed of a masked dataset, and what was found on it. */
export interface MaskedProduct {
  readonly table: ReleaseTable;
  readonly watermark: NonNullable<ReleaseContent['watermark']>;
  readonly membership: SealedMembership;
  readonly findings: readonly EgressFinding[];
  readonly risk: RiskReport;
  readonly summary: MaskedSummary;
}

/** How it was made, for whoever reviews it. Shares and levels, no counts of people. */
export interface MaskedSummary {
  readonly algorithm: 'lattice' | 'mondrian';
  readonly optimal: boolean;
  readonly levels: Readonly<Record<string, number>> | null;
  readonly suppressed: number;
  readonly entropyShare: number | null;
  readonly columns: { readonly generalised: readonly string[]; readonly carried: readonly string[]; readonly left: readonly string[] };
}

/** Columns of our own: which row is which, drawn anew for every product, and digits that carry nothing but the mark of the recipient. */
export const RECORD_COLUMN = 'record';
export const CHECK_COLUMN = 'check_digits';

/** Learned decoders take their time; rows are spread evenly. Own measurement. */
const TESTED_ROWS = 500;
const LETTERS = 'bcdfghjkmnpqrstvwxz';
const RECORD_LETTERS = 12;

/**
 * A masked dataset of the rows of a sealed version: operators, anonymity, then the checks of row-level kinds on what came out, X (raw match), R (reversibility) and L (linkage and composition with earlier ones). Rows are marked
 * only when they are released. What it holds besides the table stays in the domain.
 * Source: issue "Masking" (masked datasets); requirements.md §10.3 (masked_dataset), GZ-28c to e.
 */
export function makeMaskedProduct({ input, earlier, external }: MaskedProductRequest, rng: Rng): Result<MaskedProduct, readonly Problem[]> {
  const masked = makeMaskedRows(input, rng);
  if (!masked.ok) return masked;
  const { header, cells, order, made, risk } = masked.value;
  const keys = Int32Array.from(order, (row) => Number(input.units[row] ?? -1));
  const quasi = input.plan.quasi.length;
  const classes = classesOf(cells.slice(0, quasi), order.length);
  const values = new Map(input.plan.carried.map(({ column }, at) => [column.name, cells[quasi + at] ?? []]));
  const current: Membership = { keys, classes, values };
  const { plan } = input;
  return ok({
    table: tableOf(masked.value, [...plan.quasi.map(() => null), ...plan.carried], rng),
    watermark: { columns: [...markable(plan.carried), CHECK_COLUMN], anchors: [RECORD_COLUMN] },
    membership: {
      unit: plan.unit,
      keys: sealNumbers(keys),
      classes: sealNumbers(classes),
      carried: plan.carried.map(({ column }) => column.name),
    },
    findings: [
      ...rawMatchFindings(
        header.map((name, at) => ({ name, cells: cells[at] ?? [], isMasked: isMasked([...plan.quasi, ...plan.carried][at]) })),
        [...plan.quasi, ...plan.carried].map(({ column }) => ({ name: column.name, cells: input.columns.get(column.name) ?? [] })),
      ),
      ...reversibilityFindings(masked.value, input),
      ...rowLinkageFindings(
        values,
        earlier.map((release) => release.values),
      ),
      ...externalChecks(masked.value, input, keys, external, rng),
      ...compositionFindings(current, earlier, input.spec.k),
      ...gradeFindings(risk),
    ],
    risk,
    summary: {
      algorithm: made.algorithm,
      optimal: made.optimal,
      levels: made.levels,
      suppressed: made.suppressedRows / Math.max(1, input.rows),
      entropyShare: made.utility.entropyShare,
      columns: {
        generalised: plan.quasi.map(({ column }) => column.name),
        carried: plan.carried.map(({ column }) => column.name),
        left: plan.left,
      },
    },
  });
}

/** K: more than the profile accepts is for people to answer for. Source: GB/T 42460-2023 §4. */
function gradeFindings({ grade, accepted }: RiskReport): readonly EgressFinding[] {
  if (grade === 3) return [];
  return [
    {
      rule: 'risk.grade',
      severity: 'soft',
      check: 'K',
      version: '1',
      threshold: String(accepted),
      measuredBand: 'above what is accepted',
      text: `Grade ${grade}: the person most easily found is found with a higher chance than the profile accepts (risk.html).`,
      fix: 'Ask for a larger k, or say in a waiver why the chance is acceptable here.',
    },
  ];
}

function isMasked(planned: PlannedColumn | undefined): boolean {
  return planned?.operator.operator !== 'keep';
}

/** Numbers of the classes that rows show, by first appearance. */
function classesOf(columns: readonly Values[], rows: number): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from({ length: rows }, (_, row) => {
    const key = JSON.stringify(columns.map((column) => column[row] ?? null));
    const id = known.get(key) ?? known.size;
    known.set(key, id);
    return id;
  });
}

/** Exact measures that leave as they are: their last digit may carry the mark. */
function markable(carried: readonly PlannedColumn[]): readonly string[] {
  return carried
    .filter(({ column, operator }) => operator.operator === 'keep' && column.role === 'measure' && isExact(column.type))
    .map(({ column }) => column.name);
}

function isExact(type: string): boolean {
  return isNumericType(type) && !/^(FLOAT|DOUBLE|REAL)/i.test(type);
}

function tableOf({ header, cells, order }: MaskedRows, planned: readonly (PlannedColumn | null)[], rng: Rng): ReleaseTable {
  const typeOf = (at: number): string => {
    const item = planned[at];
    return item?.operator.operator === 'keep' ? item.column.type : 'VARCHAR';
  };
  const types = header.map((_, at) => typeOf(at));
  const random = drawer(rng);
  const records = new Set<string>();
  while (records.size < order.length) records.add(Array.from({ length: RECORD_LETTERS }, () => LETTERS[random(LETTERS.length)]).join(''));
  const names = [...records];
  const rows = Array.from(order, (_, row): readonly ReleaseCell[] => [
    names[row] ?? '',
    ...header.map((_name, at) => cellOf(cells[at]?.[row] ?? null, types[at] ?? 'VARCHAR')),
    random(10_000),
  ]);
  return {
    columns: [
      { name: RECORD_COLUMN, type: 'VARCHAR' },
      ...header.map((name, at) => ({ name, type: types[at] ?? 'VARCHAR' })),
      { name: CHECK_COLUMN, type: 'INTEGER' },
    ],
    rows,
  };
}

function cellOf(cell: string | null, type: string): ReleaseCell {
  if (cell === null || !/^(U?(TINY|SMALL)INT|U?INTEGER)$/i.test(type)) return cell;
  const number = Number(cell);
  return Number.isSafeInteger(number) ? number : cell;
}

/** Whole numbers below a bound of at most 2¹⁶, drawn in blocks. */
function drawer(rng: Rng): (below: number) => number {
  let block = new Uint16Array();
  let at = 0;
  return (below) => {
    const limit = 65_536 - (65_536 % below);
    for (;;) {
      if (at >= block.length) {
        block = new Uint16Array(new Uint8Array(rng.bytes(16_384)).buffer);
        at = 0;
      }
      const drawn = block[at] ?? 0;
      at += 1;
      if (drawn < limit) return drawn % below;
    }
  };
}

/** R over rows whose true ones are known to the tester, which is more than anybody outside knows. Only what was to change must not be restored. */
function reversibilityFindings({ header, cells, order, made }: MaskedRows, { plan, columns, units }: RowsToMask): readonly EgressFinding[] {
  const step = Math.max(1, Math.ceil(order.length / TESTED_ROWS));
  const sample = Array.from(order.keys()).filter((at) => at % step === 0);
  const original = [...plan.quasi, ...plan.carried];
  const changed = original.filter(({ column, operator }) => operator.operator !== 'keep' || (made.levels?.[column.name] ?? 0) > 0);
  const trueOf = (values: Values): Values => sample.map((at) => values[order[at] ?? 0] ?? null);
  const report = testReversibility({
    released: header.map((name, at) => ({ name, cells: sample.map((row) => cells[at]?.[row] ?? null) })),
    original: original.map(({ column }) => ({ name: column.name, cells: trueOf(columns.get(column.name) ?? []) })),
    protectedColumns: [
      ...changed.map(({ column }) => ({ name: column.name, cells: trueOf(columns.get(column.name) ?? []) })),
      { name: `unit ${plan.unit}`, cells: trueOf(units) },
    ],
    earlier: [],
    k: made.rows,
  });
  const found = report.findings.filter(({ result }) => result !== 'notFound');
  return found.map((item) => ({
    rule: item.result === 'reversible' ? 'reversibility.restored' : 'reversibility.partly',
    severity: item.result === 'reversible' ? 'hard' : 'soft',
    check: 'R',
    version: '1',
    column: item.column,
    threshold: item.result === 'reversible' ? '0.99' : '0.5',
    measuredBand: item.result === 'reversible' ? 'nearly all rows' : 'many rows',
    text: `${item.original ?? 'An original'} comes back from this column by: ${item.test}.`,
    fix: 'Generalise the column further, leave it out, or say in a waiver why what comes back does no harm.',
  }));
}
