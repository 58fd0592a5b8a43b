import type { AuditEvent } from '../audit/event.ts';

export const WEBHOOK_STATES = ['active', 'ended'] as const;
export const DELIVERY_STATES = ['waiting', 'delivered', 'given_up'] as const;

/** Why an attempt came to nothing; never a text from outside. */
export const DELIVERY_FAILURES = ['address', 'unresolved', 'connection', 'timeout', 'redirect', 'status', 'ended'] as const;
export type DeliveryFailure = (typeof DELIVERY_FAILURES)[number];

export interface WebhookRecord {
  readonly id: string;
  readonly principal: string;
  readonly url: string;
  /** Kinds of notices, `release.recalled` or `matter.late`; none: all. */
  readonly kinds: readonly string[];
  readonly state: (typeof WEBHOOK_STATES)[number];
  readonly createdAt: string;
}

export interface DeliveryRecord {
  readonly id: string;
  readonly webhook: string;
  /** Id of the notice, or of a ping. */
  readonly notice: string;
  readonly kind: string;
  /** JSON text as it is sent and signed. */
  readonly body: string;
  readonly state: (typeof DELIVERY_STATES)[number];
  readonly attempts: number;
  readonly nextAt: string;
  /** HTTP status of the last attempt. */
  readonly status: number | null;
  readonly failure: DeliveryFailure | null;
  readonly createdAt: string;
}

/** A notice on its way out: ids and codes, never a text of a person. */
export interface OutgoingNotice {
  readonly id: string;
  /** Number of the entry of the log that it belongs to. */
  readonly ordinal: number;
  readonly kind: string;
  readonly at: string;
  readonly about: Readonly<Record<string, string>>;
}

export interface WebhookReads {
  get(id: string): Promise<WebhookRecord | null>;
  /** Newest first. */
  of(principal: string): Promise<readonly WebhookRecord[]>;
  /** Newest first. */
  deliveries(webhook: string, limit: number): Promise<readonly DeliveryRecord[]>;
  /** Active ones of active people with notices that nobody looked at yet, or with deliveries that are due: whether there is anything to do. */
  hasWork(now: string): Promise<boolean>;
}

export interface WebhookWrites extends WebhookReads {
  /** Notices from now on. */
  add(webhook: Omit<WebhookRecord, 'createdAt' | 'state'>, secret: string, event: AuditEvent): Promise<WebhookRecord>;
  /** False where it had ended. Deliveries that wait are given up. */
  end(id: string, event: AuditEvent): Promise<boolean>;
  /** Active ones in the order they were made. */
  active(): Promise<readonly (WebhookRecord & { readonly cursor: number })[]>;
  /** Notices for a person after an entry of the log, oldest first: his own, those of his roles, those of his organisation. */
  noticesAfter(
    reader: { readonly id: string; readonly organisation: string; readonly roles: readonly string[] },
    after: number,
    limit: number,
  ): Promise<readonly OutgoingNotice[]>;
  /** Number of the newest entry of the log that told anybody anything; 0 where none did. */
  newestNotice(): Promise<number>;
  /** Puts deliveries in line, each notice once for a webhook, and remembers how far it was read. */
  enqueue(
    webhook: string,
    deliveries: readonly Pick<DeliveryRecord, 'id' | 'notice' | 'kind' | 'body'>[],
    cursor: number | null,
  ): Promise<void>;
  /** Due deliveries of active webhooks of active people, nobody else's until then, with what they are sent to and signed with. */
  claim(until: string, limit: number): Promise<readonly (DeliveryRecord & { readonly url: string; readonly secret: string })[]>;
  /** What became of an attempt. `event` where it was the last one. */
  settle(
    id: string,
    outcome: Pick<DeliveryRecord, 'state' | 'attempts' | 'nextAt' | 'status' | 'failure'>,
    event: AuditEvent | null,
  ): Promise<void>;
}
