import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { sampleWording } from '../../scripts/reference-pages.ts';
import { problemFacts } from '../../scripts/source-reader.ts';
import { PROBLEMS, type ProblemCode } from '../../src/problems/catalogue.ts';
import { read, sources } from './repository.ts';

const CODES = Object.keys(PROBLEMS) as ProblemCode[];
const SHAPES = problemFacts();

/** Keys of every `…_PROBLEMS` object of a file, repetitions included: a spread would hide them. */
function codesBornIn(name: string): readonly string[] {
  const file = ts.createSourceFile(name, read(name), ts.ScriptTarget.ES2024, true);
  const born: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isVariableDeclaration(node) && node.name.getText().endsWith('_PROBLEMS')) {
      const value = node.initializer && ts.isAsExpression(node.initializer) ? node.initializer.expression : node.initializer;
      if (value === undefined || !ts.isObjectLiteralExpression(value))
        throw new Error(`${name}: ${node.name.getText()} is not a plain object`);
      for (const property of value.properties) {
        if (property.name === undefined) throw new Error(`${name}: a spread hides codes`);
        born.push(property.name.getText().replaceAll("'", ''));
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return born;
}

describe('catalogue of problems', () => {
  test('defines every code once', () => {
    const born = sources('src/problems/codes').flatMap(codesBornIn);
    expect(born.length).toBeGreaterThan(0);
    expect([...born].sort()).toEqual([...new Set(born)].sort());
    expect([...born].sort()).toEqual([...CODES].sort());
  });

  test('is documented whole', () => {
    const documented = [...read('docs/reference/problems.md').matchAll(/^## `(.+)`$/gm)].map((match) => String(match[1]));
    expect(documented).toEqual([...CODES].sort());
  });

  test.each(CODES)('%s has a stable form, a status of refusal and full sentences in both languages', (code) => {
    const { status, title } = PROBLEMS[code];
    const text = sampleWording(code, SHAPES.get(code) ?? []);
    expect(code).toMatch(/^[a-z]+(\.[a-z0-9_]+)+$/);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(status).toBeLessThan(600);
    expect(title.en).toMatch(/^[A-Z]/);
    expect(title.zh).toMatch(/\p{Script=Han}/u);
    expect(text.en).toMatch(/[.!?]["”)]?$/);
    expect(text.zh).toMatch(/\p{Script=Han}/u);
    expect(text.zh).toMatch(/[。！？）”]$/);
    expect(text.en + text.zh).not.toMatch(/undefined|\[object|NaN/);
  });
});
