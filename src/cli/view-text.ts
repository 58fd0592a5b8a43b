import type { LineageSource } from '../catalog/column-lineage.ts';
import type { DatasetView, ReleaseView, SimulationView } from '../operations/operations.ts';
import type { Finding, ResultTable } from '../pipeline.ts';
import type { EgressView, Frozen, JobView, LoadTask } from './api-paths.ts';
import { textTable } from './text-table.ts';

const MAX_ROWS = 50;

export function resultText(table: ResultTable): string {
  const shown = textTable(
    table.columns.map((column) => column.name),
    table.rows.slice(0, MAX_ROWS),
  );
  return table.rows.length > MAX_ROWS ? `${shown}\n… ${table.rows.length - MAX_ROWS} more rows` : shown;
}

export function datasetsText(views: readonly DatasetView[]): string {
  if (views.length === 0) return 'No datasets.';
  return textTable(
    ['dataset', 'title', 'provider', 'version in force'],
    views.map((view) => [view.dataset, `${view.title.zh} ${view.title.en}`.trim(), view.provider, view.currentVersion ?? 'none']),
  );
}

interface ShownTable {
  readonly name?: string;
  readonly visibility?: string;
  readonly columns?: readonly { readonly name?: string; readonly type?: string; readonly role?: string; readonly label?: string }[];
}

export function datasetText(view: DatasetView): string {
  const columns = (view.tables as readonly ShownTable[]).flatMap((table) =>
    (table.columns ?? []).map((column) => [table.name, table.visibility, column.name, column.type, column.role, column.label]),
  );
  const versions = view.versions ?? [];
  return [
    datasetsText([view]),
    `Figures leave: ${modeText(view.mode)}`,
    textTable(['table', 'visibility', 'column', 'type', 'role', 'label'], columns),
    ...view.standardTables.map(({ name, table }) => `Standard table ${name}${table === undefined ? '' : `\n${resultText(table)}`}`),
    ...(versions.length === 0
      ? []
      : [
          textTable(
            ['version', 'state', 'rows', 'bytes', 'loaded at', 'digest'],
            versions.map((item) => [item.version, item.state, item.rows, item.bytes, item.loadedAt, `${item.digest.slice(0, 12)}…`]),
          ),
        ]),
  ].join('\n\n');
}

/** A mode with its parameters, on one line. */
export function modeText({ kind, ...parameters }: DatasetView['mode']): string {
  const told = Object.entries(parameters).map(([name, value]) => `${name} ${value}`);
  return told.length === 0 ? kind : `${kind} (${told.join(', ')})`;
}

export function loadText(task: LoadTask): string {
  if (task.version !== undefined) {
    return `Loaded ${task.dataset} ${task.version.version}: ${task.version.rows} rows, ${task.version.bytes} bytes sealed, digest ${task.version.digest.slice(0, 12)}…`;
  }
  const progress = task.state === 'running' ? `, ${task.step} ${task.percent} %` : '';
  return `Load ${task.id} of ${task.dataset}: ${task.state}${progress}`;
}

export function simulationsText(views: readonly SimulationView[]): string {
  if (views.length === 0) return 'No simulations yet. Make one: sluice simulate DATASET --rows N --seed S';
  return textTable(
    ['simulation', 'dataset', 'state', 'rows', 'seed', 'label', 'tables', 'made at'],
    views.map((view) => [
      view.id,
      view.dataset,
      view.state,
      view.rows,
      view.seed,
      view.label,
      view.tables.map((item) => `${item.table} ${item.rows}`).join(', '),
      view.createdAt,
    ]),
  );
}

export function jobsText(views: readonly JobView[]): string {
  if (views.length === 0) return 'No jobs.';
  return textTable(
    ['job', 'dataset', 'target', 'state', 'merchant', 'egress request', 'submitted at'],
    views.map((view) => [view.id, view.dataset, view.target, view.state, view.merchant, view.egressId, view.createdAt]),
  );
}

