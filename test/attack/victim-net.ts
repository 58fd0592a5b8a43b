import type { ResultTable } from '../../src/pipeline.ts';
import { persons } from '../support/victim-city.ts';

const VICTIM = { income: 999_999, visits: 30, cost: 5000, city: 'Lishui', hospital: 'H9', month: '1961-02' };
const K = 10;

/** What rests on her, or on fewer than k persons with her among them: her income, her costs, the incomes of her month of birth. */
const SUMS = [
  VICTIM.income,
  VICTIM.visits * VICTIM.cost,
  VICTIM.income * VICTIM.visits,
  persons()
    .filter((person) => person.birth.startsWith(VICTIM.month))
    .reduce((sum, person) => sum + person.income, 0),
];

/** A sum is compared with hers only where it is large enough to hold them; a count is one of a few thousand. */
const LEAST_SUM = 10_000;
const MOST_COUNT = 5000;

interface Column {
  readonly name: string;
  readonly isCount: boolean;
  /** By row; undefined where nothing was released. */
  readonly values: readonly (number | undefined)[];
}

/**
 * Every way in which one result gives the victim away, as far as adding and subtracting go: labels, single figures,
 * differences and sums of two figures or of columns' subtotals (one for each set of grouping labels), multiples of one
 * figure taken from another in its row, and combinations of up to nine figures of a column.
 *
 * Columns called `label…`, texts, dates and truth values are labels. Does not compare results of several statements.
 *
 * @param isExplained  combinations of three or more figures are known and have a reason.
 */
export function givenAway(table: ResultTable, isExplained = false): readonly string[] {
  const columns = [...figureColumns(table), ...products(table)];
  const patterns = table.rows.map((row) =>
    labelColumns(table)
      .map((index) => (row[index] === null ? '0' : '1'))
      .join(''),
  );
  return [
    ...labels(table),
    ...columns.flatMap(singles),
    ...table.rows.flatMap((_, row) => withinRow(columns, row)),
    ...columns.flatMap((column) => acrossRows(column, patterns, labelColumns(table).length === 0)),
    ...(isExplained ? [] : columns.flatMap(combinations)),
  ];
}

function isLabel(column: ResultTable['columns'][number]): boolean {
  return column.name.startsWith('label') || /^(VARCHAR|DATE|TIMESTAMP|BOOLEAN)/.test(column.type);
}

function labelColumns(table: ResultTable): readonly number[] {
  return table.columns.flatMap((column, index) => (isLabel(column) ? [index] : []));
}

/** Her city, or the beginning of it, and her hospital. */
function labels(table: ResultTable): readonly string[] {
  const texts = table.rows
    .flat()
    .filter((value) => typeof value === 'string' && value !== '')
    .map((text) => String(text).toLowerCase());
  return texts
    .filter((text) => VICTIM.city.toLowerCase().startsWith(text) || text === VICTIM.hospital.toLowerCase())
    .map((text) => `label ${text}`);
}

function figureColumns(table: ResultTable): readonly Column[] {
  return table.columns.flatMap((column, index): readonly Column[] => {
    if (isLabel(column)) return [];
    const values = table.rows.map((row) => (row[index] === null ? undefined : Number(row[index])));
    return [{ name: column.name, isCount: /^(BIGINT|HUGEINT|INTEGER)/.test(column.type), values }];
  });
}

/** A mean times a count is a sum. */
function products(table: ResultTable): readonly Column[] {
  const figures = figureColumns(table);
  return figures.flatMap((mean) =>
    mean.isCount
      ? []
      : figures
          .filter((count) => count.isCount)
          .map((count): Column => {
            const values = mean.values.map((value, row) =>
              value === undefined || count.values[row] === undefined ? undefined : Math.round(value * count.values[row]),
            );
            return { name: `${mean.name} × ${count.name}`, isCount: false, values };
          }),
  );
}

function known(values: readonly (number | undefined)[]): readonly number[] {
  return values.filter((value) => value !== undefined);
}

