import type { Column } from '../catalog/dataset.ts';
import { quoteName } from '../catalog/identifier.ts';
import { cast } from './column-shape.ts';
import { below, literal, type Sql, stepped } from './draw.ts';
import {
  addressSql,
  enterpriseNameSql,
  LANDLINE_CAPACITY,
  landlineSql,
  PLATE_CAPACITY,
  personNameSql,
  plateSql,
  regionValueSql,
} from './entity-sql.ts';
import { residentIdCapacity, residentIdSql } from './identifier-sql.ts';
import { columnStream, sexValues, type TableContext } from './table-context.ts';

/** The identifier that all facts of a row follow from: the row's own, or one that no column shows. */
const ENTITY: Sql = '__e';
const PROVINCE: Sql = '__province';
const MALE: Sql = '__male';
const REGION_NAME = /(district|county|region|province|city|area|行政区|区县|省份|地区|城市|籍贯)/iu;

/**
 * Whether a column says something of the person or enterprise that a row is about, so that it must agree with the
 * identifier: birth date, sex, name, region (by its domain, or the six digits that stand in the identifier), address, plate, landline. A single such column without an identifier
 * beside it agrees with everything. Own design: ADR 0016; synthetic-and-masking.md §3 (c).
 */
export function follows(context: TableContext, column: Column): boolean {
  if (!isFact(context, column) || column.name === context.idColumn) return false;
  if (context.idColumn !== undefined || context.creditColumn !== undefined) return true;
  return context.table.columns.filter((other) => isFact(context, other)).length > 1;
}

function isFact(context: TableContext, column: Column): boolean {
  if (context.creditColumn === undefined && (column.name === context.birthColumn || column.name === context.sexColumn)) return true;
  if (column.type !== 'VARCHAR' || context.demands.get(column.name)?.oneOf !== undefined) return false;
  if (column.semantic === 'region') return true;
  if (column.domain !== undefined) return REGION_NAME.test(column.name);
  return column.semantic === 'name' || column.semantic === 'address' || column.semantic === 'plate' || column.semantic === 'landline';
}

/** Puts the identifier that facts follow from beside the columns of `rows`, as `__e`. Own design: ADR 0016. */
export function withEntity(context: TableContext, rows: Sql): Sql {
  if (context.creditColumn !== undefined) return withParts(`SELECT *, ${quoteName(context.creditColumn)} AS ${ENTITY} FROM (${rows})`, 3);
  const { firstDay, days } = context.births;
  const stream = columnStream(context, '', 'entity');
  const hidden = residentIdSql(below(stream, residentIdCapacity(days, context.style)), firstDay, days, context.style);
  const shown = context.idColumn === undefined ? hidden : entityOf(context, hidden);
  return withParts(`SELECT *, ${shown} AS ${ENTITY} FROM (${rows})`, 1);
}

/** What several columns need of the identifier, read once. */
function withParts(rows: Sql, province: number): Sql {
  const male = province === 1 ? `, ${ENTITY}[17]::INTEGER % 2 = 1 AS ${MALE}` : '';
  return `SELECT *, ${ENTITY}[${province}:${province + 1}] AS ${PROVINCE}${male} FROM (${rows})`;
}

function entityOf(context: TableContext, hidden: Sql): Sql {
  const id = quoteName(context.idColumn ?? '');
  const column = context.table.columns.find((item) => item.name === context.idColumn);
  return column?.nullable === true ? `CASE WHEN ${id} IS NULL THEN ${hidden} ELSE ${id} END` : id;
}

/** The value of a column that follows from the row's identifier; `free` where a credit code is missing. Own design: ADR 0016. */
export function followerSql(context: TableContext, column: Column, free: Sql): Sql {
  const stream = columnStream(context, column.name, 'value');
  const enterprise = context.creditColumn !== undefined;
  const province = PROVINCE;
  const region = enterprise ? `${ENTITY}[3:8]` : `${ENTITY}[1:6]`;
  if (!enterprise && column.name === context.birthColumn) return birthSql(column);
  if (!enterprise && column.name === context.sexColumn) return sexSql(column);
  const value = ((): Sql => {
    if (column.domain !== undefined) return regionValueSql(column.domain, province, region);
    switch (column.semantic) {
      case 'name':
        return enterprise ? enterpriseNameSql(stream, province) : personNameSql(stream, MALE);
      case 'address':
        return addressSql(stream, province);
      case 'plate':
        return plateSql(stepped(stream, PLATE_CAPACITY), province);
      case 'region':
        return region;
      default:
        return landlineSql(stepped(stream, LANDLINE_CAPACITY), province);
    }
  })();
  return enterprise ? `CASE WHEN ${ENTITY} IS NULL THEN ${free} ELSE ${cast(column, value)} END` : cast(column, value);
}

function birthSql(column: Column): Sql {
  const written = `make_date(${ENTITY}[7:10]::INTEGER, ${ENTITY}[11:12]::INTEGER, ${ENTITY}[13:14]::INTEGER)`;
  const [low, high] = column.bounds ?? [];
  return low === undefined || high === undefined
    ? written
    : `least(greatest(${written}, DATE ${literal(String(low))}), DATE ${literal(String(high))})`;
}

function sexSql(column: Column): Sql {
  const sexes = sexValues(column);
  if (sexes === undefined) throw new Error('A column of sexes without sexes');
  return cast(column, `CASE WHEN ${MALE} THEN ${literal(sexes.male)} ELSE ${literal(sexes.female)} END`);
}
