import { type Classifier, growTree, type LearningRows } from './decision-tree.ts';

const STEPS = 150;
const RATE = 0.1;
const STUMPS = 50;

/**
 * Multinomial logistic regression on standardised ordered features and one weight per value of the others, by Adam from zero
 * in a fixed number of steps: deterministic. `weights` per row.
 * Source: synthetic-and-masking.md §5.5; Kingma and Ba 2015.
 */
export function fitLogistic(data: LearningRows, weights: Float64Array): Classifier {
  const encoding = encodingOf(data);
  const design = designOf(encoding, data.features, data.label.length);
  const { classes } = data;
  const size = encoding.width * classes;
  const [theta, first, second] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  for (let step = 1; step <= STEPS; step += 1) {
    const gradient = slopes(design, theta, data, weights);
    for (let at = 0; at < size; at += 1) {
      const slope = gradient[at] ?? 0;
      first[at] = 0.9 * (first[at] ?? 0) + 0.1 * slope;
      second[at] = 0.999 * (second[at] ?? 0) + 0.001 * slope * slope;
      const mean = (first[at] ?? 0) / (1 - 0.9 ** step);
      const spread = (second[at] ?? 0) / (1 - 0.999 ** step);
      theta[at] = (theta[at] ?? 0) - (RATE * mean) / (Math.sqrt(spread) + 1e-8);
    }
  }
  return (features, row) => {
    const own = new Float64Array(classes);
    const { positions, values, width } = designOf(encoding, features, 1, row);
    scoreRow(positions, values, 0, width, theta, own);
    return own.indexOf(Math.max(...own));
  };
}

/** AdaBoost (SAMME) over decision stumps. Source: Zhu et al. 2009; synthetic-and-masking.md §5.5. */
export function fitAdaBoost(data: LearningRows): Classifier {
  const weights = new Float64Array(data.label.length).fill(1);
  const stumps: { readonly classify: Classifier; readonly vote: number }[] = [];
  for (let round = 0; round < STUMPS; round += 1) {
    const classify = growTree(data, weights, 1);
    let wrong = 0;
    let whole = 0;
    const missed = new Uint8Array(data.label.length);
    for (let row = 0; row < data.label.length; row += 1) {
      whole += weights[row] ?? 0;
      if (classify(data.features, row) === data.label[row]) continue;
      missed[row] = 1;
      wrong += weights[row] ?? 0;
    }
    const error = Math.max(1e-12, wrong / whole);
    const vote = Math.log((1 - error) / error) + Math.log(data.classes - 1);
    if (!(vote > 0)) break;
    stumps.push({ classify, vote });
    for (let row = 0; row < weights.length; row += 1) if (missed[row] === 1) weights[row] = (weights[row] ?? 0) * Math.exp(vote);
    const scale = weights.length / weights.reduce((sum, value) => sum + value, 0);
    for (let row = 0; row < weights.length; row += 1) weights[row] = (weights[row] ?? 0) * scale;
  }
  return (features, row) => {
    const votes = new Float64Array(data.classes);
    for (const { classify, vote } of stumps) {
      const answer = classify(features, row);
      votes[answer] = (votes[answer] ?? 0) + vote;
    }
    return votes.indexOf(Math.max(...votes));
  };
}

interface Encoding {
  readonly width: number;
  readonly parts: readonly { readonly ordered: boolean; readonly start: number; readonly mean: number; readonly spread: number }[];
}

/** Non-zero entries of each row: `width` positions in the weights, and their values. */
interface Design {
  readonly positions: Int32Array;
  readonly values: Float64Array;
  readonly width: number;
}

/** Where each feature stands in the weights, and by how much it counts. Weight 0 is the constant's. */
function encodingOf(data: LearningRows): Encoding {
  let width = 1;
  const parts = data.features.map((values, feature) => {
    const ordered = data.ordered[feature] === true;
    const start = width;
    width += ordered ? 1 : (data.cells[feature] ?? 1);
    const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
    const spread = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length)) || 1;
    return { ordered, start, mean, spread };
  });
  return { width, parts };
}

function designOf(encoding: Encoding, features: readonly Int32Array[], rows: number, from = 0): Design {
  const width = encoding.parts.length + 1;
  const positions = new Int32Array(rows * width);
  const values = new Float64Array(rows * width).fill(1);
  for (const [index, part] of encoding.parts.entries()) {
    const column = features[index] ?? new Int32Array();
    for (let row = 0; row < rows; row += 1) {
      const at = row * width + index + 1;
      const value = column[from + row] ?? 0;
      positions[at] = part.ordered ? part.start : part.start + value;
      if (part.ordered) values[at] = (value - part.mean) / part.spread;
    }
  }
  return { positions, values, width };
}

function scoreRow(
  positions: Int32Array,
  values: Float64Array,
  start: number,
  width: number,
  theta: Float64Array,
  into: Float64Array,
): void {
  const classes = into.length;
  into.fill(0);
  for (let at = start; at < start + width; at += 1) {
    const base = (positions[at] ?? 0) * classes;
    const value = values[at] ?? 0;
    for (let label = 0; label < classes; label += 1) into[label] = (into[label] ?? 0) + (theta[base + label] ?? 0) * value;
  }
}

function slopes(design: Design, theta: Float64Array, data: LearningRows, weights: Float64Array): Float64Array {
  const { positions, values, width } = design;
  const { classes, label } = data;
  const gradient = new Float64Array(theta.length);
  const scores = new Float64Array(classes);
  const whole = weights.reduce((sum, value) => sum + value, 0);
  for (let row = 0; row < label.length; row += 1) {
    const start = row * width;
    scoreRow(positions, values, start, width, theta, scores);
    softmax(scores);
    const share = (weights[row] ?? 0) / whole;
    for (let own = 0; own < classes; own += 1) {
      const error = ((scores[own] ?? 0) - (label[row] === own ? 1 : 0)) * share;
      for (let at = start; at < start + width; at += 1) {
        const place = (positions[at] ?? 0) * classes + own;
        gradient[place] = (gradient[place] ?? 0) + error * (values[at] ?? 0);
      }
    }
  }
  return gradient;
}

function softmax(scores: Float64Array): void {
  let most = Number.NEGATIVE_INFINITY;
  for (const value of scores) most = Math.max(most, value);
  let sum = 0;
  for (let index = 0; index < scores.length; index += 1) {
    scores[index] = Math.exp((scores[index] ?? 0) - most);
    sum += scores[index] ?? 0;
  }
  for (let index = 0; index < scores.length; index += 1) scores[index] = (scores[index] ?? 0) / sum;
}