function isHers(value: number): boolean {
  return SUMS.includes(Math.abs(Math.round(value * 1000) / 1000));
}

/** Her sum and so little besides that it is known to a tenth: no p % rule lets it pass. */
function isNearHers(value: number): boolean {
  return [VICTIM.income, VICTIM.visits * VICTIM.cost].some((sum) => value >= sum && value < sum * 1.1);
}

/** A number of persons that no figure may rest on, or of her visits. */
function isFew(value: number): boolean {
  const size = Math.abs(value);
  return (size >= 1 && size < K) || size === VICTIM.visits || size === VICTIM.visits - 1;
}

function singles(column: Column): readonly string[] {
  const hers = known(column.values).filter((value) => isHers(value) || value === VICTIM.cost || (column.isCount && isFew(value)));
  return hers.map((value) => `${column.name} = ${value}`);
}

function withinRow(columns: readonly Column[], row: number): readonly string[] {
  const cells = columns.flatMap((column) => (column.values[row] === undefined ? [] : [{ ...column, value: column.values[row] }]));
  return cells.flatMap((a) =>
    cells.flatMap((b) => {
      if (a === b) return [];
      const found = isHers(a.value - b.value) || isHers(a.value + b.value) || isMultiple(a.value, b.value);
      const few = a.isCount && b.isCount && Math.max(a.value, b.value) <= MOST_COUNT && isFew(a.value - b.value);
      return found || few ? [`row ${row}: ${a.name} ${a.value}, ${b.name} ${b.value}`] : [];
    }),
  );
}

/** `b − c·a` is a multiple of her income: everybody has c visits, she has more. */
function isMultiple(a: number, b: number): boolean {
  if (Math.min(Math.abs(a), Math.abs(b)) < LEAST_SUM) return false;
  return Array.from({ length: VICTIM.visits }, (_, index) => index + 2).some((c) => {
    const times = (b - c * a) / VICTIM.income;
    return Number.isInteger(times) && times >= 1 && times <= VICTIM.visits;
  });
}

/** Cells and subtotals of one column, each against each. Groups of one grouping are disjoint: their sizes may be close. */
function acrossRows(column: Column, patterns: readonly string[], isUnlabelled: boolean): readonly string[] {
  const cells = known(column.values);
  const subtotals = [...new Set(patterns)].map((pattern) =>
    known(column.values.filter((_, row) => patterns[row] === pattern)).reduce((sum, value) => sum + value, 0),
  );
  const all = [...cells, ...subtotals];
  const hers = pairs(all).filter(([a, b]) => Math.max(a, b) >= LEAST_SUM && (isHers(a - b) || isHers(a + b)));
  const near = pairs(subtotals).filter(([a, b]) => isNearHers(Math.abs(a - b)));
  const counted = column.isCount ? [...pairs(subtotals), ...(isUnlabelled ? pairs(cells) : [])] : [];
  const few = counted.filter(([a, b]) => Math.max(a, b) <= MOST_COUNT && isFew(a - b));
  return [...hers, ...near, ...few].map(([a, b]) => `${column.name}: ${a} and ${b}`);
}

function pairs(values: readonly number[]): readonly (readonly [number, number])[] {
  return values.flatMap((a, index) => values.slice(index + 1).map((b): readonly [number, number] => [a, b]));
}

const MOST_FIGURES = 9;

/** Every sum of figures of a column, each added, subtracted or left out. */
function combinations(column: Column): readonly string[] {
  const figures = [...new Set(known(column.values))].filter((value) => Math.abs(value) >= LEAST_SUM);
  if (figures.length > MOST_FIGURES) return [];
  const sums = figures.reduce<readonly number[]>((found, value) => found.flatMap((sum) => [sum, sum + value, sum - value]), [0]);
  return [...new Set(sums.filter(isHers).map(Math.abs))].map((sum) => `${column.name}: a combination gives ${sum}`);
}
