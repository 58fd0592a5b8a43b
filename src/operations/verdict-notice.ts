import type { AuditEvent } from '../audit/event.ts';
import { newId } from '../kernel/id.ts';
import type { OperationsPorts } from './data-ports.ts';
import type { EgressRecord, NoticeRecord, StoreTransaction } from './ports.ts';

/** Tells the merchant what became of a request, beside the event that decides it. Source: tracker issue 5 ("notices (… verdicts …)"). */
export async function tellVerdict(
  ports: OperationsPorts,
  tx: StoreTransaction,
  request: EgressRecord,
  kind: Extract<NoticeRecord['kind'], `egress.${string}`>,
  event: AuditEvent,
): Promise<void> {
  await tx.notices.add({ id: newId('ntc', ports.rng), recipient: request.merchant, kind, object: request.id }, event);
}
