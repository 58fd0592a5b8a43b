import { describe, expect, test } from 'vitest';
import { ADULT_TASKS, hasAdultCoded, measureTask } from '../support/adult-tasks.ts';

/** The same rows, the same hold-out: figures of scikit-learn by test/fixtures/models/adult-figures.py. Source: issue "Models" (accuracy within 0.5 points). */
describe.skipIf(!hasAdultCoded())('accuracy beside a common library (skipped where ../shared/data is not there)', () => {
  test.each(ADULT_TASKS.map((item) => [`${item.task.algorithm} of ${item.task.label ?? 'nothing'}`, item] as const))(
    '%s: at most half a point below',
    async (_, { task, points: figure }) => {
      expect((await measureTask(task)).points).toBeGreaterThan(figure - 0.5);
    },
    60_000,
  );
});
