/** An answer as it was first sent. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Whose request it is, the key that stands for it, and a digest of everything it asks. */
export interface RequestMark {
  readonly principal: string;
  readonly key: string;
  readonly fingerprint: string;
}

export type EarlierRequest =
  | { readonly kind: 'none' }
  | { readonly kind: 'other' }
  | { readonly kind: 'unsettled' }
  | { readonly kind: 'secret' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer };

/**
 * What was answered to requests that carried an idempotency key, for a day. Not records of the instance: no audit event.
 * Source: draft-ietf-httpapi-idempotency-key-header-07; models-and-audit.md §3.1.
 */
export interface AnswerStore {
  /** Takes the key for this request, at once for all processes; or says what became of the request that has it. */
  begin(mark: RequestMark): Promise<EarlierRequest>;
  /** Keeps the answer; `null` where it held a secret: only that it was done. */
  settle(mark: RequestMark, answer: KeptAnswer | null): Promise<void>;
}
