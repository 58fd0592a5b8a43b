import { readColumnType } from '../../../catalog/column-type.ts';
import { ROLE_PERMISSIONS } from '../../../catalog/permissions.ts';
import { compareDecimals, decimalText } from '../../../kernel/decimal.ts';
import { type BoundColumn, isOpenColumn } from '../model/bound.ts';
import { typeClass, typeScale } from '../model/column-type.ts';
import type { ProgramKey } from '../model/program.ts';
import { columnsOfScalar, type Scalar, type Test } from '../model/scalar.ts';
import type { Factor } from './argument.ts';
import { isNotTrue } from './compare.ts';
import type { Compilation } from './context.ts';
import { datePartOf, datePrefixOf, distanceOf, truncationOf } from './date-shapes.ts';
import { numberOf } from './fold.ts';
import { roundToGrid } from './grid.ts';
import { readByKey, toldByKey } from './implied.ts';
import { formatOf, onEdges, partsLabel, textLabel } from './key-labels.ts';
import { callName, isTextInput, noteColumn, textInput } from './leaves.ts';
import { gridOf, isExact, notAllowed } from './literal-leaf.ts';
import { physical, printLiteral, shown } from './print.ts';
import { refuseConstruct } from './refusal.ts';
import { calledColumn } from './scope.ts';
import { isSensitive } from './terms.ts';

/** A grouping key for the rows that satisfy the tests. CASE makes several, of disjoint rows. */
export interface KeyAlternative {
  readonly tests: readonly Test[];
  readonly key: ProgramKey;
  /** Engine type where it is known. */
  readonly type: string | null;
  /** Columns with fractions of which every label tells the number, nearly. */
  readonly tells: readonly Factor[];
  /** Columns that it is made of, and the years and days of its dates. */
  readonly reads: readonly Factor[];
}

const MAX_LABELS = 16;

/**
 * What may be grouped by: a column that its role allows, a part or truncation of a date, a bin of a number, a text cut
 * or folded, and labels chosen by conditions. Everything else is refused.
 * Source: gate.md §5 (predicates: bins, prefixes, date parts), formats.md (permissions of the roles).
 */
export function keyAlternatives(scalar: Scalar, compilation: Compilation): readonly KeyAlternative[] {
  if (scalar.kind === 'truth') {
    const literal = (type: 'boolean' | 'null', text: string): Scalar => ({ kind: 'literal', type, text, at: scalar.at });
    const branches = [
      { when: scalar.test, then: literal('boolean', 'true') },
      { when: { kind: 'not', item: scalar.test, at: scalar.at } as const, then: literal('boolean', 'false') },
    ];
    return keyAlternatives({ kind: 'case', branches, otherwise: literal('null', ''), at: scalar.at }, compilation);
  }
  const whole = scalar.kind === 'case' ? coalesced(scalar, compilation) : plainKey(scalar, compilation);
  if (whole !== undefined) return [{ tests: [], ...whole, tells: toldByKey(scalar), reads: readByKey(scalar) }];
  if (scalar.kind !== 'case') throw new Error('Only CASE has alternatives');
  const before: Test[] = [];
  const found: KeyAlternative[] = [];
  const add = (tests: readonly Test[], then: Scalar): void => {
    found.push(...keyAlternatives(then, compilation).map((item) => ({ ...item, tests: [...tests, ...item.tests] })));
  };
  for (const branch of scalar.branches) {
    add([...before, branch.when], branch.then);
    before.push(isNotTrue(branch.when));
  }
  add(before, scalar.otherwise);
  if (found.length > MAX_LABELS) return refuseConstruct(`more than ${MAX_LABELS} labels in CASE`, scalar.at);
  return found;
}

interface PlainKey {
  readonly key: ProgramKey;
  readonly type: string | null;
}

/** COALESCE of a key and a literal: one more label, no condition of the merchant's. */
function coalesced(scalar: Extract<Scalar, { kind: 'case' }>, compilation: Compilation): PlainKey | undefined {
  const [branch] = scalar.branches;
  const { otherwise } = scalar;
  if (scalar.branches.length !== 1 || branch?.when.kind !== 'isNull' || !branch.when.negated || otherwise.kind !== 'literal')
    return undefined;
  if (
    branch.then.kind === 'case' ||
    branch.then.kind === 'truth' ||
    branch.when.input.kind === 'case' ||
    branch.when.input.kind === 'truth'
  )
    return undefined;
  if (physical(branch.when.input) !== physical(branch.then)) return undefined;
  const { key, type } = plainKey(branch.then, compilation);
  const label = printLiteral(otherwise);
  return { key: { ...key, sql: `coalesce(${key.sql}, ${label})`, name: `coalesce(${key.name}, ${label})`, publicLabels: null }, type };
}

