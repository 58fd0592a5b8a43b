import { cholesky, solve } from '../numerics/cholesky.ts';
import type { OnnxModel } from '../onnx/model.ts';
import type { Values } from '../onnx/operator.ts';
import type { PreparedModel } from '../onnx/prepare-model.ts';

const PROBES = 2_000;
/** Columns of inputs and outputs that are looked at; more would cost time and change nothing. */
const MOST_COLUMNS = 128;

/** Columns of numbers, each of PROBES values, centred. */
type Columns = readonly Float64Array[];

/**
 * The best share of an input column's variance that a linear decoder gives back from the scores of rows it has not seen
 * (0…1), or for texts the share of rows whose score is nobody else's. Made-up rows, the same every time; it says nothing
 * of non-linear decoders, and nothing of data. Source: models-and-audit.md M32 a, c.
 */
export function recoverableShare(prepared: PreparedModel): number {
  const inputs = madeUpRows(prepared.model);
  const outputs = prepared.score(inputs, PROBES);
  const scores = columnsOf([...outputs.values()]);
  const numeric = columnsOf([...inputs.values()]);
  const hasTexts = prepared.model.inputs.some((input) => input.type === 'string');
  const shares = [...decodedShares(scores, numeric), hasTexts ? distinctShare([...outputs.values()]) : 0];
  return Math.max(0, ...shares);
}

/** Scales at which a model reacts: its thresholds and offsets. */
function scaleOf(model: OnnxModel): number {
  const names = ['nodes_values', 'offset'];
  const values = model.nodes.flatMap((node) => names.flatMap((name) => [...(node.attributes.get(name)?.numbers ?? [])]));
  return values.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
}

function madeUpRows(model: OnnxModel): ReadonlyMap<string, Values> {
  const scale = scaleOf(model);
  let state = 0x9e3779b9;
  const next = (): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x6d2b79f5) | 0;
    return (state >>> 0) / 2 ** 31 - 1;
  };
  return new Map(
    model.inputs.map(({ name, type, width }): readonly [string, Values] => {
      const size = PROBES * width;
      if (type === 'string') return [name, { numbers: new Float64Array(0), texts: Array.from({ length: size }, (_, at) => `t${at}`) }];
      const isWhole = type !== 'float' && type !== 'double';
      const numbers = Float64Array.from({ length: size }, () => (isWhole ? Math.round(next() * 1_000) : next() * scale * 1.5));
      return [name, { numbers, texts: [] }];
    }),
  );
}

function columnsOf(values: readonly Values[]): Columns {
  return values
    .flatMap(({ numbers }) => {
      const width = numbers.length / PROBES;
      return Array.from({ length: Math.floor(width) }, (_, column) =>
        Float64Array.from({ length: PROBES }, (__, row) => numbers[row * width + column] ?? 0),
      );
    })
    .slice(0, MOST_COLUMNS)
    .map(centred);
}

function centred(column: Float64Array): Float64Array {
  const finite = column.map((value) => (Number.isFinite(value) ? value : 0));
  const mean = finite.reduce((sum, value) => sum + value, 0) / PROBES;
  return finite.map((value) => value - mean);
}

/** Share of the variance on the second half of the rows, by a ridge decoder fitted on the first. */
function decodedShares(scores: Columns, targets: Columns): readonly number[] {
  const half = PROBES / 2;
  const size = scores.length;
  const product = (a: Float64Array, b: Float64Array): number => {
    let sum = 0;
    for (let row = 0; row < half; row += 1) sum += (a[row] ?? 0) * (b[row] ?? 0);
    return sum;
  };
  const gram = new Float64Array(size * size);
  for (const [i, a] of scores.entries()) for (const [j, b] of scores.entries()) gram[i * size + j] = product(a, b);
  const trace = scores.reduce((sum, score) => sum + product(score, score), 0);
  for (let at = 0; at < size; at += 1) gram[at * size + at] = (gram[at * size + at] ?? 0) + 1e-6 * trace + 1e-12;
  const factor = cholesky(gram, size);
  if (factor === null) return [];
  return targets.map((target) => {
    const weights = solve(
      factor,
      Float64Array.from(scores, (score) => product(score, target)),
    );
    let left = 0;
    let whole = 0;
    for (let row = half; row < PROBES; row += 1) {
      const guess = scores.reduce((sum, score, at) => sum + (score[row] ?? 0) * (weights[at] ?? 0), 0);
      left += ((target[row] ?? 0) - guess) ** 2;
      whole += (target[row] ?? 0) ** 2;
    }
    return whole === 0 ? 0 : 1 - left / whole;
  });
}

function distinctShare(outputs: readonly Values[]): number {
  const rows = Array.from({ length: PROBES }, (_, row) =>
    outputs
      .map(({ numbers, texts }) => {
        const width = Math.max(numbers.length, texts.length) / PROBES;
        return JSON.stringify(
          texts.length > 0 ? texts.slice(row * width, (row + 1) * width) : [...numbers.slice(row * width, (row + 1) * width)],
        );
      })
      .join(),
  );
  return new Set(rows).size / PROBES;
}
