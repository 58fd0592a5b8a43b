import { printCondition, type Reduction } from '../model/condition.ts';
import type { GateProgram } from '../model/program.ts';
import type { CountedAlong } from './bucket-statement.ts';
import { sampleSql } from './exact-statement.ts';
import { selectExistsOnce } from './exists-once.ts';
import { splitWhere } from './label-conditions.ts';
import { counterSql, layoutOf, pieceSql, summandOf, withinPiece } from './layout.ts';
import { partsOf } from './moved-parts.ts';
import { allOf, type Drop, movedRows, onlyAdds, waysOf, withDrop } from './moved-rows.ts';
import { joinedTables } from './plain-joins.ts';
import { type CellSelection, fromSql, groupBy, keyColumns, keyNames, selectionSql, unitSql, where, whereSql } from './relation.ts';
import { countsWholeUnits } from './whole-units.ts';

export interface MoveQuestion {
  readonly unit: number;
  /** What is dropped so far. */
  readonly reduction: Reduction;
  readonly drops: readonly Drop[];
  readonly selection: CellSelection | null;
  /** Only units numbered below it: a lower bound. */
  readonly below: number | null;
}

/** Drops that one statement can tell apart. */
export const MAX_DROPS = 64;

/**
 * For every cell the least number of units that any contribution gains or loses by one drop, from the rows that it
 * moves. Columns: the keys, the number, and one that is 0 where there is no such row at all, of a unit or of none; a cell
 * that is not listed has none either. Undefined where no contribution is affected. Not for operands inside FROM, nor where whole units are needed.
 * Source: gate.md §6 (neutral operands), gate-examples.md D4.
 */
export function dropStatement(program: GateProgram, question: Omit<MoveQuestion, 'drops'>, drop: Drop): string | undefined {
  const moved = movedRows(program, waysOf(program), question.reduction, drop);
  if (moved === null) return undefined;
  const names = keyNames(program);
  const own = moved.ways.map((way, index) =>
    way.net === null
      ? (way.flag === 'TRUE' ? 'TRUE AS w' : `bool_or(${way.flag}) AS w`) + index
      : `sum(${way.net}) FILTER (${way.flag}) AS w${index}`,
  );
  const inner = [...keyColumns(program), `${unitSql(program, question.unit)} AS __w`, ...own];
  const filter = where([...moved.rows, selectionSql(program, question.selection), sampleSql(program, question.unit, question.below)]);
  const rows = `SELECT ${inner.join(', ')} FROM ${fromSql(program, question.unit, question.reduction)}${filter}${groupBy([...names, '__w'])}`;
  const counts = moved.ways.map((way, index) => `count(*) FILTER (__w IS NOT NULL AND w${index}${way.net === null ? '' : ' <> 0'})`);
  return `SELECT ${[...names, `${leastOf(counts)} AS moved0`, 'count(*) AS touched'].join(', ')} FROM (${rows})${groupBy(names)}`;
}

/**
 * The cells of which a drop moves any row, by their keys: for rows of one table, where that costs a fraction of counting
 * units because nothing but the condition and the keys is read. Undefined elsewhere. Source: gate.md §6 (neutral operands).
 */
export function touchedStatement(program: GateProgram, question: Omit<MoveQuestion, 'drops'>, drop: Drop): string | undefined {
  const moved = movedRows(program, waysOf(program), question.reduction, drop);
  const isPlain = joinedTables(program, question.reduction)?.length === 1 && program.units[question.unit]?.touching === null;
  if (moved === null || !isPlain || program.keys.length === 0) return undefined;
  const filter = where([...moved.rows, selectionSql(program, question.selection)]);
  return `SELECT DISTINCT ${keyColumns(program).join(', ')} FROM ${fromSql(program, question.unit, question.reduction)}${filter}`;
}

/**
 * The same two numbers as columns of a pass over the rows that are there once the operand is dropped, by cell and bucket:
 * a unit is in one bucket. Undefined where those do not include the moved rows, where rows cancel out, and where rows are
 * those of plain tables: to read them twice costs less than to count units among all of them.
 * Source: gate.md §6 (neutral operands).
 */
export function countedAlong(program: GateProgram, reduction: Reduction, drop: Drop): CountedAlong | undefined {
  const [unit, ...more] = program.units;
  const moved = movedRows(program, waysOf(program), reduction, drop);
  if (unit === undefined || unit.touching !== null || more.length > 0 || countsWholeUnits(program)) return undefined;
  const isMade = program.from.some((part) => typeof part === 'string' && part.includes(' GROUP BY '));
  if (!isMade || moved === null || !onlyAdds(program, drop) || moved.ways.some((way) => way.net !== null)) return undefined;
  const rows = allOf(moved.rows);
  const units = moved.ways.map((way, index) => `count(DISTINCT ${unit.number}) FILTER (${allOf([rows, way.flag])}) AS w${index}`);
  return {
    inner: [...units, `count(*) FILTER (${rows}) AS w`],
    outer: [`${leastOf(moved.ways.map((_, index) => `sum(w${index})`))} AS moved0`, 'sum(w) AS touched'],
  };
}

