/** A figure that is out, with what every unit adds to it. */
export interface KnownFigure {
  readonly name: string;
  readonly type: string;
  /** Combinations are looked for among figures of one family. */
  readonly family: string;
  readonly isSum: boolean;
  readonly shares: ReadonlyMap<number, bigint>;
}

interface Scaled {
  readonly figure: KnownFigure;
  readonly coefficient: bigint;
}

function combined(parts: readonly Scaled[]): ReadonlyMap<number, bigint> {
  const shares = new Map<number, bigint>();
  for (const { figure, coefficient } of parts)
    for (const [unit, share] of figure.shares) shares.set(unit, (shares.get(unit) ?? 0n) + coefficient * share);
  return new Map([...shares].filter(([, share]) => share !== 0n));
}

const COEFFICIENTS = [1n, -1n, 2n, -2n];

/**
 * Combinations of up to four figures of one family and type, with coefficients −2…2, that rest on one to k − 1 units;
 * and differences of any two figures of a type that do. Naive: forms each of them.
 *
 * @param most  how many of the figures of a family are combined, the first ones.
 */
export function tellsOfFew(figures: readonly KnownFigure[], k: number, most: number): readonly string[] {
  const found: string[] = [];
  const look = (parts: readonly Scaled[]): void => {
    const units = combined(parts).size;
    if (units > 0 && units < k)
      found.push(`${parts.map(({ figure, coefficient }) => `${coefficient}·${figure.name}`).join(' ')}: ${units}`);
  };
  const visit = (own: readonly KnownFigure[], from: number, parts: readonly Scaled[]): void => {
    if (parts.length > 0) look(parts);
    if (parts.length === 4) return;
    for (let next = from; next < own.length; next += 1) {
      const figure = own[next];
      if (figure === undefined) continue;
      for (const coefficient of parts.length === 0 ? [1n, 2n] : COEFFICIENTS) visit(own, next + 1, [...parts, { figure, coefficient }]);
    }
  };
  for (const own of groupsOf(figures, (figure) => `${figure.type} ${figure.family}`)) visit(distinct(own).slice(0, most), 0, []);
  for (const own of groupsOf(figures, (figure) => figure.type)) for (const [a, b] of pairs(distinct(own))) look([minuend(a), less(b)]);
  return [...new Set(found)];
}

const minuend = (figure: KnownFigure): Scaled => ({ figure, coefficient: 1n });
const less = (figure: KnownFigure): Scaled => ({ figure, coefficient: -1n });

/** Differences of two sums of one family that are clearly those of one or two units, where neither sum is. */
export function tellsOfTwo(figures: readonly KnownFigure[]): readonly string[] {
  const sums = figures.filter((figure) => figure.isSum);
  return groupsOf(sums, (figure) => `${figure.type} ${figure.family}`).flatMap((own) =>
    pairs(distinct(own)).flatMap(([a, b]) => {
      const difference = combined([minuend(a), less(b)]);
      return difference.size > 0 && isDominated(difference, 8n) && !isDominated(a.shares, 10n) && !isDominated(b.shares, 10n)
        ? [`${a.name} − ${b.name}`]
        : [];
    }),
  );
}

/** @param tenths  10: what the rules forbid; less: only what is clearly so. */
function isDominated(shares: ReadonlyMap<number, bigint>, tenths: bigint): boolean {
  const [first = 0n, second = 0n, ...rest] = [...shares.values()]
    .map((share) => (share < 0n ? -share : share))
    .sort((a, b) => (a < b ? 1 : -1));
  const others = rest.reduce((sum, share) => sum + share, 0n);
  return others * 100n <= tenths * (first + second + others) || others * 100n < tenths * first;
}

function groupsOf(figures: readonly KnownFigure[], nameOf: (figure: KnownFigure) => string): readonly (readonly KnownFigure[])[] {
  const groups = new Map<string, KnownFigure[]>();
  for (const figure of figures) groups.set(nameOf(figure), [...(groups.get(nameOf(figure)) ?? []), figure]);
  return [...groups.values()];
}

function pairs(figures: readonly KnownFigure[]): readonly (readonly [KnownFigure, KnownFigure])[] {
  return figures.flatMap((a, index) => figures.slice(index + 1).map((b): readonly [KnownFigure, KnownFigure] => [a, b]));
}

function distinct(figures: readonly KnownFigure[]): readonly KnownFigure[] {
  const seen = new Map(figures.map((figure) => [JSON.stringify([...figure.shares].sort(([a], [b]) => a - b).map(String)), figure]));
  return [...seen.values()];
}
