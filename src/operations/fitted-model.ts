import { releaseKey } from '../egress/manifest.ts';
import { sha256Hex } from '../egress/release-content.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { readArtefact } from '../synthetic/fit/artefact.ts';
import type { OperationsPorts } from './data-ports.ts';

/** Name of the model in a release package. */
export const MODEL_FILE = 'model.json';

/**
 * The artefact of a released model, only where the release stands and its bytes are those that were signed. Sampling from it
 * tells nothing new: it costs no budget. Source: synthetic-and-masking.md §4.0 (post-processing).
 */
export async function modelText(ports: OperationsPorts, release: string): Promise<Result<string, readonly Problem[]>> {
  const record = await ports.store.view.releases.get(release);
  const file = record?.files.find((item) => item.name === MODEL_FILE);
  if (record === null || file === undefined) return err([problem('access.not_found', { kind: 'model' })]);
  if (record.state !== 'available') return err([problem('egress.recalled', {})]);
  const bytes = await ports.packages.read(release, MODEL_FILE);
  if (bytes === null || sha256Hex(bytes) !== file.sha256) return err([problem('egress.package_damaged', {})]);
  const text = Buffer.from(bytes).toString('utf8');
  // Signed under the key of its time.
  const reads = (await ports.keys.releaseKeys()).map((key) =>
    readArtefact(text, releaseKey(key).export({ type: 'spki', format: 'pem' }).toString()),
  );
  const [first] = reads;
  if (first === undefined) throw new Error('There is no release key');
  return reads.some((read) => read.ok) || first.ok ? ok(text) : first;
}
