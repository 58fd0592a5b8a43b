import { sha256Hex } from '../egress/release-content.ts';
import { restoreCopy } from '../egress/restore-copy.ts';
import { matchMarks } from '../egress/watermark.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { ok } from '../kernel/result.ts';
import { problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import { allowed, refuseAccess } from './guard.ts';
import type { CopyTraceView, Operations } from './operations.ts';
import type { EgressRecord } from './ports.ts';
import { openContent } from './sealed-content.ts';

type Suspect = CopyTraceView['suspects'][number];

/**
 * Whose copy a table is: compares it with the marks of every release of row-level content of a dataset, recalled ones too, also where it was saved by other
 * programs or lost columns. Says nothing of tables whose numbers are gone. Source: requirements.md GZ-27c; watermark.ts.
 */
export function traceOperations(ports: OperationsPorts): Pick<Operations, 'traceCopy'> {
  const suspectOf = async (
    request: EgressRecord,
    table: Parameters<typeof matchMarks>[0],
    key: Uint8Array,
  ): Promise<readonly Suspect[]> => {
    const content = await openContent(ports, request);
    if (!content.ok) return [];
    const plan = content.value.watermark;
    const { releaseId, merchant } = request;
    if (plan === undefined || releaseId === undefined) return [];
    const copy = restoreCopy(table, content.value.table, plan);
    return matchMarks(copy, plan, key, [releaseId])
      .filter((match) => match.isMarked)
      .map(({ marked, matched }) => ({ release: releaseId, recipient: merchant, marked, matched }));
  };
  return {
    async traceCopy(actor, { dataset, table }) {
      const permitted = await allowed(ports, actor, 'release.trace');
      if (!permitted.ok) return permitted;
      if ((await ports.store.view.datasets.get(dataset)) === null) {
        const missing = [problem('access.not_found', { kind: 'dataset' })];
        return refuseAccess(ports, actor, 'release.trace', missing, { kind: 'dataset', id: dataset });
      }
      const released = await ports.store.view.egress.list({ states: ['RELEASED', 'RECALLED'] });
      const compared = released.filter((request) => request.dataset === dataset && request.productKind === 'masked_dataset');
      const key = await ports.keys.datasetKey(dataset, 'watermark');
      const suspects: Suspect[] = [];
      for (const request of compared) suspects.push(...(await suspectOf(request, table, key)));
      const facts = { contentDigest: sha256Hex(canonicalJson(table)), accused: suspects.map((item) => item.release) };
      await ports.audit.append({ operation: 'release.trace', actor, object: dataset, outcome: 'done', facts });
      return ok({ suspects, compared: compared.length });
    },
  };
}
