import type { DisclosurePolicy } from '../../../src/catalog/disclosure-policy.ts';

/** One released figure taken apart by units: what each of them adds to it. */
export interface Figure {
  /** Where it stands, for people: `n of Hangzhou`. */
  readonly label: string;
  /** Figures of one family may be added and subtracted by a reader. */
  readonly family: string;
  readonly kind: 'count' | 'sum';
  readonly unitType: string;
  /** Whether shares add up to the figure; a number of distinct other things does not add up over units. */
  readonly adds: boolean;
  /** Cells of one column of one statement rest on different rows and are not compared with each other; null: a roll-up. */
  readonly column: string | null;
  /** Position of the output column; −1: the row itself. */
  readonly output: number;
  /** Index of its component; absent: it is made of several. */
  readonly part?: number;
  /** The figure itself where the shares of units overlap and exceed it; null: it is their sum. */
  readonly total: number | null;
  /** Columns that are added up or multiplied; none of a count. */
  readonly reads: readonly string[];
  /** Units with a contribution that is not zero. */
  readonly shares: ReadonlyMap<string, number>;
}

export interface Violation {
  readonly rule:
    | 'threshold'
    | 'dominance'
    | 'p-percent'
    | 'difference'
    | 'difference-dominance'
    | 'combination'
    | 'value-class'
    | 'class-disclosure'
    | 'raw-value'
    | 'victim'
    | 'unexplained';
  readonly text: string;
}

/** Rules for one figure alone. Source: gate.md §6, egress-rules.md §3. */
export function checkFigure(figure: Figure, policy: DisclosurePolicy): readonly Violation[] {
  const found: Violation[] = [];
  const values = magnitudes(figure.shares);
  // Of several parts that cancel out in everybody, as `sum(a) - sum(b)` of two equal columns: 0, whoever is in it.
  if (values.length === 0 && figure.part === undefined) return found;
  if (values.length < policy.k) found.push({ rule: 'threshold', text: `${figure.label}: ${values.length} ${figure.unitType}` });
  found.push(...dominated(values, policy, figure.total).map((rule): Violation => ({ rule, text: `${figure.label}: ${figure.unitType}` })));
  return found;
}

function magnitudes(shares: ReadonlyMap<string, number>): readonly number[] {
  return [...shares.values()].map(Math.abs).filter((value) => value > 0);
}

/** Which dominance rules absolute totals per unit break. */
export function dominated(
  values: readonly number[],
  policy: DisclosurePolicy,
  whole: number | null = null,
): readonly ('dominance' | 'p-percent')[] {
  const sorted = values.toSorted((a, b) => b - a);
  const [first = 0, second = 0] = sorted;
  const largest = sorted.slice(0, policy.dominance.units).reduce((sum, value) => sum + value, 0);
  const total = whole ?? values.reduce((sum, value) => sum + value, 0);
  if (total === 0) return [];
  const slack = total * 1e-12;
  const rules: ('dominance' | 'p-percent')[] = [];
  if (largest >= policy.dominance.share * total - slack) rules.push('dominance');
  if (total - first - second < policy.pShare * first - slack) rules.push('p-percent');
  return rules;
}

/**
 * What a reader learns from two or more figures of one family and unit type by adding and subtracting: every pair, every
 * roll-up of a statement (`rollUps`, computable but not released), and every class of units that some combination isolates.
 */
export function checkTogether(figures: readonly Figure[], rollUps: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  const groups = new Map<string, Figure[]>();
  for (const figure of [...figures, ...rollUps].filter((item) => item.adds)) {
    const name = `${figure.unitType}|${figure.family}`;
    groups.set(name, [...(groups.get(name) ?? []), figure]);
  }
  return [...groups.values()].flatMap((group) => [
    ...pairs(group, policy),
    ...isolated(
      group.filter((figure) => !rollUps.includes(figure)),
      policy,
    ),
  ]);
}

function pairs(group: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  const found: Violation[] = [];
  for (const [index, a] of group.entries()) {
    for (const b of group.slice(index + 1)) {
      if (restOnOtherRows(a, b) || !overlap(a.shares, b.shares)) continue;
      const values = magnitudes(difference(a.shares, b.shares));
      if (values.length === 0) continue;
      const text = `${a.label} − ${b.label}: ${values.length} ${a.unitType}`;
      if (values.length < policy.k) found.push({ rule: 'difference', text });
      else if (a.kind === 'sum' && dominated(values, policy).includes('dominance')) found.push({ rule: 'difference-dominance', text });
    }
  }
  return found;
}

/** Cells of one statement rest on different rows, whichever columns of them are looked at. */
function restOnOtherRows(a: Figure, b: Figure): boolean {
  if (a.column === null || b.column === null) return false;
  const gateOf = (column: string): string => column.replace(/column \d+$/, '');
  const cellOf = (figure: Figure): string => figure.label.slice(figure.column?.length ?? 0);
  return a.column === b.column || (gateOf(a.column) === gateOf(b.column) && cellOf(a) !== cellOf(b));
}

