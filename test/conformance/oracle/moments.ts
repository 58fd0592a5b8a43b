import type { MatchedCell } from './matched-cell.ts';
import type { Figure } from './safety.ts';

/** Moments that, beside averages and a number, are sums of products. */
const TELLS = /^(stddev|var|variance|covar_)/;

/**
 * What released variances and covariances tell: Σ x² or Σ x·y, wherever the same row tells how many there are and the
 * averages. They are known to the reader, and were not released as such. Source: ADR 0040, point 5.
 */
export function momentsOf({ recomputed, cell, row }: MatchedCell, figures: readonly Figure[], prefix: string): readonly Figure[] {
  const { components, outputs } = recomputed.shape;
  return components.flatMap(({ kind, output, reads }, index) => {
    const isMoment = kind === 'squares' || kind === 'products';
    if (!isMoment || reads.length === 0 || (row[output] ?? null) === null || !TELLS.test(String(outputs[output]?.function_name))) return [];
    return cell.shares.flatMap((item): readonly Figure[] => {
      const own = figures.filter((figure) => figure.unitType === item.unitType && figure.adds);
      if (!own.some(({ family }) => family === 'count')) return [];
      if (!reads.every((column) => own.some(({ family }) => family === `sum(${column})`))) return [];
      const factors = kind === 'squares' ? [...reads, ...reads] : reads;
      const shares = item.units.map((unit) => [unit.unit, sumOf(unit.values[index], kind)] as const).filter(([, value]) => value !== 0);
      const column = `${prefix}column ${output + 1} with its averages`;
      return [
        {
          label: `${column} of ${cell.labels.join(' · ') || '(all)'}`,
          family: `sum(${factors.toSorted().join(' * ')})`,
          kind: 'sum',
          unitType: item.unitType,
          adds: true,
          column,
          output,
          reads,
          shares: new Map(shares),
          total: null,
        },
      ];
    });
  });
}

function sumOf(values: number | readonly (string | null)[] | undefined, kind: 'squares' | 'products'): number {
  if (!Array.isArray(values)) return 0;
  return (values as readonly (string | null)[]).reduce((sum, value) => {
    if (value === null) return sum;
    const [x = 0, y = 0] = value.split(',').map((text) => (text.trim() === 'NULL' ? Number.NaN : Number(text)));
    const product = kind === 'squares' ? x * x : x * y;
    return Number.isNaN(product) ? sum : sum + product;
  }, 0);
}
