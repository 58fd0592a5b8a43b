import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { addDecimals, compareDecimals, type Decimal, integer } from '../kernel/decimal.ts';
import type { AssessedCell, AssessedGate, CellFinding } from './assessed.ts';
import type { Spread } from './evidence.ts';
import { isDominated } from './evidence-rules.ts';
import type { GateShape, KeyValue } from './executed.ts';

const FINDING: CellFinding = { rule: 'complement.parts', unitType: null, counted: null };

/** A cell by its labels, across the gates that share a grouping. */
interface Place {
  readonly gate: number;
  readonly cell: number;
  readonly labels: ReadonlyMap<string, KeyValue>;
}

/**
 * Totals beside their parts inside one statement: the parts that a total's reader does not see must together hold none
 * or at least k units, or the difference gives them away. Another part goes then, the one with the fewest units first;
 * a total that comes after its parts goes itself. A cell that lost an operand its total kept counts as a part that is
 * not seen.
 *
 * @param earlier  gates of the statement that are decided already. They stay as they are.
 * @param fresh    gates that are decided now, totals before their parts.
 * @returns        the fresh gates with what more is withheld.
 * Source: gate.md §7 (complements inside a statement), gate-examples.md D2, D19. Compares nothing across statements.
 */
export function withholdComplements(
  earlier: readonly AssessedGate[],
  fresh: readonly AssessedGate[],
  policy: DisclosurePolicy,
): readonly AssessedGate[] {
  const all = [...earlier, ...fresh];
  // Of one grouping alone nothing is a total, or a sibling, of anything.
  if (new Set(all.map(({ shape }) => groupingName(shape))).size < 2) return fresh;
  const known = all.map((gate) => ({
    shape: gate.shape,
    cells: gate.cells.map((cell) => ({ ...cell, withheld: cell.withheld.map((item) => [...item]) })),
  }));
  for (let changed = true; changed; ) {
    changed = false;
    for (const total of groupings(known)) {
      for (const parts of groupings(known)) {
        if (settleSiblings(total, parts, known, earlier.length, policy)) changed = true;
        if (total.rowsId !== parts.rowsId || total.ids.length >= parts.ids.length || !total.ids.every((id) => parts.ids.includes(id)))
          continue;
        for (const place of total.places) {
          if (settleTotal(place, parts.places, known, earlier.length, policy)) changed = true;
          if (hideMargin(place, parts.places, known, earlier.length, policy)) changed = true;
        }
      }
    }
  }
  return known.slice(earlier.length);
}

interface Grouping {
  readonly rowsId: string;
  readonly ids: readonly string[];
  readonly places: readonly Place[];
}

/** Cells by rows and by what they are grouped by; the labels of a CASE are several gates of one grouping. */
function groupings(known: readonly AssessedGate[]): readonly Grouping[] {
  const found = new Map<string, { rowsId: string; ids: readonly string[]; places: Place[] }>();
  for (const [gate, { shape, cells }] of known.entries()) {
    const ids = shape.keys.map((key) => key.id);
    const name = groupingName(shape);
    const group = found.get(name) ?? { rowsId: shape.rowsId, ids, places: [] };
    for (const [cell, { key }] of cells.entries())
      group.places.push({ gate, cell, labels: new Map(ids.map((id, index) => [id, key[index] ?? null])) });
    found.set(name, group);
  }
  return [...found.values()];
}

function groupingName({ rowsId, keys }: GateShape): string {
  return JSON.stringify([rowsId, keys.map((key) => key.id).sort()]);
}

type Known = readonly { readonly shape: GateShape; readonly cells: readonly (AssessedCell & { readonly withheld: CellFinding[][] })[] }[];

/** Whether something more had to be withheld for one total. */
function settleTotal(total: Place, all: readonly Place[], known: Known, earlier: number, policy: DisclosurePolicy): boolean {
  const gate = known[total.gate];
  const cell = gate?.cells[total.cell];
  if (gate === undefined || cell === undefined) return false;
  const parts = all.filter((part) => [...total.labels].every(([id, value]) => part.labels.get(id) === value));
  let changed = false;
  for (const term of releasedTerms(gate.shape, cell)) {
    for (let next = unseenTooSmall(cell, parts, term, known, policy); next; next = unseenTooSmall(cell, parts, term, known, policy)) {
      const victim = nextPart(parts, term, known, earlier);
      if (victim !== undefined) withhold(victim, term, known);
      else if (total.gate >= earlier) {
        withhold(total, term, known);
        changed = true;
        break;
      } else break; // both were decided before: nothing of this gate adds to them
      changed = true;
    }
  }
  return changed;
}

/** Groupings that are no parts of each other add up to the same totals over the keys they share. */
function settleSiblings(a: Grouping, b: Grouping, known: Known, earlier: number, policy: DisclosurePolicy): boolean {
  const shared = a.ids.filter((id) => b.ids.includes(id));
  if (a.rowsId !== b.rowsId || shared.length === a.ids.length || shared.length === b.ids.length) return false;
  const under = (place: Place): string => JSON.stringify(shared.map((id) => place.labels.get(id) ?? null));
  let changed = false;
  for (const label of new Set(a.places.map(under))) {
    const [whole, split] = [a.places.filter((place) => under(place) === label), b.places.filter((place) => under(place) === label)];
    const terms = new Set(whole.flatMap((place) => known[place.gate]?.shape.outputs.flatMap((output) => output.terms) ?? []));
    for (const term of terms) {
      // Where everything of one is seen, its sum is the total beside which the other stands.
      while (isAllSeen(whole, term, known) && tooSmall(split, term, known, policy)) {
        const victim = nextPart(split, term, known, earlier) ?? nextPart(whole, term, known, earlier);
        if (victim === undefined) break;
        withhold(victim, term, known);
        changed = true;
      }
    }
  }
  return changed;
}

