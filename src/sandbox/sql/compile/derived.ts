import { BUCKET_COLUMN, type Column, type Table, UNIT_COLUMN, UNIT_KEY_COLUMN, type UnitPath } from '../../../catalog/dataset.ts';
import { quoteName } from '../../../catalog/identifier.ts';
import type { Call, Position } from '../ast.ts';
import type { BoundColumn, TableInstance, TouchedUnits } from '../model/bound.ts';
import { typeClass, typeScale } from '../model/column-type.ts';
import type { SqlTemplate } from '../model/condition.ts';
import type { Scalar } from '../model/scalar.ts';
import { allOf } from './conditions.ts';
import type { Compilation } from './context.ts';
import { datePartOf, truncationOf } from './date-shapes.ts';
import { optionalConditions } from './gate.ts';
import { keyAlternatives } from './keys.ts';
import { noteColumn } from './leaves.ts';
import { calledNames } from './names.ts';
import { physical, shown } from './print.ts';
import { refuse, refuseConstruct } from './refusal.ts';
import { type Environment, resolveScalar, resolveTest } from './resolve.ts';
import { fromTemplate, shownFrom, type UnitRows } from './rows.ts';
import { calledColumn, physicalColumn, shownColumn } from './scope.ts';
import { separated } from './separated.ts';
import { isSensitive, signsOf, summandSql } from './terms.ts';
import { canRepeat, type UnitClass, uniqueKeys, unitClasses } from './units.ts';

/** Columns that a derived table gives under names of its own. */
export interface DerivedColumn {
  readonly column: Column;
  readonly sql: SqlTemplate;
  readonly shown: SqlTemplate;
  /** Of a feature: never under zero, as far as the loader measured. */
  readonly nonnegative?: boolean;
}

/** The classes of units that the keys of a grouping determine: it stays on the level of these units. Source: gate.md §4. */
export function determinedUnits(keys: readonly Scalar[], rows: UnitRows, compilation: Compilation): readonly UnitClass[] {
  const columns = keys.flatMap((key) => (key.kind === 'column' ? [key.column] : []));
  const determines = (unit: UnitClass): boolean =>
    unit.members.some((member) => {
      const path = member.table.units[unit.type];
      const own = columns.filter((item) => item.instance === member).map((item) => item.column.name);
      const first = path?.hops[0]?.from ?? path?.column;
      return (
        (first !== undefined && own.includes(first)) ||
        uniqueKeys(member, compilation.profile).some((key) => key.length > 0 && key.every((name) => own.includes(name)))
      );
    });
  return unitClasses(rows).filter(determines);
}

/** What the query calls an inner one, its keys and its figures. */
export interface GivenNames {
  readonly rows: string;
  readonly keys: readonly string[];
  readonly features: readonly string[];
}

interface FeatureTable {
  readonly instance: TableInstance;
  /** In the order of the keys. */
  readonly keys: readonly Scalar[];
  /** In the order of the calls. */
  readonly features: readonly Scalar[];
}

/**
 * Per-unit aggregation as a table of its own: one row per unit and further keys. A feature is one aggregate of one bare
 * column; what the query computes around it stays outside. Units of other types become touched ones.
 * Source: gate.md §4, §5 (features). Throws Refused.
 */
