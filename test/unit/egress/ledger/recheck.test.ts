import { describe, expect, test } from 'vitest';
import { DEFAULT_POLICY } from '../../../../src/catalog/disclosure-policy.ts';
import { type CheckedFigure, recheckFigure } from '../../../../src/egress/ledger/recheck.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../../support/unit-totals.ts';

const UNITS = keyedUnits(400, numbers(11));

/** The rows of the units from one on, which a functional was told of. */
function rowSet(seq: number, functional: string, [from, to]: readonly [number, number]): CheckedFigure {
  const sketch = sketchOfUnits(UNITS.slice(from, to), () => 1n, 'fine');
  const what = { unitType: 'person', namespace: 'functional:income', family: 'income', isMagnitude: false, isOneSigned: false };
  return { ...what, seq, functional, units: to - from, policy: DEFAULT_POLICY, sketch };
}

function clash(figures: readonly CheckedFigure[], k: number): string | undefined {
  const last = figures.at(-1);
  if (last === undefined) throw new Error('No figure');
  const beside = { near: () => figures.slice(0, -1), family: () => [] };
  return recheckFigure(last, beside, { ...DEFAULT_POLICY, k })?.rule;
}

const ALL = [0, 200] as const;

describe('functionals of a family over nearly the same rows, looked at again', () => {
  test('three stand, the fourth does not, one that is there already does', () => {
    const three = ['a', 'b', 'c'].map((name, at) => rowSet(at + 1, name, ALL));
    expect(clash(three, 10)).toBeUndefined();
    expect(clash([...three, rowSet(4, 'd', ALL)], 10)).toBe('ledger.functionals');
    expect(clash([...three, rowSet(4, 'b', ALL)], 10)).toBeUndefined();
  });

  test('a stricter k lets fewer stand over the same units', () => {
    const two = ['a', 'b'].map((name, at) => rowSet(at + 1, name, [0, 45]));
    expect(clash(two, 10)).toBeUndefined();
    expect(clash(two, 22)).toBeUndefined();
    expect(clash(two, 23)).toBe('ledger.functionals');
  });

  test('and takes rows for the same that were others', () => {
    const figures = [rowSet(1, 'a', ALL), rowSet(2, 'b', ALL), rowSet(3, 'c', ALL), rowSet(4, 'd', [0, 220])];
    expect(clash(figures, 10)).toBeUndefined();
    expect(clash(figures, 30)).toBe('ledger.functionals');
  });
});
