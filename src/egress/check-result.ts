import { createHash } from 'node:crypto';
import type { ColumnLineage } from '../catalog/column-lineage.ts';
import type { Dataset } from '../catalog/dataset.ts';
import type { Grant } from '../catalog/grant.ts';
import { type DetectedColumn, detectTable, type TableFind } from '../identifiers/detect-table.ts';
import type { IdentifierKind } from '../identifiers/identifier-kind.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { isNumericType } from './csv.ts';
import type { EgressFinding } from './finding.ts';
import { type LineageFault, lineageFaults } from './lineage-rules.ts';
import type { EgressCheck } from './product-kinds.ts';
import type { ReleaseCell, ReleaseTable } from './release-content.ts';
import { formatFindings } from './result-format.ts';

/** Order of the gate. Source: requirements.md §10.3. */
const ORDER: readonly EgressCheck[] = ['P', 'S', 'X', 'M', 'C', 'K', 'D', 'R', 'L', 'A', 'H', 'F', 'W'];
/** Kinds whose form alone is enough to stop; names, addresses and places may be labels and are put before people. Own design: ADR 0017. */
const STOPPING: ReadonlySet<IdentifierKind> = new Set(['residentId', 'uscc', 'mobile', 'bankCard', 'plate', 'passport', 'email']);
const VERSION = '1';

/** A sealed result with what it was made from. */
export interface ResultToCheck {
  readonly table: ReleaseTable;
  /** `table.column` of every base column that the query reads. */
  readonly columnsRead: readonly string[];
  /** What each column of the table derives from. Null: the table is a report of our own, made of no column. */
  readonly lineage: readonly ColumnLineage[] | null;
  readonly dataset: Dataset;
  readonly grant: Grant;
  /** What the gates found while the figures were made (K, D and the ledger's part of R and L). */
  readonly gateFindings: readonly EgressFinding[];
  /** Rows leave, not figures: caps of their own. */
  readonly isRowLevel?: boolean;
}

/**
 * The automatic gate on a sealed result, whatever made it: scope, form, identifiers open or disguised, columns that may not be read, beside what
 * was found while the figures were made; in the order P, S, X, M, C, K, D, R, L, A, H, F, W. A `hard` finding stops the result for good.
 * Findings name columns and kinds, never values, rows or exact counts. X and R over rows are for kinds with rows and are
 * `testReversibility`; A, H, F, W are carried out after the content is sealed.
 * Source: requirements.md §10.2, §10.3; GZ-28c, GZ-28d.
 */
export function checkResult(result: ResultToCheck): readonly EgressFinding[] {
  const own = [
    ...scopeFindings(result),
    ...formatFindings(result.table, result.isRowLevel),
    ...lineageFindings(result),
    ...contentFindings(result),
  ];
  const rank = (finding: EgressFinding): number => (finding.check === undefined ? ORDER.length : ORDER.indexOf(finding.check));
  return [...own, ...result.gateFindings].toSorted((one, other) => rank(one) - rank(other));
}

interface Declared {
  readonly table: string;
  readonly column: Dataset['tables'][number]['columns'][number];
}

function declaredOf(dataset: Dataset, path: string): Declared | undefined {
  for (const table of dataset.tables) {
    const column = table.columns.find((item) => `${table.name}.${item.name}` === path);
    if (column !== undefined) return { table: table.name, column };
  }
  return undefined;
}

/** P: only declared columns, and only granted ones. */
function scopeFindings({ columnsRead, dataset, grant }: ResultToCheck): readonly EgressFinding[] {
  const outside = columnsRead.filter((path) => {
    const found = declaredOf(dataset, path);
    if (found === undefined) return true;
    const granted = grant.tables[found.table];
    return granted !== '*' && granted?.includes(found.column.name) !== true;
  });
  if (outside.length === 0) return [];
  return [
    hard(
      'P',
      'scope.columns',
      'Columns behind the result are not within the grant.',
      'Ask for a grant that covers them, or leave them out.',
      outside,
    ),
  ];
}

