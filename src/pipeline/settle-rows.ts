import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { decideByLedger } from '../egress/ledger/ledger.ts';
import type { FigureDecision, LedgerEntry, LedgerGate, LedgerStatement } from '../egress/ledger/ledger-statement.ts';
import { differingUnits } from '../egress/ledger/sketch.ts';
import { addDecimals, type Decimal, integer, multiplyDecimals } from '../kernel/decimal.ts';
import { overCap, rowSetEntries } from './cap-functionals.ts';
import { rollUps } from './computable.ts';
import {
  type LedgerRow,
  type LedgerVerdict,
  type LedgerView,
  LINEAR,
  type NewEntry,
  type RegisteredFigure,
  type RowFigure,
  type TotalPart,
} from './ledger-port.ts';
import { settleColumns } from './settle-columns.ts';
import { settleFamilies } from './settle-families.ts';

export interface Settlement {
  /** By row and figure. */
  readonly verdicts: readonly (readonly LedgerVerdict[])[];
  readonly entries: readonly NewEntry[];
}

const KEEP: LedgerVerdict = { kind: 'keep' };
const NOT_GIVEN = { rule: 'ledger.near', text: 'near a column of this statement that is withheld', counted: null } as const;
const NOTHING_KNOWN = { total: null, value: null, answered: '', labels: [] } as const;

/**
 * Decides which figures of a statement may stand beside everything in the ledger and beside one another: counts and sums
 * for every unit instance and family by themselves, with what is near looked for among all; figures of other functionals
 * beside their like. The strictest verdict of all unit instances is that of a figure.
 *
 * Pure and the same for the same input. Sees what `decideByLedger` sees. Source: gate.md §7, ADR 0014.
 */
export function settleRows(rows: readonly LedgerRow[], view: LedgerView, policy: DisclosurePolicy): Settlement {
  const verdicts: LedgerVerdict[][] = rows.map((row) => row.figures.map(() => KEEP));
  const twins = rows.map((row) =>
    row.figures.map((figure, at) =>
      figure.isComposed === true ? -1 : row.figures.findIndex((other, before) => before < at && isSame(other, figure)),
    ),
  );
  const places = rows.flatMap((row, index) =>
    row.figures.flatMap((figure, at): readonly Place[] => ((twins[index]?.[at] ?? -1) >= 0 ? [] : [{ row: index, at, figure }])),
  );
  for (const { row, at, figure } of places.filter((place) => place.figure.namespace !== LINEAR))
    (verdicts[row] ?? [])[at] = settleFunctional(figure, view, policy.k);
  for (const { row, at, verdict } of overCap(rows, (index, place) => verdicts[index]?.[place]?.kind === 'keep', view, policy.k))
    (verdicts[row] ?? [])[at] = verdict;
  for (const group of groupsOf(places.filter(({ figure }) => figure.namespace === LINEAR && figure.isComposed !== true))) {
    for (const { place, verdict } of settleGroup(rows, group, view, policy)) {
      const known = verdicts[place.row]?.[place.at] ?? KEEP;
      (verdicts[place.row] ?? [])[place.at] = stricter(known, verdict);
    }
  }
  const together = (): void => {
    for (const [row, own] of twins.entries())
      for (const [at, twin] of own.entries()) if (twin >= 0) (verdicts[row] ?? [])[at] = verdicts[row]?.[twin] ?? KEEP;
    for (const own of verdicts.keys()) standTogether(rows[own]?.figures ?? [], verdicts[own] ?? []);
  };
  together();
  const isKept = (row: number, at: number): boolean =>
    verdicts[row]?.[at]?.kind === 'keep' && isShown(rows[row]?.figures ?? [], verdicts[row] ?? [], at);
  const beside = settleFamilies(
    rows,
    places.filter(({ row, at, figure }) => figure.namespace === LINEAR && figure.isComposed !== true && isKept(row, at)),
    policy,
  );
  for (const { row, at, verdict } of beside) (verdicts[row] ?? [])[at] = verdict;
  together();
  // An answer that is not given itself is nobody else's.
  for (const { row, at, target } of beside)
    if (target !== null && !isKept(target.row, target.at)) (verdicts[row] ?? [])[at] = { kind: 'withhold', reason: NOT_GIVEN };
  for (const { row, at, verdict } of settleColumns(
    rows,
    verdicts,
    places.filter(({ row, at }) => isKept(row, at)),
    { view, policy },
  ))
    (verdicts[row] ?? [])[at] = verdict;
  together();
  const kept = places
    .filter(({ row, at }) => isKept(row, at))
    .flatMap(({ row, figure }): readonly NewEntry[] => {
      const from = rows[row];
      if (from === undefined) return [];
      return [{ row, figure, gate: from.gate, labels: from.labels, answered: from.answered }, ...rowSetEntries(row, figure, from)];
    });
  return {
    verdicts,
    entries: [
      ...kept,
      ...rollUps(rows, (row, at) => isKept(row, at) && twins[row]?.[at] === -1 && rows[row]?.figures[at]?.isComposed !== true),
    ],
  };
}

