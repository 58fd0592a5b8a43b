import type { GateProgram } from '../../model/program.ts';
import { groupBy, keyNames, type Variant } from '../relation.ts';
import { boundedSql, differenceSql, type Figure, fromSteps, isDecimal, stepsSql } from './figure.ts';
import { argumentSql, keysOf, rowsSql, type SpecialArgument, sameCell, whoSql } from './special-rows.ts';

export interface CoupleArgument extends SpecialArgument {
  readonly figure: Figure;
  /** No two figures of a cell are 10⁹ steps apart: deviations fit a smaller, faster type. */
  readonly small: boolean;
}

/** One argument, or two that count where neither is NULL. x is the only one, or the second of two (SQL names y first). */
export interface Couple {
  readonly x: CoupleArgument;
  readonly y: CoupleArgument | null;
}

/**
 * Sums of one couple: rows; deviations of x; their squares; the same of y; products; and, with `s` the sign of a
 * product, s, s·x, s·y, s·x·y.
 */
const SINGLE_SUMS = ['n', 'x', 'xx'] as const;
const PAIR_SUMS = ['n', 'x', 'xx', 'y', 'yy', 'xy', 's', 'sx', 'sy', 'sxy'] as const;
export type SumName = (typeof PAIR_SUMS)[number];
export type Product = 'xx' | 'yy' | 'xy';

/** Names of the sums of a statement. */
export function sumNames(couple: Couple): readonly SumName[] {
  return couple.y === null ? SINGLE_SUMS : PAIR_SUMS;
}

/** The sums that a share of a product's total is made of. */
export function shareNames(product: Product): readonly SumName[] {
  if (product === 'xy') return ['s', 'sx', 'sy', 'sxy'];
  return ['n', product === 'xx' ? 'x' : 'y', product];
}

/** The products that a functional needs. */
export function productsOf(couple: Couple): readonly Product[] {
  return couple.y === null ? ['xx'] : ['xx', 'yy', 'xy'];
}

/** Largest shares that come with their sums: one more than are needed, as they are ranked in floating point. */
const TOPS = 3;

/** Columns of a couple before its lists of shares: centre of x, of y; all sums; sums of rows with a unit; units. */
export const COUPLE_COLUMNS = 5;

/**
 * Sums of deviations and of their products per (cell, unit) or (cell, bucket), then per cell. A deviation is taken
 * from the cell's mean rounded down to a whole step, so that sums are exact, do not overflow, and the sign of every
 * exact deviation stays known. Columns: the keys, then for each couple `COUPLE_COLUMNS` and a list of shares for each
 * product, largest first. Decimals are text. Cells whose products might not fit a sum have no rows here.
 *
 * @param unit  null: nobody is told apart.
 * Source: gate.md §5 (aggregates: moments and pairs), §6 (bucket totals bound unit totals).
 */
export function productsStatement(
  program: GateProgram,
  unit: number | null,
  level: 'bucket' | 'unit',
  variant: Variant,
  couples: readonly Couple[],
): string {
  const names = keyNames(program);
  const each = (columns: (couple: Couple, index: number) => readonly string[]): readonly string[] => couples.flatMap(columns);
  const own = guardedRows(program, null, variant, couples, []);
  const centres = `SELECT ${[...names, ...each(centreColumns)].join(', ')} FROM (${own})${groupBy(names)}`;
  const rows = guardedRows(program, unit, variant, couples, [`${whoSql(program, unit, level)} AS __w`]);
  const shifted = [...keysOf(program, '__r'), '__r.__w AS __w', ...each(deviations)];
  const deviated = `SELECT ${shifted.join(', ')} FROM (${rows}) AS __r JOIN __mid AS __c ON ${sameCell(program, '__r', '__c')}`;
  const multiplied = `SELECT ${['*', ...each(products)].join(', ')} FROM (${deviated})`;
  const who = `SELECT ${[...names, '__w', ...each(innerSums)].join(', ')} FROM (${multiplied})${groupBy([...names, '__w'])}`;
  return `WITH __mid AS (${centres}) SELECT ${[...names, ...each(outerColumns)].join(', ')} FROM (${who})${groupBy(names)}`;
}

type Letter = 'x' | 'y';

function sides(couple: Couple): readonly (CoupleArgument & { readonly letter: Letter })[] {
  const x = { ...couple.x, letter: 'x' as const };
  return couple.y === null ? [x] : [x, { ...couple.y, letter: 'y' as const }];
}

/** The rows with `__x0`, `__y0`, …, both NULL where one is. */
function guardedRows(
  program: GateProgram,
  unit: number | null,
  variant: Variant,
  couples: readonly Couple[],
  who: readonly string[],
): string {
  const raw = couples.flatMap((couple, index) =>
    sides(couple).map((side) => `${argumentSql(program, side, variant)} AS __${side.letter}${index}`),
  );
  const guarded = couples.flatMap((couple, index) =>
    sides(couple).map(({ letter, figure }) => {
      const [own, other] = [`__${letter}${index}`, `__${letter === 'x' ? 'y' : 'x'}${index}`];
      const bounded = boundedSql(own, figure);
      return `${couple.y === null ? bounded : `CASE WHEN ${other} IS NOT NULL THEN ${bounded} END`} AS ${own}`;
    }),
  );
  const kept = [...keyNames(program), ...who.map(() => '__w')];
  return `SELECT ${[...kept, ...guarded].join(', ')} FROM (${rowsSql(program, unit, variant, [...who, ...raw])})`;
}

