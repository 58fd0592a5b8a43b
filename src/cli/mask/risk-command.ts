import { basename } from 'node:path';
import { profileCatalogue } from '../../catalog/profiles/profile-catalogue.ts';
import { readFileColumns, type WantedFile } from '../../instance/file-columns.ts';
import { ACCEPTED_RISK } from '../../masking/risk/grade.ts';
import { riskPage } from '../../masking/risk/risk-page.ts';
import { type RiskReport, riskReport } from '../../masking/risk/risk-report.ts';
import { signReport } from '../../masking/risk/sign-report.ts';
import { problem } from '../../problems/problem.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { readText, refuse } from '../synth/input-files.ts';
import { readCsvHead } from './csv-head.ts';
import { readSchemaTable, type SchemaColumn } from './schema-table.ts';
import { writeAtomically } from './write-atomically.ts';

export interface RiskCommandOptions {
  readonly schema: string;
  readonly in: string;
  readonly population?: number;
  readonly populationData?: string;
  readonly weight?: string;
  readonly suda: boolean;
  readonly threshold: number;
  readonly accepted?: number;
  readonly profile?: string;
  readonly report?: string;
  readonly sign?: string;
}

/** Kinds that name one person or enterprise by themselves. Source: GB/T 42460-2023, annex A. */
const NAMING = new Set(['residentId', 'uscc', 'mobile', 'landline', 'bankCard', 'plate', 'passport', 'email', 'name']);
const MOST_SUDA_COLUMNS = 12;
const MOST_SUDA_ROWS = 200_000;

/** `risk report`: re-identification risk of a file. Source: formats.md, "Commands"; docs/reference/masking.md. */
export async function riskCommand(environment: CliEnvironment, global: GlobalOptions, options: RiskCommandOptions): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const table = await readSchemaTable(options.schema, global);
  const quasi = table.columns.filter(({ role, header }) => role === 'quasiId' && header !== table.unit);
  if (quasi.length === 0) refuse([problem('masking.no_quasi_identifiers', {})], global);
  const headers = quasi.map(({ header }) => header);
  const head = options.in.endsWith('.parquet') ? undefined : await readCsvHead(options.in);
  // A masked file has lost the columns that name people: they count only where they are.
  const isThere = (header: string): boolean => head === undefined || head.headers.includes(header);
  const unit = table.unit !== null && isThere(table.unit) ? table.unit : null;
  const wanted = [...new Set([...headers, ...(unit === null ? [] : [unit]), ...(options.weight === undefined ? [] : [options.weight])])];
  const read = await readColumns(environment, global, options.in, wanted, head?.delimiter);
  const population =
    options.populationData === undefined
      ? null
      : await readColumns(environment, global, options.populationData, headers, (await readCsvHead(options.populationData)).delimiter);
  if (options.suda && (quasi.length > MOST_SUDA_COLUMNS || read.rows > MOST_SUDA_ROWS))
    refuse([problem('masking.parameter', { parameter: '--suda', allowed: 'for at most 12 quasi-identifiers and 200,000 rows' })], global);
  const column = (header: string): readonly (string | null)[] => read.columns.get(header) ?? [];
  const report = riskReport({
    rows: read.rows,
    quasiIdentifiers: headers.map((name) => ({ name, values: column(name) })),
    units: unit === null ? null : column(unit),
    population: options.population ?? null,
    populationRows: population === null ? null : headers.map((header) => population.columns.get(header) ?? []),
    weights: options.weight === undefined ? null : column(options.weight),
    suda: options.suda,
    hasDirectIdentifiers: table.columns.some((item) => isThere(item.header) && namesUnits(item, table.unit)),
    threshold: options.threshold,
    accepted: options.accepted ?? acceptedBy(options.profile, global),
  });
  if (report === undefined) return refuse([problem('masking.population', {})], global);
  const undeclared = (head?.headers ?? []).filter((header) => !table.columns.some((item) => item.header === header));
  const signature = options.sign === undefined ? null : signReport(report, await readText(options.sign, 'The private key'));
  if (signature?.ok === false) return refuse(signature.error, global);
  if (options.report !== undefined)
    await writeAtomically(options.report, [riskPage(report, basename(options.in), signature?.value ?? null)]);
  output.record({ ...report, undeclared, ...(signature === null ? {} : { signature: signature.value }) }, reportText(report, undeclared));
}

/** A profile may only be as careful as the product or more. */
function acceptedBy(city: string | undefined, global: GlobalOptions): number {
  if (city === undefined) return ACCEPTED_RISK;
  const profiles = profileCatalogue();
  const meant = city.toLowerCase().replace(/市$/, '');
  const known = profiles.ids.map((id) => profiles.resolve(id));
  const named = known.find(
    (item) => item.ok && [item.value.id, item.value.title.en, item.value.title.zh].some((name) => name.toLowerCase() === meant),
  );
  const found = named ?? profiles.resolve(city);
  if (!found.ok) return refuse(found.error, global);
  const { value } = found.value.rules['masking.accepted_risk_percent'];
  return typeof value === 'number' ? value / 100 : ACCEPTED_RISK;
}

function namesUnits({ role, semantic, header }: SchemaColumn, unit: string | null): boolean {
  return role === 'directId' || role === 'unitId' || header === unit || (semantic !== undefined && NAMING.has(semantic));
}

async function readColumns(
  environment: CliEnvironment,
  global: GlobalOptions,
  path: string,
  headers: readonly string[],
  delimiter: WantedFile['delimiter'],
) {
  const read = await readFileColumns(environment.config, environment.rng, {
    path,
    shown: basename(path),
    headers,
    ...(delimiter === undefined ? {} : { delimiter }),
  });
  return read.ok ? read.value : refuse(read.error, global);
}

function reportText(report: RiskReport, undeclared: readonly string[]): string {
  const percent = (share: number | null): string => (share === null ? '–' : `${(100 * share).toFixed(2)} %`);
  const { pitman, zayatz, snb, dankar } = report.populationUniqueness;
  return [
    `grade ${report.grade} (GB/T 42460): ${report.units} units in ${report.classes} classes by ${report.quasiIdentifiers.join(', ')}`,
    `highest risk ${percent(report.highest)}, average ${percent(report.average)}, at risk (above ${percent(report.threshold)}): ${percent(report.recordsAtRisk)}`,
    `unique here ${percent(report.uniqueness)}; in the population of ${report.population.size}${report.population.assumed ? ' (assumed: the table itself)' : ''}: Pitman ${percent(pitman)}, Zayatz ${percent(zayatz)}, SNB ${percent(snb)}, Dankar ${percent(dankar)}`,
    ...(undeclared.length === 0 ? [] : [`not declared and not looked at: ${undeclared.join(', ')}`]),
  ].join('\n');
}
