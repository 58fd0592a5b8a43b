import { EXACT } from '../catalog/disclosure-mode.ts';
import type { IsolationLevel } from '../sandbox/enclave/port.ts';
import type { CompiledQuery } from '../sandbox/sql/compile/compile.ts';
import type { Rewritten } from '../sandbox/sql/model/program.ts';
import type { Admitted, Decided, Finding, JobContext, Probe } from './job.ts';
import { noiseTexts } from './private/run-private.ts';
import type { StagesRun } from './run-stages.ts';

/** What the merchant is shown of an admitted query, before it runs. */
export function describeAdmitted(
  query: CompiledQuery,
  rewritten: Rewritten,
  { dataset, mode = EXACT }: Pick<JobContext, 'dataset' | 'mode'>,
): Admitted {
  return {
    ...(mode.kind === 'exact-withheld' ? {} : { mode }),
    ...(mode.kind === 'dp' ? { noise: noiseTexts(rewritten, { mode, dataset }) } : {}),
    canonicalSql: rewritten.canonicalSql,
    artefactHash: rewritten.artefactHash,
    tables: [...new Set(query.tables)],
    columns: query.columnsRead,
    lineage: query.lineage,
    roundings: query.roundings,
    probes: probesOf(query.probes),
  };
}

/**
 * Columns that a statement computes itself are one: their names come from the form of the statement, so that each
 * form would have a budget of its own. Source: gate.md §9 ("whatever the query looks like").
 */
function probesOf(probes: CompiledQuery['probes']): readonly Probe[] {
  const named = probes.map(({ column, literal }): Probe => ({ column: column.startsWith('__') ? 'derived' : column, literal }));
  return [...new Map(named.map((probe) => [JSON.stringify([probe.column, probe.literal]), probe])).values()];
}

/** The verdict on a job with its reasons in words for operators. */
export function describeDecision(
  run: StagesRun,
  program: Rewritten,
  admitted: Admitted,
  isolation: IsolationLevel,
  datasetVersion: string,
): Decided {
  const { probes, ...shown } = admitted;
  if (probes === undefined) throw new Error('An admitted query without its probes');
  const several = run.gates.length > 1;
  const named = new Map((program.plain?.columns ?? []).map((column, index) => [column, program.columns[index] ?? column]));
  const label = (gate: string, cell: readonly unknown[]): string =>
    `${several ? `${gate}: ` : ''}${cell.length === 0 ? '(all)' : cell.map(String).join(' · ')}`;
  const findings = run.gates.flatMap(({ name, decided }): readonly Finding[] => [
    ...decided.reasons.map(
      (reason): Finding => ({
        rule: (reason.rules[0] ?? '').split(/[ :]/)[0] ?? '',
        severity: 'soft',
        cell: label(name, reason.cell),
        column: named.get(reason.column) ?? reason.shown,
        text: `withheld: ${reason.rules.join('; ')}`,
      }),
    ),
    ...decided.replaced.map(
      (item): Finding => ({
        rule: 'ledger.answered',
        severity: 'info',
        cell: label(name, item.cell),
        column: named.get(item.column) ?? item.shown,
        text: `answered by an earlier release (${item.text}): ${item.answered}`,
      }),
    ),
    ...decided.looked.map(
      (item): Finding => ({
        rule: 'ledger.looked',
        severity: 'info',
        cell: label(name, item.cell),
        column: named.get(item.column) ?? item.shown,
        text: `kept beside ${item.text}`,
      }),
    ),
    ...decided.merged.map(
      (row): Finding => ({
        rule: 'withheld.merged',
        severity: 'info',
        cell: label(name, row.cell),
        text: `holds together what is withheld of: ${row.holds.map((labels) => labels.map(String).join(' · ')).join('; ')}`,
      }),
    ),
    ...decided.drops.map(
      (drop): Finding => ({
        rule: 'operand.neutral',
        severity: 'info',
        cell: label(name, drop.cell),
        text: `dropped here: ${drop.operands.join('; ')}`,
      }),
    ),
  ]);
  const sum = (of: (decided: StagesRun['gates'][number]['decided']) => number): number =>
    run.gates.reduce((total, gate) => total + of(gate.decided), 0);
  const [only] = run.gates;
  return {
    admitted: shown,
    verdict: run.answer.rows.length > 0 ? 'releasable' : 'withheld',
    table: run.answer,
    withheldRows: sum((decided) => decided.withheldRows),
    withheldCells: sum((decided) => decided.withheldCells),
    publicLabelsWithheld: only !== undefined && !several ? only.decided.publicLabelsWithheld : null,
    findings,
    probes,
    gates: run.gates.map(({ name, decided }) => ({
      name,
      keys: decided.table.columns.filter((column) => column.name.startsWith('__k')).length,
      answered: decided.answered,
      replaced: decided.replaced.map(({ cell, column, answered, labels }) => ({ labels: cell, column, by: { sql: answered, labels } })),
      table: decided.table,
    })),
    isolation,
    datasetVersion,
  };
}
