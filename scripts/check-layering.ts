import { createRequire } from 'node:module';
import { cruise, format } from 'dependency-cruiser';
import { codeFolders, unreadModules } from './unread-modules.ts';

/**
 * Runs the layering rules. Fails on any violation, and when fewer modules were read than stand on disk: with a
 * TypeScript that has no compiler API the cruiser reads nothing and finds nothing wrong.
 * Source: ADR 0005.
 */
async function main(): Promise<void> {
  const config = createRequire(import.meta.url)('../.dependency-cruiser.cjs');
  const folders = await codeFolders();
  const names = folders.map((item) => item.folder);
  const { output } = await cruise(names, { ...config.options, validate: true, ruleSet: { forbidden: config.forbidden } });
  if (typeof output === 'string') throw new Error('The cruiser answered with text');
  const unread = unreadModules(
    output.modules.map((module) => module.source),
    folders,
  );
  for (const sentence of unread) console.log(`layering: ${sentence}`);
  const report = await format(output, { outputType: 'err' });
  console.log(String(report.output).trim());
  if (unread.length > 0 || output.summary.violations.length > 0) process.exitCode = 1;
}

await main();
