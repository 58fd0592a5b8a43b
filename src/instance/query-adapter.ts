import type { PipelinePort } from '../operations/data-ports.ts';
import { admitScored, answerScored } from '../pipeline/model/answer-scored.ts';
import { statementReaders } from '../pipeline/statement-readers.ts';
import { admit, answer, type PipelinePorts } from '../pipeline.ts';
import { scoreInProcess, type WasmQuestion } from '../sandbox/enclave/score-process.ts';

/**
 * Queries, with or without a model whose scores they are about. Submissions share processes that read texts; a job that runs reads its own
 * again in one of its own. Source: issue "Models" (the same job and egress states as SQL).
 */
export function queryPort(own: PipelinePorts): Pick<PipelinePort, 'admit' | 'answer'> {
  const { enclave, limits } = own;
  const runWasm = (question: WasmQuestion) => scoreInProcess(question, { isolation: enclave.isolation });
  const admission: PipelinePorts = { enclave, readers: statementReaders(enclave), runWasm, ...(limits === undefined ? {} : { limits }) };
  return {
    admit: (sql, { scoring, ...context }) =>
      scoring === undefined ? admit(sql, context, admission) : admitScored(sql, scoring, context, admission),
    answer: (sql, { scoring, ...context }, { onIntent, ledger }, signal) => {
      const ports: PipelinePorts = { ...own, runWasm, onIntent, ...(ledger === null ? {} : { ledger }) };
      return scoring === undefined ? answer(sql, context, ports, signal) : answerScored(sql, scoring, context, ports, signal);
    },
  };
}
