import { textDigest } from '../audit/fact-values.ts';
import { EXACT } from '../catalog/disclosure-mode.ts';
import { allowedKind } from '../egress/kind-policy.ts';
import { scopeOf } from '../identity/permit.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Admitted } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { privateRho } from '../sandbox/models/spec/private-form.ts';
import { readTrainingSpec, specHash, specText, type TrainingSpec } from '../sandbox/models/spec/training-spec.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, reach, refuseAccess, within } from './guard.ts';
import { jobGround } from './job-context.ts';
import type { JobQueue } from './job-queue.ts';
import { ACTIVE_JOB_STATES } from './job-states.ts';
import { jobView } from './job-view.ts';
import { liveGrant } from './live-grant.ts';
import type { ModelView } from './model-interface.ts';
import type { Operations } from './operations.ts';
import type { GrantRecord, JobRecord } from './ports.ts';
import { openModel } from './sealed-model.ts';
import { profileFor } from './whose-rules.ts';

const ACTIVE_LIMIT = 20;

type ModelOperations = Pick<Operations, 'trainModel' | 'listModels' | 'showModel'>;

interface Asked {
  readonly spec: TrainingSpec;
  readonly target: 'sim' | 'real';
  readonly grant: GrantRecord;
  readonly admitted: Admitted;
}

/** Only what was releasable on simulation data is promoted, by the hash of the specification. */
async function isPromotable(ports: OperationsPorts, actor: Actor, spec: TrainingSpec): Promise<boolean> {
  const artefactHash = specHash(spec);
  const passed = await ports.store.view.jobs.list({
    merchant: actor.id,
    dataset: spec.dataset,
    target: 'sim',
    artefactHash,
    states: ['SIM_PASSED'],
  });
  return passed.some((job) => job.organisation === actor.organisation && job.training !== undefined && job.verdict === 'releasable');
}

async function keep(
  ports: OperationsPorts,
  actor: Actor,
  { spec, target, grant, admitted }: Asked,
): Promise<Result<JobRecord, readonly Problem[]>> {
  const id = newId('job', ports.rng);
  const sql = specText(spec);
  const rho = privateRho(spec);
  const { artefactHash } = admitted;
  const shared = { dataset: spec.dataset, target };
  const common = { actor, object: id, trace: id, outcome: 'done' } as const;
  const who = { merchant: actor.id, organisation: actor.organisation, grantId: grant.id };
  return ports.store.write(async (tx) => {
    await tx.jobs.add(
      {
        id,
        ...shared,
        ...who,
        sql,
        state: 'SUBMITTED',
        artefactHash,
        admitted,
        training: { specification: sql, ...(rho === null ? {} : { rho }) },
        productKind: 'model_algorithm',
      },
      {
        ...common,
        operation: 'job.submit',
        facts: {
          ...shared,
          sqlDigest: textDigest(sql),
          artefactHash,
          grant: grant.id,
          tables: admitted.tables.slice(0, 200),
          columns: admitted.columns.slice(0, 200),
        },
      },
    );
    const to = target === 'sim' ? 'SIM_QUEUED' : 'REAL_QUEUED';
    return tx.jobs.transition(id, { from: ['SUBMITTED'], to }, { ...common, operation: 'job.queue', facts: { ...shared, artefactHash } });
  });
}

