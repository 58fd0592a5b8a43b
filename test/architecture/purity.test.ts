import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { read, sources } from './repository.ts';

/** Folders whose decisions can be replayed: the same arguments give the same answer. The same list as in `.dependency-cruiser.cjs`. */
const PURE = [
  'kernel',
  'problems',
  'catalog',
  'identifiers',
  'sandbox/sql',
  'masking',
  'synthetic',
  'egress',
  'audit',
  'identity',
  'governance',
];

/** Text of what reads the clock or draws a random number without being given one. */
function hiddenInputs(name: string, text: string): readonly string[] {
  const found: string[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isNewExpression(node) && node.expression.getText() === 'Date' && (node.arguments?.length ?? 0) === 0) found.push('new Date()');
    if (ts.isCallExpression(node) && node.expression.getText() === 'Date') found.push('Date()');
    if (ts.isPropertyAccessExpression(node) && /^(Date\.now|Math\.random|process\.\w+|performance\.\w+)$/.test(node.getText()))
      found.push(node.getText());
    if (
      ts.isCallExpression(node) &&
      /^(randomBytes|randomInt|randomUUID|getRandomValues)$/.test(node.expression.getText().split('.').at(-1) ?? '')
    ) {
      found.push(node.expression.getText());
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile(name, text, ts.ScriptTarget.ES2024, true));
  return found;
}

describe('pure folders', () => {
  test('a hidden clock or random number is seen', () => {
    const text = 'new Date(); Date.now(); Math.random(); crypto.randomBytes(4); process.env; new Date(instant); Date.UTC(2026, 0, 1);';
    expect(hiddenInputs('probe.ts', text)).toEqual(['new Date()', 'Date.now', 'Math.random', 'crypto.randomBytes', 'process.env']);
  });

  test('take clock and randomness as arguments', () => {
    const found = PURE.flatMap((folder) => sources(`src/${folder}`)).flatMap((name) =>
      hiddenInputs(name, read(name)).map((what) => `${name}: ${what}`),
    );
    expect(found).toEqual([]);
  });

  test('only config reads the environment', () => {
    const readers = sources('src').filter((name) => name !== 'src/config.ts' && /\bprocess\.env\b/.test(read(name)));
    expect(readers).toEqual([]);
  });
});
