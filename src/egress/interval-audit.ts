import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { addDecimals, compareDecimals, type Decimal, integer } from '../kernel/decimal.ts';
import type { AssessedCell, AssessedGate, CellFinding } from './assessed.ts';
import type { GateShape, KeyValue } from './executed.ts';
import { type LinearSolver, secondarySuppression, type TableCell, type TableEquation } from './ledger/feasibility.ts';

const FINDING: CellFinding = { rule: 'complement.interval', unitType: null, counted: null };

/** A cell of a gate. */
interface Place {
  readonly gate: number;
  readonly cell: number;
  readonly labels: ReadonlyMap<string, KeyValue>;
}

/**
 * Totals beside their parts inside one SELECT, as a linear program: what a reader who solves all equations of a table at
 * once learns of each withheld count or magnitude must leave it as wide an interval as its protection level. Further cells
 * go until it does; where the solver has no answer, every cell that is connected with a withheld one.
 *
 * Comes after the complements of single totals. An equation that does not hold to the last digit (operands were dropped on
 * one side) is none of the reader's. Does not look at earlier gates of the statement, nor across statements.
 * Source: gate.md §7 (complements with feasibility intervals), egress-rules.md §4.5, gate-examples.md D19.
 */
export function auditIntervals(gates: readonly AssessedGate[], policy: DisclosurePolicy, solver: LinearSolver): readonly AssessedGate[] {
  const withheld = gates.map((gate) => gate.cells.map((cell) => cell.withheld.map((findings) => [...findings])));
  for (const rowsId of new Set(gates.map((gate) => gate.shape.rowsId))) {
    const places = placesOf(gates, rowsId);
    for (const term of new Set(
      gates.flatMap(({ shape }) => (shape.rowsId === rowsId ? shape.outputs.flatMap((output) => output.terms) : [])),
    ))
      for (const { gate, cell } of missing(gates, places, term, policy, solver))
        for (const [index, output] of gates[gate]?.shape.outputs.entries() ?? [])
          if (output.terms.includes(term)) withheld[gate]?.[cell]?.[index]?.push(FINDING);
  }
  return gates.map((gate, at) => ({
    ...gate,
    cells: gate.cells.map((cell, index) => ({ ...cell, withheld: withheld[at]?.[index] ?? [] })),
  }));
}

function placesOf(gates: readonly AssessedGate[], rowsId: string): readonly Place[] {
  return gates.flatMap(({ shape, cells }, gate) =>
    shape.rowsId !== rowsId
      ? []
      : cells.map((cell, at) => ({ gate, cell: at, labels: new Map(shape.keys.map((key, index) => [key.id, cell.key[index] ?? null])) })),
  );
}

/** Cells of which a term has to go besides. */
function missing(
  gates: readonly AssessedGate[],
  places: readonly Place[],
  term: string,
  policy: DisclosurePolicy,
  solver: LinearSolver,
): readonly Place[] {
  const known = places.flatMap((place) => {
    const gate = gates[place.gate];
    const cell = gate?.cells[place.cell];
    const value = cell?.totals?.get(term);
    return gate === undefined || cell === undefined || value === undefined ? [] : [{ place, shape: gate.shape, cell, value }];
  });
  const isOneSigned = known.every(({ value }) => value.digits >= 0n);
  const cells = known.map(({ place, shape, cell, value }): TableCell => {
    const spread = cell.magnitudes.get(term)?.[0] ?? null;
    return {
      label: JSON.stringify([...place.labels]),
      value,
      units: cell.units,
      spread: spread === null || spread.total.digits === 0n ? null : spread,
      bounds: { low: isOneSigned ? 0 : Number.NEGATIVE_INFINITY, high: Number.POSITIVE_INFINITY },
      isWithheld: !cell.isEmpty && !isReleased(shape, cell, term),
    };
  });
  if (!cells.some((cell) => cell.isWithheld)) return [];
  const equations = equationsOf(known, (total, parts) => holds(cells, total, parts));
  return componentsOf(cells, equations).flatMap((own) =>
    secondarySuppression(cells, own, policy, solver).flatMap((at) => (cells[at]?.isWithheld === true ? [] : (known[at]?.place ?? []))),
  );
}

function isReleased(shape: GateShape, cell: AssessedCell, term: string): boolean {
  return shape.outputs.some((output, index) => output.terms.includes(term) && cell.withheld[index]?.length === 0);
}

/**
 * Every cell as the sum of the cells of each finer grouping under its labels, as far as that holds. What a grouping in
 * between says already, step by step, is left out: it would only tie problems together.
 */
function equationsOf(
  known: readonly { readonly place: Place; readonly shape: GateShape }[],
  isTrue: (total: number, parts: readonly number[]) => boolean,
): readonly TableEquation[] {
  const idsOf = (at: number): readonly string[] => (known[at]?.shape.keys ?? []).map((key) => key.id).sort();
  const groupings = [...Map.groupBy(known.keys(), (at) => JSON.stringify(idsOf(at))).values()].map((cells) => ({
    cells,
    ids: idsOf(cells[0] ?? 0),
  }));
  const isCoarser = (a: readonly string[], b: readonly string[]): boolean => a.length < b.length && a.every((id) => b.includes(id));
  const pairs = groupings.flatMap((parts) =>
    groupings.flatMap((totals) => {
      if (!isCoarser(totals.ids, parts.ids)) return [];
      const under = (at: number): string => JSON.stringify(totals.ids.map((id) => known[at]?.place.labels.get(id) ?? null));
      const byLabel = Map.groupBy(parts.cells, under);
      const equations = totals.cells.map((total) => ({ total, parts: byLabel.get(under(total)) ?? [] }));
      const held = equations.filter(({ total, parts: own }) => isTrue(total, own));
      return [{ from: totals.ids, to: parts.ids, equations: held, isWhole: held.length === equations.length }];
    }),
  );
  const isSaid = (from: readonly string[], to: readonly string[]): boolean =>
    pairs.some((pair) => pair.from === from && pair.to === to && pair.isWhole);
  return pairs
    .filter(
      ({ from, to }) => !groupings.some(({ ids }) => isCoarser(from, ids) && isCoarser(ids, to) && isSaid(from, ids) && isSaid(ids, to)),
    )
    .flatMap((pair) => pair.equations);
}

function holds(cells: readonly TableCell[], total: number, parts: readonly number[]): boolean {
  const sum = parts.reduce<Decimal>((all, at) => addDecimals(all, cells[at]?.value ?? integer(0)), integer(0));
  return parts.length > 0 && compareDecimals(sum, cells[total]?.value ?? integer(0)) === 0;
}

/** Equations with a withheld cell, by those they have in common: each group is a problem of its own. */
function componentsOf(cells: readonly TableCell[], equations: readonly TableEquation[]): readonly (readonly TableEquation[])[] {
  const groups: { readonly unknown: Set<number>; readonly equations: TableEquation[] }[] = [];
  for (const equation of equations) {
    const unknown = [equation.total, ...equation.parts].filter((at) => cells[at]?.isWithheld === true);
    if (unknown.length === 0) continue;
    const joined = groups.filter((group) => unknown.some((at) => group.unknown.has(at)));
    for (const group of joined) groups.splice(groups.indexOf(group), 1);
    groups.push({
      unknown: new Set([...unknown, ...joined.flatMap((group) => [...group.unknown])]),
      equations: [...joined.flatMap((group) => group.equations), equation],
    });
  }
  return groups.map((group) => group.equations);
}