function isAllSeen(parts: readonly Place[], term: string, known: Known): boolean {
  return parts.every((part) => isSeen(part, term, known) || cellAt(part, known)?.isEmpty === true);
}

/** A total that must not be seen must not be added up from its parts either: those not seen hold k units, or all of it. */
function hideMargin(total: Place, all: readonly Place[], known: Known, earlier: number, policy: DisclosurePolicy): boolean {
  const gate = known[total.gate];
  const cell = gate?.cells[total.cell];
  if (gate === undefined || cell === undefined || cell.units === 0) return false;
  const parts = all.filter((part) => [...total.labels].every(([id, value]) => part.labels.get(id) === value));
  const seen = releasedTerms(gate.shape, cell);
  const hidden = [...new Set(gate.shape.outputs.flatMap((output) => output.terms))].filter((term) => !seen.has(term));
  const needed = Math.min(policy.k, cell.units);
  let changed = false;
  for (const term of hidden) {
    while (unseenUnits(parts, term, known) < needed) {
      const victim = nextPart(parts, term, known, earlier);
      if (victim === undefined) break; // its parts were decided before: the total is no secret any more
      withhold(victim, term, known);
      changed = true;
    }
  }
  return changed;
}

/** Units of the parts that are not seen: their sum where no unit has two rows, otherwise at least the largest. */
function unseenUnits(parts: readonly Place[], term: string, known: Known): number {
  const oneRow = parts.every((part) => known[part.gate]?.shape.oneRow === true);
  const unseen = parts.filter((part) => !isSeen(part, term, known)).flatMap((part) => cellAt(part, known) ?? []);
  return unseen.reduce((sum, cell) => (oneRow ? sum + cell.units : Math.max(sum, cell.units)), 0);
}

function releasedTerms(shape: GateShape, cell: AssessedCell): ReadonlySet<string> {
  return new Set(shape.outputs.flatMap((output, index) => ((cell.withheld[index]?.length ?? 1) === 0 ? output.terms : [])));
}

function cellAt(place: Place, known: Known): Known[number]['cells'][number] | undefined {
  return known[place.gate]?.cells[place.cell];
}

function isSeen(place: Place, term: string, known: Known): boolean {
  const gate = known[place.gate];
  const cell = cellAt(place, known);
  return gate !== undefined && cell !== undefined && releasedTerms(gate.shape, cell).has(term);
}

/** Whether the parts that are not seen hold some units, and fewer than k. */
function unseenTooSmall(total: AssessedCell, parts: readonly Place[], term: string, known: Known, policy: DisclosurePolicy): boolean {
  const droppedIn = (cell: AssessedCell | undefined): string => [...(cell?.dropped ?? []), '', ...(cell?.apart?.get(term) ?? [])].join();
  const differs = parts.some((part) => isSeen(part, term, known) && droppedIn(cellAt(part, known)) !== droppedIn(total));
  return differs && unseenUnits(parts, term, known) < policy.k ? true : tooSmall(parts, term, known, policy);
}

/** Whether the parts that are not seen hold some units, and fewer than k, or are the figure of one or two of them. */
function tooSmall(parts: readonly Place[], term: string, known: Known, policy: DisclosurePolicy): boolean {
  const units = unseenUnits(parts, term, known);
  if (units === 0) return false;
  if (units < policy.k) return true;
  const oneRow = parts.every((part) => known[part.gate]?.shape.oneRow === true);
  const unseen = parts.filter((part) => !isSeen(part, term, known)).flatMap((part) => cellAt(part, known) ?? []);
  const instances = Math.max(0, ...unseen.map((cell) => cell.magnitudes.get(term)?.length ?? 0));
  return Array.from({ length: instances }, (_, index) => unseen.flatMap((cell) => cell.magnitudes.get(term)?.[index] ?? [])).some(
    (spreads) => {
      const spread = together(spreads, oneRow);
      return spread.total.digits !== 0n && isDominated(spread, policy);
    },
  );
}

/** The spread of several cells as one. A unit that can be in several of them may have the largest share of each. */
function together(spreads: readonly Spread[], oneRow: boolean): Spread {
  const sum = (items: readonly Decimal[]): Decimal => items.reduce((total, item) => addDecimals(total, item), integer(0));
  const total = sum(spreads.map((item) => item.total));
  if (!oneRow) return { total, first: sum(spreads.map((item) => item.first)), second: sum(spreads.map((item) => item.second)) };
  const [first = integer(0), second = integer(0)] = spreads
    .flatMap((item) => [item.first, item.second])
    .sort((a, b) => compareDecimals(b, a));
  return { total, first, second };
}

/** The part with the fewest units that is seen and not decided before; ties by label. */
function nextPart(parts: readonly Place[], term: string, known: Known, earlier: number): Place | undefined {
  const open = parts.filter((part) => part.gate >= earlier && isSeen(part, term, known));
  const units = (part: Place): number => cellAt(part, known)?.units ?? 0;
  const label = (part: Place): string => JSON.stringify([...part.labels.values()]);
  return [...open].sort((a, b) => units(a) - units(b) || (label(a) < label(b) ? -1 : 1))[0];
}

function withhold(place: Place, term: string, known: Known): void {
  const gate = known[place.gate];
  const cell = cellAt(place, known);
  for (const [index, output] of gate?.shape.outputs.entries() ?? []) if (output.terms.includes(term)) cell?.withheld[index]?.push(FINDING);
}
