import { expect, test } from 'vitest';
import type { Attribute } from '../../src/sandbox/models/onnx/model.ts';
import { prepareModel } from '../../src/sandbox/models/onnx/prepare-model.ts';
import { onnxScorer, type Scorer, ScoringTooLong } from '../../src/sandbox/models/score/scorer.ts';
import { onnxOf } from '../support/onnx-files.ts';

/** One number doubled twelve times, and 400 nodes over what came of it: few bytes, 1.6 million steps a row. */
function wide(): Scorer {
  const node = (operator: string, inputs: readonly string[], output: string, attributes: Readonly<Record<string, Attribute>> = {}) => ({
    domain: '' as const,
    operator,
    inputs,
    outputs: [output],
    attributes: new Map(Object.entries(attributes)),
  });
  const doubled = Array.from({ length: 12 }, (_, at) =>
    node('Concat', [at === 0 ? 'x' : `c${at}`, at === 0 ? 'x' : `c${at}`], `c${at + 1}`, { axis: { number: 1 } }),
  );
  const turned = Array.from({ length: 400 }, (_, at) => node('Neg', [at === 0 ? 'c12' : `d${at}`], at === 399 ? 'y' : `d${at + 1}`));
  const prepared = prepareModel(onnxOf([...doubled, ...turned], [{ name: 'x', type: 'float', width: 1 }]));
  const scorer = prepared.ok ? onnxScorer(prepared.value) : null;
  if (scorer === null) throw new Error('It was not read');
  return scorer;
}

test('a model of much work leaves others their turn, and holds a few rows at a time', async () => {
  let turns = 0;
  const timer = setInterval(() => {
    turns += 1;
  }, 0);
  const rows = Array.from({ length: 8 }, (_, at) => [at + 1]);
  expect(await wide().score(rows)).toEqual(rows.map(([x = 0]) => x));
  clearInterval(timer);
  expect(turns).toBeGreaterThan(2);
}, 60_000);

test('a question that takes more steps than a question may is refused before it begins', async () => {
  const rows = Array.from({ length: 1_000 }, () => [1]);
  await expect(wide().score(rows)).rejects.toBeInstanceOf(ScoringTooLong);
});

test.each([Number.NaN, Number.POSITIVE_INFINITY])('a weight of %d is refused', (weight) => {
  const attributes = new Map([['coefficients', { numbers: [weight] }]]);
  const node = { domain: 'ml' as const, operator: 'LinearRegressor', inputs: ['x'], outputs: ['y'], attributes };
  expect(prepareModel(onnxOf([node], [{ name: 'x', type: 'float', width: 1 }]))).toMatchObject({
    ok: false,
    error: { fault: 'attribute' },
  });
});
