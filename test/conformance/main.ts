import { readCaseFile } from './case-file.ts';
import type { CaseResult } from './run-case.ts';
import { runCases } from './run-cases.ts';

/**
 * `npm run -s conformance -- FILE [--json]`: a line per case (`id expect got ok|FAIL facts`), last `N passed, N failed`.
 * Exit status 0 only if all pass, 2 on usage. Source: formats.md, "Commands"; the conformance README.
 */
async function main(arguments_: readonly string[]): Promise<void> {
  const json = arguments_.includes('--json');
  const [file, ...more] = arguments_.filter((argument) => argument !== '--json');
  if (file === undefined || more.length > 0 || file.startsWith('-')) {
    process.stderr.write('usage: npm run -s conformance -- FILE [--json]\n');
    process.exitCode = 2;
    return;
  }
  const cases = await readCaseFile(file);
  let failed = 0;
  await runCases(cases, (result) => {
    if (!result.ok) failed += 1;
    process.stdout.write(json ? `${JSON.stringify(result)}\n` : line(result));
  });
  process.stdout.write(
    json ? `${JSON.stringify({ passed: cases.length - failed, failed })}\n` : `${cases.length - failed} passed, ${failed} failed\n`,
  );
  process.exitCode = failed === 0 ? 0 : 1;
}

function line(result: CaseResult): string {
  const facts = result.facts.length === 0 ? '' : `  ${result.facts.join('; ').replaceAll('\n', ' ')}`;
  return `${result.id.padEnd(6)} ${result.expect.padEnd(13)} ${result.got} ${result.ok ? 'ok' : 'FAIL'}${facts}\n`;
}

await main(process.argv.slice(2));