/** Products of deviations fit a sum: n · range² < 10³⁷, and a deviation fits eighteen digits. */
function fitsSql(couple: Couple, index: number): string {
  const tests = sides(couple).map(({ letter, figure }) => {
    const z = `__${letter}${index}`;
    const range = `CAST(${stepsSql(`max(${z})`, figure)} - ${stepsSql(`min(${z})`, figure)} + 1 AS DOUBLE)`;
    return `${range} < 1e17 AND ${range} * ${range} * count(${z}) < 1e37`;
  });
  return tests.join(' AND ');
}

/** The mean rounded down (NULL where products might not fit), and what was cut off it as a floating-point number. */
function centreColumns(couple: Couple, index: number): readonly string[] {
  return sides(couple).flatMap(({ letter, figure }) => {
    const z = `__${letter}${index}`;
    const [sum, count] = [stepsSql(`sum(${z})`, figure), `count(${z})`];
    const floor = `${sum} // ${count} - CASE WHEN ${sum} % ${count} < 0 THEN 1 ELSE 0 END`;
    return [
      `CASE WHEN ${fitsSql(couple, index)} THEN ${fromSteps(floor, figure)} END AS __c${letter}${index}`,
      `((${sum} % ${count} + ${count}) % ${count}) / ${count}::DOUBLE / 1e${figure.scale} AS __m${letter}${index}`,
    ];
  });
}

/** Deviations; for a pair their product, and 1 or −1 as `__s0`: an exact deviation is positive where that from the mean rounded down is. */
function deviations(couple: Couple, index: number): readonly string[] {
  const decimal = sides(couple).some(({ figure }) => isDecimal(figure));
  return sides(couple).flatMap(({ letter, figure, small }) => {
    const [z, c, m] = [`__${letter}${index}`, `__c${letter}${index}`, `__m${letter}${index}`];
    return [`${differenceSql(`__r.${z}`, `__c.${c}`, figure, small, decimal)} AS ${z}`, `__c.${c} AS ${c}`, `__c.${m} AS ${m}`];
  });
}

function products(couple: Couple, index: number): readonly string[] {
  if (couple.y === null) return [];
  const [x, y] = [`__x${index}`, `__y${index}`];
  return [
    `${x} * ${y} AS __p${index}`,
    `CASE WHEN ${x} IS NULL THEN NULL WHEN (${x} > 0) = (${y} > 0) THEN TRUE ELSE FALSE END AS __s${index}`,
  ];
}

/** What each sum adds up. */
function summand(name: SumName, index: number): string {
  const [x, y, p, alike] = [`__x${index}`, `__y${index}`, `__p${index}`, `__s${index}`];
  const signed = (z: string): string => `CASE WHEN ${alike} THEN ${z} ELSE -${z} END`;
  const table: Readonly<Record<SumName, string>> = {
    n: x,
    x,
    xx: `${x} * ${x}`,
    y,
    yy: `${y} * ${y}`,
    xy: p,
    s: `CASE WHEN ${alike} THEN 1 WHEN NOT ${alike} THEN -1 END`,
    sx: signed(x),
    sy: signed(y),
    sxy: signed(p),
  };
  return table[name];
}

function sumColumn(name: SumName, index: number): string {
  return `__t${index}_${name}`;
}

function innerSums(couple: Couple, index: number): readonly string[] {
  const sums = sumNames(couple).map((name) => `${name === 'n' ? 'count' : 'sum'}(${summand(name, index)}) AS ${sumColumn(name, index)}`);
  const centres = sides(couple).flatMap(({ letter }) =>
    ['c', 'm'].map((kind) => `min(__${kind}${letter}${index}) AS __${kind}${letter}${index}`),
  );
  return [...sums, ...centres];
}

function outerColumns(couple: Couple, index: number): readonly string[] {
  const n = sumColumn('n', index);
  const contributes = `FILTER (__w IS NOT NULL AND ${n} > 0)`;
  const totals = (filter: string): string =>
    `[${sumNames(couple)
      .map((name) => `CAST(sum(${sumColumn(name, index)})${filter} AS VARCHAR)`)
      .join(', ')}]`;
  const tops = productsOf(couple).map((product) => {
    const fields = shareNames(product).map((name) => `'${name}': ${sumColumn(name, index)}`);
    const texts = shareNames(product).map((name) => `CAST(__s['${name}'] AS VARCHAR)`);
    return `list_transform(arg_max({${fields.join(', ')}}, ${shareSql(product, index)}, ${TOPS}) ${contributes}, lambda __s: [${texts.join(', ')}])`;
  });
  const centre = (letter: Letter): string => (letter === 'y' && couple.y === null ? 'NULL' : `CAST(min(__c${letter}${index}) AS VARCHAR)`);
  return [centre('x'), centre('y'), totals(''), totals(` ${contributes}`), `count(*) ${contributes}`, ...tops];
}

/** One share as a floating-point number: Σ|(x − x̄)(y − ȳ)|, or Σ(x − x̄)². */
function shareSql(product: Product, index: number): string {
  const value = (name: SumName): string => `CAST(${sumColumn(name, index)} AS DOUBLE)`;
  const [mx, my] = [`__mx${index}`, `__my${index}`];
  if (product === 'xy') return `${value('sxy')} - ${mx} * ${value('sy')} - ${my} * ${value('sx')} + ${mx} * ${my} * ${value('s')}`;
  const [letter, mean] = product === 'xx' ? (['x', mx] as const) : (['y', my] as const);
  return `${value(product)} - 2 * ${mean} * ${value(letter)} + ${value('n')} * ${mean} * ${mean}`;
}
