import { AuditUnavailable } from '../audit/audit-unavailable.ts';
import type { Rng } from '../kernel/rng.ts';
import type { ModelVault } from '../operations/model-vault.ts';
import type { KeyStore } from '../operations/ports.ts';
import { modelName, sealedModelOf } from '../operations/sealed-model.ts';
import { rewrapFolder, type SealedKind, sealedFolder } from './sealed-folder.ts';

/** Grant and digest: the same file of one grant stands once, that of another is another's. */
const MODEL: SealedKind = { name: /^[a-z0-9_-]{1,80}_[0-9a-f]{64}$/, context: 'sluice-model/v1/' };

/** Codes of a disk that takes or gives nothing at this place. */
const BROKEN: readonly string[] = ['EIO', 'EROFS', 'EACCES', 'EPERM', 'ENOTDIR', 'EISDIR', 'ELOOP'];
const NOT_WRITABLE: readonly string[] = [...BROKEN, 'ENOSPC', 'EDQUOT', 'EEXIST'];

/** Sealed models as files `<grant>_<SHA-256>.sealed`. A file that is not what its name says is written anew by who hands the same in again. */
export function openFileModelVault(folder: string, keys: KeyStore, rng: Rng): ModelVault {
  const files = sealedFolder(folder, MODEL, keys, rng);
  const read: ModelVault['open'] = async (grant, model) => {
    const content = await files.open(modelName(grant, model)).catch(damaged);
    if (typeof content === 'string') return content;
    return content.length === model.bytes && sealedModelOf(content).sha256 === model.sha256 ? content : 'changed';
  };
  return {
    async keep(grant, content) {
      const model = sealedModelOf(content);
      const name = modelName(grant, model);
      if (typeof (await read(grant, model)) === 'string') await files.replace(name, content).catch(notWritable);
      return model;
    },
    open: read,
    destroy: (name) => files.destroy(name),
    async names() {
      return (await files.names()).filter((name) => MODEL.name.test(name));
    },
    sweep: () => files.sweep(),
  };
}

/** A disk that takes no model takes no record either: nothing is done, and it is said in the same words. */
function notWritable(fault: unknown): never {
  throw NOT_WRITABLE.includes(codeOf(fault)) ? new AuditUnavailable('log-not-writable', { cause: fault }) : fault;
}

/** What cannot be read is not what was sealed: its job fails, and does not wait for a better day. */
function damaged(fault: unknown): 'changed' {
  if (BROKEN.includes(codeOf(fault))) return 'changed';
  throw fault;
}

function codeOf(fault: unknown): string {
  return fault instanceof Error && 'code' in fault ? String(fault.code) : '';
}

/** Closes every model under the master key in use; gives how many were not. See `rewrapFolder`. */
export function rewrapModels(folder: string, keys: KeyStore): Promise<number> {
  return rewrapFolder(folder, MODEL, keys);
}