function plainKey(scalar: Scalar, compilation: Compilation): PlainKey {
  const columns = columnsOfScalar(scalar);
  for (const column of columns) noteColumn(column, compilation);
  const whole = (type: string | null, publicLabels: ProgramKey['publicLabels'] = null, written = scalar): PlainKey => ({
    key: { sql: physical(written), name: shown(written), id: '', publicLabels, sensitive: columns.some(isSensitive) },
    type,
  });
  if (scalar.kind === 'literal' || scalar.kind === 'released') return whole(null);
  if (scalar.kind === 'column') return columnKey(scalar.column, whole);
  if (columns.length > 0 && columns.every(isOpenColumn)) return whole(null);
  const part = datePartOf(scalar);
  if (part !== undefined) return mayGroup(part.column, 'BIGINT', whole);
  const truncated = truncationOf(scalar);
  if (truncated !== undefined) return truncatedKey(truncated, scalar, whole);
  const moved = movedTruncation(scalar);
  if (moved !== undefined) return truncatedKey(moved, scalar, whole);
  const named = namedPart(scalar, NAMES);
  if (named !== undefined) return mayGroup(named, 'VARCHAR', whole);
  const week = namedPart(scalar, WEEKS);
  if (week !== undefined) return mayGroup(week, 'BIGINT', whole);
  const formatted = formatOf(scalar, (column) => !isHiddenDay(column));
  if (formatted !== undefined) {
    if (!formatted.isAllowed) refuseConstruct('strftime with this format as a grouping key', scalar.at);
    return mayGroup(formatted.column, 'VARCHAR', whole);
  }
  const prefix = datePrefixOf(scalar);
  if (prefix !== undefined)
    return prefix.isDay ? truncatedKey({ ...prefix, unit: 'day' }, scalar, whole) : mayGroup(prefix.column, 'VARCHAR', whole);
  const binned = binOf(scalar, compilation);
  if (binned !== undefined) return whole(null, null, binned);
  const parts = partsLabel(scalar, compilation);
  if (parts !== undefined) return whole('BIGINT', null, parts);
  const text = textLabel(scalar, compilation);
  if (text !== undefined) return whole('VARCHAR', null, text);
  if (scalar.kind === 'cast' && scalar.type !== 'VARCHAR') return refuseConstruct(`CAST to ${scalar.type} as a grouping key`, scalar.at);
  if (!isTextInput(scalar))
    return refuseConstruct(scalar.kind === 'call' ? `${callName(scalar)} as a grouping key` : 'expression as a grouping key', scalar.at);
  return whole('VARCHAR', null, textInput(scalar, 'group by'));
}

/** Whether single days of the column may not be shown: those of a date that could tell people apart. */
function isHiddenDay({ column, instance }: BoundColumn): boolean {
  return typeClass(column) === 'date' && column.role === 'quasiId' && !isOpenColumn({ column, instance, at: instance.at });
}

type Whole = (type: string | null, publicLabels?: ProgramKey['publicLabels']) => PlainKey;

function columnKey(bound: BoundColumn, whole: Whole): PlainKey {
  const { column } = bound;
  if (isOpenColumn(bound)) return whole(column.type, column.publicDomain ? (column.domain ?? null) : null);
  if (column.semantic !== 'count feature' && ROLE_PERMISSIONS[column.role].groupBy !== 'yes') return notAllowed(bound, 'group by');
  if (column.role === 'quasiId') return notAllowed(bound, 'show itself; group by a coarser expression of it');
  return whole(column.type, column.publicDomain ? (column.domain ?? null) : null);
}

function mayGroup(bound: BoundColumn, type: string | null, whole: Whole): PlainKey {
  if (!isOpenColumn(bound) && ROLE_PERMISSIONS[bound.column.role].groupBy === 'never') return notAllowed(bound, 'group by');
  return whole(type);
}

