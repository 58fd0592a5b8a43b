import type { PackageFile } from '../egress/release-package.ts';
import { ok } from '../kernel/result.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { Operations } from './operations.ts';

const MOST_VOTES = 100;

/** Number of the entry of the request's last assessment, the one that counts; empty without. */
async function assessmentEntry(ports: OperationsPorts, egress: string): Promise<readonly number[]> {
  const terms = [
    { kind: 'object', term: egress },
    { kind: 'operation', term: 'egress.assess' },
  ] as const;
  return (await ports.audit.search({ terms, from: null, to: null, before: null, limit: 1 })).map(({ seq }) => seq);
}

/** Numbers of the entries that tell of approvals of one request over this content, of all people or of one, oldest first. */
async function approvalEntries(ports: OperationsPorts, egress: string, contentDigest: string, by?: string): Promise<readonly number[]> {
  const terms = [
    { kind: 'object', term: egress },
    { kind: 'operation', term: 'egress.vote' },
    ...(by === undefined ? [] : [{ kind: 'actor', term: by } as const]),
  ] as const;
  const entries = await ports.audit.search({ terms, from: null, to: null, before: null, limit: MOST_VOTES });
  return entries
    .filter(({ facts }) => facts['vote'] === 'approve' && facts['contentDigest'] === contentDigest)
    .map(({ seq }) => seq)
    .toReversed();
}

/**
 * Receipts of a request's approvals, and of its assessment, as files of its release package: C2SP tlog-proofs,
 * `approval-1.tlog-proof`, …, that
 * its recipient and anybody else can check without an instance. Throws `AuditUnavailable` where no checkpoint can be
 * signed. Source: C2SP tlog-proof; models-and-audit.md §2.4 "Receipts".
 */
export async function approvalReceipts(ports: OperationsPorts, egress: string, contentDigest: string): Promise<readonly PackageFile[]> {
  const files: PackageFile[] = [];
  const add = async (name: string, seqs: readonly number[]): Promise<void> => {
    for (const [at, seq] of seqs.entries()) {
      const receipt = await ports.audit.receipt(seq);
      if (receipt !== null) files.push({ name: `${name}-${at + 1}.tlog-proof`, bytes: Buffer.from(receipt, 'utf8') });
    }
  };
  await add('approval', await approvalEntries(ports, egress, contentDigest));
  await add('assessment', await assessmentEntry(ports, egress));
  return files;
}

/** The same operations, with a receipt in the answer to an approval. Where none can be made the approval stands without. */
export function withApprovalReceipts<T extends Pick<Operations, 'approve'>>(ports: OperationsPorts, operations: T): T {
  return {
    ...operations,
    async approve(actor, input) {
      const approved = await operations.approve(actor, input);
      if (!approved.ok) return approved;
      try {
        const seq = (await approvalEntries(ports, approved.value.id, approved.value.contentDigest, actor.id)).at(-1);
        const receipt = seq === undefined ? null : await ports.audit.receipt(seq);
        return receipt === null ? approved : ok({ ...approved.value, receipt });
      } catch (fault) {
        ports.onFault(fault);
        return approved;
      }
    },
  };
}