export function featureTable(
  rows: UnitRows,
  keys: readonly Scalar[],
  calls: readonly Call[],
  environment: Environment,
  compilation: Compilation,
  given: GivenNames,
  at: Position,
): FeatureTable {
  const determined = determinedUnits(keys, rows, compilation);
  const keyColumns = keys.map((key, index) => keyColumn(key, `k${index}`, compilation));
  const features = calls.map((call, index) => featureColumn(call, `f${index}`, rows, environment, compilation));
  const index = compilation.nextInstance(at);
  const whole = bodyOf(rows, compilation, at);
  const body = whole.sql;
  const unitColumns = determined.flatMap((unit) => unitColumnsOf(unit));
  const grouped = [...unitColumns, ...keyColumns.map((item) => [...item.sql, ` AS ${quoteName(item.column.name)}`])];
  const selected = [...grouped, ...features.map((item) => [...item.sql, ` AS ${quoteName(item.column.name)}`])];
  const groupBy = ` GROUP BY ${grouped.map((_, position) => position + 1).join(', ')}`;
  const source: SqlTemplate = ['(SELECT ', ...separated(selected), ...body, groupBy, ')'];
  const touched = unitClasses(rows)
    .filter((unit) => !determined.some((other) => other.members[0] === unit.members[0] && other.type === unit.type))
    .map((unit): TouchedUnits => touchedBy(unit, keyColumns, body));
  const table: Table = {
    name: `__d${index}`,
    visibility: 'protected',
    primaryKey: keyColumns.map((item) => item.column.name),
    foreignKeys: keys.flatMap((key, position) => referencesOf(key, `k${position}`)),
    units: Object.fromEntries(determined.map((unit) => [unit.type, derivedPath(unit, keys)])),
    standingFilters: [],
    columns: [...keyColumns, ...features].map((item) => item.column),
  };
  const called = calledNames(
    table.columns.map((column) => column.name),
    [...given.keys, ...given.features],
  );
  const names = [...keyColumns, ...features].map(
    (item): SqlTemplate => [...item.shown, ` AS ${quoteName(called.get(item.column.name) ?? item.column.name)}`],
  );
  const instance: TableInstance = {
    index,
    name: compilation.shownRows(given.rows),
    called,
    table,
    source,
    shown: ['(SELECT ', ...separated(names), ...whole.shown, ` GROUP BY ${keyColumns.map((_, position) => position + 1).join(', ')})`],
    baseTables: rows.instances.flatMap((item) => item.baseTables),
    optional: false,
    touched: [...touched, ...inheritedTouch(rows, keyColumns, body)],
    nonnegative: new Set(features.flatMap((item) => (item.nonnegative === true ? [item.column.name] : []))),
    at,
  };
  const scalar = (column: Column): Scalar => ({ kind: 'column', column: { instance, column, at }, at });
  return { instance, keys: keyColumns.map((item) => scalar(item.column)), features: features.map((item) => scalar(item.column)) };
}

/** ` FROM … WHERE …` of rows with the conditions in it, as it runs and as it is shown. */
export function bodyOf(rows: UnitRows, compilation: Compilation, at: Position): { readonly sql: SqlTemplate; readonly shown: SqlTemplate } {
  const on = optionalConditions(rows, compilation);
  const from = fromTemplate(rows, on, at);
  const where = allOf(rows.tests, compilation);
  const condition: SqlTemplate = where === true ? [] : where === false ? [' WHERE FALSE'] : [' WHERE ', where];
  return { sql: [' FROM ', ...from, ...condition], shown: [' FROM ', ...shownFrom(rows, on, at), ...condition] };
}

/** Number, bucket and key of a class, under the names that every protected table has them. */
export function unitColumnsOf(unit: UnitClass): readonly SqlTemplate[] {
  const [first] = unit.members;
  return [UNIT_COLUMN, BUCKET_COLUMN, UNIT_KEY_COLUMN].map((column) => {
    const name = quoteName(column(unit.type));
    return [`t${first?.index}.${name} AS ${name}`];
  });
}

function touchedBy(unit: UnitClass, keys: readonly DerivedColumn[], body: SqlTemplate): TouchedUnits {
  const [first] = unit.members;
  const selected: SqlTemplate[] = [
    ...keys.map((item) => [...item.sql, ` AS ${quoteName(item.column.name)}`]),
    [`t${first?.index}.${quoteName(UNIT_COLUMN(unit.type))} AS __u`],
    [`t${first?.index}.${quoteName(BUCKET_COLUMN(unit.type))} AS __b`],
    [`t${first?.index}.${quoteName(UNIT_KEY_COLUMN(unit.type))} AS __h`],
  ];
  return {
    type: unit.type,
    source: ['(SELECT DISTINCT ', ...separated(selected), ...body, ')'],
    keys: keys.map((item) => item.column.name),
  };
}

