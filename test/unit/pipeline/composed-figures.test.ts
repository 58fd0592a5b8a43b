import { describe, expect, test } from 'vitest';
import { decodeSketch, encodeSketch } from '../../../src/egress/ledger/sketch-bytes.ts';
import { integer } from '../../../src/kernel/decimal.ts';
import { composedFigures } from '../../../src/pipeline/composed-figures.ts';
import type { FigurePlace } from '../../../src/pipeline/ledger-port.ts';
import type { GateOutput } from '../../../src/sandbox/sql/model/program.ts';
import { keyedUnits, numbers, sketchOfUnits } from '../../support/unit-totals.ts';

const UNITS = keyedUnits(200, numbers(3));

function part(term: number, kind: 'fine' | 'lanes'): FigurePlace {
  const total = (unit: number): bigint => BigInt(unit + term);
  return {
    term,
    outputs: [0],
    figure: {
      term: `term ${term}`,
      namespace: 'linear',
      family: 'a, b',
      total: integer(UNITS.reduce((sum, _, unit) => sum + unit + term, 0)),
      value: null,
      isMagnitude: true,
      isOneSigned: true,
      units: UNITS.length,
      outputs: [0],
      sketches: [{ unitType: 'person', sketch: sketchOfUnits(UNITS, total, kind) }],
    },
  };
}

const COLUMN = {
  functional: {
    kind: 'sum',
    parts: [
      { term: 1, factor: '1' },
      { term: 2, factor: '-2' },
    ],
  },
} as unknown as GateOutput;

describe('a column of several sums', () => {
  test.each(['fine', 'lanes'] as const)('is the figure that the reader sees, and one that the ledger can keep (%s)', (kind) => {
    const [place, ...more] = composedFigures([{ output: COLUMN, index: 0, family: 'a, b' }], [part(1, kind), part(2, kind)]);
    expect(more).toEqual([]);
    const sum = UNITS.reduce((total, _, unit) => total + (unit + 1) - 2 * (unit + 2), 0);
    expect(place?.figure.total).toEqual(integer(sum));
    const [{ sketch } = { sketch: undefined }] = place?.figure.sketches ?? [];
    const own = sketchOfUnits(UNITS, (unit) => BigInt(unit + 1 - 2 * (unit + 2)), kind);
    expect(sketch?.lanes).toEqual(own.lanes);
    expect(sketch === undefined ? null : decodeSketch(encodeSketch(sketch))?.lanes).toEqual(own.lanes);
  });

  test('of one sum there is nothing to add', () => {
    expect(composedFigures([{ output: COLUMN, index: 0, family: 'a' }], [part(1, 'fine')])).toEqual([]);
  });
});
