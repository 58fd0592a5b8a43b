import { answer, type Decided, type JobContext, type LedgerPort } from '../../src/pipeline.ts';
import { describe, type Problem } from '../../src/problems/problem.ts';
import type { Enclave } from '../../src/sandbox/enclave/port.ts';
import type { RealData } from './real-data.ts';

/** What came of one statement of a merchant. */
export interface Attempt {
  readonly sql: string;
  /** `fault`: one constant code after data was touched, or something was thrown. */
  readonly outcome: 'refused' | 'answered' | 'fault';
  readonly decided: Decided | null;
  readonly problems: readonly Problem[];
  readonly touchedData: boolean;
  /** Every text that reaches anybody: facts, and both languages. */
  readonly messages: string;
}

/** An attempt among the others of its case. */
export interface Placed extends Attempt {
  /** The raw tables as they were. */
  readonly real: RealData;
  /** Figures in the ledger when it had been decided. */
  readonly known: number;
}

/** Runs one text through the product's own pipeline: admission, enclave process, gate, and the ledger where there is one. */
export async function attempt(sql: string, context: JobContext, enclave: Enclave, ledger?: LedgerPort): Promise<Attempt> {
  let touchedData = false;
  const onIntent = (): Promise<void> => {
    touchedData = true;
    return Promise.resolve();
  };
  try {
    const result = await answer(sql, context, { enclave, onIntent, ...(ledger === undefined ? {} : { ledger }) });
    if (result.ok) return { sql, outcome: 'answered', decided: result.value, problems: [], touchedData, messages: '' };
    const problems = result.error;
    const isFault = touchedData || problems.length === 0 || problems.some((item) => item.code.startsWith('enclave.'));
    return { sql, outcome: isFault ? 'fault' : 'refused', decided: null, problems, touchedData, messages: textOf(problems) };
  } catch (error) {
    return { sql, outcome: 'fault', decided: null, problems: [], touchedData, messages: String(error) };
  }
}

function textOf(problems: readonly Problem[]): string {
  return problems
    .map((item) => {
      const { title, detail } = describe(item);
      return [item.code, JSON.stringify(item.facts), title.en, title.zh, detail.en, detail.zh].join('\n');
    })
    .join('\n');
}

export function codesOf(item: Attempt): string {
  return item.problems.map((problem) => problem.code).join(',') || (item.outcome === 'fault' ? 'threw' : '');
}
