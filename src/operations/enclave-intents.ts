import { type AuditEvent, SYSTEM_ACTOR } from '../audit/event.ts';
import { durationBand } from '../audit/fact-values.ts';
import { newId } from '../kernel/id.ts';
import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';

/** Ports without data of people behind them: records, log, keys, released packages, models of merchants, clock, settings. */
type Harmless =
  | 'store'
  | 'audit'
  | 'keys'
  | 'packages'
  | 'models'
  | 'clock'
  | 'rng'
  | 'policy'
  | 'egressProfile'
  | 'rulesOfCity'
  | 'maskingRules'
  | 'fitRhoPerDataset'
  | 'simulationAccess'
  | 'isolation'
  | 'jobsAtOnce'
  | 'runsJobs'
  | 'onFault'
  | 'hourPriceFen'
  | 'webhookAddress';

/** Every other port, also one that is new: an enclave, sealed data or sealed results stand behind it until somebody says otherwise. */
type Touching = Exclude<keyof OperationsPorts, Harmless>;

/**
 * How a call is accounted for.
 * - `touch`: `withEnclaveIntents` puts an intent on record before it and an outcome after
 * - `own`: whoever calls it does, with more to say (`job.intent`, `load.start`)
 * - `empty`: a worker runs with nothing mounted, to read a text; there is no data to touch
 * - `none`: no enclave, and nothing sealed is read
 */
type Accounting = 'touch' | 'own' | 'empty' | 'none';

/** Every call through the ports behind which data stand, each accounted for. Source: models-and-audit.md §2.4 "Two-phase rule". */
export const ENCLAVE_CALLS = {
  loader: { read: 'none', load: 'own', sealedPath: 'none', erase: 'none', sweep: 'none' },
  simulator: {
    wishes: 'empty',
    simulate: 'touch',
    differing: 'touch',
    preview: 'touch',
    file: 'touch',
    sealedPath: 'none',
    remove: 'none',
    sweep: 'none',
  },
  pipeline: { translate: 'empty', admit: 'empty', verifyKeys: 'touch', answer: 'own' },
  fitter: { cost: 'none', fit: 'own' },
  fidelity: { measure: 'own' },
  masker: { make: 'own' },
  trainer: { countSql: 'none', admit: 'empty', train: 'own', progressOf: 'none' },
  vault: { seal: 'own', open: 'touch', destroy: 'none', jobs: 'none' },
} as const satisfies { readonly [P in Touching]: Readonly<Record<keyof OperationsPorts[P], Accounting>> };

interface Touch {
  readonly call: string;
  /** Simulation, job or grant that it is about: ties it to the entry that says who asked. */
  readonly about: string;
  readonly dataset?: string;
  readonly datasetVersion?: string;
}

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;

/**
 * The same ports, where no call of the kind `touch` begins before its intent is on disk, and none answers before its
 * outcome is: where the log cannot be written nothing is touched, and what was read is not told (`AuditUnavailable`).
 * Source: models-and-audit.md §2.4 "Two-phase rule"; issue "audit log", completeness.
 */
export function withEnclaveIntents(ports: OperationsPorts): OperationsPorts {
  const { simulator, pipeline, vault } = ports;
  const touch = <T>(what: Touch, work: () => Outcome<T>): Outcome<T> => accounted(ports, what, work);
  return {
    ...ports,
    simulator: {
      ...simulator,
      simulate: (input) =>
        touch({ call: 'simulator.simulate', about: input.id, dataset: input.dataset.name }, () => simulator.simulate(input)),
      differing: (input) =>
        touch({ call: 'simulator.differing', about: input.id, dataset: input.dataset.name }, () => simulator.differing(input)),
      preview: (input) =>
        touch({ call: 'simulator.preview', about: input.id, dataset: input.dataset.name }, () => simulator.preview(input)),
      file: (input) => touch({ call: 'simulator.file', about: input.id, dataset: input.dataset.name }, () => simulator.file(input)),
    },
    pipeline: {
      ...pipeline,
      verifyKeys: (lookup, context) => {
        const { dataset, version, grant } = context;
        const what = { call: 'pipeline.verifyKeys', about: grant.id, dataset: dataset.name, datasetVersion: version.version };
        return touch(what, () => pipeline.verifyKeys(lookup, context));
      },
    },
    vault: { ...vault, open: (job) => touch({ call: 'vault.open', about: job }, () => vault.open(job)) },
  };
}

async function accounted<T>(ports: OperationsPorts, what: Touch, work: () => Outcome<T>): Outcome<T> {
  const { call, about, dataset, datasetVersion } = what;
  const startedAt = ports.clock.now().getTime();
  const common = { actor: SYSTEM_ACTOR, object: newId('tch', ports.rng), trace: about } as const;
  const facts = { call, about, dataset, datasetVersion };
  const intent: AuditEvent = { ...common, operation: 'enclave.intent', outcome: 'done', facts: { ...facts, isolation: ports.isolation } };
  const outcome = (how: AuditEvent['outcome']): Promise<void> => {
    const took = durationBand(ports.clock.now().getTime() - startedAt);
    return ports.audit.append({ ...common, operation: 'enclave.outcome', outcome: how, facts: { ...facts, durationBand: took } });
  };
  await ports.audit.append(intent);
  let done: Result<T, readonly Problem[]>;
  try {
    done = await work();
  } catch (fault) {
    await outcome('failed');
    throw fault;
  }
  await outcome(done.ok ? 'done' : 'refused');
  return done;
}
