import { basename } from 'node:path';
import { detectTable } from '../../identifiers/detect-table.ts';
import type { IdentifierKind } from '../../identifiers/identifier-kind.ts';
import { readFileColumns } from '../../instance/file-columns.ts';
import { type Anonymised, type AnonymiseRequest, anonymise, type SensitiveWish } from '../../masking/anonymity/anonymise.ts';
import { problem } from '../../problems/problem.ts';
import { csvText } from '../../synthetic/csv-lines.ts';
import { UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { refuse } from '../synth/input-files.ts';
import { readCsvHead } from './csv-head.ts';
import { readHierarchies, readSchemaTable, type SchemaColumn, type SchemaTable } from './schema-table.ts';
import { writeAtomically } from './write-atomically.ts';

export interface AnonymiseCommandOptions {
  readonly schema: string;
  readonly in: string;
  readonly out: string;
  readonly k: number;
  readonly l: readonly SensitiveWish[];
  readonly t: readonly SensitiveWish[];
  readonly suppress: number;
  readonly hierarchies?: string;
  readonly keep: readonly string[];
  readonly algorithm: 'lattice' | 'mondrian';
  readonly threshold: number;
  readonly presence?: readonly [number, number];
  readonly populationData?: string;
}

/** Kinds that are told by their form and name one person or enterprise. */
const NAMING: ReadonlySet<IdentifierKind> = new Set(['residentId', 'uscc', 'mobile', 'bankCard', 'passport', 'email']);

/** `mask anonymize`: a masked dataset of a file. Figures are those of the whole file, for its owner. Source: formats.md, "Commands"; docs/reference/masking.md. */
export async function anonymiseCommand(
  environment: CliEnvironment,
  global: GlobalOptions,
  options: AnonymiseCommandOptions,
): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  if (options.k < 2) refuse([problem('masking.parameter', { parameter: '--k', allowed: '2 or more' })], global);
  const table = await readSchemaTable(options.schema, global);
  const hierarchies = await readHierarchies(options.schema, table.columns, options.hierarchies, global);
  const plan = planOf(table, options);
  const head = options.in.endsWith('.parquet') ? undefined : await readCsvHead(options.in);
  const wanted = new Set([...plan.quasi, ...plan.carried].map(({ header }) => header).concat(table.unit ?? []));
  const read = await readFileColumns(environment.config, environment.rng, {
    path: options.in,
    shown: basename(options.in),
    headers: [...wanted],
    ...(head === undefined ? {} : { delimiter: head.delimiter }),
  });
  if (!read.ok) return refuse(read.error, global);
  const { rows, columns } = read.value;
  const valuesOf = (header: string): readonly (string | null)[] => columns.get(header) ?? [];
  const request: AnonymiseRequest = {
    rows,
    quasiIdentifiers: plan.quasi.map((column) => ({
      name: column.header,
      values: valuesOf(column.header),
      family: column.family,
      bounds: numericBounds(column),
      hierarchy: hierarchies.get(column.header) ?? null,
      semantic: column.semantic,
    })),
    carried: plan.carried.map(({ header }) => ({ name: header, values: valuesOf(header), hierarchy: hierarchies.get(header) ?? null })),
    units: table.unit === null ? null : valuesOf(table.unit),
    k: options.k,
    wishes: [...options.l, ...options.t],
    suppress: options.suppress,
    algorithm: options.algorithm,
    threshold: options.threshold,
    ...(await presenceOf(environment, global, options, plan.quasi)),
  };
  refuseIdentifiers(request, plan.carried, options, global);
  const made = anonymise(request);
  if (!made.ok) return refuse(made.error, global);
  await writeAtomically(options.out, csvText(made.value.header, made.value.columns, made.value.rows));
  const undeclared = (head?.headers ?? []).filter((header) => !table.columns.some((column) => column.header === header));
  const dropped = [...table.columns.map(({ header }) => header).filter((header) => !made.value.header.includes(header)), ...undeclared];
  const summary = summaryOf(made.value, request, dropped);
  output.record(summary, summaryText(summary, options.out));
}

