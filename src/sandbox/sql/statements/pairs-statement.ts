import type { GateProgram } from '../model/program.ts';
import { pieceSql } from './layout.ts';
import { fromSql, groupBy, keyColumns, keyNames, selectionSql, type Variant, where, whereSql } from './relation.ts';

/** Two terms of one gate that a reader can subtract: both count rows, or units, or add up the same. Indexes of terms. */
export interface TermPair {
  readonly first: number;
  readonly second: number;
}

/**
 * Units with a row in one term of a pair and not in the other. Columns: the keys, then one number per pair.
 *
 * @param below  only units numbered below it: a lower bound.
 * Source: gate.md §7 (complements inside a statement).
 */
export function pairsStatement(
  program: GateProgram,
  unit: number,
  variant: Variant,
  pairs: readonly TermPair[],
  below: number | null,
): string {
  const { reduction, selection } = variant;
  const number = program.units[unit]?.number ?? 'NULL';
  const names = keyNames(program);
  const isIn = (index: number): string => {
    const term = program.terms[index];
    const present = term?.kind === 'present' || term?.kind === 'value' ? [`${term.sql} IS NOT NULL`] : [];
    const piece = pieceSql(program, term?.piece ?? null, reduction);
    const parts = [...(piece === null ? [] : [piece]), ...present];
    return parts.length === 0 ? 'TRUE' : `coalesce(${parts.join(' AND ')}, FALSE)`;
  };
  const flags = pairs.map((pair, index) => {
    const [first, second] = [isIn(pair.first), isIn(pair.second)];
    const differs =
      program.terms[pair.first]?.kind === 'unit' ? `bool_or(${first}) <> bool_or(${second})` : `bool_or((${first}) <> (${second}))`;
    return `${differs} AS p${index}`;
  });
  const filter = where([
    whereSql(program, reduction),
    selectionSql(program, selection),
    below === null ? `${number} IS NOT NULL` : `${number} < ${below}`,
  ]);
  const rows = `SELECT ${[...keyColumns(program), `${number} AS __u`, ...flags].join(', ')} FROM ${fromSql(program, unit, reduction)}${filter}${groupBy([...names, '__u'])}`;
  return `SELECT ${[...names, ...pairs.map((_, index) => `count(*) FILTER (p${index}) AS n${index}`)].join(', ')} FROM (${rows})${groupBy(names)}`;
}
