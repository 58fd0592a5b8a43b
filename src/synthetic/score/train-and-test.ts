import { balancedWeights, type Classifier, growTree, type LearningRows } from './decision-tree.ts';
import { fitAdaBoost, fitLogistic } from './linear-and-boosted.ts';

export interface LearningScore {
  readonly accuracy: number;
  /** Of the rarer class of two; the mean over classes of more. */
  readonly f1: number;
}

const DEEPEST = 15;

/**
 * Mean accuracy and F1 of a decision tree (depth 15, balanced), logistic regression (balanced) and AdaBoost that learn from
 * `train` and are asked about `test`. Both must share cells and classes. Deterministic.
 * Source: synthetic-and-masking.md §5.5 (train on synthetic, test on real).
 */
export function trainAndTest(train: LearningRows, test: LearningRows): LearningScore {
  const weights = balancedWeights(train.label, train.classes);
  const models = [growTree(train, weights, DEEPEST), fitLogistic(train, weights), fitAdaBoost(train)];
  const scores = models.map((model) => judge(model, test));
  return {
    accuracy: scores.reduce((sum, score) => sum + score.accuracy, 0) / scores.length,
    f1: scores.reduce((sum, score) => sum + score.f1, 0) / scores.length,
  };
}

function judge(model: Classifier, test: LearningRows): LearningScore {
  const right = new Float64Array(test.classes);
  const said = new Float64Array(test.classes);
  const truth = new Float64Array(test.classes);
  for (let row = 0; row < test.label.length; row += 1) {
    const answer = model(test.features, row);
    const label = test.label[row] ?? 0;
    said[answer] = (said[answer] ?? 0) + 1;
    truth[label] = (truth[label] ?? 0) + 1;
    if (answer === label) right[label] = (right[label] ?? 0) + 1;
  }
  const f1 = Float64Array.from(right, (hits, label) => {
    const all = (said[label] ?? 0) + (truth[label] ?? 0);
    return all === 0 ? 0 : (2 * hits) / all;
  });
  const rarer = (truth[0] ?? 0) < (truth[1] ?? 0) ? 0 : 1;
  return {
    accuracy: right.reduce((sum, value) => sum + value, 0) / Math.max(1, test.label.length),
    f1: test.classes === 2 ? (f1[rarer] ?? 0) : f1.reduce((sum, value) => sum + value, 0) / test.classes,
  };
}
