import type { AuditEvent } from '../audit/event.ts';
import { textDigest } from '../audit/fact-values.ts';
import type { Dataset, DatasetVersion } from '../catalog/dataset.ts';
import { strictestMode } from '../catalog/disclosure-mode.ts';
import { policyFor } from '../catalog/disclosure-policy.ts';
import { newId } from '../kernel/id.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { maskedByPolicy } from '../masking/policy/dataset-policy.ts';
import type { JobContext } from '../pipeline.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { OperationsPorts } from './data-ports.ts';
import { maskPolicyReference } from './job-context.ts';
import { jobLedger } from './job-ledger.ts';
import { failJob } from './job-runner.ts';
import { attemptOf } from './job-states.ts';
import type { JobRecord, StoreTransaction } from './ports.ts';
import { spendPrivacy } from './privacy-budget.ts';
import type { StandardTableRecord } from './standard-store.ts';

/** Tables that were answered over a version which is not in force yet, and the job that holds their reservations. */
export interface AnsweredStandardTables {
  readonly job: JobRecord;
  readonly tables: readonly StandardTableRecord[];
}

/**
 * Answers the owner's standard tables over a version before anybody else can query it, through the same gate and beside
 * everything in the ledger; null where there are none. One job holds what they reserve. Where one is refused or fails, all
 * of it is dropped, and the load is refused.
 *
 * Nobody reviews them: who loads the data publishes them. Source: gate.md §2, §7 (registered in the ledger at load).
 */
export async function answerStandardTables(
  ports: OperationsPorts,
  actor: Actor,
  dataset: Dataset,
  version: DatasetVersion,
): Promise<Result<AnsweredStandardTables | null, readonly Problem[]>> {
  const declared = dataset.standardTables ?? [];
  if (declared.length === 0) return ok(null);
  const context = await contextFor(ports, actor, dataset, version);
  const refused: Problem[] = [];
  for (const [at, { sql }] of declared.entries()) {
    const admitted = await ports.pipeline.admit(sql, context);
    if (!admitted.ok) refused.push(...admitted.error.map((item) => refusedTable(at, item)));
  }
  if (refused.length > 0) return err(refused);
  const begun = await begin(ports, actor, context);
  if (!begun.ok) return begun;
  const job = begun.value;
  const tables: StandardTableRecord[] = [];
  const around = { onIntent: () => Promise.resolve(), ledger: jobLedger(ports, job, context) };
  try {
    for (const [at, { name, sql }] of declared.entries()) {
      const decided = await ports.pipeline.answer(sql, context, around, new AbortController().signal);
      if (!decided.ok) {
        await failJob(ports, job, decided.error, 'standard-table');
        return err(decided.error.map((item) => refusedTable(at, item)));
      }
      tables.push({ name, canonicalSql: decided.value.admitted.canonicalSql, table: decided.value.table });
    }
  } catch (fault) {
    await failJob(ports, job, [], 'standard-table');
    throw fault;
  }
  return ok({ job, tables });
}

function refusedTable(at: number, { code }: Problem): Problem {
  return problem('declaration.standard_table', { pointer: `/standardTables/${at}/sql`, code });
}

const SCENARIO = 'standard tables';

/** The owner's own queries leave by the masking policy like any other; only rules for every purpose and for this one hold. */
async function contextFor(ports: OperationsPorts, actor: Actor, declared: Dataset, version: DatasetVersion): Promise<JobContext> {
  const masking = await ports.store.view.maskPolicies.inForce(declared.name);
  const dataset = masking === null ? declared : maskedByPolicy(declared, masking, SCENARIO);
  const tables = Object.fromEntries(dataset.tables.map((table) => [table.name, '*' as const]));
  return {
    dataset,
    ...(masking === null ? {} : { maskPolicy: maskPolicyReference(masking) }),
    version,
    sealedPath: ports.loader.sealedPath(dataset.name, version.version),
    grant: { id: 'owner', merchant: actor.id, dataset: dataset.name, scenario: SCENARIO, tables, endsOn: '9999-12-31' },
    policy: policyFor(ports.policy, dataset.k),
    mode: strictestMode(dataset.mode),
  };
}

/** The job with its intent, as for any other that reads data. */
async function begin(ports: OperationsPorts, actor: Actor, context: JobContext): Promise<Result<JobRecord, readonly Problem[]>> {
  const { dataset, version, policy } = context;
  const id = newId('job', ports.rng);
  const event: AuditEvent = {
    operation: 'job.intent',
    actor,
    object: id,
    outcome: 'done',
    trace: id,
    facts: {
      dataset: dataset.name,
      datasetVersion: version.version,
      datasetDigest: version.digest,
      target: 'real',
      grant: context.grant.id,
      tables: dataset.tables.map((table) => table.name).slice(0, 200),
      k: policy.k,
      isolation: ports.isolation,
    },
  };
  return ports.store.write(async (tx) => {
    const job = await tx.jobs.add(
      {
        id,
        dataset: dataset.name,
        target: 'real',
        state: 'REAL_RUNNING',
        merchant: actor.id,
        organisation: actor.organisation,
        grantId: context.grant.id,
        sql: (dataset.standardTables ?? []).map(({ sql }) => sql).join(';\n'),
        artefactHash: null,
      },
      event,
    );
    const spent = await spendPrivacy(tx, job, context);
    return spent.ok ? ok(job) : spent;
  });
}

/**
 * Publishes answered tables in the transaction that puts their version in force: what they reserved is released, and their
 * job is done. Source: gate.md §7 (registered in the ledger at load).
 */
export async function publishStandardTables(
  tx: StoreTransaction,
  actor: Actor,
  version: DatasetVersion,
  { job, tables }: AnsweredStandardTables,
): Promise<Result<unknown, readonly Problem[]>> {
  const { dataset } = version;
  const facts = {
    dataset,
    datasetVersion: version.version,
    tables: tables.map(({ name }) => name),
    contentDigest: textDigest(JSON.stringify(tables)),
  };
  const event: AuditEvent = { operation: 'dataset.publish', actor, object: dataset, outcome: 'done', trace: job.id, facts };
  await tx.standard.add({ dataset, version: version.version }, tables, event);
  await tx.ledger.settle(job.id, 'released', event);
  return tx.jobs.transition(
    job.id,
    { from: ['REAL_RUNNING'], to: 'DONE', patch: { verdict: 'releasable', datasetVersion: version.version }, attempt: attemptOf(job) },
    event,
  );
}
