import type { ReversibilityFinding, TestedColumn } from './tested-table.ts';

/** A prime small enough that products stay exact in doubles. */
const PRIME = 67_108_859;
const MOST_EQUATIONS = 600;
const MOST_ATOMS = 1500;
const TOTAL = new Set(['', '*', '全部', '合计', '总计', '总', 'all', 'total', 'Total', 'ALL', 'All']);

/** Tables of figures over groups of the original rows, and what they are figures of. */
export interface SummedTable {
  readonly released: readonly TestedColumn[];
}

/**
 * Whether released sums, averages or counts over groups determine the value of single original rows, or of fewer than `k` together: every figure is
 * an equation over the groups of rows that no figure tells apart; elimination shows which of them the equations fix.
 * `value`: how many original rows are fixed. Tables of earlier releases take part like the new one. A column of labels must have the
 * name that it has in the original; empty labels and words for totals stand for all rows.
 * Source: models-and-audit.md M25; requirements.md §10.2 (R: linear systems).
 */
export function linearSums(
  tables: readonly SummedTable[],
  original: readonly TestedColumn[],
  targets: readonly TestedColumn[],
  k: number,
): readonly ReversibilityFinding[] {
  const findings: ReversibilityFinding[] = [];
  for (const target of targets) {
    const values = target.cells.map((cell) => (cell === null || cell === '' ? 0 : Number(cell)));
    if (!values.every(Number.isFinite)) continue;
    const equations = tables.flatMap((table) => equationsOf(table, original, values));
    if (equations.length === 0 || equations.length > MOST_EQUATIONS) continue;
    const column = equations.find((item) => item.isNew)?.column ?? equations[0]?.column ?? '*';
    const sizes = fixedAtoms(
      equations.map((item) => item.members),
      values.length,
    );
    if (sizes === null) continue;
    const single = sizes.filter((size) => size === 1).length;
    const few = sizes.filter((size) => size > 1 && size < k).reduce((sum, size) => sum + size, 0);
    const result = single > 0 ? 'reversible' : few > 0 ? 'partly' : 'notFound';
    findings.push({ column, original: target.name, test: 'linear sums', result, value: single > 0 ? single : few });
  }
  return findings;
}

interface Equation {
  readonly column: string;
  readonly members: readonly number[];
  readonly isNew: boolean;
}

/** The rows behind each figure of a table, only where nearly all figures are what those rows give. */
function equationsOf({ released }: SummedTable, original: readonly TestedColumn[], values: readonly number[]): readonly Equation[] {
  const labels = released.filter((column) => original.some((item) => item.name === column.name) && column.cells.length < values.length);
  const figures = released.filter(
    (column) => !labels.includes(column) && column.cells.every((cell) => cell === null || cell === '' || Number.isFinite(Number(cell))),
  );
  const rows = released[0]?.cells.length ?? 0;
  if (rows === 0 || figures.length === 0) return [];
  const members = Array.from({ length: rows }, (_, row) => membersOf(row, labels, original, values.length));
  return figures.flatMap((figure): readonly Equation[] => {
    const fits = (of: (at: readonly number[]) => number): boolean => {
      const judged = members.flatMap((group, row) =>
        figure.cells[row] === null || figure.cells[row] === '' ? [] : [isNear(Number(figure.cells[row]), of(group))],
      );
      return judged.length > 0 && judged.filter(Boolean).length >= 0.9 * judged.length;
    };
    const sum = (group: readonly number[]): number => group.reduce((total, at) => total + (values[at] ?? 0), 0);
    if (!fits(sum) && !fits((group) => sum(group) / Math.max(1, group.length))) return [];
    return members.flatMap((group, row) =>
      figure.cells[row] === null || figure.cells[row] === '' ? [] : [{ column: figure.name, members: group, isNew: true }],
    );
  });
}

function membersOf(row: number, labels: readonly TestedColumn[], original: readonly TestedColumn[], rows: number): readonly number[] {
  const wanted = labels.flatMap((label) => {
    const cell = label.cells[row] ?? null;
    const column = original.find((item) => item.name === label.name);
    return column === undefined || cell === null || TOTAL.has(cell) ? [] : [{ cell, column }];
  });
  return Array.from({ length: rows }, (_, at) => at).filter((at) => wanted.every(({ cell, column }) => column.cells[at] === cell));
}

function isNear(left: number, right: number): boolean {
  return Math.abs(left - right) <= 1e-6 * Math.max(1, Math.abs(right)) + 0.006;
}

/** Sizes of the groups of rows whose sums the equations fix; null where there are too many groups to tell. */
function fixedAtoms(equations: readonly (readonly number[])[], rows: number): readonly number[] | null {
  const signatures = Array.from({ length: rows }, (): number[] => []);
  for (const [at, members] of equations.entries()) for (const row of members) signatures[row]?.push(at);
  const atoms = new Map<string, { readonly equations: readonly number[]; size: number }>();
  for (const signature of signatures) {
    if (signature.length === 0) continue;
    const key = signature.join(',');
    const atom = atoms.get(key);
    if (atom === undefined) atoms.set(key, { equations: signature, size: 1 });
    else atom.size += 1;
  }
  const list = [...atoms.values()];
  if (list.length > MOST_ATOMS) return null;
  const matrix = equations.map(() => new Array<number>(list.length).fill(0));
  for (const [at, atom] of list.entries()) {
    for (const equation of atom.equations) {
      const row = matrix[equation];
      if (row !== undefined) row[at] = 1;
    }
  }
  return eliminated(matrix).flatMap((row) => {
    const places = row.flatMap((value, at) => (value === 0 ? [] : [at]));
    return places.length === 1 ? [list[places[0] ?? 0]?.size ?? 0] : [];
  });
}

/** Reduced row echelon form modulo the prime, without rows of zeros. */
function eliminated(matrix: readonly number[][]): readonly (readonly number[])[] {
  const rows = matrix.map((row) => [...row]);
  let rank = 0;
  for (let column = 0; column < (rows[0]?.length ?? 0) && rank < rows.length; column += 1) {
    const pivot = rows.findIndex((row, at) => at >= rank && row[column] !== 0);
    if (pivot < 0) continue;
    const [chosen, replaced] = [rows[pivot] ?? [], rows[rank] ?? []];
    const inverse = power(chosen[column] ?? 1, PRIME - 2);
    rows[pivot] = replaced;
    const own = chosen.map((value) => (value * inverse) % PRIME);
    rows[rank] = own;
    for (const [at, row] of rows.entries()) {
      const factor = row[column] ?? 0;
      if (at === rank || factor === 0) continue;
      rows[at] = row.map((value, place) => (value + (PRIME - factor) * (own[place] ?? 0)) % PRIME);
    }
    rank += 1;
  }
  return rows.slice(0, rank);
}

function power(base: number, exponent: number): number {
  let [result, factor] = [1, base % PRIME];
  for (let rest = exponent; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) result = (result * factor) % PRIME;
    factor = (factor * factor) % PRIME;
  }
  return result;
}
