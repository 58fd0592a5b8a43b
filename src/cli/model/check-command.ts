import { open } from 'node:fs/promises';
import { checkModelFile, type FileReport } from '../../sandbox/models/check/check-file.ts';
import { Refused, UsageError } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import { refusalOf } from '../refusal.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';

/** One more than the reader takes, so that it can say "too large" itself. */
const MOST_BYTES = 16 * 1024 * 1024 + 1;

/**
 * `model check FILE`: the report with the verdict on a release of the file itself; status 1 when it cannot even be scored.
 * A pass is no release: the rules that need the training data are not among them. Source: formats.md, "Commands"; models-and-audit.md §1.10.
 */
export async function checkCommand(environment: CliEnvironment, global: GlobalOptions, file: string): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const checked = checkModelFile(await readStart(file));
  if (!checked.ok) {
    const { fault, place } = checked.error;
    throw new Refused(refusalOf([{ code: 'model.file_refused', facts: { fault, place } }], global.language, 'model', 'model.file_refused'));
  }
  output.record({ verdict: verdictOf(checked.value), ...checked.value }, textOf(checked.value, global.language));
}

/** The file, or as much of it as the limit allows to see that it is too large. */
async function readStart(file: string): Promise<Uint8Array> {
  try {
    const handle = await open(file, 'r');
    try {
      const { size } = await handle.stat();
      const bytes = new Uint8Array(Math.min(size, MOST_BYTES));
      await handle.read(bytes, 0, bytes.length, 0);
      return bytes;
    } finally {
      await handle.close();
    }
  } catch {
    throw new UsageError(`There is no such file, or it cannot be read: ${file}`);
  }
}

function verdictOf({ findings }: FileReport): 'pass' | 'review' | 'fail' {
  const verdicts = findings.map((finding) => finding.verdict);
  return verdicts.includes('fail') ? 'fail' : verdicts.includes('review') ? 'review' : 'pass';
}

function textOf(report: FileReport, language: 'en' | 'zh'): string {
  const ends = (list: FileReport['inputs']): string => list.map(({ name, type, width }) => `${name} (${type} × ${width})`).join(', ');
  return [
    `operators   ${report.operators.join(', ')}`,
    `inputs      ${ends(report.inputs)}`,
    `outputs     ${ends(report.outputs)}`,
    `parameters  ${report.parameters}   steps per row ${report.stepsPerRow}   bytes ${report.bytes}`,
    ...report.findings.map(({ rule, verdict, value, threshold, fix }) =>
      [`${rule}  ${verdict.padEnd(6)}  ${value} (at most ${threshold})`, ...(verdict === 'pass' ? [] : [`     ${fix[language]}`])].join(
        '\n',
      ),
    ),
    'Rules that need the training data were not run: this is no permission to release.',
  ].join('\n');
}
