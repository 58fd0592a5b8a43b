import { type ContentFile, sha256Hex } from '../egress/release-content.ts';
import { canonicalJson } from '../kernel/canonical-json.ts';
import { riskPage } from '../masking/risk/risk-page.ts';
import type { MaskedProduct } from '../pipeline/masked/make-masked-product.ts';
import type { OperationsPorts } from './data-ports.ts';

const file = (name: string, text: string): ContentFile => ({ name, base64: Buffer.from(text, 'utf8').toString('base64') });

/**
 * The risk page of a masked dataset, signed with the release key, and the same for machines with how it was made. Reviewers vote on both; they go out with the rows, and say nothing that the rows do not.
 * Source: issue "Masking" (one signed page with pictures and plain words); GB/T 42460-2023; RFC 8032.
 */
export async function riskFiles(
  ports: Pick<OperationsPorts, 'keys'>,
  { risk, summary }: MaskedProduct,
  title: string,
): Promise<readonly ContentFile[]> {
  const signature = Buffer.from(await ports.keys.sign('release', Buffer.from(canonicalJson(risk), 'utf8'))).toString('base64');
  const record = { format: 'sluice-risk-1', made: summary, risk, riskDigest: sha256Hex(canonicalJson(risk)), signature };
  return [file('risk.html', riskPage(risk, title, signature)), file('risk.json', canonicalJson(record))];
}