/** Models: specifications are admitted, promoted and queued like queries. Source: issue "Models"; models-and-audit.md §1.9. */
export function modelOperations(ports: OperationsPorts, queue: JobQueue): ModelOperations {
  const admit = async (actor: Actor, spec: TrainingSpec, target: 'sim' | 'real'): Promise<Result<Asked, readonly Problem[]>> => {
    const { dataset } = spec;
    const object = { kind: 'dataset', id: dataset } as const;
    const record = await ports.store.view.datasets.get(dataset);
    if (record === null) return refuseAccess(ports, actor, 'job.submit', [problem('access.not_found', { kind: 'dataset' })], object);
    const grant = await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), target);
    if (grant === null) return refuseAccess(ports, actor, 'job.submit', [problem('job.no_grant', { dataset })], object);
    const active = await ports.store.view.jobs.list({ merchant: actor.id, states: ACTIVE_JOB_STATES });
    if (active.length >= ACTIVE_LIMIT) return err([problem('job.queue_full', { limit: ACTIVE_LIMIT })]);
    const kind = allowedKind(profileFor(ports, record.dataset), 'model_algorithm');
    if (!kind.ok) return kind;
    const ground = await jobGround(ports, record, grant, target);
    if (!ground.ok) return ground;
    // Exact figures of data that leave under noise alone would undo the noise.
    const { kind: how } = ground.value.context.mode ?? EXACT;
    if (spec.privacy.mode === 'dp' ? how !== 'dp' : how !== 'exact-withheld')
      return err([problem(spec.privacy.mode === 'dp' ? 'model.no_budget' : 'model.mode', { dataset })]);
    const admitted = await ports.trainer.admit(spec, ground.value.context);
    if (!admitted.ok) return admitted;
    if (target === 'real' && !(await isPromotable(ports, actor, spec)))
      return err([problem('model.not_promotable', { dataset, artefactHash: specHash(spec) })]);
    return ok({ spec, target, grant, admitted: admitted.value });
  };

  return {
    async trainModel(actor, { specification, target }) {
      const permitted = await allowed(ports, actor, 'job.submit');
      if (!permitted.ok) return permitted;
      const read = readTrainingSpec(specification);
      if (!read.ok)
        return err([
          problem('model.specification', { faults: read.error.map(({ path, reason }) => `${path === '' ? '/' : path} (${reason})`) }),
        ]);
      const asked = await admit(actor, read.value, target);
      if (!asked.ok) return asked;
      const kept = await keep(ports, actor, asked.value);
      if (!kept.ok) return kept;
      queue.add(kept.value.id);
      return ok(jobView(actor, kept.value));
    },

    async listModels(actor, { dataset }) {
      const scope = await allowed(ports, actor, 'job.read');
      if (!scope.ok) return scope;
      const jobs = await ports.store.view.jobs.list({
        ...(scope.value === 'own' ? { merchant: actor.id } : {}),
        ...(dataset === undefined ? {} : { dataset }),
      });
      const own = within(scope.value, actor, jobs, ownerOf);
      return ok(own.flatMap((job) => (job.training === undefined ? [] : [shortView(actor, job)])));
    },

    async showModel(actor, id) {
      const found = await reach(ports, actor, 'job.read', { kind: 'job', id }, await modelJob(ports, id), ownerOf);
      if (!found.ok) return found;
      const files = await filesOf(ports, found.value);
      return files.ok ? ok(wholeView(actor, found.value, files.value, ports.trainer.progressOf(id))) : files;
    },
  };
}

const ownerOf = (job: JobRecord) => ({ id: job.merchant, organisation: job.organisation });

async function modelJob(ports: OperationsPorts, id: string): Promise<JobRecord | null> {
  const job = await ports.store.view.jobs.get(id);
  return job?.training === undefined ? null : job;
}

/** Without report and files. Of a real job that gave nothing, its merchant sees what it sees of the job. */
function shortView(actor: Actor, job: JobRecord): ModelView {
  const { state, verdict, egressId } = jobView(actor, job);
  const { id, dataset, target, merchant, createdAt, artefactHash } = job;
  const { algorithm } = JSON.parse(job.sql) as { readonly algorithm: string };
  return {
    id,
    dataset,
    target,
    state,
    merchant,
    algorithm,
    specification: artefactHash ?? '',
    createdAt,
    ...(verdict === undefined ? {} : { verdict }),
    ...(egressId === undefined ? {} : { egressId }),
  };
}

/** The files of a model of simulation data; of real data a job has none beside its sealed result. */
async function filesOf(ports: OperationsPorts, job: JobRecord): Promise<Result<ModelView['files'], readonly Problem[]>> {
  if (job.target !== 'sim' || job.training?.files === undefined) return ok(undefined);
  const files = [];
  for (const { name, ...model } of job.training.files) {
    const opened = await openModel(ports, job, model);
    if (!opened.ok) return opened;
    files.push({ name, base64: Buffer.from(opened.value).toString('base64') });
  }
  return ok(files);
}

function wholeView(actor: Actor, job: JobRecord, files: ModelView['files'], progress: ModelView['progress'] | null): ModelView {
  const { report } = job.training ?? {};
  const isOpen = job.target === 'sim' || scopeOf(actor, 'job.read') === 'all';
  return {
    ...shortView(actor, job),
    ...(isOpen && progress !== null && progress !== undefined && /_RUNNING$/.test(job.state) ? { progress } : {}),
    ...(isOpen && report !== undefined ? { report } : {}),
    ...(files === undefined ? {} : { files }),
  };
}
