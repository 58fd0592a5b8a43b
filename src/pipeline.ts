import type { DatasetVersion } from './catalog/dataset.ts';
import { assess } from './egress/assess.ts';
import { decide } from './egress/decide.ts';
import { err, ok, type Result } from './kernel/result.ts';
import { EnclaveFault, statementRunner } from './pipeline/enclave-fault.ts';
import { execute } from './pipeline/execute.ts';
import type { Admitted, Decided, JobContext, PipelinePorts } from './pipeline/job.ts';
import { MalformedAnswer } from './pipeline/read-evidence.ts';
import { readStatement } from './pipeline/read-statement.ts';
import { describeAdmitted, describeDecision } from './pipeline/verdict.ts';
import { type Problem, problem } from './problems/problem.ts';
import type { EnclaveFailure, SessionLimits } from './sandbox/enclave/port.ts';
import { analyse } from './sandbox/sql/analyse.ts';
import { bind } from './sandbox/sql/bind.ts';
import { readersAgree } from './sandbox/sql/cross-check.ts';
import { checkText, parse } from './sandbox/sql/parse.ts';
import type { Rewritten } from './sandbox/sql/program.ts';
import { rewrite } from './sandbox/sql/rewrite.ts';

export type { Admitted, Decided, Finding, JobContext, PipelinePorts, ResultTable } from './pipeline/job.ts';

/** Limits of a worker that reads data, unless the configuration says otherwise. */
export const JOB_LIMITS: SessionLimits = { memoryMiB: 2048, threads: 2, tempMiB: 4096, timeoutMs: 300_000, maxRows: 200_000 };

interface Admission {
  readonly admitted: Admitted;
  readonly rewritten: Rewritten;
}

/** Text to program: SqlText → parse → bind → analyse → rewrite. Depends on query and catalogue only; touches no data. */
async function prepare(sql: string, context: JobContext, ports: PipelinePorts): Promise<Result<Admission, readonly Problem[]>> {
  const unreadable = checkText(sql);
  if (unreadable.length > 0) return err(unreadable);

  const reading = await readStatement(sql, context.dataset, ports.enclave);
  if (!reading.ok) return reading;

  const parsed = parse(sql, reading.value.tree);
  if (!parsed.ok) return parsed;

  const bound = bind(parsed.value, context.dataset, context.grant);
  if (!bound.ok) return bound;

  const analysed = analyse(bound.value);
  if (!analysed.ok) return analysed;
  if (!readersAgree(analysed.value, reading.value.plan)) return err([problem('sql.readers_disagree', {})]);

  const rewritten = rewrite(analysed.value, context.version.profile);
  return ok({ admitted: describeAdmitted(analysed.value, rewritten), rewritten });
}

/** Admission alone: what would run, or every reason why it may not. Touches no data. */
export async function admit(sql: string, context: JobContext, ports: PipelinePorts): Promise<Result<Admitted, readonly Problem[]>> {
  const prepared = await prepare(sql, context, ports);
  return prepared.ok ? ok(prepared.value.admitted) : prepared;
}

/**
 * The whole flow of a job: admission, then execute → assess → decide inside one worker. A person may take days between
 * this and `release`, which trusts nothing of it that it can read again.
 *
 * @returns the verdict with its findings, for operators; or problems. Whatever fails on the data is one constant code.
 */
export async function answer(
  sql: string,
  context: JobContext,
  ports: PipelinePorts,
  signal?: AbortSignal,
): Promise<Result<Decided, readonly Problem[]>> {
  const prepared = await prepare(sql, context, ports);
  if (!prepared.ok) return prepared;
  const { admitted, rewritten } = prepared.value;

  await ports.onIntent?.();
  const { sealedPath, version } = context;
  const mounts = { database: { kind: 'sealed', path: sealedPath, digest: version.digest }, readable: [], writable: [] } as const;
  const opened = await ports.enclave.open(mounts, ports.limits ?? JOB_LIMITS, signal);
  if (!opened.ok) return err([notOpened(opened.error, version)]);
  const session = opened.value;
  try {
    const executed = await execute(rewritten, context.policy, statementRunner(session));
    const decided = decide(assess(executed));
    return ok(describeDecision(decided, admitted, session.isolation, version.version));
  } catch (fault) {
    if (fault instanceof EnclaveFault || fault instanceof MalformedAnswer) return err([problem('enclave.failed', {})]);
    throw fault;
  } finally {
    await session.close();
  }
}

/** Why no worker opened the sealed file, for operators; a merchant is told the same constant whatever it is. */
function notOpened(failure: EnclaveFailure, { dataset, version }: DatasetVersion): Problem {
  if (failure === 'digest_mismatch') return problem('enclave.digest_mismatch', { dataset, version });
  if (failure === 'file') return problem('enclave.sealed_file_unusable', { dataset, version });
  if (failure === 'isolation_unavailable') return problem('enclave.isolation_unavailable', {});
  return problem('enclave.failed', {});
}
