import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { decideByLedger } from '../egress/ledger/ledger.ts';
import type { FigureDecision, LedgerEntry, LedgerGate, LedgerStatement } from '../egress/ledger/ledger-statement.ts';
import { addDecimals, type Decimal, integer, multiplyDecimals } from '../kernel/decimal.ts';
import {
  type LedgerRow,
  type LedgerVerdict,
  type LedgerView,
  LINEAR,
  type RegisteredFigure,
  type RowFigure,
  type TotalPart,
} from './ledger-port.ts';

/** A figure by its row and its number there. */
export interface Place {
  readonly row: number;
  readonly at: number;
  readonly figure: RowFigure;
}

const NOTHING_KNOWN = { total: null, value: null, answered: '', labels: [] } as const;

const KEEP: LedgerVerdict = { kind: 'keep' };

/** Figures that are settled together: one unit instance, one family. */
export interface Group {
  readonly unitType: string;
  readonly instance: number;
  readonly family: string;
  readonly places: readonly Place[];
}

/** The groups of figures, in their order. */
export function groupsOf(places: readonly Place[]): readonly Group[] {
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

/** Decides on a group beside the ledger: what becomes of each figure, and whose answers it gets. Source: gate.md §7, ADR 0014. */
export function settleGroup(
  rows: readonly LedgerRow[],
  group: Group,
  view: LedgerView,
  policy: DisclosurePolicy,
): readonly { readonly place: Place; readonly verdict: LedgerVerdict; readonly targets: readonly Place[] }[] {
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
        if (place === undefined) return [];
        const { action } = decision;
        const target =
          action.kind === 'snap' && 'place' in action.to
            ? placeAt(action.to.place.gate, action.to.place.cell, action.to.place.term)
            : undefined;
        return [
          { place, verdict: verdictOf(decision, rows, known, placeAt, group.instance), targets: target === undefined ? [] : [target] },
        ];
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