/** Figures of one term are one figure: the strictest verdict is that of all. */
function standTogether(figures: readonly RowFigure[], verdicts: LedgerVerdict[]): void {
  for (const [at, figure] of figures.entries())
    for (const [other, { term }] of figures.entries())
      if (term === figure.term) verdicts[at] = stricter(verdicts[at] ?? KEEP, verdicts[other] ?? KEEP);
}

/** Whether some column with the figure is released: one withheld part withholds all of a column. */
function isShown(figures: readonly RowFigure[], verdicts: readonly LedgerVerdict[], at: number): boolean {
  const isWhole = (output: number): boolean =>
    figures.every(({ outputs }, other) => !outputs.includes(output) || verdicts[other]?.kind !== 'withhold');
  return figures[at]?.outputs.some(isWhole) ?? false;
}

interface Place {
  readonly row: number;
  readonly at: number;
  readonly figure: RowFigure;
}

/** Whether two figures of one row tell the same: the same totals of the same units. */
function isSame(a: RowFigure, b: RowFigure): boolean {
  if (a.namespace !== b.namespace || a.sketches.length !== b.sketches.length) return false;
  // Of other rows it may be another number: it adds up with its like.
  if ((a.isImplied === true || b.isImplied === true) && a.family !== b.family) return false;
  return a.sketches.every(({ sketch, unitType }, index) => {
    const other = b.sketches[index];
    return other !== undefined && other.unitType === unitType && differingUnits(sketch, other.sketch) === 0;
  });
}

const STRICTNESS: Readonly<Record<LedgerVerdict['kind'], number>> = { keep: 0, replace: 1, withhold: 2 };

function stricter(a: LedgerVerdict, b: LedgerVerdict): LedgerVerdict {
  return STRICTNESS[b.kind] > STRICTNESS[a.kind] ? b : a;
}

/** Medians and their like: answered as the earliest near one was, or not at all. */
function settleFunctional(figure: RowFigure, view: LedgerView, k: number): LedgerVerdict {
  const apart = figure.sketches.flatMap(({ unitType, sketch }) =>
    view.near(unitType, figure.namespace, sketch, k).map((item) => ({ item, units: differingUnits(item.sketch, sketch) })),
  );
  const near = apart.filter(({ units }) => units < k).map(({ item }) => item);
  const beside = apart.filter(({ units }) => units > 0 && units < k).map(({ item }) => item.seq);
  const [earliest] = near.filter((item) => item.state === 'released').sort((a, b) => a.seq - b.seq);
  if (earliest !== undefined) {
    const { value, answered, labels, seq } = earliest;
    return {
      kind: 'replace',
      total: null,
      parts: [],
      value,
      answered,
      labels,
      reason: { rule: 'ledger.near', text: `answered by entry ${seq}`, counted: null, beside },
    };
  }
  if (near.length === 0) return KEEP;
  return {
    kind: 'withhold',
    reason: { rule: 'ledger.reserved', text: `near entry ${near[0]?.seq}, which waits for its decision`, counted: null, beside },
  };
}