/**
 * The same for several drops in one pass over the rows of all units numbered below a bound, or of all units. Columns:
 * the keys, then for each drop one number per part (`partsOf`). A cell that is not listed is moved by none.
 * Not for operands inside FROM.
 * Source: gate.md §6 (neutral operands), gate-examples.md D4, docs/adr/0015.
 */
export function movesStatement(program: GateProgram, question: MoveQuestion): string {
  const { reduction, drops } = question;
  const names = keyNames(program);
  const columns = new NamedColumns();
  const masks = new Map<string, string[]>();
  const nets: string[] = [];
  const members: string[] = [];
  const counted = (tests: readonly string[]): string => leastOf(tests.map((test) => `count(*) FILTER (__w IS NOT NULL AND ${test})`));
  const counts = drops.flatMap((drop, index) =>
    partsOf(program, reduction, drop).map((part) => {
      if (!part.decides) {
        const changed = membershipOf(program, part.terms, reduction, drop).map(([now, then]) => {
          const [before, after] = [now, then].map((truth) => members.push(`bool_or(${columns.name(truth)})`) - 1);
          return `coalesce(u${before}, FALSE) <> coalesce(u${after}, FALSE)`;
        });
        return counted(changed);
      }
      const moved = movedRows(program, waysOf(program), reduction, drop);
      if (moved === null) throw new Error('A drop that moves sums without a way to');
      const row = moved.rows.length === 0 ? 'TRUE' : moved.rows.map((condition) => columns.name(condition)).join(' AND ');
      const tests = moved.ways.map(({ flag, net }) => {
        const contributes = columns.name(flag);
        if (net !== null) return `m${nets.push(`sum(${columns.name(net)}) FILTER (${row} AND ${contributes})`) - 1} <> 0`;
        const bits = masks.get(contributes) ?? [];
        masks.set(contributes, bits);
        bits.push(bitOf(row, index));
        return bitTest([...masks.keys()].indexOf(contributes), index);
      });
      return counted(tests);
    }),
  );
  const flags = [...masks].map(
    ([way, bits], index) => `bit_or(CASE WHEN ${way} THEN ${bits.join(' | ')} ELSE 0::UBIGINT END) AS f${index}`,
  );
  const grouped = [
    ...names,
    '__w',
    ...flags,
    ...nets.map((net, index) => `${net} AS m${index}`),
    ...members.map((member, index) => `${member} AS u${index}`),
  ];
  const labels = splitWhere(program).labels.map((condition) => printCondition(condition, reduction));
  const filter = where([...labels, selectionSql(program, question.selection), sampleSql(program, question.unit, question.below)]);
  const all = [...keyColumns(program), `${unitSql(program, question.unit)} AS __w`, ...columns.list()];
  const rows = selectExistsOnce(all, `${fromSql(program, question.unit, reduction)}${filter}`);
  const perUnit = `SELECT ${grouped.join(', ')} FROM (${rows})${groupBy([...names, '__w'])}`;
  return `SELECT ${[...names, ...counts.map((count, index) => `${count} AS moved${index}`)].join(', ')} FROM (${perUnit})${groupBy(names)}`;
}