/** Units touched inside a table that is grouped again stay touched. */
function inheritedTouch(rows: UnitRows, keys: readonly DerivedColumn[], body: SqlTemplate): readonly TouchedUnits[] {
  return rows.instances.flatMap((instance) =>
    instance.touched.map((touched): TouchedUnits => {
      const on = touched.keys.map((key) => `y.${quoteName(key)} IS NOT DISTINCT FROM t${instance.index}.${quoteName(key)}`).join(' AND ');
      const selected: SqlTemplate[] = [
        ...keys.map((item) => [...item.sql, ` AS ${quoteName(item.column.name)}`]),
        ['y.__u AS __u'],
        ['y.__b AS __b'],
        ['y.__h AS __h'],
      ];
      const [from = ' FROM ', ...rest] = body;
      const where = rest.findIndex((part) => typeof part === 'string' && part.startsWith(' WHERE '));
      const [joined, filter] = where < 0 ? [rest, []] : [rest.slice(0, where), rest.slice(where)];
      return {
        type: touched.type,
        source: [
          '(SELECT DISTINCT ',
          ...separated(selected),
          from,
          ...joined,
          ' JOIN ',
          ...touched.source,
          ` AS y ON ${on}`,
          ...filter,
          ')',
        ],
        keys: keys.map((item) => item.column.name),
      };
    }),
  );
}

function keyColumn(key: Scalar, name: string, compilation: Compilation): DerivedColumn {
  if (key.kind === 'column') {
    noteColumn(key.column, compilation);
    return {
      column: { ...key.column.column, name, factFamily: key.column.column.factFamily },
      sql: [physicalColumn(key.column)],
      shown: [shownColumn(key.column)],
    };
  }
  const [only, ...more] = keyAlternatives(key, compilation);
  if (only === undefined || more.length > 0 || only.tests.length > 0) return refuseConstruct('CASE as a key per unit', key.at);
  return { column: labelColumn(name, only.type ?? 'VARCHAR'), sql: [only.key.sql], shown: [only.key.name] };
}

/** A column of labels computed from others: grouped and compared like a dimension. */
export function labelColumn(name: string, type: string): Column {
  return { name, type, label: 'personal', role: 'dimension', nullable: true, publicDomain: false, factFamily: `derived.${name}` };
}

function derivedPath(unit: UnitClass, keys: readonly Scalar[]): UnitPath {
  for (const [position, key] of keys.entries()) {
    if (key.kind !== 'column' || !unit.members.includes(key.column.instance)) continue;
    const { table } = key.column.instance;
    const path = table.units[unit.type];
    const { name } = key.column.column;
    const [hop, ...rest] = path?.hops ?? [];
    if (path !== undefined && hop === undefined && path.column === name) return { hops: [], column: `k${position}` };
    if (path !== undefined && hop !== undefined && hop.from === name)
      return { hops: [{ ...hop, from: `k${position}` }, ...rest], column: path.column };
    if (path !== undefined && table.primaryKey.length === 1 && table.primaryKey[0] === name)
      return { hops: [{ from: `k${position}`, table: table.name, to: name }, ...path.hops], column: path.column };
  }
  // Determined by a key of several columns: no join finds this unit again.
  return { hops: [{ from: '', table: '', to: '' }], column: '' };
}

function referencesOf(key: Scalar, name: string): Table['foreignKeys'] {
  if (key.kind !== 'column') return [];
  const { table } = key.column.instance;
  const column = key.column.column.name;
  const own =
    table.primaryKey.length === 1 && table.primaryKey[0] === column ? [{ columns: [name], table: table.name, references: [column] }] : [];
  return [
    ...own,
    ...table.foreignKeys
      .filter((item) => item.columns.length === 1 && item.columns[0] === column)
      .map((item) => ({ ...item, columns: [name] })),
  ];
}

