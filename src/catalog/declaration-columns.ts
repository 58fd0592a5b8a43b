import type { DeclarationReason } from '../problems/codes/declaration.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { type ColumnType, isNumeric, isValueOf, readColumnType } from './column-type.ts';
import type { Column } from './dataset.ts';
import { columnSchema, type DeclaredColumn } from './declaration-schema.ts';
import { pointer, readShape } from './declaration-shape.ts';
import { foldName, isIdentifier } from './identifier.ts';

/** Where a column stands, for pointers and defaults. */
export interface ColumnPlace {
  readonly table: string;
  readonly visibility: 'public' | 'protected';
  readonly primaryKey: readonly string[];
}

export interface ReadColumns {
  readonly columns: readonly Column[];
  readonly problems: readonly Problem[];
}

/** Reads the columns of one table, each on its own, and collects every problem. */
export function readColumns(declared: Readonly<Record<string, unknown>>, place: ColumnPlace): ReadColumns {
  const base = ['tables', place.table, 'columns'];
  const problems: Problem[] = [];
  const columns: Column[] = [];
  const entries = Object.entries(declared);
  if (entries.length === 0) problems.push(problem('declaration.invalid', { pointer: pointer(base), reason: 'noColumns' }));
  if (entries.length > 1000) return { columns, problems: [problem('declaration.invalid', { pointer: pointer(base), reason: 'tooMany' })] };
  problems.push(
    ...nameProblems(
      entries.map(([name]) => name),
      base,
    ),
  );
  for (const [name, input] of entries) {
    const path = [...base, name];
    const shape = readShape(columnSchema, input, path);
    problems.push(...shape.problems, ...secretLabel(input, shape.value, path));
    if (shape.value === undefined) continue;
    const type = readColumnType(shape.value.type);
    if (type === undefined) {
      problems.push(problem('declaration.invalid', { pointer: pointer([...path, 'type']), reason: 'type' }));
      continue;
    }
    problems.push(...typeProblems(shape.value, type, path), ...placeProblems(name, shape.value, type, place, path));
    columns.push(normalise(name, shape.value, type, place));
  }
  return { columns, problems };
}

/** Names that are not identifiers, or that SQL cannot tell apart. */
export function nameProblems(names: readonly string[], base: readonly string[]): readonly Problem[] {
  const problems: Problem[] = [];
  const seen = new Set<string>();
  for (const name of names) {
    const at = pointer([...base, name]);
    if (!isIdentifier(name)) problems.push(problem('declaration.invalid', { pointer: at, reason: 'name' }));
    if (seen.has(foldName(name))) problems.push(problem('declaration.invalid', { pointer: at, reason: 'nameClash' }));
    seen.add(foldName(name));
  }
  return problems;
}

function secretLabel(input: unknown, column: DeclaredColumn | undefined, path: readonly string[]): readonly Problem[] {
  const label: unknown = column?.label ?? (typeof input === 'object' && input !== null ? (input as { label?: unknown }).label : undefined);
  return label === 'workSecret' || label === 'stateSecret' ? [problem('declaration.secret', { pointer: pointer(path) })] : [];
}

function typeProblems(column: DeclaredColumn, type: ColumnType, path: readonly string[]): readonly Problem[] {
  const problems: Problem[] = [];
  const say = (field: string, reason: DeclarationReason): void => {
    problems.push(problem('declaration.invalid', { pointer: pointer([...path, field]), reason }));
  };
  const bounds = column.bounds;
  const boundsWrong = bounds === undefined ? null : boundsReason(bounds, type);
  if (boundsWrong !== null) say('bounds', boundsWrong);
  const domain = column.domain;
  if (domain !== undefined) {
    if (type.family === 'boolean') say('domain', 'domainType');
    else if (!domainHolds(domain, type, boundsWrong === null ? bounds : undefined)) say('domain', 'domainForm');
  }
  if (column.publicDomain === true && domain === undefined) say('publicDomain', 'publicDomainAlone');
  if (column.grid !== undefined && !gridFits(column.grid, type)) say('grid', 'gridType');
  if (column.masking !== undefined && !maskingFits(column, type)) say('masking', 'masking');
  return problems;
}

function boundsReason(bounds: NonNullable<DeclaredColumn['bounds']>, type: ColumnType): DeclarationReason | null {
  if (type.family === 'boolean' || type.family === 'text') return 'boundsType';
  return bounds.every((value) => isValueOf(type, value)) && compareValues(bounds[0], bounds[1]) <= 0 ? null : 'boundsForm';
}

function domainHolds(domain: readonly (string | number)[], type: ColumnType, bounds: DeclaredColumn['bounds']): boolean {
  if (new Set(domain).size !== domain.length) return false;
  const inside = (value: string | number): boolean =>
    bounds === undefined || (compareValues(bounds[0], value) <= 0 && compareValues(value, bounds[1]) <= 0);
  return domain.every((value) => isValueOf(type, value) && inside(value));
}

/** Keys join, and are shown to nobody anyway; only dates have months. */
function maskingFits(column: DeclaredColumn, type: ColumnType): boolean {
  if (column.role === 'unitId' || column.role === 'directId') return false;
  return column.masking === 'withheld' || type.family === 'date' || type.family === 'timestamp';
}

function gridFits(grid: string, type: ColumnType): boolean {
  const dated = type.family === 'date' || type.family === 'timestamp';
  return grid === 'month' ? dated : isNumeric(type);
}

/** Order of numbers, and of ISO dates and times (which a missing time part precedes). */
function compareValues(left: string | number, right: string | number): number {
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  const a = String(left).replace('T', ' ');
  const b = String(right).replace('T', ' ');
  return a < b ? -1 : a > b ? 1 : 0;
}

function placeProblems(
  name: string,
  column: DeclaredColumn,
  type: ColumnType,
  place: ColumnPlace,
  path: readonly string[],
): readonly Problem[] {
  const problems: Problem[] = [];
  const say = (field: string, reason: DeclarationReason): void => {
    problems.push(problem('declaration.contradiction', { pointer: pointer([...path, field]), reason }));
  };
  if (place.primaryKey.includes(name) && column.nullable === true) say('nullable', 'keyNullable');
  if (place.visibility === 'public') {
    if (column.label === 'personal' || column.label === 'sensitivePersonal' || column.label === 'tradeSecret') say('label', 'publicLabel');
    if (column.role !== 'dimension' && column.role !== 'measure') say('role', 'publicRole');
  }
  if (column.label === 'sensitivePersonal' && column.role === 'dimension') say('role', 'sensitiveDimension');
  if (column.role === 'measure' && !isNumeric(type)) say('role', 'measureType');
  return problems;
}

function normalise(name: string, column: DeclaredColumn, type: ColumnType, place: ColumnPlace): Column {
  return {
    name,
    type: type.name,
    label: column.label,
    role: column.role,
    nullable: column.nullable ?? !place.primaryKey.includes(name),
    ...(column.semantic === undefined ? {} : { semantic: column.semantic }),
    ...(column.bounds === undefined ? {} : { bounds: column.bounds }),
    ...(column.domain === undefined ? {} : { domain: column.domain }),
    publicDomain: column.publicDomain ?? false,
    factFamily: column.factFamily ?? `${place.table}.${name}`,
    ...(column.grid === undefined ? {} : { grid: column.grid }),
    ...(column.masking === undefined ? {} : { masking: column.masking }),
    ...(column.hierarchy === undefined ? {} : { hierarchy: column.hierarchy }),
  };
}
