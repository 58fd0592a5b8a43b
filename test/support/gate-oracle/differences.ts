import type { Decided } from '../../../src/pipeline.ts';
import { label } from './contributions.ts';
import type { OracleCell, OracleGate } from './second-gate.ts';
import type { Monomial } from './shown-query.ts';

/** Units that stand behind a difference of released figures, where they are neither nobody nor at least k. */
export interface NarrowDifference {
  readonly text: string;
  readonly units: number;
}

interface Released {
  readonly gate: OracleGate;
  readonly monomial: Monomial;
  /** Unit to figure. */
  readonly figures: ReadonlyMap<string, bigint>;
  readonly name: string;
}

function figuresOf(cell: OracleCell, index: number, monomial: Monomial): ReadonlyMap<string, bigint> {
  return new Map(
    [...cell.given].map(([unit, own]) => {
      const item = own[index];
      return [
        unit,
        item === undefined ? 0n : monomial.kind === 'value' ? item.sum : BigInt(monomial.kind === 'present' ? item.present : item.rows),
      ];
    }),
  );
}

/** Counts and sums of one monomial that are out: of one cell, or of a whole gate as the sum of its cells. */
function releasedOf(gate: Decided['gates'][number], oracle: OracleGate): readonly (readonly Released[])[] {
  return gate.table.rows.map((row) => {
    const name = JSON.stringify(row.slice(0, gate.keys).map(label));
    const cell = oracle.cells.get(name);
    if (cell === undefined) return [];
    return oracle.query.outputs.flatMap((output, column) => {
      const [index, ...more] = output.rests;
      const monomial = index === undefined ? undefined : oracle.query.monomials[index];
      const isPlain = /^(count|sum)\((?!DISTINCT)/.test(output.text) && !output.text.includes(' + ');
      if (row[gate.keys + column] === null || monomial === undefined || index === undefined || more.length > 0 || !isPlain) return [];
      return [
        {
          gate: oracle,
          monomial,
          figures: figuresOf(cell, cell.alike.get(index) ?? index, monomial),
          name: `${gate.name} ${name} ${output.text}`,
        },
      ];
    });
  });
}

const expression = (monomial: Monomial): string => (monomial.kind === 'rows' ? 'rows' : 'sql' in monomial ? monomial.sql : '');

function difference(a: ReadonlyMap<string, bigint>, b: ReadonlyMap<string, bigint>): number {
  const units = new Set([...a.keys(), ...b.keys()].filter((unit) => unit !== ''));
  return [...units].filter((unit) => (a.get(unit) ?? 0n) !== (b.get(unit) ?? 0n)).length;
}

/** Differences of two figures of one cell, and of a gate's figure for all rows with the sum of another gate's cells. */
export function narrowDifferences(decided: Decided, oracle: readonly OracleGate[], k: number): readonly NarrowDifference[] {
  const found: NarrowDifference[] = [];
  const note = (text: string, units: number): void => void (units > 0 && units < k && found.push({ text, units }));
  const tables = decided.gates.map((gate, index) => {
    const other = oracle[index];
    return other === undefined ? [] : releasedOf(gate, other);
  });
  for (const cells of tables)
    for (const cell of cells)
      for (const [at, a] of cell.entries())
        for (const b of cell.slice(at + 1))
          if (expression(a.monomial) === expression(b.monomial)) note(`${a.name} − ${b.name}`, difference(a.figures, b.figures));
  for (const total of tables.filter((_, index) => decided.gates[index]?.keys === 0).flat(2)) {
    for (const [index, parts] of tables.entries()) {
      if (decided.gates[index]?.keys !== 1) continue;
      const alike = parts
        .flat()
        .filter(
          (part) =>
            JSON.stringify(part.monomial) === JSON.stringify(total.monomial) &&
            JSON.stringify(part.gate.query.from) === JSON.stringify(total.gate.query.from),
        );
      const whole = oracle[index]?.query.where;
      if (alike.length === 0 || (whole?.text ?? null) !== (total.gate.query.where?.text ?? null)) continue;
      const sum = new Map<string, bigint>();
      for (const part of alike) for (const [unit, value] of part.figures) sum.set(unit, (sum.get(unit) ?? 0n) + value);
      note(`${total.name} − Σ ${alike.length} cells`, difference(total.figures, sum));
    }
  }
  return found;
}
