import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { quoteText } from '../catalog/identifier.ts';
import { type Assessed, assess } from '../egress/assess.ts';
import type { AssessedCell, AssessedGate, CellFinding } from '../egress/assessed.ts';
import type { KeyValue } from '../egress/executed.ts';
import { seal } from '../kernel/stage.ts';
import type { Condition } from '../sandbox/sql/model/condition.ts';
import type { GateProgram, Program, ProgramKey } from '../sandbox/sql/model/program.ts';
import type { RunStatement } from './enclave-fault.ts';
import { executeGate } from './execute-gate.ts';
import type { GateToSettle } from './ledger-step.ts';

/** What the merged row is called, and what where the result has that label itself. */
const NAMES = ['其他', '其他（合并）'] as const;

/** The row of what is in no row shown: a gate of one cell that stands among the rows of another. */
export interface MergedRow extends GateToSettle {
  readonly labels: readonly KeyValue[];
  /** Labels of the rows that it holds. For operators only. */
  readonly holds: readonly (readonly KeyValue[])[];
}

/**
 * The gate whose withheld rows may be merged into one: the only one of the statement, shown row by row as the answer.
 * Depends on the query alone. Source: gate.md §7 (`其他`); ADR 0043.
 */
export function mergeableGate({ stages, answer, plain }: Program): string | null {
  const gates = stages.filter((stage) => stage.kind === 'gate');
  const [only] = gates;
  if (only === undefined || gates.length > 1 || only.gate.keys.length === 0 || only.gate.keys.some((key) => key.sensitive)) return null;
  if (plain !== null) return plain.gate;
  const shown = stages.find((stage) => stage.name === answer);
  const from = shown?.kind === 'open' && shown.query.body.kind === 'select' ? shown.query.body.from : null;
  return from?.kind === 'table' && from.table === only.name ? only.name : null;
}

/**
 * The rows that the merchant will not see, as one: run, judged and to be settled like a cell of its own. Null where there
 * are too few, where one withheld row is nearly all of it, where labels are no texts, or where no name for it is free.
 *
 * Whether there is one depends on what is shown and on the merged rows as a whole: a withheld row of nobody and one of
 * fewer than k units are the same to it. Decides nothing across statements: that is the ledger's part.
 * Source: gate.md §7 (`其他` must pass itself, and is an entry); ADR 0043.
 */
export async function mergedRow({ gate, assessed }: GateToSettle, policy: DisclosurePolicy, run: RunStatement): Promise<MergedRow | null> {
  const { shape, cells } = assessed;
  const name = NAMES.find((item) => !isTaken(item, assessed));
  if (name === undefined || !shape.keys.every((key) => isText(key.type))) return null;
  const rest = cells.filter((cell) => !isShown(cell) && !cell.isEmpty);
  const executed = await executeGate(shape.name, restOf(gate.program, cells.filter(isShown)), policy, run);
  const [own] = assess([executed.executed], [], policy);
  const [cell] = own?.cells ?? [];
  if (own === undefined || cell === undefined || isNearlyOne(rest, shape.oneRow, policy.k)) return null;
  const withheld = cell.withheld.map((findings, index) => [...findings, ...partlyShown(cells, index)]);
  if (!withheld.some((findings) => findings.length === 0)) return null;
  const labels = shape.keys.map(() => name);
  return {
    gate: executed,
    assessed: seal<'assessed', AssessedGate>({ shape: own.shape, cells: [{ ...cell, withheld }] }),
    as: { rowsId: shape.rowsId, keys: shape.keys.map((key) => key.id), labels },
    labels,
    holds: rest.map(({ key }) => key).sort((a, b) => (String(a) < String(b) ? -1 : 1)),
  };
}

/** A gate with its merged row among its cells, if the ledger left anything of that. Source: ADR 0043. */
export function withMergedRow(assessed: Assessed, merged: MergedRow, settled: Assessed): Assessed {
  const added = settled.cells.filter(isShown).map((cell) => ({ ...cell, key: merged.labels, merged: merged.holds }));
  return seal<'assessed', AssessedGate>({ shape: assessed.shape, cells: [...assessed.cells, ...added] });
}

function isText(type: string): boolean {
  return type.startsWith('VARCHAR') || type.startsWith('ENUM');
}

function isShown(cell: AssessedCell): boolean {
  return cell.withheld.some((findings) => findings.length === 0);
}

/** Whether a row that is shown, or a label that everybody knows of, has the name. Rows that are not shown take no part: they are no secret to tell by it. */
function isTaken(name: string, { shape, cells }: AssessedGate): boolean {
  const isPublic = shape.keys.some((key) => key.publicLabels?.includes(name) === true);
  return isPublic || cells.some((cell) => isShown(cell) && cell.key.includes(name));
}

/** Whether the rest is hardly more than one withheld row of k units or more: it would be told by the merged one. */
function isNearlyOne(rest: readonly AssessedCell[], oneRow: boolean, k: number): boolean {
  const units = rest.map((cell) => cell.units).sort((a, b) => b - a);
  const [largest = 0, second = 0] = units;
  if (largest < k) return false;
  const others = oneRow ? units.reduce((sum, item) => sum + item, 0) - largest : second;
  return others < k;
}

const PART: CellFinding = { rule: 'merged.part', unitType: null, counted: null };

/** A column that some row shown does not have: with the merged row, a total would tell what is missing there. */
function partlyShown(cells: readonly AssessedCell[], output: number): readonly CellFinding[] {
  return cells.some((cell) => isShown(cell) && (cell.withheld[output]?.length ?? 1) > 0) ? [PART] : [];
}

/** Numbers of conditions that no statement has: the guard, and the node around it. */
const [GUARD, AROUND] = [-2, -3];

/**
 * The rows of a gate that are in none of these cells. The guard is ours and no operand; conditions on labels are: here they
 * choose among units. Source: gate.md §6 (never operands).
 */
function restOf(program: GateProgram, shown: readonly AssessedCell[]): GateProgram {
  const { where } = program;
  const [sql = '', text = ''] = [(key: ProgramKey): string => key.sql, (key: ProgramKey): string => key.name].map((of) =>
    outside(program.keys.map(of), shown),
  );
  const guard: Condition = { kind: 'leaf', id: GUARD, text, sql: [sql], shown: [text] };
  const items = [guard, ...(where === null ? [] : where.kind === 'and' ? where.items : [where])];
  const all: Condition = { kind: 'and', id: AROUND, text: `(${items.map((item) => item.text).join(' AND ')})`, items };
  return { ...program, keys: [], where: where === null ? guard : all, told: new Set([GUARD]), rowsId: `${program.rowsId} | rest` };
}

function outside(keys: readonly string[], shown: readonly AssessedCell[]): string {
  if (shown.length === 0) return 'TRUE';
  const [only = ''] = keys;
  const literal = (value: KeyValue | undefined): string => quoteText(String(value));
  if (keys.length > 1) {
    const tuples = shown.map(({ key }) =>
      keys
        .map((sql, index) => (key[index] === null ? `${sql} IS NULL` : `${sql} IS NOT DISTINCT FROM ${literal(key[index])}`))
        .join(' AND '),
    );
    return `NOT (${tuples.map((tuple) => `(${tuple})`).join(' OR ')})`;
  }
  const named = shown.filter(({ key }) => key[0] !== null);
  const isIn = `${only} NOT IN (${named.map(({ key }) => literal(key[0])).join(', ')})`;
  if (named.length === 0) return `${only} IS NOT NULL`;
  return named.length < shown.length ? `(${only} IS NOT NULL AND ${isIn})` : `(${only} IS NULL OR ${isIn})`;
}