function overlap(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  for (const unit of small.keys()) if (large.has(unit)) return true;
  return false;
}

function difference(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): ReadonlyMap<string, number> {
  const result = new Map<string, number>(a);
  for (const [unit, value] of b) {
    const left = (result.get(unit) ?? 0) - value;
    const isNothing = Math.abs(left) <= 1e-9 * Math.max(1, Math.abs(value));
    result.set(unit, isNothing ? 0 : left);
  }
  return result;
}

/** Classes of units with proportional shares that a linear combination of the figures shows alone, if they are fewer than k. */
function isolated(all: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  // One number told of several instances of a unit is one number, whichever of them it is taken apart by.
  const byLabel = [...Map.groupBy(all, (figure) => `${figure.label}|${figure.output}`).values()];
  const ways = Math.max(0, ...byLabel.map((own) => own.length));
  return Array.from({ length: ways }, (_, way) => byLabel.flatMap((own) => own[Math.min(way, own.length - 1)] ?? [])).flatMap((group) =>
    isolatedIn(group, policy),
  );
}

function isolatedIn(group: readonly Figure[], policy: DisclosurePolicy): readonly Violation[] {
  if (group.length < 3 || group.length > 60) return [];
  const classes = new Map<string, { column: readonly number[]; units: number }>();
  for (const unit of new Set(group.flatMap((figure) => [...figure.shares.keys()]))) {
    const column = group.map((figure) => figure.shares.get(unit) ?? 0);
    const scale = column.find((value) => value !== 0);
    if (scale === undefined) continue;
    const shape = column.map((value) => Number((value / scale).toPrecision(9)));
    const known = classes.get(shape.join());
    if (known === undefined) classes.set(shape.join(), { column: shape, units: 1 });
    else known.units += 1;
  }
  const columns = [...classes.values()];
  const alone = isolatedColumns(group.map((_, row) => columns.map((item) => item.column[row] ?? 0)));
  return columns
    .filter((item, index) => item.units < policy.k && alone.has(index))
    .map((item) => ({
      rule: 'combination',
      text: `a combination of ${group.length} figures of ${group[0]?.family ?? ''} shows ${item.units} ${group[0]?.unitType ?? ''}`,
    }));
}

/** Columns j for which a combination of the rows is 1 at j and 0 elsewhere: pivots of the reduced matrix whose row is bare. */
function isolatedColumns(matrix: readonly (readonly number[])[]): ReadonlySet<number> {
  const rows = matrix.map((row) => [...row]);
  const width = rows[0]?.length ?? 0;
  const pivots: number[] = [];
  for (let column = 0; column < width && pivots.length < rows.length; column++) {
    const top = pivots.length;
    const best = rows.reduce(
      (found, row, index) => (index >= top && Math.abs(row[column] ?? 0) > Math.abs(rows[found]?.[column] ?? 0) ? index : found),
      top,
    );
    const pivot = rows[best]?.[column] ?? 0;
    if (Math.abs(pivot) < 1e-7) continue;
    const [bestRow = [], topRow = []] = [rows[best], rows[top]];
    [rows[top], rows[best]] = [bestRow.map((value) => value / pivot), best === top ? bestRow.map((value) => value / pivot) : topRow];
    for (const [index, row] of rows.entries()) {
      const factor = row[column] ?? 0;
      if (index !== top && factor !== 0) rows[index] = row.map((value, at) => value - factor * (rows[top]?.[at] ?? 0));
    }
    pivots.push(column);
  }
  return new Set(pivots.filter((column, row) => (rows[row] ?? []).every((value, at) => at === column || Math.abs(value) < 1e-7)));
}

/**
 * Two figures of one row set must not differ from a simple law in fewer than k units: units whose ratio of the two is not
 * the commonest are nobody or at least k. Source: gate.md §5 (value classes).
 */
export function checkRatio(a: Figure, b: Figure, policy: DisclosurePolicy): readonly Violation[] {
  const ratios = new Map<string, number>();
  const units = new Set([...a.shares.keys(), ...b.shares.keys()]);
  for (const unit of units) {
    const ratio = ((a.shares.get(unit) ?? 0) / (b.shares.get(unit) ?? 0)).toPrecision(9);
    ratios.set(ratio, (ratios.get(ratio) ?? 0) + 1);
  }
  // A ratio that one unit alone has is no law.
  const most = Math.max(0, ...ratios.values());
  const off = most < 2 ? 0 : units.size - most;
  return off > 0 && off < policy.k
    ? [{ rule: 'value-class', text: `${a.label} against ${b.label}: ${off} ${a.unitType} off the commonest` }]
    : [];
}
