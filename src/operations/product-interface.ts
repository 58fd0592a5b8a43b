import type { ApiDefinition } from '../egress/api-product.ts';
import type { VerificationAnswer, VerificationDefinition } from '../egress/verification.ts';
import type { Result } from '../kernel/result.ts';
import type { ResultTable } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { EgressView } from './egress-interface.ts';

type Refusable<T> = Promise<Result<T, readonly Problem[]>>;

/** What one call of a released interface gave. Source: requirements.md §10.3 (api). */
export interface ApiAnswerView {
  readonly call: string;
  readonly release: string;
  readonly table: ResultTable;
  /** As on releases: over public labels only. */
  readonly withheldBand: string;
  readonly caution: { readonly en: string; readonly zh: string };
}

/** One answer for each key, in the order asked. Source: requirements.md QY-24c. */
export interface VerificationAnswersView {
  readonly release: string;
  readonly answers: readonly VerificationAnswer[];
}

/** Products that answer after their release. Source: requirements.md §10.3 (O), QY-24c. */
export interface ProductOperations {
  /** Opens an egress request of kind `api`: what is approved is the query with holes. Every corner of its domains must be admitted. */
  createApi(actor: Actor, input: { readonly dataset: string } & Omit<ApiDefinition, 'format'>): Refusable<EgressView>;
  /** One value for each parameter. Answers when the gate has, and with one constant where nothing may leave. */
  callApi(
    actor: Actor,
    input: { readonly id: string; readonly values: Readonly<Record<string, string | number>> },
  ): Refusable<ApiAnswerView>;
  /** Opens an egress request of kind `verification`. */
  createVerification(actor: Actor, input: { readonly dataset: string } & Omit<VerificationDefinition, 'format'>): Refusable<EgressView>;
  /** A batch of keys with what is claimed of each, on a legal basis or consent that `reference` names. Answered whole or not at all. */
  verifyKeys(
    actor: Actor,
    input: {
      readonly id: string;
      readonly reference: string;
      readonly items: readonly { readonly key: string; readonly claim?: string | undefined }[];
    },
  ): Refusable<VerificationAnswersView>;
  /** Operators and supervisors: while stopped, a product answers nothing. */
  stopProduct(
    actor: Actor,
    input: { readonly id: string; readonly isStopped: boolean; readonly reason: string },
  ): Refusable<{ readonly isStopped: boolean }>;
}
