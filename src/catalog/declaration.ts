import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { BUCKETS, type Dataset, type Table } from './dataset.ts';
import { nameProblems, readColumns } from './declaration-columns.ts';
import { linkProblems, readLinks } from './declaration-keys.ts';
import { type DeclaredHead, looseDatasetSchema, looseTableSchema, NOT_OPEN, OPENNESS } from './declaration-schema.ts';
import { pointer, readShape } from './declaration-shape.ts';
import { type DeclaredFile, readDeclaredFile } from './declared-file.ts';
import { isDatasetName } from './identifier.ts';
import { profileCatalogue, ruleNumber } from './profiles/profile-catalogue.ts';

export interface Declaration {
  readonly dataset: Dataset;
  /** By table. A table without a file has no entry: enough for simulation, not for loading. */
  readonly files: Readonly<Record<string, DeclaredFile>>;
}

const MAX_TABLES = 200;

/**
 * Reads a dataset declaration: checks it whole and gives the dataset in normal form, or every problem at once, each
 * with its JSON pointer. Unknown fields, missing labels, secrets and contradictions are refused; nothing is guessed.
 * Does not look at any file, and does not check standing filters: those need the engine (`sandbox/loader`).
 * Never throws, whatever JSON it is given.
 * Source: formats.md, "Dataset declaration"; gate.md §1; requirements NB-4b, GZ-2.
 */
export function readDeclaration(json: unknown): Result<Declaration, readonly Problem[]> {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return err([problem('declaration.invalid', { pointer: '', reason: 'notAnObject' })]);
  }
  const problems: Problem[] = [];
  const head = readShape(looseDatasetSchema, json, []);
  problems.push(...head.problems, ...headProblems(json), ...standardProblems(head.value));
  const files: [string, DeclaredFile][] = [];
  const declared = tableEntries(json);
  if (declared.length > MAX_TABLES) return err([...problems, problem('declaration.invalid', { pointer: '/tables', reason: 'tooMany' })]);
  problems.push(
    ...nameProblems(
      declared.map(([name]) => name),
      ['tables'],
    ),
  );
  const tables: Table[] = [];
  let complete = declared.length > 0;
  for (const [name, input] of declared) {
    const table = readTable(name, input, problems, files);
    if (table === undefined) complete = false;
    else tables.push(table);
  }
  if (declared.length === 0 && head.value !== undefined)
    problems.push(problem('declaration.invalid', { pointer: '/tables', reason: 'noTables' }));
  // Links between tables are judged only when every table could be read; else sound links would be blamed.
  if (complete) problems.push(...linkProblems(tables));
  if (problems.length > 0 || head.value === undefined) return err(problems);
  return ok({ dataset: { ...headOf(head.value), tables }, files: Object.fromEntries(files) });
}

function tableEntries(json: object): readonly (readonly [string, unknown])[] {
  const tables: unknown = (json as { tables?: unknown }).tables;
  return typeof tables === 'object' && tables !== null && !Array.isArray(tables) ? Object.entries(tables) : [];
}

/** What can be said of single fields even where others are wrong. */
function headProblems(json: object): readonly Problem[] {
  const { openness, dataset } = json as { openness?: unknown; dataset?: unknown };
  const problems: Problem[] = [];
  if (typeof openness === 'string' && !(OPENNESS as readonly string[]).includes(openness)) {
    problems.push(
      NOT_OPEN.has(openness.trim().toLowerCase())
        ? problem('declaration.not_open', { pointer: '/openness' })
        : problem('declaration.invalid', { pointer: '/openness', reason: 'wrongShape', allowed: OPENNESS }),
    );
  }
  if (typeof dataset === 'string' && !isDatasetName(dataset)) {
    problems.push(problem('declaration.invalid', { pointer: '/dataset', reason: 'datasetName' }));
  }
  return problems;
}