/** Expressions over the rows, each computed once: what repeats in every operand would take longer to plan than to run. */
class NamedColumns {
  readonly #names = new Map<string, string>();
  name(expression: string): string {
    if (expression === 'TRUE' || expression === 'FALSE') return expression;
    const known = this.#names.get(expression) ?? `p${this.#names.size}`;
    this.#names.set(expression, known);
    return known;
  }
  list(): readonly string[] {
    return [...this.#names].map(([expression, name]) => `${expression} AS ${name}`);
  }
}

/** By piece of terms that count units, whether a row counts for its unit now, and once the operand is dropped. */
function membershipOf(
  program: GateProgram,
  terms: readonly number[],
  reduction: Reduction,
  drop: Drop,
): readonly (readonly [string, string])[] {
  const pieces = new Set(terms.map((index) => program.terms[index]?.piece ?? null));
  const then = withDrop(reduction, drop);
  return [...pieces].map((piece) =>
    drop.how === 'few' ? ['FALSE', truth(program, null, reduction)] : [truth(program, piece, reduction), truth(program, piece, then)],
  );
}

/** Drops inside FROM that one statement counts: each adds a reading of the rows. */
export const MAX_DEEP_DROPS = 8;

/**
 * The same for operands inside FROM: what each unit contributes with them and without, side by side; sides that several
 * drops compare are read once. Cells of any side are listed. Columns: the keys, then for each drop one number per part
 * (`partsOf`), of which there is at least one.
 */
export function deepMovesStatement(program: GateProgram, question: MoveQuestion): string {
  const names = keyNames(program);
  const { reduction, drops } = question;
  const moves = drops.flatMap((drop) => {
    const before = drop.how === 'few' ? withDrop(reduction, { ...drop, how: 'neutral' }) : reduction;
    const after = withDrop(reduction, drop);
    return partsOf(program, reduction, drop).map((part) => ({ term: part.terms[0] ?? 0, before, after }));
  });
  const sides = new Map<string, Reduction>();
  const nameOf = (state: Reduction): string => `${fromSql(program, question.unit, state)} WHERE ${whereSql(program, state)}`;
  for (const { before, after } of moves) for (const state of [before, after]) sides.set(nameOf(state), state);
  // Rows that are counted are added up by unit once for all sides; sums are first made side by side, in their own order.
  const isCounted = moves.every(({ term }) => isCount(program, term));
  const figure = (term: number, state: Reduction): string =>
    isCounted ? countedSql(program, term, state) : `coalesce(${figureSql(program, term, state)}, 0)`;
  const side = ([name, state]: readonly [string, Reduction]): string => {
    const figures = moves.map(({ term, before, after }, index) => {
      const gained = nameOf(before) === name ? [figure(term, before)] : [];
      const lost = nameOf(after) === name ? [`-${figure(term, after)}`] : [];
      return `${[...gained, ...lost].join(' ') || 'NULL'} AS d${index}`;
    });
    const filter = where([
      whereSql(program, state),
      selectionSql(program, question.selection),
      sampleSql(program, question.unit, question.below),
    ]);
    const columns = [...keyColumns(program), `${unitSql(program, question.unit)} AS __w`, ...figures];
    const grouped = isCounted ? '' : groupBy([...names, '__w']);
    return `SELECT ${columns.join(', ')} FROM ${fromSql(program, question.unit, state)}${filter}${grouped}`;
  };
  const all = [...sides].map(side).join(' UNION ALL ');
  const sums = moves.map((_, index) => `coalesce(sum(d${index}), 0) AS d${index}`);
  const rows = `SELECT ${[...names, '__w', ...sums].join(', ')} FROM (${all})${groupBy([...names, '__w'])}`;
  const counts = moves.map((_, index) => `count(*) FILTER (__w IS NOT NULL AND d${index} <> 0) AS moved${index}`);
  return `SELECT ${[...names, ...counts].join(', ')} FROM (${rows})${groupBy(names)}`;
}

/** Whether a term counts rows, each by itself. */
function isCount(program: GateProgram, index: number): boolean {
  return layoutOf(program).terms[index]?.sum === null && !(program.terms[index]?.kind === 'unit' && countsWholeUnits(program));
}

/** What one row contributes to a term that counts rows: 1 or 0. */
function countedSql(program: GateProgram, index: number, reduction: Reduction): string {
  const layout = layoutOf(program);
  const counter = layout.counters[layout.terms[index]?.counter ?? -1];
  if (counter === undefined) throw new Error('No such term');
  const counted = withinPiece(program, counter.piece, counter.expression ?? '1', reduction);
  return counted === '1' ? '1' : `(CASE WHEN (${counted}) IS NOT NULL THEN 1 ELSE 0 END)`;
}

/** What the rows of one unit contribute to a term. */
function figureSql(program: GateProgram, index: number, reduction: Reduction): string {
  const layout = layoutOf(program);
  const [term, place] = [program.terms[index], layout.terms[index]];
  if (term === undefined || place === undefined) throw new Error('No such term');
  if (term.kind === 'unit' && countsWholeUnits(program)) return `least(count(${withinPiece(program, term.piece, '1', reduction)}), 1)`;
  const sum = place.sum === null ? undefined : layout.sums[place.sum];
  if (sum !== undefined) return `sum(${summandOf(program, sum, reduction)})`;
  const counter = layout.counters[place.counter];
  return counter === undefined ? '0' : counterSql(program, counter, reduction);
}

/** Whether a row is in a piece and in the result. */
function truth(program: GateProgram, piece: number | null, reduction: Reduction): string {
  const parts = [whereSql(program, reduction), pieceSql(program, piece, reduction) ?? 'TRUE'].filter((part) => part !== 'TRUE');
  return parts.length === 0 ? 'TRUE' : `coalesce(${parts.join(' AND ')}, FALSE)`;
}

function bitOf(row: string, bit: number): string {
  return `(CASE WHEN ${row} THEN ${2n ** BigInt(bit)}::UBIGINT ELSE 0::UBIGINT END)`;
}

function bitTest(mask: number, bit: number): string {
  return `((f${mask} & ${2n ** BigInt(bit)}::UBIGINT) <> 0)`;
}

function leastOf(counts: readonly string[]): string {
  return counts.length === 1 ? (counts[0] ?? '0') : `least(${counts.join(', ')})`;
}
