import { setImmediate as nextTurn } from 'node:timers/promises';
import { ok } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { TrainerPort } from '../operations/data-ports.ts';
import { admitCohort } from '../pipeline/model/cohort.ts';
import { trainModel } from '../pipeline/model/train-model.ts';
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
  return {
    countSql: countQuery,
    async admit(spec, context) {
      const cohort = await admitCohort(spec, context, { enclave, limits });
      return cohort.ok ? ok(cohort.value.admitted) : cohort;
    },
    async train({ spec, context, runsToday }, signal) {
      const cohort = await admitCohort(spec, context, { enclave, limits });
      if (!cohort.ok) return cohort;
      const pause = async (): Promise<void> => {
        await nextTurn();
        signal.throwIfAborted();
      };
      return trainModel(spec, cohort.value, context, { enclave, limits, pause, runsToday, rng }, signal);
    },
  };
}
