import type { EgressFinding } from '../../egress/finding.ts';
import { compositionFindings, knownBefore, type Membership } from '../../egress/rows/composition.ts';
import { ok, type Result } from '../../kernel/result.ts';
import type { Rng } from '../../kernel/rng.ts';
import { type MaskedRows, makeMaskedRows, type RowsToMask } from '../../masking/dataset/make-masked-rows.ts';
import type { Problem } from '../../problems/problem.ts';

type Values = readonly (string | null)[];

/** Masked rows, who stands behind them, and what they say together with what was let out before. */
export interface ComposedRows {
  readonly masked: MaskedRows;
  readonly membership: Membership;
  readonly composition: readonly EgressFinding[];
}

/**
 * Masked rows that keep to k, l and t beside earlier releases of the same people, too, where some levels do: if those that lose least do not, levels are searched again among rows that count as alike only where the same is known of their people from
 * earlier releases. Then the lattice is used whatever was asked. Where no levels do, the first rows with their findings. Source: Ganta, Kasiviswanathan and Smith 2008; issue "Masking" (composition check).
 */
export function makeComposedRows(input: RowsToMask, earlier: readonly Membership[], rng: Rng): Result<ComposedRows, readonly Problem[]> {
  const first = attempt(input, earlier, rng);
  if (!first.ok || !isStopped(first.value)) return first;
  const known = knownBefore(keysOf(input, Array.from(input.units.keys())), earlier);
  const again = attempt({ ...input, spec: { ...input.spec, algorithm: 'lattice' }, known }, earlier, rng);
  return again.ok && !isStopped(again.value) ? again : first;
}

function isStopped({ composition }: ComposedRows): boolean {
  return composition.some(({ severity }) => severity === 'hard');
}

function attempt(input: RowsToMask, earlier: readonly Membership[], rng: Rng): Result<ComposedRows, readonly Problem[]> {
  const made = makeMaskedRows(input, rng);
  if (!made.ok) return made;
  const { cells, order } = made.value;
  const quasi = input.plan.quasi.length;
  const membership: Membership = {
    keys: keysOf(input, order),
    classes: classesOf(cells.slice(0, quasi), order.length),
    values: new Map(input.plan.carried.map(({ column }, at) => [column.name, cells[quasi + at] ?? []])),
  };
  return ok({ masked: made.value, membership, composition: compositionFindings(membership, earlier, input.spec.k) });
}

function keysOf({ units }: RowsToMask, rows: Int32Array | readonly number[]): Int32Array {
  return Int32Array.from(rows, (row) => Number(units[row] ?? -1));
}

/** Numbers of the classes that rows show, by first appearance. */
function classesOf(columns: readonly Values[], rows: number): Int32Array {
  const known = new Map<string, number>();
  return Int32Array.from({ length: rows }, (_, row) => {
    const key = JSON.stringify(columns.map((column) => column[row] ?? null));
    const id = known.get(key) ?? known.size;
    known.set(key, id);
    return id;
  });
}
