import { recogniseWatermark } from '../../synthetic/watermark.ts';
import { Refused } from '../outcome.ts';
import { makeOutput } from '../output.ts';
import type { CliEnvironment, GlobalOptions } from '../session.ts';
import { readText } from './input-files.ts';

/** What can be a resident ID or a credit code, with nothing of its alphabet beside it. */
const CANDIDATE = /(?<![0-9A-Za-z])[0-9A-HJ-NP-RTUWXYx]{18}(?![0-9A-Za-z])/g;

/**
 * `synth recognise`: looks for identifiers in a file and says, per seed, whether they are of that set. Ends with status 1 where they
 * are of none; that is no proof that they are real. Prints no identifier. Source: synthetic-and-masking.md §3.1 (watermark).
 */
export async function recogniseCommand(
  environment: CliEnvironment,
  global: GlobalOptions,
  file: string,
  seeds: readonly string[],
): Promise<void> {
  const output = makeOutput(environment, global.json === true);
  const found = (await readText(file, 'The file')).match(CANDIDATE) ?? [];
  const identifiers = found.map((text) => text.toUpperCase());
  let any = false;
  for (const seed of seeds) {
    const finding = recogniseWatermark(identifiers, seed);
    any ||= finding.recognised;
    const { examined, marked, expected } = finding;
    const chance = `${marked} of ${examined} identifiers are marked, ${expected.toFixed(1)} would be by chance`;
    output.record({ seed, ...finding }, `${finding.recognised ? 'FROM THIS SET' : 'not from this set'} (seed ${seed}): ${chance}`);
  }
  if (!any) throw new Refused(null);
}
