import type { ApiDefinition } from '../egress/api-product.ts';
import type { Result } from '../kernel/result.ts';
import type { ResultTable } from '../pipeline.ts';
import type { Problem } from '../problems/problem.ts';
import type { Actor } from './actor.ts';
import type { EgressView } from './operations.ts';

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

/** Products that answer after their release. Source: requirements.md §10.3 (O), QY-24c. */
export interface ProductOperations {
  /** Opens an egress request of kind `api`: what is approved is the query with holes. Every corner of its domains must be admitted. */
  createApi(actor: Actor, input: { readonly dataset: string } & Omit<ApiDefinition, 'format'>): Refusable<EgressView>;
  /** One value for each parameter. Answers when the gate has, and with one constant where nothing may leave. */
  callApi(
    actor: Actor,
    input: { readonly id: string; readonly values: Readonly<Record<string, string | number>> },
  ): Refusable<ApiAnswerView>;
  /** Operators and supervisors: while stopped, a product answers nothing. */
  stopProduct(
    actor: Actor,
    input: { readonly id: string; readonly isStopped: boolean; readonly reason: string },
  ): Refusable<{ readonly isStopped: boolean }>;
}
