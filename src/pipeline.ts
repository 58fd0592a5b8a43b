import type { DatasetVersion } from './catalog/dataset.ts';
import { EXACT } from './catalog/disclosure-mode.ts';
import { ExactChance } from './kernel/exact-chance.ts';
import { err, ok, type Result } from './kernel/result.ts';
import { witnessContradicts } from './pipeline/ask-witness.ts';
import { EnclaveFault, statementRunner } from './pipeline/enclave-fault.ts';
import type { Admitted, Decided, JobContext, PipelinePorts } from './pipeline/job.ts';
import { knownProfile, modeProblems } from './pipeline/mode-admission.ts';
import { nearestTo } from './pipeline/propose.ts';
import { MalformedAnswer } from './pipeline/read-evidence.ts';
import { readStatement } from './pipeline/read-statement.ts';
import { type RunAround, runStages } from './pipeline/run-stages.ts';
import { describeAdmitted, describeDecision } from './pipeline/verdict.ts';
import { type Problem, problem } from './problems/problem.ts';
import type { EnclaveFailure, SessionLimits } from './sandbox/enclave/port.ts';
import { compile } from './sandbox/sql/compile/compile.ts';
import { rewrite } from './sandbox/sql/compile/rewrite.ts';
import { readersAgree } from './sandbox/sql/cross-check.ts';
import type { Rewritten } from './sandbox/sql/model/program.ts';
import { checkText, parse } from './sandbox/sql/read/parse.ts';

export { rowSetQueries } from './pipeline/cap-functionals.ts';
export type { Admitted, Decided, Finding, JobContext, PipelinePorts, ResultTable, ScoringModel } from './pipeline/job.ts';
export type {
  LedgerPort,
  LedgerRow,
  LedgerVerdict,
  LedgerView,
  NewEntry,
  RegisteredFigure,
} from './pipeline/ledger-port.ts';
export { settleRows } from './pipeline/settle-rows.ts';
export { type TranslatedQuery, translate } from './pipeline/translate.ts';
export { claimDigest, type HeldDigests, type KeyLookup, keyDigest, verifyKeys } from './pipeline/verify-keys.ts';

/** Limits of a worker that reads data, unless the configuration says otherwise. */
export const JOB_LIMITS: SessionLimits = { memoryMiB: 2048, threads: 2, tempMiB: 4096, timeoutMs: 300_000, maxRows: 200_000 };

export interface Admission {
  readonly admitted: Admitted;
  readonly rewritten: Rewritten;
}

/** Why a text is not admitted, and the engine's tree of it where a nearer query can be looked for. */
export interface NotAdmitted {
  readonly problems: readonly Problem[];
  readonly tree: string | null;
}

/** Text to program: SqlText → parse → compile → rewrite. Depends on query and catalogue only; touches no data. */
export async function prepareQuery(sql: string, context: JobContext, ports: PipelinePorts): Promise<Result<Admission, NotAdmitted>> {
  const unreadable = checkText(sql);
  if (unreadable.length > 0) return err({ problems: unreadable, tree: null });

  const { dataset } = context;
  const reading = await (ports.readers?.read(sql, dataset) ?? readStatement(sql, dataset, ports.enclave));
  if (!reading.ok) return err({ problems: reading.error, tree: null });
  const { tree, plan } = reading.value;

  const parsed = parse(sql, tree);
  if (!parsed.ok) return err({ problems: parsed.error, tree });

  const compiled = compile(parsed.value, context.dataset, context.grant, knownProfile(context));
  if (!compiled.ok) return err({ problems: compiled.error, tree });
  const isContradicted = !readersAgree(compiled.value, plan) || (await witnessContradicts(sql, compiled.value));
  if (isContradicted) return err({ problems: [problem('sql.readers_disagree', {})], tree: null });

  const rewritten = rewrite(compiled.value);
  const unanswered = modeProblems(rewritten, context);
  if (unanswered.length > 0) return err({ problems: unanswered, tree: null });
  return ok({ admitted: describeAdmitted(compiled.value, rewritten, context), rewritten });
}

/** Admission alone: what would run, or why it may not and the nearest query that would pass. Touches no data. */
export async function admit(sql: string, context: JobContext, ports: PipelinePorts): Promise<Result<Admitted, readonly Problem[]>> {
  const prepared = await prepareQuery(sql, context, ports);
  if (prepared.ok) return ok(prepared.value.admitted);
  const { problems, tree } = prepared.error;
  if (tree === null) return err(problems);
  const nearest = await nearestTo(sql, tree, problems, context, async (text) => (await prepareQuery(text, context, ports)).ok);
  return err([...problems, ...nearest]);
}

/**
 * The whole flow of a job: admission, then every gate executed, assessed and decided inside one worker. A person may take days between
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
  const prepared = await prepareQuery(sql, context, ports);
  return prepared.ok ? answerAdmitted(prepared.value, context, ports, signal) : err(prepared.error.problems);
}

/** What `answer` does with a query that was admitted. */
export async function answerAdmitted(
  { admitted, rewritten }: Admission,
  context: JobContext,
  ports: PipelinePorts,
  signal?: AbortSignal,
): Promise<Result<Decided, readonly Problem[]>> {
  const around = runAround(context, ports);
  await ports.onIntent?.();
  const { sealedPath, version } = context;
  const mounts = { database: { kind: 'sealed', path: sealedPath, digest: version.digest }, readable: [], writable: [] } as const;
  const opened = await ports.enclave.open(mounts, ports.limits ?? JOB_LIMITS, signal);
  if (!opened.ok) return err([notOpened(opened.error, version)]);
  const session = opened.value;
  try {
    const reads = statementRunner(session);
    const run = await runStages(rewritten, context.policy, (await ports.onOpened?.(reads, signal)) ?? reads, around);
    return ok(describeDecision(run, rewritten, admitted, session.isolation, version.version));
  } catch (fault) {
    if (fault instanceof EnclaveFault || fault instanceof MalformedAnswer) return err([problem('enclave.failed', {})]);
    throw fault;
  } finally {
    await session.close();
  }
}

/** Under differential privacy there is no ledger: no exact figure leaves that it could know. Throws without a source of noise. */
function runAround({ mode = EXACT, dataset }: JobContext, { ledger, rng, solver }: PipelinePorts): RunAround {
  if (mode.kind !== 'dp') return { mode, ledger: ledger ?? null, solver: solver ?? null, merge: dataset.mergeWithheld === true };
  if (rng === undefined) throw new Error('Noise without a source');
  return { mode, privacy: { mode, dataset, chance: new ExactChance(rng) } };
}

/** Why no worker opened the sealed file, for operators; a merchant is told the same constant whatever it is. */
function notOpened(failure: EnclaveFailure, { dataset, version }: DatasetVersion): Problem {
  if (failure === 'digest_mismatch') return problem('enclave.digest_mismatch', { dataset, version });
  if (failure === 'file') return problem('enclave.sealed_file_unusable', { dataset, version });
  if (failure === 'isolation_unavailable') return problem('enclave.isolation_unavailable', {});
  return problem('enclave.failed', {});
}
