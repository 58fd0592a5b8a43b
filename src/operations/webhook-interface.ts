import type { Result } from '../kernel/result.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { DeliveryFailure, DeliveryRecord, WebhookRecord } from './webhook-store.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

export type WebhookView = Omit<WebhookRecord, 'principal'>;

/** The secret is told once. */
export interface NewWebhookView extends WebhookView {
  readonly secret: string;
}

export interface DeliveryView extends Pick<DeliveryRecord, 'id' | 'notice' | 'kind' | 'state' | 'attempts' | 'createdAt'> {
  /** Of one that waits. */
  readonly nextAt?: string;
  readonly status?: number;
  readonly failure?: DeliveryFailure;
}

/**
 * Notices sent to an address of the asker, signed. Everybody manages his own; a notice goes out only to who could read it in his inbox
 * at that moment. Source: tracker issue 5 ("notices (deadlines, verdicts, recalls) in an inbox and by signed webhook").
 */
export interface WebhookOperations {
  /** `url`: https, or a host that the configuration names. `kinds` empty: all. */
  createWebhook(actor: Actor, input: { readonly url: string; readonly kinds: readonly string[] }): Refusable<NewWebhookView>;
  listWebhooks(actor: Actor): Refusable<readonly WebhookView[]>;
  showWebhook(actor: Actor, id: string): Refusable<WebhookView>;
  endWebhook(actor: Actor, id: string): Refusable<WebhookView>;
  /** Puts a delivery of kind `ping` in line. */
  pingWebhook(actor: Actor, id: string): Refusable<WebhookView>;
  /** The last ones, newest first. */
  listDeliveries(actor: Actor, id: string): Refusable<readonly DeliveryView[]>;
}

/** Why an address cannot be one of a webhook by how it is written, or null. Who answers there is looked at when it is sent to. */
export type AddressFault = (url: string) => 'form' | 'scheme' | 'private' | null;
