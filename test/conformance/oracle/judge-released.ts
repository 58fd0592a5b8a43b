import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';
import type { Catalog } from '../case-file.ts';
import type { Row } from '../real-data.ts';
import { type Recomputed, type RecomputedCell, recompute, tagTables } from './contributions.ts';
import { dropOperands } from './drop-operands.ts';
import type { OracleInput } from './oracle-input.ts';
import { checkFigure, checkRatio, checkTogether, type Figure, type Violation } from './safety.ts';
import { findVictim, type Victim } from './victim.ts';

/** What one statement really gave: the operator's view. */
export interface Released {
  /** What ran, after rounding. */
  readonly canonicalSql: string;
  readonly rows: readonly Row[];
  /** By cell (labels joined as findings print them): operands that did not count there. */
  readonly dropped: readonly { readonly cell: string; readonly operands: readonly string[] }[];
}

export interface Judgement {
  readonly violations: readonly Violation[];
  /** Statements whose shape the oracle cannot take apart: nothing is claimed for them. */
  readonly unjudged: number;
}

/**
 * Judges everything that was released in a case, together, from the statements that were really answered and the raw
 * tables alone. Imports nothing of the gate. Source: the conformance README.
 */
export async function judgeReleased(statements: readonly Released[], input: OracleInput): Promise<Judgement> {
  await tagTables(input.catalog, input.data);
  const violations: Violation[] = [];
  const figures: Figure[] = [];
  const rollUps: Figure[] = [];
  let unjudged = 0;
  for (const [index, statement] of statements.entries()) {
    if (statement.rows.length === 0 || !readsProtected(statement.canonicalSql, input.catalog)) continue;
    const matched = await matchRows(statement, input);
    if (matched === null) {
      unjudged += 1;
      continue;
    }
    violations.push(...matched.violations);
    const own = matched.cells.map((cell) => figuresOf(cell, `#${index + 1} `, input.catalog));
    for (const group of own) violations.push(...judgeCell(group, input.policy));
    for (const item of matched.cells) violations.push(...rawValues(item, input.policy));
    violations.push(...classDisclosure(matched.cells, matched.whole, input.catalog));
    figures.push(...own.flat());
    rollUps.push(...sumsOf(own, `#${index + 1} `));
  }
  violations.push(...checkTogether(figures, rollUps, input.policy));
  const victim = await findVictim(input);
  if (victim !== null)
    violations.push(
      ...victimSeen(
        statements.filter((item) => readsProtected(item.canonicalSql, input.catalog)),
        victim,
      ),
    );
  return { violations, unjudged };
}

export function readsProtected(sql: string, catalog: Catalog): boolean {
  return Object.entries(catalog).some(([table, entry]) => entry.visibility === 'protected' && new RegExp(`\\b${table}\\b`, 'i').test(sql));
}

interface MatchedCell {
  readonly recomputed: Recomputed;
  readonly cell: RecomputedCell;
  readonly row: Row;
}

interface Matched {
  readonly cells: readonly MatchedCell[];
  /** All cells of the statement as it stands, released or not. */
  readonly whole: Recomputed;
  readonly violations: readonly Violation[];
}

