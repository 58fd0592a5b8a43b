import type { paths } from '../../docs/reference/openapi.d.ts';

type Method = 'get' | 'post' | 'put';

/** `/v1/jobs/{id}` as the addresses that it stands for. */
type Filled<P extends string> = P extends `${infer Before}{${string}}${infer After}` ? `${Before}${string}${Filled<After>}` : P;

type WithoutQuery<P extends string> = P extends `${infer Path}?${string}` ? Path : P;

/** Routes of the OpenAPI document that an address is one of: neither more general nor more special. */
type RouteAt<P extends string, M extends Method> = {
  [K in keyof paths & string]: paths[K] extends Record<M, object>
    ? [WithoutQuery<P>] extends [Filled<K>]
      ? [Filled<K>] extends [WithoutQuery<P>]
        ? K
        : never
      : never
    : never;
}[keyof paths & string];

type Content<R> = R extends { content: { 'application/json': infer T } } ? T : never;
type Answers<K, M extends Method> = K extends keyof paths
  ? paths[K] extends Record<M, { responses: infer R }>
    ? Content<{ [S in keyof R]: S extends 200 | 201 | 202 ? R[S] : never }[keyof R]>
    : never
  : never;
type Taken<K, M extends Method> = K extends keyof paths
  ? paths[K] extends Record<M, { requestBody?: infer B }>
    ? Content<NonNullable<B>>
    : never
  : never;

/** What the OpenAPI document says that this address answers; `never` for an address that it does not have. */
export type AnswerAt<P extends string, M extends Method> = Answers<RouteAt<P, M>, M>;

/** Items of a list at this address. */
export type ItemAt<P extends string> = AnswerAt<P, 'get'> extends { items: readonly (infer T)[] } ? T : never;

/** What this address takes as its body. */
export type BodyAt<P extends string> = Frozen<Taken<RouteAt<P, 'post'>, 'post'>>;

/** The same, which nobody changes. */
export type Frozen<T> = T extends readonly (infer Item)[]
  ? readonly Frozen<Item>[]
  : T extends object
    ? { readonly [Name in keyof T]: Frozen<T[Name]> | (undefined extends T[Name] ? undefined : never) }
    : T;

/** A job, an egress request and a load as the API shows them. */
export type JobView = AnswerAt<`/v1/jobs/${string}`, 'get'>;
export type EgressView = AnswerAt<`/v1/egress-requests/${string}`, 'get'>;
export type LoadTask = AnswerAt<`/v1/loads/${string}`, 'get'>;

/** An address of the document, or nothing at all: a call of any other is an error of types. */
export type KnownPath<P extends string, M extends Method> = [RouteAt<P, M>] extends [never] ? never : P;
