import type { DisclosurePolicy } from '../catalog/disclosure-policy.ts';
import { dominanceBeside } from '../egress/ledger/difference.ts';
import { NearIndex } from '../egress/ledger/near-index.ts';
import { agreeingPlaces, differingUnits, LANES, type Sketch } from '../egress/ledger/sketch.ts';
import { type LedgerRow, type LedgerVerdict, type LedgerView, LINEAR } from './ledger-port.ts';
import type { KeptFigure } from './settle-families.ts';

/**
 * Columns that are made of several counts and sums, as the reader sees them: withheld where what is left of them rests on some and
 * fewer than k units, or what is between them and another figure of the statement or an earlier one does, or is that of one or two
 * units. A column one part of which is answered by another figure tells no more than that and passes.
 *
 * @param kept  figures that may be released so far, the columns among them.
 * Source: gate.md §7, ADR 0014. Does not look at combinations of columns.
 */
export function settleColumns(
  rows: readonly LedgerRow[],
  verdicts: readonly (readonly LedgerVerdict[])[],
  kept: readonly KeptFigure[],
  { view, policy }: { readonly view: LedgerView; readonly policy: DisclosurePolicy },
): readonly (KeptFigure & { readonly verdict: LedgerVerdict })[] {
  const columns = kept.filter(({ figure }) => figure.isComposed === true);
  if (columns.length === 0) return [];
  const others = new Map<string, Others>();
  for (const item of kept)
    if (item.figure.namespace === LINEAR && item.figure.isComposed !== true)
      for (const [instance, { unitType, sketch }] of item.figure.sketches.entries()) place(others, unitType, instance, { item, sketch });
  return columns.flatMap((column) => {
    const { row, figure } = column;
    const isAnswered = (rows[row]?.figures ?? []).some(
      (part, at) =>
        part.isComposed !== true &&
        verdicts[row]?.[at]?.kind === 'replace' &&
        part.outputs.some((output) => figure.outputs.includes(output)),
    );
    if (isAnswered) return [{ ...column, verdict: passed(figure.total) }];
    const isLoose = figure.sketches.some(({ unitType, sketch }, instance) => {
      const entries = view
        .near(unitType, LINEAR, sketch, Math.max(policy.k, LANES))
        .map((entry) => ({ known: entry.sketch, isMagnitude: entry.isMagnitude }));
      return tells(column, sketch, [...entries, ...nearIn(others, unitType, instance, sketch, policy.k)], policy);
    });
    if (isLoose) return [{ ...column, verdict: WITHHELD }];
    for (const [instance, { unitType, sketch }] of figure.sketches.entries()) place(others, unitType, instance, { item: column, sketch });
    return [];
  });
}

const WITHHELD: LedgerVerdict = {
  kind: 'withhold',
  reason: { rule: 'ledger.combination', text: 'a column of several figures beside another one', counted: null },
};

function passed(total: KeptFigure['figure']['total']): LedgerVerdict {
  const reason = { rule: 'ledger.near' as const, text: 'its parts are answered by other figures', counted: 0 };
  return { kind: 'replace', total, parts: [], value: null, answered: '', labels: [], reason };
}

/** Whether a column, or what is between it and another figure, tells of fewer than k units or of one or two of more. */
function tells(
  { figure }: KeptFigure,
  sketch: Sketch,
  near: readonly { readonly known: Sketch; readonly isMagnitude: boolean }[],
  policy: DisclosurePolicy,
): boolean {
  const used = (sketch.fine ?? sketch.lanes).filter((value) => value !== 0).length;
  if (used > 0 && used < policy.k && cancels(sketch, used, figure.units)) return true;
  const isDominated = dominanceBeside(sketch, policy);
  return near.some(({ known, isMagnitude }) => {
    if (agreeingPlaces(sketch, known) === 0) return false;
    const units = differingUnits(sketch, known);
    if (units === 0) return false;
    return units < policy.k || isDominated(known, isMagnitude || figure.isMagnitude);
  });
}

/** Of so many units some place would be in use that is not: small cells use few lanes without anything cancelling out. */
function cancels(sketch: Sketch, used: number, units: number): boolean {
  const places = (sketch.fine ?? sketch.lanes).length;
  return used < (places * (1 - (1 - 1 / places) ** units)) / 2;
}

interface Others {
  readonly index: NearIndex;
  readonly placed: { readonly item: KeptFigure; readonly sketch: Sketch }[];
}

function place(others: Map<string, Others>, unitType: string, instance: number, one: Others['placed'][number]): void {
  const name = JSON.stringify([unitType, instance]);
  const known = others.get(name) ?? { index: new NearIndex(256), placed: [] };
  known.placed.push(one);
  known.index.add(known.placed.length, one.sketch);
  others.set(name, known);
}

function nearIn(
  others: ReadonlyMap<string, Others>,
  unitType: string,
  instance: number,
  sketch: Sketch,
  k: number,
): readonly { readonly known: Sketch; readonly isMagnitude: boolean }[] {
  const known = others.get(JSON.stringify([unitType, instance]));
  if (known === undefined) return [];
  return known.index.near(sketch, Math.max(k, LANES)).flatMap((id) => {
    const found = known.placed[id - 1];
    return found === undefined ? [] : [{ known: found.sketch, isMagnitude: found.item.figure.isMagnitude }];
  });
}