/** Finds for every released row the row set that explains it; a row that none explains is a violation of its own. */
async function matchRows(statement: Released, input: OracleInput): Promise<Matched | null> {
  const variants = new Map<string, { readonly operands: readonly string[]; readonly cells: string[] }>([['', { operands: [], cells: [] }]]);
  for (const item of statement.dropped) {
    const name = item.operands.toSorted().join('\n');
    const known = variants.get(name);
    if (known === undefined) variants.set(name, { operands: item.operands, cells: [item.cell] });
    else known.cells.push(item.cell);
  }
  const named = new Set(statement.dropped.map((item) => item.cell));
  const candidates: { recomputed: Recomputed; cell: RecomputedCell; used: boolean }[] = [];
  let whole: Recomputed | null = null;
  for (const variant of variants.values()) {
    const sql = dropOperands(statement.canonicalSql, variant.operands);
    const recomputed = sql === null ? null : await recompute(sql, input.catalog, input.data);
    if (recomputed === null) return null;
    if (variant.operands.length === 0) whole = recomputed;
    for (const cell of recomputed.cells) {
      const name = cell.labels.length === 0 ? '(all)' : cell.labels.map(String).join(' · ');
      const belongs = variant.operands.length === 0 ? !named.has(name) : variant.cells.includes(name);
      if (belongs) candidates.push({ recomputed, cell, used: false });
    }
  }
  if (whole === null) return null;
  const cells: MatchedCell[] = [];
  const violations: Violation[] = [];
  for (const row of statement.rows) {
    const found = candidates.find((candidate) => !candidate.used && explains(candidate.cell.outputs, row, candidate.recomputed));
    if (found === undefined) {
      violations.push({ rule: 'unexplained', text: 'a released row is not what its own row set gives' });
      continue;
    }
    found.used = true;
    cells.push({ recomputed: found.recomputed, cell: found.cell, row });
  }
  return { cells, whole, violations };
}

/** Labels equal, and every figure that was released; a withheld figure (null) explains anything. */
function explains(outputs: Row, row: Row, recomputed: Recomputed): boolean {
  const isKey = new Set(recomputed.shape.keys.map((key) => key.output));
  return row.every((value, index) => {
    const own = outputs[index] ?? null;
    if (value === null && !isKey.has(index)) return true;
    return equal(own, value);
  });
}

function equal(a: Row[number], b: Row[number]): boolean {
  if (a === null || b === null) return a === b;
  const [x, y] = [Number(a), Number(b)];
  if (Number.isNaN(x) || Number.isNaN(y)) return String(a) === String(b);
  return Math.abs(x - y) <= 1e-9 * Math.max(1, Math.abs(x), Math.abs(y)) + 1e-9;
}

/** The figures of a released row: its components, for every unit type, where the output they stand in was released. */
function figuresOf({ recomputed, cell, row }: MatchedCell, prefix: string, catalog: Catalog): readonly Figure[] {
  const { components } = recomputed.shape;
  const isRatio = (output: number): boolean => components.filter((other) => other.output === output).length > 1;
  // An average alone shows neither its sum nor its count; beside a released count it shows both.
  const knowsCount = components.some((other) => other.family === 'count' && !isRatio(other.output) && row[other.output] !== null);
  return components.flatMap((component, index) => {
    if (component.kind === 'raw' || (component.output >= 0 && row[component.output] === null)) return [];
    const { kind, family, output } = component;
    const column = `${prefix}column ${output + 1}`;
    return cell.shares.map((item): Figure => {
      const shares = item.units.map((unit) => [unit.unit, Number(unit.values[index] ?? 0)] as const).filter(([, value]) => value !== 0);
      const adds = (knowsCount || !isRatio(output)) && (!family.startsWith('count(DISTINCT') || isUnit(family, item.unitType, catalog));
      return {
        label: `${column} of ${cell.labels.join(' · ') || '(all)'}`,
        family,
        kind,
        unitType: item.unitType,
        adds,
        column,
        shares: new Map(shares),
      };
    });
  });
}

/** Whether `count(DISTINCT x)` counts the units of this type themselves. */
function isUnit(family: string, unitType: string, catalog: Catalog): boolean {
  return Object.values(catalog).some((entry) => family === `count(DISTINCT ${entry.units?.[unitType]?.at(-1)?.toLowerCase()})`);
}

function judgeCell(figures: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  const found = figures.flatMap((figure) => checkFigure(figure, policy));
  for (const [index, a] of figures.entries()) {
    for (const b of figures.slice(index + 1)) {
      if (a.unitType === b.unitType && a.family !== b.family && a.adds && b.adds) found.push(...checkRatio(a, b, policy));
    }
  }
  return found;
}

