import fc from 'fast-check';
import { expect, test } from 'vitest';
import { catalogDigest } from '../../src/catalog/canonical-dataset.ts';
import { readDeclaration } from '../../src/catalog/declaration.ts';
import { problemDocument } from '../../src/problems/problem.ts';
import { cityDeclaration } from '../support/city-declaration.ts';

/** Every place of a JSON value, as a path. */
function places(value: unknown, path: readonly string[] = []): readonly (readonly string[])[] {
  if (typeof value !== 'object' || value === null) return [path];
  return [path, ...Object.entries(value).flatMap(([key, item]) => places(item, [...path, key]))];
}

function replaced(value: unknown, path: readonly string[], by: unknown): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return by;
  const copy: Record<string, unknown> = Array.isArray(value)
    ? ([...value] as unknown as Record<string, unknown>)
    : { ...(value as object) };
  Object.defineProperty(copy, first, { value: replaced(copy[first], rest, by), enumerable: true, configurable: true, writable: true });
  return copy;
}

function judge(json: unknown): void {
  const outcome = readDeclaration(json);
  if (outcome.ok) {
    expect(catalogDigest(outcome.value.dataset)).toMatch(/^[0-9a-f]{64}$/);
    return;
  }
  expect(outcome.error.length).toBeGreaterThan(0);
  expect(problemDocument(outcome.error, 'zh').detail).not.toBe('');
}

test('any JSON is judged, never thrown at', () => {
  fc.assert(fc.property(fc.jsonValue(), judge), { numRuns: 500 });
});

test('a sound declaration with any JSON anywhere is judged, never thrown at', () => {
  const anywhere = fc.constantFrom(...places(cityDeclaration()));
  fc.assert(
    fc.property(anywhere, fc.jsonValue(), (path, by) => judge(replaced(cityDeclaration(), path, by))),
    { numRuns: 1000 },
  );
});

test('a field that nobody knows is refused wherever it stands', () => {
  const objects = places(cityDeclaration()).filter((path) => {
    const at = path.reduce<unknown>((value, key) => (value as Record<string, unknown>)[key], cityDeclaration());
    // Tables, columns and units are named by the declaration itself.
    const named = path.at(-1) === 'tables' || path.at(-1) === 'columns' || path.at(-1) === 'units';
    return typeof at === 'object' && at !== null && !Array.isArray(at) && !named;
  });
  const names = fc.stringMatching(/^[a-z]{3,12}$/).map((name) => `x_${name}`);
  fc.assert(
    fc.property(fc.constantFrom(...objects), names, fc.jsonValue(), (path, name, by) => {
      const outcome = readDeclaration(replaced(cityDeclaration(), [...path, name], by));
      expect(outcome.ok ? [] : outcome.error.map((item) => item.code)).toContain('declaration.unknown_field');
    }),
  );
});
