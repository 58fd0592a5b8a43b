import type { z } from 'zod';
import { type Problem, problem } from '../problems/problem.ts';

/** RFC 6901 pointer of a path. */
export function pointer(path: readonly PropertyKey[]): string {
  return path.map((part) => `/${cut(String(part)).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

function cut(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}

/**
 * Checks the form of one part of a declaration and says every way in which it is wrong. Never repeats a value.
 * `value` is undefined where the form is wrong.
 */
export function readShape<T>(
  schema: z.ZodType<T>,
  input: unknown,
  path: readonly PropertyKey[],
): { readonly value: T | undefined; readonly problems: readonly Problem[] } {
  const outcome = schema.safeParse(input);
  if (outcome.success) return { value: outcome.data, problems: [] };
  return { value: undefined, problems: outcome.error.issues.flatMap((issue) => fromIssue(issue, input, path)) };
}

type Issue = z.core.$ZodIssue;

function fromIssue(issue: Issue, input: unknown, base: readonly PropertyKey[]): readonly Problem[] {
  const path = [...base, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) =>
      key === 'permissions'
        ? problem('declaration.not_supported', { pointer: pointer([...path, key]) })
        : problem('declaration.unknown_field', { pointer: pointer([...path, key]) }),
    );
  }
  const missing = issue.path.length > 0 && !isPresent(input, issue.path);
  if (missing && path.at(-1) === 'label') return [problem('declaration.unlabelled', { pointer: pointer(path.slice(0, -1)) })];
  if (missing) return [problem('declaration.missing_field', { pointer: pointer(path) })];
  const allowed = issue.code === 'invalid_value' ? issue.values.map(String) : undefined;
  return [problem('declaration.invalid', { pointer: pointer(path), reason: 'wrongShape', ...(allowed === undefined ? {} : { allowed }) })];
}

function isPresent(input: unknown, path: readonly PropertyKey[]): boolean {
  let at: unknown = input;
  for (const part of path) {
    if (typeof at !== 'object' || at === null || !Object.hasOwn(at, part)) return false;
    at = (at as Record<PropertyKey, unknown>)[part];
  }
  return true;
}
