import type { Decided } from '../../../src/pipeline.ts';
import { label } from './contributions.ts';
import type { OracleCell, OracleGate } from './second-gate.ts';
import { deepOperands } from './shown-query.ts';

export interface Disagreement {
  readonly kind: 'unsafe' | 'withheld' | 'figure' | 'columns';
  readonly gate: string;
  readonly cell: string;
  readonly column: string;
  readonly text: string;
}

/** Rules that look at several cells or columns at once, which the oracle leaves to the gate: it may withhold more by them. */
const GATE_ONLY = /^withheld: ((functionals\.cap|rate\.filter|complement\.parts)[^;]*(; )?)+$/;

/** Cells that are not compared. */
export type IsKnown = (gate: OracleGate, cell: OracleCell) => boolean;

/**
 * Known difference: once the piece of one column is satisfied by nobody, the gate counts that column among those which
 * a condition inside FROM moves, finds nobody and drops the condition. See `gate-regressions.test.ts`.
 */
const isEmptiedAndDeep: IsKnown = ({ query }, cell) => {
  return cell.dropped.never.size > 0 && deepOperands(query).length > 0;
};

/** Not judged here: numbers that are told apart from the rest of their row. `reference-gate.ts` computes them (ADR 0035). */
const hasNumbersApart: IsKnown = (_gate, cell) => cell.hasNumbersApart;

const isNotCompared: IsKnown = (gate, cell) => isEmptiedAndDeep(gate, cell) || hasNumbersApart(gate, cell);

/** The name of the cell that a finding is about. */
function cellOf(shown: string): string {
  const labels = shown.replace(/^__g\d+: /, '');
  return labels === '(all)' ? '[]' : JSON.stringify(labels.split(' · ').map((text) => (text === 'null' ? null : label(text))));
}

/** Every cell in which the gate and the oracle differ. */
export function disagreements(decided: Decided, oracle: readonly OracleGate[], isKnown: IsKnown = isNotCompared): readonly Disagreement[] {
  return decided.gates.flatMap((gate, index) => {
    const other = oracle[index];
    if (other === undefined || other.query.outputs.length !== gate.table.columns.length - gate.keys)
      return [
        {
          kind: 'columns' as const,
          gate: gate.name,
          cell: '',
          column: '',
          text: `${other?.query.outputs.length} ${gate.table.columns.length}`,
        },
      ];
    const rows = new Map(gate.table.rows.map((row) => [JSON.stringify(row.slice(0, gate.keys).map(label)), row.slice(gate.keys)]));
    const names = new Set([...rows.keys(), ...other.cells.keys()]);
    return [...names].flatMap((cell) =>
      other.query.outputs.flatMap((output, column): readonly Disagreement[] => {
        const expected = other.cells.get(cell);
        if (expected !== undefined && isKnown(other, expected)) return [];
        const value = rows.get(cell)?.[column] ?? null;
        const at = { gate: gate.name, cell, column: output.text };
        const reasons = (expected?.decisions ?? [])
          .map((item) => `${item.passes ? '+' : '-'} ${item.rule} ${item.units ?? ''} ${item.about}`)
          .join('\n');
        if (value !== null && expected?.passes[column] !== true) return [{ kind: 'unsafe', ...at, text: `${value}\n${reasons}` }];
        if (value === null && expected?.passes[column] === true && expected.figures[column] !== null) {
          const own = decided.findings.filter((item) => GATE_ONLY.test(item.text) && cellOf(item.cell ?? '') === cell);
          return own.length > 0 ? [] : [{ kind: 'withheld', ...at, text: `${expected.figures[column]}\n${reasons}` }];
        }
        if (
          value === null ||
          expected?.figures[column] === '?' ||
          isSame(String(value), expected?.figures[column] ?? null, precisionOf(other))
        )
          return [];
        return [{ kind: 'figure', ...at, text: `${value} is not ${expected?.figures[column]}\n${reasons}` }];
      }),
    );
  });
}

/** Averages of one unit are summed to six digits behind the point. */
function precisionOf({ query }: OracleGate): number {
  return query.sources.some((source) => source.branches.some((branch) => branch.items.some((item) => item.expression.startsWith('avg('))))
    ? 1e-5
    : 1e-12;
}

/** The same number but for rounding, or the same text. */
export function isSame(a: string, b: string | null, precision = 1e-12): boolean {
  if (b === null) return false;
  const [x, y] = [Number(a), Number(b)];
  return a === b || Math.abs(x - y) <= precision * Math.max(Math.abs(x), Math.abs(y));
}