interface Group {
  readonly unitType: string;
  readonly instance: number;
  readonly family: string;
  readonly places: readonly Place[];
}

/** Figures that are settled together: one unit instance, one family. */
function groupsOf(places: readonly Place[]): readonly Group[] {
  const groups = new Map<string, { readonly group: Group; readonly places: Place[] }>();
  for (const place of places) {
    for (const [instance, { unitType }] of place.figure.sketches.entries()) {
      const { family } = place.figure;
      const name = JSON.stringify([unitType, instance, family]);
      const found = groups.get(name) ?? { group: { unitType, instance, family, places: [] }, places: [] };
      found.places.push(place);
      groups.set(name, found);
    }
  }
  return [...groups.values()].map(({ group, places: own }) => ({ ...group, places: own }));
}

function settleGroup(
  rows: readonly LedgerRow[],
  group: Group,
  view: LedgerView,
  policy: DisclosurePolicy,
): readonly { readonly place: Place; readonly verdict: LedgerVerdict }[] {
  const known = new Map<number, RegisteredFigure>();
  const entryOf = (figure: RegisteredFigure): LedgerEntry => {
    known.set(figure.seq, figure);
    const { seq, row, state, isMagnitude, sketch } = figure;
    return { id: seq, statement: '', row, state, isMagnitude, sketch };
  };
  const { statement, at } = statementOf(rows, group);
  const decided = decideByLedger(
    statement,
    {
      near: (sketch, k) => view.near(group.unitType, LINEAR, sketch, k).map(entryOf),
      basis: view.family(group.unitType, group.family).map(entryOf),
      ...(view.shelf === undefined ? {} : { shelf: view.shelf }),
      span: view.span(group.unitType, group.family).map(entryOf),
    },
    policy,
    { rows: 'each' },
  );
  const placeAt = (gate: number, cell: number, term: number): Place | undefined => at.get(JSON.stringify([gate, cell, term]));
  return decided.flatMap((gate, gateAt) =>
    gate.flatMap((cell, cellAt) =>
      cell.flatMap((decision, term) => {
        const place = placeAt(gateAt, cellAt, term);
        return place === undefined ? [] : [{ place, verdict: verdictOf(decision, rows, known, placeAt, group.instance) }];
      }),
    ),
  );
}

const MOST_LOOKED = 8;

/** Neighbours and combinations that stand in no figure's way. */
function lookedAt(findings: FigureDecision['findings']): LedgerVerdict {
  const items = findings
    .filter((item) => item.rule === 'ledger.looked')
    .map(({ entries, units }) => {
      const names = entries.map((id) => (id > 0 ? `entry ${id}` : 'this statement')).join(' with ');
      return `${entries.length > 1 ? 'combination of ' : ''}${names}, at least ${units} units apart`;
    });
  if (items.length === 0) return KEEP;
  const more = items.length > MOST_LOOKED ? [`${items.length - MOST_LOOKED} more`] : [];
  return { kind: 'keep', looked: [...items.slice(0, MOST_LOOKED), ...more].join('; ') };
}

function partsOf(shares: readonly (Omit<TotalPart, 'total'> & { readonly total: Decimal | null })[]): readonly TotalPart[] {
  return shares.flatMap(({ total, ...share }) => (total === null ? [] : [{ ...share, total }]));
}

const NO_FIGURE = 0;