function truncatedKey(shape: { readonly column: BoundColumn; readonly unit: string }, scalar: Scalar, whole: Whole): PlainKey {
  const { column } = shape;
  if ((shape.unit === 'day' || shape.unit === 'hour') && isHiddenDay(column))
    return notAllowed(column, 'show itself; group by week, month, quarter or year');
  return mayGroup(column, scalar.kind === 'cast' ? 'DATE' : column.column.type, whole);
}

/** `date_trunc('month', d) + INTERVAL 1 MONTH`: the same labels, moved by what everybody knows. */
function movedTruncation(scalar: Scalar): ReturnType<typeof truncationOf> {
  if (scalar.kind === 'cast' && scalar.type === 'DATE') return movedTruncation(scalar.input);
  if (scalar.kind !== 'call' || (scalar.name !== '+' && scalar.name !== '-') || scalar.arguments.length !== 2) return undefined;
  const [first, second] = scalar.arguments;
  return first !== undefined && second?.kind === 'interval' ? truncationOf(first) : undefined;
}

const NAMES: ReadonlySet<string> = new Set(['dayname', 'monthname']);
/** Numbers of weeks, of the year or with it: no finer than `date_trunc('week', d)`. */
const WEEKS: ReadonlySet<string> = new Set(['week', 'weekofyear', 'yearweek']);

/** The column of which the name of a weekday or month, or the number of a week, is taken. */
function namedPart(scalar: Scalar, names: ReadonlySet<string>): BoundColumn | undefined {
  if (scalar.kind === 'call' && (scalar.name === 'date_part' || scalar.name === 'datepart')) {
    const [part, of] = scalar.arguments;
    const isNamed = part?.kind === 'literal' && part.type === 'string' && of !== undefined && scalar.arguments.length === 2;
    return isNamed ? namedPart({ ...scalar, name: part.text.toLowerCase(), arguments: [of] }, names) : undefined;
  }
  if (scalar.kind !== 'call' || !names.has(scalar.name) || scalar.arguments.length !== 1) return undefined;
  const [input] = scalar.arguments;
  const kind = input?.kind === 'column' ? typeClass(input.column.column) : 'other';
  return input?.kind === 'column' && (kind === 'date' || kind === 'timestamp') ? input.column : undefined;
}

const ONE = { digits: 1n, scale: 0 };
const BINNING = new Set(['floor', 'ceil', 'ceiling', 'trunc', 'round']);

/** A number cut into bins with an edge length on the grid, perhaps scaled, shifted or capped afterwards; undefined where it is none. */
function binOf(scalar: Scalar, compilation: Compilation): Scalar | undefined {
  if (scalar.kind === 'cast' && /^(INTEGER|BIGINT|DOUBLE|DECIMAL|VARCHAR)/.test(scalar.type)) {
    const isRounded = /^(INTEGER|BIGINT)/.test(scalar.type) && scalar.input.kind === 'call' && scalar.input.name === '/';
    const input = isRounded ? dividedBy(scalar.input, compilation) : binOf(scalar.input, compilation);
    return input === undefined ? undefined : { ...scalar, input };
  }
  if (scalar.kind !== 'call') return undefined;
  const [first, second] = scalar.arguments;
  if (first === undefined) return undefined;
  if (BINNING.has(scalar.name) && second === undefined && first.kind === 'call' && first.name === '/') {
    const divided = dividedBy(first, compilation);
    return divided === undefined ? undefined : { ...scalar, arguments: [divided] };
  }
  if (BINNING.has(scalar.name) && second === undefined && first.kind === 'column') return wholeNumbers(scalar, first, compilation);
  const rounded =
    (scalar.name === 'round' || scalar.name === 'trunc') && second !== undefined && /^-[1-9]$/.test(numberText(second))
      ? isBinnable(first)
      : undefined;
  if (rounded !== undefined) {
    compilation.noteProbe(rounded, `rounded to ${second === undefined ? '' : numberText(second)}`);
    return { ...scalar, arguments: [onEdges(first, compilation), ...scalar.arguments.slice(1)] };
  }
  if (scalar.name === '//') return dividedWholly(scalar, compilation);
  if (second === undefined || scalar.arguments.length !== 2) return undefined;
  if (!['+', '-', '*', 'least', 'greatest'].includes(scalar.name)) return undefined;
  if (numberOf(second) !== undefined) {
    const input = binOf(first, compilation) ?? (scalar.name === 'least' || scalar.name === 'greatest' ? countFeature(first) : undefined);
    return input === undefined ? undefined : { ...scalar, arguments: [input, second] };
  }
  const input = numberOf(first) === undefined || scalar.name === '-' ? undefined : binOf(second, compilation);
  return input === undefined ? undefined : { ...scalar, arguments: [first, input] };
}

