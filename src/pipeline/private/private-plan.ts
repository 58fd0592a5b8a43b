import type { Dataset } from '../../catalog/dataset.ts';
import type { PrivateMode } from '../../catalog/disclosure-mode.ts';
import { parseDecimal } from '../../kernel/decimal.ts';
import type { ModeConstruct } from '../../problems/codes/mode.ts';
import { NOTHING_DROPPED, printCondition } from '../../sandbox/sql/model/condition.ts';
import type { GateProgram, Term } from '../../sandbox/sql/model/program.ts';
import { joinedTables } from '../../sandbox/sql/statements/plain-joins.ts';
import type { PrivateBounds, PrivateColumn } from '../../sandbox/sql/statements/private-statement.ts';
import { toldBy } from '../ledger-figures.ts';

/** What a gate asks of the data under differential privacy. */
export interface PrivatePlan {
  readonly bounds: PrivateBounds;
  /** By term that some column tells. */
  readonly columns: ReadonlyMap<number, PrivateColumn>;
  /** Every combination of public labels: the cells, whether anybody stands in them or not. */
  readonly labels: readonly (readonly (string | number)[])[];
}

const ANSWERED: ReadonlySet<string> = new Set(['count', 'sum', 'avg']);
const MOST_CELLS = 10_000;
/** Digits behind the point of columns that are no decimals. */
const MOST_SCALE = 6;

/**
 * How a gate is answered under differential privacy, or what of it is not: rows of one protected table that belong to one
 * unit each, conditions on the row alone, labels that everybody knows, counts and sums of bare columns with declared
 * bounds, and means of these. What is none of it is refused, because its effect is not bounded.
 *
 * Depends on query and declaration alone. Source: gate.md §8 (declared bounds, per-unit caps).
 */
export function privatePlan(program: GateProgram, dataset: Dataset, mode: PrivateMode): PrivatePlan | ModeConstruct {
  const tables = joinedTables(program, NOTHING_DROPPED) ?? [];
  const known = tables.map(({ name, table }) => ({ name, table: dataset.tables.find((item) => `"${item.name}"` === table) }));
  const [own, ...others] = known.filter(({ table }) => table?.visibility !== 'public');
  const units = program.units.flatMap((unit, index) => (unit.type === mode.unit && unit.touching === null ? [index] : []));
  const [unit] = units;
  if (own?.table === undefined || others.length > 0 || unit === undefined || units.length > 1) return 'rows';
  const conditions = [...(program.where === null ? [] : [program.where]), ...program.pieces];
  if (conditions.some((condition) => asksElsewhere(printCondition(condition, NOTHING_DROPPED)))) return 'condition';
  if (program.keys.some((key) => key.publicLabels === null)) return 'label';
  const cells = program.keys.reduce((product, key) => product * (key.publicLabels?.length ?? 0), 1);
  if (cells > MOST_CELLS) return 'cells';
  if (program.outputs.some(({ functional }) => !ANSWERED.has(functional.kind))) return 'aggregate';
  const columns = new Map<number, PrivateColumn>();
  for (const term of new Set(program.outputs.flatMap((output) => toldBy(output.functional)))) {
    const model = program.terms[term];
    const column = model === undefined ? undefined : columnOf(model, known, unit, mode);
    if (column === undefined) return 'bounds';
    columns.set(term, column);
  }
  const bounds = { unit, rowKey: `${own.name}."__rk"`, cellsPerUnit: mode.cellsPerUnit, rowsPerCell: mode.rowsPerCell };
  return { bounds, columns, labels: combined(program.keys.map((key) => key.publicLabels ?? [])) };
}

function asksElsewhere(sql: string): boolean {
  return /\bSELECT\b/i.test(sql.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, ' '));
}

const BARE = /^(?:TRY_CAST\()?(t\d+)\."((?:[^"]|"")+)"(?: AS DECIMAL\(\d+,\d+\)\))?$/;

function columnOf(
  term: Term,
  tables: readonly { readonly name: string; readonly table: Dataset['tables'][number] | undefined }[],
  unit: number,
  mode: PrivateMode,
): PrivateColumn | undefined {
  if (term.kind === 'rows') return { kind: 'rows', piece: term.piece, present: null };
  if (term.kind === 'present') return asksElsewhere(term.sql) ? undefined : { kind: 'rows', piece: term.piece, present: term.sql };
  if (term.kind === 'unit') return term.unit === unit ? { kind: 'unit', piece: term.piece, present: null } : undefined;
  const [, name, quoted = ''] = BARE.exec(term.sql) ?? [];
  const table = tables.find((item) => item.name === name)?.table;
  const bounds = table?.columns.find((column) => column.name === quoted.replaceAll('""', '"'))?.bounds;
  if (bounds === undefined) return undefined;
  const scale = Math.min(term.scale, MOST_SCALE);
  const [low, high] = [wholeSteps(bounds[0], scale, 'down'), wholeSteps(bounds[1], scale, 'up')];
  if (low === undefined || high === undefined) return undefined;
  const largest = Math.max(-Number(low), Number(high));
  return largest * mode.rowsPerCell > Number.MAX_SAFE_INTEGER
    ? undefined
    : { kind: 'value', piece: term.piece, sql: term.sql, scale, low, high };
}

/** A bound in steps of 10^−scale, away from the middle where it lies between two. */
function wholeSteps(bound: number | string, scale: number, towards: 'down' | 'up'): bigint | undefined {
  const value = typeof bound === 'number' ? parseDecimal(String(bound)) : undefined;
  if (value === undefined) return undefined;
  if (value.scale <= scale) return value.digits * 10n ** BigInt(scale - value.scale);
  const under = 10n ** BigInt(value.scale - scale);
  const down = value.digits / under - (value.digits % under < 0n ? 1n : 0n);
  return towards === 'down' || value.digits % under === 0n ? down : down + 1n;
}

function combined(labels: readonly (readonly (string | number)[])[]): readonly (readonly (string | number)[])[] {
  return labels.reduce<readonly (readonly (string | number)[])[]>(
    (rows, own) => rows.flatMap((row) => own.map((label) => [...row, label])),
    [[]],
  );
}
