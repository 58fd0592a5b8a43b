import type { MatchedCell } from './matched-cell.ts';
import type { Figure } from './safety.ts';

/** A figure that a reader has, or can add up from one result: what a later answer may repeat. */
export interface Source {
  readonly value: number;
  readonly unitType: string;
  readonly shares: ReadonlyMap<string, number>;
  /** Released figures it is made of. */
  readonly of: readonly Figure[];
}

/** With more labels only single ones and none are shared by the sums. */
const MOST_LABELS = 3;

/**
 * The figures of the rows of one gate, and their sums over all rows that share some labels.
 *
 * @param figures  of each row, those that it was released with.
 */
export function sourcesOf(cells: readonly MatchedCell[], figures: readonly (readonly Figure[])[]): readonly Source[] {
  const found: Source[] = [];
  const sums = new Map<string, { readonly members: Source[] }>();
  for (const [index, cell] of cells.entries()) {
    for (const figure of figures[index] ?? []) {
      const source = { value: totalOf(figure, cell), unitType: figure.unitType, shares: figure.shares, of: [figure] };
      found.push(source);
      for (const shared of sharedLabels(cell)) {
        const name = JSON.stringify([figure.unitType, figure.family, figure.kind, figure.column, shared]);
        const sum = sums.get(name) ?? { members: [] };
        sum.members.push(source);
        sums.set(name, sum);
      }
    }
  }
  return [...found, ...[...sums.values()].flatMap(({ members }) => (members.length < 2 ? [] : [sumOf(members)]))];
}

/** A figure that a reader has besides: an own part of a quotient whose other part was told before. */
export function sourceOfFigure(figure: Figure): Source {
  const value = figure.total ?? [...figure.shares.values()].reduce((sum, share) => sum + share, 0);
  return { value, unitType: figure.unitType, shares: figure.shares, of: [figure] };
}

function totalOf({ output, total, shares }: Figure, { recomputed, cell }: MatchedCell): number {
  const own = recomputed.shape.components.filter((component) => component.output === output);
  const printed = cell.outputs[output];
  // Rows of nobody are in a figure and in nobody's share.
  if (own.length === 1 && own[0]?.isBare === true && typeof printed === 'number') return printed;
  return total ?? [...shares.values()].reduce((sum, value) => sum + value, 0);
}

/** For every proper subset of the labels, which they are. */
function sharedLabels({ cell }: MatchedCell): readonly string[] {
  const { labels } = cell;
  const all = [...labels.keys()];
  if (all.length === 0) return [];
  const subsets =
    all.length > MOST_LABELS
      ? [[], ...all.map((at) => [at])]
      : Array.from({ length: 2 ** all.length - 1 }, (_, bits) => all.filter((at) => ((bits >> at) & 1) === 1));
  return subsets.map((chosen) => JSON.stringify(chosen.map((at) => [at, labels[at]])));
}

function sumOf(members: readonly Source[]): Source {
  const shares = new Map<string, number>();
  for (const member of members) for (const [unit, value] of member.shares) shares.set(unit, (shares.get(unit) ?? 0) + value);
  return {
    value: members.reduce((sum, member) => sum + member.value, 0),
    unitType: members[0]?.unitType ?? '',
    shares,
    of: members.flatMap((member) => member.of),
  };
}