/** Who might be in the file, for `--presence`. */
async function presenceOf(
  environment: CliEnvironment,
  global: GlobalOptions,
  { presence, populationData }: AnonymiseCommandOptions,
  quasi: readonly SchemaColumn[],
): Promise<Pick<AnonymiseRequest, 'presence'>> {
  if ((presence === undefined) !== (populationData === undefined))
    throw new UsageError('--presence and --population-data go together: how likely anybody may be in the file, and who that is');
  if (presence === undefined || populationData === undefined) return {};
  const headers = quasi.map(({ header }) => header);
  const head = populationData.endsWith('.parquet') ? {} : { delimiter: (await readCsvHead(populationData)).delimiter };
  const wanted = { path: populationData, shown: basename(populationData), headers, ...head };
  const read = await readFileColumns(environment.config, environment.rng, wanted);
  if (!read.ok) return refuse(read.error, global);
  const population = headers.map((header) => read.value.columns.get(header) ?? []);
  return { presence: { least: presence[0], most: presence[1], population } };
}

/** What is passed on as it is may hold identifiers nobody thought of; by `--keep` somebody answers for it. */
function refuseIdentifiers(
  request: AnonymiseRequest,
  carried: readonly SchemaColumn[],
  options: AnonymiseCommandOptions,
  global: GlobalOptions,
): void {
  const unasked = request.carried.filter(({ name }) => !options.keep.includes(name));
  const found = detectTable(
    unasked.map(({ name, values }) => ({
      name,
      isFigure: !['text', 'boolean'].includes(carried.find(({ header }) => header === name)?.family ?? 'text'),
      cells: values,
    })),
  ).filter(({ row, kind }) => row > 0 && NAMING.has(kind));
  const columns = [...new Set(found.map(({ column }) => unasked[column]?.name ?? ''))];
  if (columns.length > 0) refuse([problem('masking.identifiers', { columns })], global);
}

interface Plan {
  readonly quasi: readonly SchemaColumn[];
  readonly carried: readonly SchemaColumn[];
}

/** Only what is declared or asked for leaves: quasi-identifiers, sensitive columns, and those that somebody answers for by name. */
function planOf(table: SchemaTable, options: AnonymiseCommandOptions): Plan {
  const asked = new Set([...options.keep, ...options.l.map(({ column }) => column), ...options.t.map(({ column }) => column)]);
  for (const name of asked) {
    const column = table.columns.find(({ header }) => header === name);
    if (column === undefined || ['unitId', 'directId', 'quasiId'].includes(column.role) || name === table.unit)
      throw new UsageError(
        `"${name}" is no column of the schema that may be passed on: it names or helps to find a unit, or is not declared`,
      );
  }
  return {
    quasi: table.columns.filter(({ role, header }) => role === 'quasiId' && header !== table.unit),
    carried: table.columns.filter(({ role, header }) => header !== table.unit && (role === 'sensitive' || asked.has(header))),
  };
}

function numericBounds({ bounds }: SchemaColumn): readonly [number, number] | null {
  return bounds !== undefined && typeof bounds[0] === 'number' && typeof bounds[1] === 'number' ? [bounds[0], bounds[1]] : null;
}

function summaryOf(made: Anonymised, request: AnonymiseRequest, dropped: readonly string[]) {
  return {
    algorithm: made.algorithm,
    optimal: made.optimal,
    k: request.k,
    levels: made.levels,
    rows: request.rows,
    released: made.rows,
    suppressed: request.rows === 0 ? 0 : made.suppressedRows / request.rows,
    suppressedRows: made.suppressedRows,
    classes: made.classes,
    columns: { generalised: request.quasiIdentifiers.map(({ name }) => name), carried: request.carried.map(({ name }) => name), dropped },
    utility: made.utility,
    risk: made.risk,
  };
}

function summaryText(summary: ReturnType<typeof summaryOf>, out: string): string {
  const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
  return [
    `${summary.released} of ${summary.rows} rows in ${summary.classes} classes of ${summary.k} or more, written to ${out}`,
    `highest risk ${percent(summary.risk.before.highest)} → ${percent(summary.risk.after.highest)}, average ${percent(summary.risk.before.average)} → ${percent(summary.risk.after.average)}`,
    ...(summary.levels === null
      ? []
      : [
          `levels: ${Object.entries(summary.levels)
            .map(([name, level]) => `${name} ${level}`)
            .join(', ')}${summary.optimal ? ' (none that holds loses less)' : ''}`,
        ]),
    ...(summary.utility.entropyShare === null ? [] : [`information lost: ${percent(summary.utility.entropyShare)}`]),
    `left out: ${summary.columns.dropped.join(', ') || 'nothing'}`,
  ].join('\n');
}
