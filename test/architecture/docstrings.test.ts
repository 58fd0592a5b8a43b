import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { read, sources } from './repository.ts';

const RULE_FOLDERS = ['src/egress', 'src/sandbox/sql', 'src/masking', 'src/synthetic'];
const ORIGIN = /Source:|Own design: ADR \d{4}/;

const isExported = (node: ts.HasModifiers) =>
  ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;

function hasDocstring(node: ts.Node, text: string): boolean {
  const last = ts.getLeadingCommentRanges(text, node.pos)?.at(-1);
  return last !== undefined && text.startsWith('/**', last.pos);
}

function isFunctionConstant(statement: ts.VariableStatement): boolean {
  const value = statement.declarationList.declarations[0]?.initializer;
  return value !== undefined && (ts.isArrowFunction(value) || ts.isFunctionExpression(value));
}

/** Exported functions of a file, also those that are constants, that have no docstring. */
function undocumented(name: string): readonly string[] {
  const text = read(name);
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2024, true);
  return file.statements.flatMap((statement) => {
    if (ts.isFunctionDeclaration(statement)) {
      return isExported(statement) && !hasDocstring(statement, text) ? [statement.name?.text ?? ''] : [];
    }
    if (!ts.isVariableStatement(statement) || !isExported(statement) || !isFunctionConstant(statement)) return [];
    return hasDocstring(statement, text) ? [] : [statement.declarationList.declarations[0]?.name.getText() ?? ''];
  });
}

describe('rules', () => {
  const files = RULE_FOLDERS.flatMap((folder) => sources(folder));

  test('are there', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  test('say of every exported function what it gives', () => {
    expect(files.flatMap((name) => undocumented(name).map((item) => `${name}: ${item}`))).toEqual([]);
  });

  test('say in every file where they come from', () => {
    expect(files.filter((name) => !ORIGIN.test(read(name)))).toEqual([]);
  });
});
