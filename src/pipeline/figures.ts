import type { KeyValue } from '../egress/executed.ts';
import { addDecimals, type Decimal, decimalFigure, decimalNumber, integer, multiplyDecimals, parseDecimal } from '../kernel/decimal.ts';
import type { GateOutput, Part } from '../sandbox/sql/model/program.ts';
import type { CellFigures } from './read-evidence.ts';

/** The figure of a column from the terms it is made of; constants come in here and nowhere else. Source: gate.md §5. */
export function figureOf(output: GateOutput, cell: CellFigures, isEmptied: (term: number) => boolean): KeyValue {
  const { functional } = output;
  const count = (term: number): Decimal => (isEmptied(term) ? integer(0) : (cell.answers[term]?.count ?? integer(0)));
  switch (functional.kind) {
    case 'count':
      return decimalFigure(functional.parts.reduce((sum, part) => addDecimals(sum, count(part.term)), integer(0)));
    case 'sum':
    case 'avg': {
      const total = sumOf(functional.parts, cell, isEmptied);
      if (total === null || functional.kind === 'sum') return total === null ? null : decimalFigure(total);
      const rows = count(functional.count);
      // The released sum divided by the released count, once: never the engine's own (performance.md finding 9).
      return rows.digits === 0n ? null : decimalNumber(total) / decimalNumber(rows);
    }
    case 'boolean': {
      const [some, all] = [count(functional.term), count(functional.all)];
      if (functional.name === 'bool_or') return some.digits > 0n;
      return !isEmptied(functional.term) && some.digits === all.digits;
    }
    default:
      return null;
  }
}

/** Σ constant × term; NULL where no row has a value. */
function sumOf(parts: readonly Part[], cell: CellFigures, isEmptied: (term: number) => boolean): Decimal | null {
  let total: Decimal | null = null;
  for (const part of parts) {
    if (isEmptied(part.term)) continue;
    const answer = cell.answers[part.term];
    // A count stands for the sum of a constant.
    const value = answer === undefined ? null : answer.sum === null && answer.count.digits === 0n ? null : (answer.sum ?? answer.count);
    if (value === null) continue;
    const own = part.factor === '1' ? value : multiplyDecimals(factorOf(part), value);
    total = total === null ? own : addDecimals(total, own);
  }
  return total;
}

function factorOf({ factor }: Part): Decimal {
  const number = parseDecimal(factor);
  if (number === undefined) throw new Error('A factor is no number');
  return number;
}
