import { textDigest } from '../audit/fact-values.ts';
import { allowedKind } from '../egress/kind-policy.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { maskedDatasetText } from '../masking/dataset/plan-masked-dataset.ts';
import { subjectHash } from '../masking/subject-hash.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import { jobGround, maskPolicyReference } from './job-context.ts';
import type { JobQueue } from './job-queue.ts';
import { jobView } from './job-view.ts';
import { liveGrant } from './live-grant.ts';
import { maskingGround } from './masked-dataset-runner.ts';
import type { Operations } from './operations.ts';
import type { JobRecord } from './ports.ts';
import { profileFor } from './whose-rules.ts';

type Outcome<T> = Promise<Result<T, readonly Problem[]>>;
type Asked = Parameters<Operations['maskDataset']>[1];

async function submit(ports: OperationsPorts, queue: JobQueue, actor: Actor, { dataset, ...spec }: Asked): Outcome<JobRecord> {
  const permitted = await allowed(ports, actor, 'masked.create');
  if (!permitted.ok) return permitted;
  const record = await ports.store.view.datasets.get(dataset);
  const refused = (problems: readonly Problem[]) => refuseAccess(ports, actor, 'masked.create', problems, { kind: 'dataset', id: dataset });
  if (record === null) return refused([problem('access.not_found', { kind: 'dataset' })]);
  const grant = await liveGrant(ports.store.view, actor, dataset, ports.clock.now(), 'real');
  if (grant === null) return refused([problem('job.no_grant', { dataset })]);
  const kind = allowedKind(profileFor(ports, record.dataset), 'masked_dataset');
  if (!kind.ok) return kind;
  const ground = await jobGround(ports, record, grant, 'real');
  if (!ground.ok) return ground;
  const planned = await maskingGround(ports, dataset, ground.value.context, spec);
  if (!planned.ok) return planned;
  const { plan, masking } = planned.value;
  const sql = maskedDatasetText(spec, dataset, maskPolicyReference(masking));
  const artefactHash = textDigest(sql);
  const columns = [...plan.quasi, ...plan.carried].map(({ column }) => `${plan.table.name}.${column.name}`);
  const admitted = { canonicalSql: sql, artefactHash, tables: [plan.table.name], columns, roundings: [] };
  const id = newId('job', ports.rng);
  const shared = { dataset, target: 'real' } as const;
  const common = { actor, object: id, trace: id, outcome: 'done' } as const;
  const who = { merchant: actor.id, organisation: actor.organisation, grantId: grant.id };
  const kept = await ports.store.write(async (tx) => {
    await tx.jobs.add(
      { id, ...shared, ...who, sql, state: 'SUBMITTED', artefactHash, admitted, mask: spec, productKind: 'masked_dataset' },
      {
        ...common,
        operation: 'job.submit',
        facts: {
          ...shared,
          sqlDigest: textDigest(sql),
          artefactHash,
          grant: grant.id,
          tables: [plan.table.name],
          columns: columns.slice(0, 200),
        },
      },
    );
    return tx.jobs.transition(
      id,
      { from: ['SUBMITTED'], to: 'REAL_QUEUED' },
      { ...common, operation: 'job.queue', facts: { ...shared, artefactHash } },
    );
  });
  if (kept.ok) queue.add(id);
  return kept;
}

/** Masked datasets of sealed versions: asked for like a job, reviewed like any egress on the chain of their kind. Source: issue "Masking" (masked datasets); GZ-21c, GZ-28e. */
export function maskedDatasetOperations(ports: OperationsPorts, queue: JobQueue): Pick<Operations, 'maskDataset' | 'hashSubject'> {
  return {
    async maskDataset(actor, input) {
      const kept = await submit(ports, queue, actor, input);
      return kept.ok ? ok(jobView(actor, kept.value)) : kept;
    },
    async hashSubject(actor, { dataset, subject }) {
      const permitted = await allowed(ports, actor, 'matter.open');
      if (!permitted.ok) return permitted;
      if ((await ports.store.view.datasets.get(dataset)) === null) return err([problem('access.not_found', { kind: 'dataset' })]);
      return ok({ dataset, subjectHash: subjectHash(await ports.keys.datasetKey(dataset, 'masking'), subject) });
    },
  };
}
