import { setImmediate as nextTurn } from 'node:timers/promises';
import { ok } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { TrainerPort } from '../operations/data-ports.ts';
import { admitCohort } from '../pipeline/model/cohort.ts';
import { trainModel } from '../pipeline/model/train-model.ts';
import type { TrainingProgress } from '../pipeline/model/training-progress.ts';
import type { Enclave, SessionLimits } from '../sandbox/enclave/port.ts';
import { countQuery } from '../sandbox/models/spec/cohort-query.ts';

/** Models learnt in workers of this instance; between sums the process does other work, and a cancelled job ends there. Source: issue "Models". */
export function trainerPort({
  enclave,
  limits,
  rng,
}: {
  readonly enclave: Enclave;
  readonly limits: SessionLimits;
  readonly rng: Rng;
}): TrainerPort {
  const progress = new Map<string, TrainingProgress>();
  return {
    countSql: countQuery,
    progressOf: (job) => progress.get(job) ?? null,
    async admit(spec, context) {
      const cohort = await admitCohort(spec, context, { enclave, limits });
      return cohort.ok ? ok(cohort.value.admitted) : cohort;
    },
    async train({ job, spec, context, runsToday, ledger }, signal) {
      const cohort = await admitCohort(spec, context, { enclave, limits });
      if (!cohort.ok) return cohort;
      const pause = async (): Promise<void> => {
        await nextTurn();
        signal.throwIfAborted();
      };
      const onProgress = (now: TrainingProgress): void => void progress.set(job, now);
      try {
        return await trainModel(spec, cohort.value, context, { enclave, limits, pause, onProgress, runsToday, ledger, rng }, signal);
      } finally {
        progress.delete(job);
      }
    },
  };
}
