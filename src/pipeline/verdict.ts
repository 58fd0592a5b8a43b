import type { Decided as DecidedStage } from '../egress/decide.ts';
import type { IsolationLevel } from '../sandbox/enclave/port.ts';
import type { AnalysedQuery } from '../sandbox/sql/analysed.ts';
import type { BoundColumn } from '../sandbox/sql/bound.ts';
import type { Condition } from '../sandbox/sql/condition.ts';
import type { Rewritten } from '../sandbox/sql/program.ts';
import type { Admitted, Decided, Finding } from './job.ts';

/** What the merchant is shown of an admitted query, before it runs. */
export function describeAdmitted(query: AnalysedQuery, rewritten: Rewritten): Admitted {
  return {
    canonicalSql: rewritten.canonicalSql,
    artefactHash: rewritten.artefactHash,
    tables: [...new Set(query.instances.map((instance) => instance.table.name))].sort(),
    columns: columnsRead(query),
    roundings: query.roundings,
  };
}

function columnsRead(query: AnalysedQuery): readonly string[] {
  const read: BoundColumn[] = [
    ...query.joinKeys.flatMap((key) => [key.left, key.right]),
    ...query.keys.map((key) => key.column),
    ...query.monomials.flatMap((monomial) => ('column' in monomial ? [monomial.column] : [])),
    ...(query.condition === null ? [] : columnsOf(query.condition)),
  ];
  const names = read.map((column) => `${query.instances[column.instance]?.table.name}.${column.column.name}`);
  return [...new Set(names)].sort();
}

function columnsOf(condition: Condition): readonly BoundColumn[] {
  if (condition.kind !== 'leaf') return condition.items.flatMap(columnsOf);
  const { leaf } = condition;
  return leaf.kind === 'columns' ? [leaf.left, leaf.right] : [leaf.column];
}

/** The verdict on a job with its reasons in words for operators. */
export function describeDecision(decided: DecidedStage, admitted: Admitted, isolation: IsolationLevel, datasetVersion: string): Decided {
  const label = (cell: readonly unknown[]): string => (cell.length === 0 ? '(all)' : cell.map(String).join(' · '));
  const withheld = decided.reasons.map(
    (reason): Finding => ({
      rule: (reason.rules[0] ?? '').split(/[ :]/)[0] ?? '',
      severity: 'soft',
      cell: label(reason.cell),
      column: reason.column,
      text: `withheld: ${reason.rules.join('; ')}`,
    }),
  );
  const dropped = decided.drops.map(
    (drop): Finding => ({
      rule: 'operand.neutral',
      severity: 'info',
      cell: label(drop.cell),
      text: `dropped here: ${drop.operands.join('; ')}`,
    }),
  );
  const { table, withheldRows, withheldCells, publicLabelsWithheld } = decided;
  const verdict = table.rows.length > 0 ? 'releasable' : 'withheld';
  return {
    admitted,
    verdict,
    table,
    withheldRows,
    withheldCells,
    publicLabelsWithheld,
    findings: [...withheld, ...dropped],
    isolation,
    datasetVersion,
  };
}