/** `floor(x)`: bins of width 1, where that is an edge length of the column's grid. */
function wholeNumbers(
  scalar: Extract<Scalar, { kind: 'call' }>,
  input: Extract<Scalar, { kind: 'column' }>,
  compilation: Compilation,
): Scalar | undefined {
  const column = isBinnable(input);
  const isOnGrid = column !== undefined && (isExact(column) || compareDecimals(roundToGrid(ONE, gridOf(column.column)), ONE) === 0);
  if (!isOnGrid) return undefined;
  compilation.noteProbe(column, `${scalar.name} to whole numbers`);
  return scalar;
}

function numberText(scalar: Scalar): string {
  const value = numberOf(scalar);
  return value === undefined ? '' : decimalText(value);
}

function countFeature(scalar: Scalar): Scalar | undefined {
  return scalar.kind === 'column' && scalar.column.column.semantic === 'count feature' ? scalar : undefined;
}

/** Whether bins of it are bins of one column: the column, or its distance from a date. */
function isBinnable(scalar: Scalar): BoundColumn | undefined {
  const distance = distanceOf(scalar);
  const column = scalar.kind === 'column' ? scalar.column : (distance?.column ?? datePartOf(scalar)?.column);
  if (column === undefined) return undefined;
  if (distance?.unit === 'day' && !isExact(column)) return refuseConstruct('bins of days as a grouping key', scalar.at);
  if (scalar.kind === 'column' && typeClass(column.column) !== 'number') return undefined;
  if (!isOpenColumn(column) && ROLE_PERMISSIONS[column.column.role].groupBy === 'never') return notAllowed(column, 'group by bins of it');
  return column;
}

/**
 * `x // step`: for the engine a plain division where x has fractions, of which every number is a label of its own. Sums of
 * whole numbers per unit, which are kept as decimals, are divided as the whole numbers they are.
 */
function dividedWholly(scalar: Extract<Scalar, { kind: 'call' }>, compilation: Compilation): Scalar | undefined {
  const divided = dividedBy(scalar, compilation);
  if (divided?.kind !== 'call') return divided;
  const [first, ...others] = divided.arguments;
  if (first?.kind !== 'column' || readColumnType(first.column.column.type)?.family === 'integer') return divided;
  if (typeScale(first.column.column) !== 0)
    return refuseConstruct('// of a number with fractions as a grouping key, which is no bin (floor(x / n) is)', scalar.at);
  return { ...divided, arguments: [{ kind: 'cast', input: first, type: 'HUGEINT', at: first.at }, ...others] };
}

/** `x / step` with the step rounded to the column's grid. */
function dividedBy(scalar: Extract<Scalar, { kind: 'call' }>, compilation: Compilation): Scalar | undefined {
  const [first, second] = scalar.arguments;
  if (first === undefined || second?.kind !== 'literal') return undefined;
  const column = isBinnable(first);
  const step = numberOf(second);
  if (column === undefined || step === undefined || step.digits <= 0n) return undefined;
  if (first.kind !== 'column') compilation.noteProbe(column, `bins of ${second.text}`);
  if (first.kind !== 'column') return { ...scalar, arguments: [onEdges(first, compilation), second] };
  if (isExact(column)) return scalar;
  const rounded = roundToGrid(step, gridOf(column.column));
  compilation.noteProbe(column, `bins of ${second.text}`);
  if (compareDecimals(rounded, step) === 0) return scalar;
  const text = decimalText(rounded);
  compilation.roundings.push({
    column: calledColumn(column),
    from: `bins of ${second.text}`,
    to: `bins of ${text}`,
    line: second.at.line,
    at: second.at.column,
  });
  return { ...scalar, arguments: [first, { ...second, text }] };
}