/** `what`: what was submitted, and is to be submitted again for real data. */
export function jobText(view: JobView, what = view.productKind === 'model_algorithm' ? 'specification' : 'query'): string {
  const parts = [`Job ${view.id} (${view.target}, ${view.dataset}): ${view.state}`];
  if (view.admitted !== undefined) {
    parts.push(view.admitted.canonicalSql);
    const { translation } = view.admitted;
    if (translation !== undefined) {
      const kept = translation.differences.length === 0 ? 'nothing is lost' : `not quite the same: ${translation.differences.join(', ')}`;
      parts.push(`Translated from ${translation.dialect}; ${kept}.`);
    }
    for (const item of view.admitted.roundings) {
      parts.push(`Rounded at ${item.line}:${item.at}: ${item.column} from ${item.from} to ${item.to}`);
    }
  }
  if (view.simulation !== undefined) parts.push(...decidedText(view.simulation));
  if (view.state === 'SIM_PASSED') parts.push(`Passed on simulation data. Next: the same ${what} with --target real.`);
  if (view.egressId !== undefined) parts.push(`Egress request: ${view.egressId}`);
  if (view.isolation !== undefined) parts.push(`Isolation: ${view.isolation}`);
  return parts.join('\n');
}

/** What a job on simulation data shows: rows, how many are withheld, and why. */
export function decidedText({ table, withheldRows, findings }: Frozen<NonNullable<JobView['simulation']>>): readonly string[] {
  return [resultText(table), ...(withheldRows > 0 ? [`Withheld rows: ${withheldRows}`] : []), ...findingLines(findings)];
}

const MAX_FINDINGS = 30;

function findingLines(findings: readonly Finding[]): readonly string[] {
  const lines = findings
    .slice(0, MAX_FINDINGS)
    .map((item) =>
      [item.severity, [item.cell, item.column].filter((part) => part !== undefined).join(' / '), item.text]
        .filter((part) => part !== '')
        .join(': '),
    );
  return findings.length > MAX_FINDINGS ? [...lines, `… ${findings.length - MAX_FINDINGS} more findings (--json shows all)`] : lines;
}

export function egressListText(views: readonly EgressView[]): string {
  if (views.length === 0) return 'No egress requests.';
  return textTable(
    ['egress request', 'job', 'dataset', 'merchant', 'state', 'withheld', 'updated at'],
    views.map((view) => [view.id, view.job, view.dataset, view.merchant, view.state, view.withheldBand, view.updatedAt]),
  );
}

export function egressText(view: EgressView): string {
  const parts = [egressListText([view])];
  if (view.sql !== undefined) parts.push(view.sql);
  if (view.preview !== undefined) parts.push(resultText(view.preview));
  for (const { column, sources } of view.lineage ?? [])
    parts.push(`${column} ← ${sources.map(sourceText).join(', ') || 'nothing of the data'}`);
  for (const { name, sha256, approvals = 0, rejections = 0 } of view.files ?? [])
    parts.push(
      `file ${name} ${sha256.slice(0, 12)}…: ${view.standings === undefined ? 'not told yet' : `${approvals} for, ${rejections} against`}`,
    );
  parts.push(...findingLines(view.findings ?? []));
  for (const vote of view.votes ?? []) parts.push(`${vote.at} ${vote.by}: ${vote.vote} – ${vote.reason}`);
  if (view.filingReceipt !== undefined) parts.push(`Filing receipt: ${view.filingReceipt}`);
  if (view.releaseId !== undefined) parts.push(`Release: ${view.releaseId}`);
  return parts.join('\n');
}

function sourceText({ column, how, cut }: LineageSource): string {
  return `${column} (${how}${cut === undefined ? '' : `, ${cut}`})`;
}

export function releaseText(view: ReleaseView): string {
  const files = textTable(
    ['file', 'bytes', 'sha256'],
    view.files.map((file) => [file.name, file.bytes, file.sha256]),
  );
  return `Release ${view.id} to ${view.recipient} (${view.state}, ${view.releasedAt})\n${files}`;
}