/** The group as gates, cells and terms, and which of them is which place. */
function statementOf(
  rows: readonly LedgerRow[],
  group: Group,
): { readonly statement: LedgerStatement; readonly at: ReadonlyMap<string, Place> } {
  const at = new Map<string, Place>();
  const byGate = Map.groupBy(group.places, (place) => rows[place.row]?.gate ?? '');
  const gates = [...byGate.values()].map((own, gateAt): LedgerGate => {
    const [first] = own;
    const sample = first === undefined ? undefined : rows[first.row];
    const terms = [...new Map(own.map(({ figure }) => [figure.term, figure])).values()];
    const cells = [...Map.groupBy(own, (place) => place.row)].map(([row, places], cellAt) => {
      const figures = terms.map((term, termAt) => {
        const place = places.find((item) => item.figure.term === term.term);
        const sketch = place?.figure.sketches[group.instance]?.sketch;
        if (place !== undefined) at.set(JSON.stringify([gateAt, cellAt, termAt]), place);
        const some = sketch ?? term.sketches[group.instance]?.sketch;
        if (some === undefined) throw new Error('A figure without a sketch');
        return { sketch: some, units: place?.figure.units ?? NO_FIGURE, isReleased: place !== undefined && sketch !== undefined };
      });
      return { key: rows[row]?.labels ?? [], units: Math.max(...figures.map((figure) => figure.units)), figures };
    });
    return {
      rowsId: sample?.rowsId ?? '',
      keys: sample?.keys ?? [],
      oneRow: sample?.oneRow ?? false,
      terms: terms.map(({ term, isMagnitude, isOneSigned }) => ({ name: term, isMagnitude, isOneSigned })),
      cells,
    };
  });
  return { statement: { id: 'statement', gates }, at };
}

function verdictOf(
  { action, findings }: FigureDecision,
  rows: readonly LedgerRow[],
  known: ReadonlyMap<number, RegisteredFigure>,
  placeAt: (gate: number, cell: number, term: number) => Place | undefined,
  instance: number,
): LedgerVerdict {
  const [finding] = findings.filter((item) => item.rule !== 'ledger.looked');
  const rule = finding?.rule ?? 'ledger.near';
  const entries = (finding?.entries ?? []).map((id) => `entry ${id}`).join(', ');
  const text = `${action.kind}${entries === '' ? '' : `: ${entries}`}${finding?.units == null ? '' : `, at least ${finding.units} units apart`}`;
  const reason = { rule, text, counted: finding?.units ?? null, beside: finding?.units === 0 ? [] : (finding?.entries ?? []) };
  switch (action.kind) {
    case 'none':
      return KEEP;
    case 'register':
      return lookedAt(findings);
    case 'snap': {
      if ('entry' in action.to) {
        const { entry } = action.to;
        const { total, value, answered, labels } = known.get(entry.id) ?? NOTHING_KNOWN;
        return {
          kind: 'replace',
          total,
          parts: partsOf([{ total, sketch: entry.sketch, coefficient: 1 }]),
          value,
          answered,
          labels,
          reason,
        };
      }
      const { gate, cell, term } = action.to.place;
      const twin = placeAt(gate, cell, term);
      const row = twin === undefined ? undefined : rows[twin.row];
      if (twin === undefined || row === undefined) return { kind: 'withhold', reason };
      const { total } = twin.figure;
      const sketch = twin.figure.sketches[instance]?.sketch;
      const parts = sketch === undefined ? [] : partsOf([{ total, sketch, coefficient: 1 }]);
      return { kind: 'replace', total, parts, value: null, answered: row.answered, labels: row.labels, reason };
    }
    case 'combine': {
      const parts = action.parts.map(({ entry, coefficient }) => ({ figure: known.get(entry.id), coefficient }));
      if (parts.some(({ figure }) => figure?.total == null)) return { kind: 'withhold', reason };
      const total = parts.reduce<Decimal>(
        (sum, { figure, coefficient }) => addDecimals(sum, multiplyDecimals(integer(coefficient), figure?.total ?? integer(0))),
        integer(0),
      );
      const answered = parts.map(({ figure, coefficient }) => `${coefficient} * (${figure?.answered ?? ''})`).join(' + ');
      const shares = action.parts.map(({ entry: { id, sketch }, coefficient }) => ({
        total: known.get(id)?.total ?? null,
        sketch,
        coefficient,
      }));
      return { kind: 'replace', total, parts: partsOf(shares), value: null, answered, labels: [], reason };
    }
    default:
      return { kind: 'withhold', reason };
  }
}
