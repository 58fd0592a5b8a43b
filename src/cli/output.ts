import type { Writable } from 'node:stream';
import type { ProblemDocument } from '../problems/problem.ts';

/** Standard output holds JSON lines and nothing else with `--json`, text for people without it; notes go to standard error. */
export interface Output {
  readonly json: boolean;
  /** One finding: the value as one JSON line, or `text`. */
  record(value: unknown, text: string): void;
  /** Progress and remarks. */
  note(text: string): void;
}

export function makeOutput(streams: { readonly stdout: Writable; readonly stderr: Writable }, json: boolean): Output {
  return {
    json,
    record: (value, text) => streams.stdout.write(`${json ? JSON.stringify(value) : text}\n`),
    note: (text) => streams.stderr.write(`${text}\n`),
  };
}

/** Every problem as a title and what to do next. */
export function problemText(problems: ProblemDocument['problems']): string {
  return problems.map((item) => `✗ ${item.title} [${item.code}]\n  ${item.detail}`).join('\n');
}