/** Names that cannot be told apart; and exact tables of data that leave under noise, which they would void. Source: gate.md §8. */
function standardProblems(head: DeclaredHead | undefined): readonly Problem[] {
  const tables = head?.standardTables ?? [];
  const names = nameProblems(
    tables.map((table) => table.name),
    ['standardTables'],
  );
  const isVoided = head?.mode?.kind === 'dp' && tables.length > 0;
  return isVoided ? [...names, problem('declaration.invalid', { pointer: '/standardTables', reason: 'exactBesideNoise' })] : names;
}

/** One table, or undefined if its own form or one of its columns could not be read. */
function readTable(name: string, input: unknown, problems: Problem[], files: [string, DeclaredFile][]): Table | undefined {
  const shape = readShape(looseTableSchema, input, ['tables', name]);
  problems.push(...shape.problems);
  const parts = typeof input === 'object' && input !== null ? (input as Record<string, unknown>) : {};
  const visibility = parts['visibility'] === 'public' ? 'public' : 'protected';
  const columns: unknown = parts['columns'];
  if (typeof columns !== 'object' || columns === null || Array.isArray(columns)) return undefined;
  const primaryKey = shape.value?.primaryKey ?? [];
  const read = readColumns(columns as Record<string, unknown>, { table: name, visibility, primaryKey });
  problems.push(...read.problems);
  if (shape.value === undefined) return undefined;
  const table = shape.value;
  const file = readDeclaredFile(table);
  if (typeof file === 'string') problems.push(problem('declaration.invalid', { pointer: pointer(['tables', name, 'file']), reason: file }));
  else if (file !== undefined) files.push([name, file]);
  problems.push(...nameProblems(Object.keys(table.units ?? {}), ['tables', name, 'units']));
  if (visibility === 'protected' && Object.keys(table.units ?? {}).length === 0) {
    problems.push(problem('declaration.invalid', { pointer: pointer(['tables', name, 'units']), reason: 'unitMissing' }));
  }
  const links = readLinks(name, table, problems);
  if (read.columns.length !== Object.keys(columns).length) return undefined;
  return {
    name,
    visibility,
    primaryKey: table.primaryKey,
    foreignKeys: links.foreignKeys,
    units: links.units,
    standingFilters: table.standingFilters ?? [],
    columns: read.columns,
    ...(table.rows === undefined ? {} : { rows: table.rows }),
    ...(table.simulation === undefined ? {} : { simulation: table.simulation }),
  };
}

function headOf(head: DeclaredHead): Omit<Dataset, 'tables'> {
  return {
    name: head.dataset,
    title: head.title,
    provider: head.provider,
    ...(head.collectedBy === undefined ? {} : { collectedBy: head.collectedBy }),
    ...(head.verifiedBy === undefined ? {} : { verifiedBy: head.verifiedBy }),
    grade: head.grade,
    shareType: head.shareType,
    openness: head.openness,
    updateFrequency: head.updateFrequency,
    ...(head.cities === undefined ? {} : { cities: [...new Set(head.cities)].sort() }),
    ...thresholdOf(head),
    ...(head.publicSource === undefined ? {} : { publicSource: head.publicSource }),
    ...(head.mode === undefined ? {} : { mode: head.mode }),
    ...(head.mergeWithheld === true ? { mergeWithheld: true } : {}),
    ...(head.standardTables === undefined ? {} : { standardTables: head.standardTables }),
  };
}

/** The threshold declared, or that of the cities where it is higher. Source: requirements.md §4.3 (`egress.aggregation_k`, merge: max). */
function thresholdOf({ k, cities = [] }: DeclaredHead): Pick<Dataset, 'k'> {
  const least = cities.map((city) => {
    const profile = profileCatalogue().resolve(city);
    return profile.ok ? (ruleNumber(profile.value, 'egress.aggregation_k') ?? 0) : BUCKETS / 4;
  });
  const highest = Math.max(k ?? 0, ...least);
  return highest === 0 ? {} : { k: highest };
}
