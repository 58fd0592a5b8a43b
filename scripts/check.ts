import { spawn } from 'node:child_process';

/** Every check there is, in the order in which their failures are cheapest to understand. */
const CHECKS: readonly { readonly name: string; readonly script: string }[] = [
  { name: 'types', script: 'typecheck' },
  { name: 'lint', script: 'lint' },
  { name: 'layering', script: 'deps' },
  { name: 'unused code', script: 'unused' },
  { name: 'generated documents', script: 'docs:check' },
  { name: 'tests', script: 'test' },
];

/** Exit status of an npm script; its output goes straight through. */
function run(script: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', ['run', '--silent', script], { stdio: ['ignore', 'inherit', 'inherit'] });
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}

/** Runs every check whatever the others say, names every failure, and closes with `N passed, N failed` (checks, not tests). */
async function main(): Promise<void> {
  const failed: string[] = [];
  for (const { name, script } of CHECKS) {
    console.log(`── ${name}`);
    if ((await run(script)) !== 0) failed.push(name);
  }
  console.log('');
  for (const { name } of CHECKS) console.log(`${failed.includes(name) ? 'failed' : 'passed'}  ${name}`);
  console.log(`${CHECKS.length - failed.length} passed, ${failed.length} failed`);
  if (failed.length > 0) process.exitCode = 1;
}

await main();
