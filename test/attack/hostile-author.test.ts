import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkTrained } from '../../src/sandbox/models/check/check-trained.ts';
import { reportOf } from '../../src/sandbox/models/check/model-report.ts';
import { leavesOf } from '../../src/sandbox/models/check/structure.ts';
import { layoutOf, STEPS } from '../../src/sandbox/models/spec/layout.ts';
import { readTrainingSpec, specText, type TrainingSpec } from '../../src/sandbox/models/spec/training-spec.ts';
import { type EncodedRows, memoryAggregates } from '../../src/sandbox/models/train/memory-aggregates.ts';
import { train } from '../../src/sandbox/models/train/train.ts';

const PHONE = '13800138000';
const BASE = {
  kind: 'train',
  dataset: 'd',
  algorithm: 'gbdt_classifier',
  cohort: { sql: 'SELECT 1', unit: 'person' },
  features: ['a', 'b', 'c', 'd'].map((name) => ({ name, type: 'numeric', bounds: [0, 1], bins: 32 })),
  label: { expr: 'y', type: 'binary', domain: [0, 1] },
};

function specOf(change: object): TrainingSpec {
  const read = readTrainingSpec({ ...BASE, ...change });
  if (!read.ok) throw new Error(JSON.stringify(read.error));
  return read.value;
}

/** Numbers and labels by chance: there is nothing to learn but who is who. */
function noise(count: number): EncodedRows {
  let state = 7;
  const next = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const values = Array.from({ length: 4 }, () => Array.from({ length: count }, next));
  return {
    count,
    keys: Float64Array.from({ length: count }, (_, row) => 7_919 * (row + 1)),
    label: Float64Array.from({ length: count }, () => (next() < 0.5 ? 1 : 0)),
    bins: values.map((column) => Uint8Array.from(column, (value) => Math.min(31, Math.floor(value * 32)))),
    design: values.map((column) => Float64Array.from(column, (value) => Math.round(value * STEPS))),
  };
}

/** "How it will be tried: a malicious author" of the issue, where a specification is the author's only way in. */
describe('an author who wants rows out of a model', () => {
  test.each<[string, object]>([
    ['weights of its own', { weights: [1, 2, 3] }],
    ['weights in a parameter', { params: { init: [0.1, 0.2] } }],
    ['a start from another model', { params: { warm_start: 'model.json' } }],
    ['a leaf penalty that is a number to keep', { params: { lambda: 0.13800138 } }],
    ['a learning rate that is one', { params: { learning_rate: 0.138001 } }],
    ['a hold-out that is one person', { split: { holdout: 0.0001, seed: 1 } }],
    ['a seed that is no number', { split: { holdout: 0.3, seed: PHONE } }],
    ['a name with a number to call', { features: [{ ...BASE.features[0], name: `p${PHONE} ` }] }],
    ['a name in letters that look alike', { features: [{ ...BASE.features[0], name: 'а' }] }],
    ['a label with a name of somebody', { label: { ...BASE.label, name: '张三' } }],
    ['a level as long as a letter', { features: [{ name: 'a', type: 'categorical', domain: ['x', 'y'.repeat(41)] }] }],
    ['a level for everybody', { features: [{ name: 'a', type: 'categorical', domain: Array.from({ length: 51 }, (_, at) => `l${at}`) }] }],
    ['as many features as rows', { features: Array.from({ length: 65 }, (_, at) => ({ ...BASE.features[0], name: `f${at}` })) }],
    ['a bin for everybody', { features: [{ ...BASE.features[0], bins: 100_000 }] }],
    ['trees without an end', { params: { n_trees: 1e9 } }],
    ['depth without an end', { params: { max_depth: 64 } }],
    ['no units', { params: { min_leaf: 0 } }],
    ['bounds that are none', { features: [{ ...BASE.features[0], bounds: [0, Number.POSITIVE_INFINITY] }] }],
    ['an artefact that runs', { release: { artefact: 'pickle', precision_bits: 12 } }],
    ['bits enough for a row', { release: { artefact: 'json', precision_bits: 53 } }],
    ['a privacy of its own', { privacy: { mode: 'none' } }],
    ['budget without an end', { privacy: { mode: 'dp', epsilon: 1e9, delta: 0.5 } }],
    ['another kind', { kind: 'export' }],
  ])('%s is refused, and nothing of it is said again', (_, change) => {
    const read = readTrainingSpec({ ...BASE, ...change });
    expect(read.ok).toBe(false);
    if (!read.ok) expect(JSON.stringify(read.error)).not.toMatch(/13800138|张三|pickle|warm_start/);
  });

  test('numbers of a specification lose what twelve bits do not hold', () => {
    const text = specText(specOf({ features: [{ name: 'a', type: 'numeric', bounds: [0, Number(PHONE)] }] }));
    expect(text).not.toContain(PHONE.slice(0, 6));
  });

  test('whatever a specification is, it is read or refused', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.constantFrom(...Object.keys(BASE), '__proto__', 'constructor'), (value, key) => {
        expect(typeof readTrainingSpec({ ...BASE, [key]: value }).ok).toBe('boolean');
      }),
      { numRuns: 300 },
    );
  });

  test('a model that can learn nothing but who is who may not leave, and its report says why', async () => {
    const spec = specOf({ params: { n_trees: 40, max_depth: 4, min_leaf: 1, learning_rate: 1, lambda: 0 } });
    const layout = layoutOf(spec);
    const rows = noise(400);
    const isMember = Array.from({ length: rows.count }, (_, row) => row % 3 !== 0);
    const members = Int32Array.from(isMember.flatMap((is, row) => (is ? [row] : [])));
    const sums = memoryAggregates(rows, members, layout);
    const [model, again] = [await train(spec, layout, sums, 10), await train(spec, layout, sums, 10)];
    // Even so no leaf is of fewer than k units.
    if (model.kind === 'trees') expect(Math.min(...model.trees.flatMap(leavesOf).map((leaf) => leaf.units))).toBeGreaterThanOrEqual(10);
    const sample = { rows, isMember, units: rows.count, members: members.length };
    const asked = { spec, layout, model, again, sample, k: 10, runsToday: 0, catalogue: new Set<string>(), pause: () => Promise.resolve() };
    const checked = await checkTrained(asked);
    const failed = checked.findings.filter((item) => item.verdict === 'fail').map((item) => item.rule);
    expect(failed).toEqual(expect.arrayContaining(['M16', 'M17', 'M19', 'M25', 'M27']));
    const report = reportOf(spec, layout, checked, []);
    expect(report.verdict).toBe('fail');
    expect(report.findings.filter((item) => item.verdict === 'fail' && item.fix === undefined)).toEqual([]);
  }, 120_000);
});
