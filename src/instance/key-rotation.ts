import { join } from 'node:path';
import { SYSTEM_ACTOR } from '../audit/event.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import type { Rng } from '../kernel/rng.ts';
import type { AuditPort } from '../operations/audit-store.ts';
import { type Problem, problem } from '../problems/problem.ts';
import { openFileKeyStore } from '../store/file-key-store.ts';
import { rewrapModels } from '../store/file-model-vault.ts';
import { rewrapResults } from '../store/file-result-vault.ts';
import { turnMasterKey, turnReleaseKey } from '../store/turn-keys.ts';

export type TurnedKey = 'master' | 'release';

/**
 * Turns a key of the instance in `dir`; sealed results and models are closed under the new master key at once. Refused (`key.instance_open`) while another process
 * has the instance open: it would go on with the old key. After a kill the old key or the new one is in use, whole; asked again, those that
 * were not reached are closed anew. Does not turn the audit key, whose public half is the name of the log (C2SP tlog-checkpoint).
 * Source: tracker issue 5 ("Master-key and signing-key rotation"); ADR 0033.
 */
export async function turnKey(
  purpose: TurnedKey,
  { dir, rng, audit, isAlone }: { readonly dir: string; readonly rng: Rng; readonly audit: AuditPort; readonly isAlone: boolean },
): Promise<Result<{ readonly purpose: TurnedKey; readonly rewrapped: number }, readonly Problem[]>> {
  if (!isAlone) return err([problem('key.instance_open', {})]);
  const folder = join(dir, 'keys');
  await audit.append({ operation: 'instance.key_turn', actor: SYSTEM_ACTOR, object: 'instance', outcome: 'done', facts: { purpose } });
  if (purpose === 'release') {
    await turnReleaseKey(folder);
    return ok({ purpose, rewrapped: 0 });
  }
  await turnMasterKey(folder, rng);
  const keys = await openFileKeyStore(folder, rng);
  const results = await rewrapResults(join(dir, 'results'), keys);
  return ok({ purpose, rewrapped: results + (await rewrapModels(join(dir, 'artefacts'), keys)) });
}
