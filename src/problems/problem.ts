import { PROBLEMS, type ProblemCode } from './catalogue.ts';
import type { Facts, Localised, ProblemDefinition } from './definition.ts';

export type FactsOf<C extends ProblemCode> = (typeof PROBLEMS)[C] extends ProblemDefinition<infer F> ? F : never;

/** A refusal as data: stable code and typed facts. Text is made last, by `describe`. */
export interface Problem<C extends ProblemCode = ProblemCode> {
  readonly code: C;
  readonly facts: Facts;
}

export function problem<C extends ProblemCode>(code: C, facts: FactsOf<C>): Problem<C> {
  return { code, facts };
}

/** Status, title and detail of a problem in both languages. */
export function describe(item: Problem): { readonly status: number; readonly title: Localised; readonly detail: Localised } {
  const definition = PROBLEMS[item.code] as unknown as ProblemDefinition<Facts>;
  return { status: definition.status, title: definition.title, detail: definition.detail(item.facts) };
}

/** RFC 9457 body for one or more problems; the first sets type and status. `problems` is our extension for the rest. */
export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly code: ProblemCode;
  readonly facts: Facts;
  readonly problems: readonly { readonly code: ProblemCode; readonly title: string; readonly detail: string; readonly facts: Facts }[];
}

export function problemDocument(problems: readonly Problem[], language: 'en' | 'zh', instance?: string): ProblemDocument {
  const first = problems[0];
  if (first === undefined) throw new Error('A refusal without a problem');
  const head = describe(first);
  return {
    type: `urn:sluice:problem:${first.code}`,
    title: head.title[language],
    status: head.status,
    detail: head.detail[language],
    ...(instance === undefined ? {} : { instance }),
    code: first.code,
    facts: first.facts,
    problems: problems.map((item) => {
      const text = describe(item);
      return { code: item.code, title: text.title[language], detail: text.detail[language], facts: item.facts };
    }),
  };
}
