import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { EXACT } from '../../catalog/disclosure-mode.ts';
import { err, ok, type Result } from '../../kernel/result.ts';
import { type Admitted, answerAdmitted, type Decided, type JobContext, type PipelinePorts, type ScoringModel } from '../../pipeline.ts';
import { type Problem, problem } from '../../problems/problem.ts';
import { prepareModel } from '../../sandbox/models/onnx/prepare-model.ts';
import { MOST_WORK, onnxScorer, type Scorer, ScoringTooLong } from '../../sandbox/models/score/scorer.ts';
import { WorkExceeded, wasmScorer } from '../../sandbox/models/score/wasm-scorer.ts';
import { MOST_INSTRUCTIONS } from '../../sandbox/models/wasm/meter-wasm.ts';
import { readWasm } from '../../sandbox/models/wasm/read-wasm.ts';
import { ScoreRefused, scoreRows } from './score-rows.ts';
import { admitScoredQuery } from './scored-query.ts';

/** Why a model file gives no scores, or the function that it is. Source: models-and-audit.md §1.5, §1.9 (tier 2). */
function readScorer({ format, bytes }: ScoringModel, ports: PipelinePorts): Result<Scorer, readonly Problem[]> {
  if (format === 'wasm') {
    const module = readWasm(bytes);
    if (!module.ok) return err([problem('model.code_refused', { ...module.error })]);
    if (ports.runWasm === undefined) return err([problem('enclave.isolation_unavailable', {})]);
    return ok(wasmScorer(module.value, ports.runWasm));
  }
  const prepared = prepareModel(bytes);
  if (!prepared.ok) return err([problem('model.file_refused', { ...prepared.error })]);
  const scorer = onnxScorer(prepared.value);
  return scorer === null ? err([problem('model.file_refused', { fault: 'output', place: 'graph.outputs' })]) : ok(scorer);
}

const digestOf = ({ format, bytes }: ScoringModel): string => `${format}:${createHash('sha256').update(bytes).digest('hex')}`;

async function admission(sql: string, model: ScoringModel, context: JobContext, ports: PipelinePorts) {
  // Noise is drawn for sums over declared columns: a score has no bounds that anybody declared.
  if ((context.mode ?? EXACT).kind === 'dp') return err([problem('model.mode', { dataset: context.dataset.name })]);
  const scorer = readScorer(model, ports);
  if (!scorer.ok) return scorer;
  const query = await admitScoredQuery(sql, digestOf(model), scorer.value, context, ports);
  return query.ok ? ok({ query: query.value, scorer: scorer.value }) : query;
}

/** Admission of a query over the scores of a model: what would run, or why it may not. Touches no data. Source: issue "Models". */
export async function admitScored(
  sql: string,
  model: ScoringModel,
  context: JobContext,
  ports: PipelinePorts,
): Promise<Result<Admitted, readonly Problem[]>> {
  const admitted = await admission(sql, model, context, ports);
  return admitted.ok ? ok(admitted.value.query.admission.admitted) : admitted;
}

/** The whole flow of a query over scores: rows are scored in the worker's memory, then every gate runs as it would. Source: issue "Models"; ADR 0030. */
export async function answerScored(
  sql: string,
  model: ScoringModel,
  context: JobContext,
  ports: PipelinePorts,
  signal?: AbortSignal,
): Promise<Result<Decided, readonly Problem[]>> {
  const admitted = await admission(sql, model, context, ports);
  if (!admitted.ok) return admitted;
  const { query, scorer } = admitted.value;
  const pause = async (): Promise<void> => {
    await nextTurn();
    signal?.throwIfAborted();
  };
  const onOpened: PipelinePorts['onOpened'] = (run) => scoreRows(query, scorer, { policy: context.policy, pause }, run);
  try {
    return await answerAdmitted(query.admission, query.context, { ...ports, onOpened }, signal);
  } catch (fault) {
    if (fault instanceof WorkExceeded) return err([problem('model.too_much_work', { instructions: MOST_INSTRUCTIONS })]);
    if (fault instanceof ScoringTooLong) return err([problem('model.too_much_scoring', { steps: MOST_WORK })]);
    if (fault instanceof ScoreRefused) return err([problem('model.no_score', {})]);
    throw fault;
  }
}
