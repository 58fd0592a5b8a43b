import { decodeContent, type ReleaseContent } from '../egress/release-content.ts';
import { err, ok, type Result } from '../kernel/result.ts';
import { type Problem, problem } from '../problems/problem.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { EgressRecord } from './ports.ts';

/**
 * The sealed content of a request, only if its bytes are intact, are those of the request's digest, and speak of this
 * very job and merchant: sealed bytes moved from one job to another are refused too.
 */
export async function openContent(ports: OperationsPorts, request: EgressRecord): Promise<Result<ReleaseContent, readonly Problem[]>> {
  const opened = await ports.vault.open(request.job);
  if (!opened.ok) return opened;
  const content = decodeContent(opened.value, request.contentDigest);
  if (content === null || content.job !== request.job || content.merchant !== request.merchant || content.dataset !== request.dataset) {
    return err([problem('egress.content_changed', {})]);
  }
  return ok(content);
}
