import type { Reduced } from '../condition.ts';
import type { EvidenceProgram } from '../program.ts';
import { type CellSelection, conditionSql, groupBy, keyColumns, keyNames, selectionSql, where } from './relation.ts';

/** Who is counted: buckets (a lower bound of the units), or the units themselves. */
export type MoveLevel = 'bucket' | 'unit';

export interface MoveQuestion {
  readonly unit: number;
  readonly level: MoveLevel;
  /** The condition as reduced so far. */
  readonly condition: Reduced;
  /** For each operand: the condition without it. */
  readonly without: readonly Reduced[];
  readonly selection: CellSelection | null;
  /** Only units numbered below it: again a lower bound. */
  readonly below: number | null;
}

const BITS = 60;

/** A way in which a row can contribute to some monomial; an operand moves a unit if it moves one such row of it. */
interface Contribution {
  /** TRUE for a row that contributes. */
  readonly sql: string;
  /** Set where rows may cancel out: the summand whose net change counts. */
  readonly net: string | null;
}

function contributions(program: EvidenceProgram): readonly Contribution[] {
  const found = new Map<string, Contribution>();
  for (const monomial of program.monomials) {
    const item: Contribution =
      monomial.kind === 'present'
        ? { sql: `${monomial.sql} IS NOT NULL`, net: null }
        : monomial.kind === 'value'
          ? { sql: `${monomial.sql} <> 0`, net: monomial.signs === 'mixed' ? monomial.sql : null }
          : { sql: 'TRUE', net: null };
    found.set(`${item.sql} ${item.net}`, item);
  }
  return [...found.values()];
}

/** Whether membership of the unit itself is counted and a unit may have several rows: then only the unit level decides. */
export function needsUnitLevel(program: EvidenceProgram): boolean {
  return program.monomials.some((monomial) => monomial.kind === 'unit' && program.units[monomial.unit]?.oneRow !== true);
}

/**
 * For every cell and operand the least number of units (or buckets) that any contribution gains or loses without the
 * operand. Columns: the keys, then one number per operand. Gives a row for every cell of the relation, with or without
 * rows that satisfy the condition.
 * Source: gate.md §6 (neutral operands), gate-examples.md D4.
 */
export function movesStatement(program: EvidenceProgram, question: MoveQuestion): string {
  const unit = program.units[question.unit];
  const who = question.level === 'bucket' ? (unit?.bucket ?? 'NULL') : (unit?.number ?? 'NULL');
  const now = truth(question.condition);
  const moved = question.without.map((condition) => `(${truth(condition)} <> ${now})`);
  const ways = contributions(program);
  const membership = question.level === 'unit' && needsUnitLevel(program);
  const flags: string[] = membership ? [now, ...question.without.map(truth)] : [];
  const nets: string[] = [];
  const counts = moved.map((condition, operand) => {
    const tests = ways.map((way) => {
      if (way.net !== null) return `m${nets.push(`sum(${way.net}) FILTER (${condition})`) - 1} <> 0`;
      return flagTest(flags.push(way.sql === 'TRUE' ? condition : `${condition} AND ${way.sql}`) - 1);
    });
    const all = membership ? [...tests, `${flagTest(0)} <> ${flagTest(operand + 1)}`] : tests;
    return leastOf(all.map((test) => `count(*) FILTER (__w IS NOT NULL AND ${test})`));
  });
  const names = keyNames(program);
  const chunks = chunked(flags, BITS).map(
    (chunk, index) => `bit_or(${chunk.map((flag, bit) => bitOf(flag, bit)).join(' | ')}) AS f${index}`,
  );
  const inner = [...keyColumns(program), `${who} AS __w`, ...chunks, ...nets.map((net, index) => `${net} AS m${index}`)];
  const sample = question.below === null || unit === undefined ? 'TRUE' : `${unit.number} < ${question.below}`;
  const rows = `SELECT ${inner.join(', ')} FROM ${program.from}${where([selectionSql(program, question.selection), sample])}${groupBy([...names, '__w'])}`;
  return `SELECT ${[...names, ...counts.map((count, index) => `${count} AS moved${index}`)].join(', ')} FROM (${rows})${groupBy(names)}`;
}

function truth(condition: Reduced): string {
  if (condition === 'true' || condition === 'false') return condition.toUpperCase();
  return `coalesce(${conditionSql(condition)}, FALSE)`;
}

function bitOf(flag: string, bit: number): string {
  return `(CASE WHEN ${flag} THEN ${2n ** BigInt(bit)}::UBIGINT ELSE 0::UBIGINT END)`;
}

function flagTest(index: number): string {
  return `((f${Math.floor(index / BITS)} & ${2n ** BigInt(index % BITS)}::UBIGINT) <> 0)`;
}

function leastOf(counts: readonly string[]): string {
  return counts.length === 1 ? (counts[0] ?? '0') : `least(${counts.join(', ')})`;
}

function chunked<T>(items: readonly T[], size: number): readonly (readonly T[])[] {
  const chunks: T[][] = [];
  for (let start = 0; start < items.length; start += size) chunks.push(items.slice(start, start + size));
  return chunks;
}