function featureColumn(call: Call, name: string, rows: UnitRows, environment: Environment, compilation: Compilation): DerivedColumn {
  const { at } = call;
  if (call.orderBy.length > 0) return refuseConstruct(`ORDER BY inside ${call.name}()`, at);
  const condition = call.filter === null ? true : allOf([resolveTest(call.filter, environment)], compilation);
  const filter: SqlTemplate =
    condition === true ? [] : condition === false ? [' FILTER (WHERE FALSE)'] : [' FILTER (WHERE ', condition, ')'];
  const base = { name, label: 'personal', role: 'measure', publicDomain: false, factFamily: `derived.${name}` } as const;
  const counted = (write: (column: string) => string, of: Scalar | null): DerivedColumn => ({
    column: { ...base, type: 'BIGINT', nullable: false, semantic: 'count feature' },
    sql: [write(of === null ? '' : physical(of)), ...filter],
    shown: [write(of === null ? '' : shown(of)), ...filter],
  });
  if (call.name === 'count_star' || (call.name === 'count' && call.arguments.length === 0)) return counted(() => 'count(*)', null);
  const [argument] = call.arguments;
  const scalar =
    argument === undefined || call.arguments.length !== 1
      ? refuseConstruct(`${call.name}() per unit with these arguments`, at)
      : resolveScalar(argument, environment);
  // Months or years of a date, counted: no number of the merchant's stands in them, and no label of theirs is shown.
  const part = call.name === 'count' && call.distinct ? (truncationOf(scalar) ?? datePartOf(scalar)) : undefined;
  if (scalar.kind !== 'column' && part === undefined)
    return refuseConstruct(`${call.name}() of an expression per unit (compute outside the inner query)`, at);
  const column = scalar.kind === 'column' ? scalar.column : part?.column;
  if (column === undefined) throw new Error('A feature lost its column');
  noteColumn(column, compilation);
  if (call.name === 'count') {
    if (column.column.role === 'directId')
      return refuse('sql.column_not_allowed', { name: calledColumn(column), use: 'count', role: column.column.role, ...at });
    return counted((name) => (call.distinct ? `count(DISTINCT ${name})` : `count(${name})`), scalar);
  }
  if (call.distinct && call.name !== 'min' && call.name !== 'max') return refuseConstruct(`${call.name}(DISTINCT)`, at);
  return {
    column: { ...base, factFamily: column.column.factFamily, nullable: true, ...featureType(call, column, rows, compilation) },
    sql: featureSql(call, column, filter),
    nonnegative: signsOf(column, compilation.profile) === 'nonnegative',
    shown: [`${call.name}(${shownColumn(column)})`, ...filter],
  };
}

function featureType(
  call: Call,
  bound: BoundColumn,
  rows: UnitRows,
  compilation: Compilation,
): Pick<Column, 'type' | 'role'> & Partial<Column> {
  const { column } = bound;
  const kind = typeClass(column);
  const sensitive = isSensitive(bound) ? { semantic: 'sensitive feature' } : {};
  const isExtreme = call.name === 'min' || call.name === 'max';
  if (isExtreme && (kind === 'date' || kind === 'timestamp')) return { type: column.type, role: 'quasiId', ...sensitive };
  if (kind !== 'number' || !(isExtreme || ['sum', 'avg', 'mean'].includes(call.name)))
    return refuseConstruct(`${call.name}() per unit of a column of this type`, call.at);
  if (!['measure', 'sensitive', 'dimension'].includes(column.role) && bound.instance.table.visibility !== 'public')
    return refuse('sql.column_not_allowed', { name: calledColumn(bound), use: `${call.name} per unit`, role: column.role, ...call.at });
  if (isExtreme)
    return { type: column.type, role: 'measure', ...(column.bounds === undefined ? {} : { bounds: column.bounds }), ...sensitive };
  if (canRepeat(bound.instance, rows, compilation.profile)) return refuse('sql.fan_out', { name: calledColumn(bound), ...call.at });
  const scale = typeScale(column) ?? FLOAT_SCALE;
  return call.name === 'sum'
    ? { type: `DECIMAL(38,${scale})`, role: 'measure', ...sensitive }
    : { type: 'DOUBLE', role: 'measure', ...sensitive };
}

const FLOAT_SCALE = 6;

/** Sums of fixed-point numbers only: those of floating-point ones differ from run to run. */
function featureSql(call: Call, bound: BoundColumn, filter: SqlTemplate): SqlTemplate {
  const sql = physicalColumn(bound);
  if (call.name === 'min' || call.name === 'max') return [`${call.name}(${sql})`, ...filter];
  const scale = typeScale(bound.column) ?? FLOAT_SCALE;
  const sum: SqlTemplate = [`sum(${summandSql(bound)})`, ...filter];
  if (call.name === 'sum') return ['TRY_CAST(', ...sum, ` AS DECIMAL(38,${scale}))`];
  return ['(TRY_CAST(', ...sum, ' AS DOUBLE) / NULLIF(', `count(${sql})`, ...filter, ', 0))'];
}