/** Columns added up: what a reader of one result can always compute. */
function sumsOf(rows: readonly (readonly Figure[])[], prefix: string): readonly Figure[] {
  const sums = new Map<string, Map<string, number>>();
  const first = new Map<string, Figure>();
  for (const figure of rows.flat()) {
    const name = `${figure.unitType}|${figure.family}|${figure.column}`;
    const sum = sums.get(name) ?? new Map<string, number>();
    for (const [unit, value] of figure.shares) sum.set(unit, (sum.get(unit) ?? 0) + value);
    sums.set(name, sum);
    first.set(name, figure);
  }
  if (rows.length < 2) return [];
  return [...sums].flatMap(([name, shares]) => {
    const figure = first.get(name);
    return figure === undefined ? [] : [{ ...figure, label: `${prefix}sum of a column`, column: null, shares }];
  });
}

/** A released value that fewer than k units of its cell hold: a maximum, a mode, a quantile as it stands in somebody's row. */
function rawValues(item: MatchedCell, policy: DisclosurePolicy): readonly Violation[] {
  return item.recomputed.shape.components.flatMap((component, index) => {
    const value = item.row[component.output];
    if (component.kind !== 'raw' || value === null || value === undefined) return [];
    return item.cell.shares.flatMap(({ unitType, units }) => {
      const holders = units.filter((unit) => {
        const values = unit.values[index];
        return Array.isArray(values) && values.some((own: string | null) => own !== null && equal(own, value));
      });
      return holders.length > 0 && holders.length < policy.k
        ? [{ rule: 'raw-value' as const, text: `column ${component.output + 1}: held by ${holders.length} ${unitType}` }]
        : [];
    });
  });
}

/** A released label of a sensitive column that everybody with the same other labels has. */
function classDisclosure(cells: readonly MatchedCell[], whole: Recomputed, catalog: Catalog): readonly Violation[] {
  return whole.shape.keys.flatMap((key, position) => {
    const isSensitive = whole.shape.instances.some(
      (instance) => key.column !== null && catalog[instance.table]?.columns?.[key.column] === 'sensitive',
    );
    if (!isSensitive) return [];
    const others = (labels: RecomputedCell['labels']): string => JSON.stringify(labels.filter((_, at) => at !== position));
    return cells.flatMap(({ cell }): readonly Violation[] => {
      const beside = whole.cells.filter((other) => others(other.labels) === others(cell.labels));
      return beside.length === 1 ? [{ rule: 'class-disclosure', text: `everybody in ${cell.labels.join(' · ')}` }] : [];
    });
  });
}

/** Labels and figures of the victim alone: released, or the difference of two released figures or of two sums of a column. */
function victimSeen(statements: readonly Released[], victim: Victim): readonly Violation[] {
  const cells = statements.flatMap((statement) => statement.rows.flat());
  const found: Violation[] = cells.some((value) => typeof value === 'string' && victim.labels.has(value))
    ? [{ rule: 'victim', text: 'a label that only the victim has' }]
    : [];
  const sums = statements.flatMap(({ rows }) =>
    (rows[0] ?? []).map((_, index) => rows.reduce((sum, row) => sum + (Number(row[index] ?? 0) || 0), 0)),
  );
  const numbers = [
    ...new Set([
      ...cells.filter((value) => typeof value === 'number' || (typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value))).map(Number),
      ...sums,
    ]),
  ];
  const isHers = (value: number): boolean => victim.figures.some((own) => equal(own, Math.abs(value)));
  if (numbers.some(isHers)) found.push({ rule: 'victim', text: 'a figure of the victim alone' });
  const differences = numbers.length > 2000 ? [] : numbers.flatMap((a, index) => numbers.slice(index + 1).map((b) => a - b));
  if (differences.some(isHers)) found.push({ rule: 'victim', text: 'two released figures differ by a figure of the victim' });
  return found;
}
