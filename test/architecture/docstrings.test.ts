import ts from 'typescript';
import { describe, expect, test } from 'vitest';
import { read, sources } from './repository.ts';

const RULE_FOLDERS = ['src/egress', 'src/sandbox/sql', 'src/masking', 'src/synthetic'];

interface Exported {
  readonly name: string;
  readonly comment: string;
}

const isExported = (node: ts.HasModifiers) =>
  ts.getModifiers(node)?.some((modifier) => modifier.kind === ts.SyntaxKind.ExportKeyword) ?? false;

function commentBefore(node: ts.Node, text: string): string {
  const ranges = ts.getLeadingCommentRanges(text, node.pos) ?? [];
  const last = ranges.at(-1);
  const comment = last === undefined ? '' : text.slice(last.pos, last.end);
  return comment.startsWith('/**') ? comment : '';
}

/** Exported functions of a file, also those that are constants, with their docstrings. */
function exportedFunctions(name: string): readonly Exported[] {
  const text = read(name);
  const file = ts.createSourceFile(name, text, ts.ScriptTarget.ES2024, true);
  return file.statements.flatMap((statement): Exported[] => {
    if (ts.isFunctionDeclaration(statement) && isExported(statement)) {
      return [{ name: statement.name?.text ?? '', comment: commentBefore(statement, text) }];
    }
    if (!ts.isVariableStatement(statement) || !isExported(statement)) return [];
    const first = statement.declarationList.declarations[0];
    const isFunction =
      first?.initializer !== undefined && (ts.isArrowFunction(first.initializer) || ts.isFunctionExpression(first.initializer));
    return isFunction ? [{ name: first.name.getText(), comment: commentBefore(statement, text) }] : [];
  });
}

/** The docstring at the head of the file, which may give the source of everything in it. */
function headComment(name: string): string {
  return /^\s*\/\*\*[\s\S]*?\*\//.exec(read(name))?.[0] ?? '';
}

describe('rules say where they come from', () => {
  const files = RULE_FOLDERS.flatMap((folder) => sources(folder));

  test('there are rules', () => {
    expect(files.length).toBeGreaterThan(0);
  });

  test.each(files)('%s', (name) => {
    const head = headComment(name).includes('Source:');
    const silent = exportedFunctions(name).filter((item) => item.comment === '' || !(head || item.comment.includes('Source:')));
    expect(silent.map((item) => item.name)).toEqual([]);
  });
});
