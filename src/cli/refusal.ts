import { PROBLEMS, type ProblemCode } from '../problems/catalogue.ts';
import { type Problem, type ProblemDocument, problemDocument } from '../problems/problem.ts';

/** Problems inside a job or load as one RFC 9457 document; `otherwise` stands in where the service named none. */
export function refusalOf(
  problems: readonly { readonly code: string; readonly facts: Readonly<Record<string, unknown>> }[],
  language: 'en' | 'zh',
  instance: string,
  otherwise: ProblemCode,
): ProblemDocument {
  const known = problems.filter((item) => Object.hasOwn(PROBLEMS, item.code)) as readonly Problem[];
  return problemDocument(known.length > 0 ? known : [{ code: otherwise, facts: {} }], language, instance);
}