const LINEAGE_TEXTS: Readonly<Record<LineageFault['rule'], readonly [text: string, fix: string]>> = {
  'masking.lineage': ['A column that names somebody, or a secret, stands behind this column.', 'Leave the column out of the query.'],
  'masking.lineage-masked': [
    'A masked column stands behind this column without the masking of its policy.',
    'Show it as coarse as the policy says, or use it in conditions only.',
  ],
  'masking.lineage-unknown': ['What this column derives from cannot be told.', 'Name columns plainly, each with its table.'],
};

/** M by lineage: what names people, and secrets that may not enter, is behind no figure and no label; what is masked only as its policy says. */
function lineageFindings({ columnsRead, lineage, table, dataset }: ResultToCheck): readonly EgressFinding[] {
  const named = columnsRead.filter((path) => {
    const column = declaredOf(dataset, path)?.column;
    return column?.role === 'directId' || column?.label === 'workSecret' || column?.label === 'stateSecret';
  });
  const names = table.columns.map((column) => column.name);
  const faults = lineage === null ? [] : lineageFaults(lineage, names, columnsRead, dataset);
  const told = [...Map.groupBy(faults, ({ rule, column }) => JSON.stringify([rule, column])).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const [text, fix] = LINEAGE_TEXTS[first.rule];
    const finding = hard(
      'M',
      first.rule,
      text,
      fix,
      group.map((fault) => fault.source),
    );
    return [names.includes(first.column) ? { ...finding, column: first.column } : finding];
  });
  if (named.length === 0) return told;
  return [
    hard(
      'M',
      'masking.lineage',
      'A column that names somebody, or a secret, stands behind the result.',
      'Leave the column out of the query.',
      named,
    ),
    ...told.filter((finding) => finding.rule !== 'masking.lineage'),
  ];
}

/** M by content: identifiers in cells and in the names of columns. Labels that the declaration lists are no identifiers. */
function contentFindings({ table, dataset }: ResultToCheck): readonly EgressFinding[] {
  const labels = new Set(dataset.tables.flatMap((item) => item.columns.flatMap((column) => (column.domain ?? []).map(String))));
  const columns = table.columns.map(
    ({ name, type }, at): DetectedColumn => ({
      name,
      isFigure: isNumericType(type),
      cells: table.rows.map((row) => textOf(row[at] ?? null, labels)),
    }),
  );
  const groups = new Map<string, TableFind[]>();
  for (const find of detectTable(columns)) {
    const key = `${find.column}|${find.kind}|${find.disguise ?? ''}`;
    groups.set(key, [...(groups.get(key) ?? []), find]);
  }
  return [...groups.values()].flatMap((finds) => {
    const [first] = finds;
    return first === undefined ? [] : [identifierFinding(first, finds.length, table)];
  });
}

function textOf(cell: ReleaseCell, labels: ReadonlySet<string>): string | null {
  if (cell === null || typeof cell === 'boolean') return null;
  const text = String(cell);
  return labels.has(text) ? null : text;
}

function identifierFinding({ kind, evidence, disguise, column, row }: TableFind, cells: number, table: ReleaseTable): EgressFinding {
  const how = disguise === undefined ? '' : `, disguised (${disguise})`;
  const isHard = STOPPING.has(kind);
  return {
    rule: `masking.${kind}`,
    severity: isHard ? 'hard' : 'soft',
    check: 'M',
    version: VERSION,
    // A name that is an identifier is not repeated.
    column: row === 0 ? `#${column + 1}` : (table.columns[column]?.name ?? `#${column + 1}`),
    threshold: '0',
    measuredBand: cells < 10 ? 'fewer than 10' : '10 or more',
    evidenceDigest: digestOf([kind, evidence, disguise ?? '', column]),
    text: `Cells of this column read as ${kind} by ${evidence}${how}.`,
    fix: isHard
      ? 'Leave the column out, or group by something that names nobody.'
      : 'Say in a waiver why these are no identifiers, or leave the column out.',
  };
}

function hard(check: EgressCheck, rule: string, text: string, fix: string, evidence: readonly string[]): EgressFinding {
  return {
    rule,
    severity: 'hard',
    check,
    version: VERSION,
    threshold: '0',
    measuredBand: '1 or more',
    evidenceDigest: digestOf(evidence),
    text,
    fix,
  };
}

function digestOf(evidence: readonly (string | number)[]): string {
  return createHash('sha256').update(canonicalJson(evidence)).digest('hex');
}
