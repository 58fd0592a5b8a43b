import { readFileSync } from 'node:fs';
import ts from 'typescript';

/** What a problem's wording needs to know, read from the type of its facts. */
export interface FactShape {
  readonly name: string;
  readonly kind: 'text' | 'number' | 'boolean' | 'list';
  readonly optional: boolean;
  /** The closed list of words, where the type is one; else empty. */
  readonly words: readonly string[];
}

/** One variable that `src/config.ts` reads. */
export interface Setting {
  readonly name: string;
  readonly form: string;
  readonly preset: string;
}

function wordsOf(type: ts.Type): readonly string[] {
  const members = type.isUnion() ? type.types : [type];
  const literals = members.filter((member) => member.isStringLiteral());
  return literals.length === members.length ? literals.map((member) => member.value) : [];
}

function shapeOf(checker: ts.TypeChecker, property: ts.Symbol): FactShape {
  const type = checker.getNonNullableType(checker.getTypeOfSymbol(property));
  const optional = (property.flags & ts.SymbolFlags.Optional) !== 0;
  const element = checker.getIndexTypeOfType(type, ts.IndexKind.Number);
  if (checker.isArrayLikeType(type)) {
    return { name: property.name, kind: 'list', optional, words: element === undefined ? [] : wordsOf(element) };
  }
  const members = type.isUnion() ? type.types : [type];
  if (members.every((member) => (member.flags & ts.TypeFlags.BooleanLike) !== 0))
    return { name: property.name, kind: 'boolean', optional, words: [] };
  if (members.every((member) => (member.flags & ts.TypeFlags.NumberLike) !== 0))
    return { name: property.name, kind: 'number', optional, words: [] };
  return { name: property.name, kind: 'text', optional, words: wordsOf(type) };
}

/** The facts of every problem in the catalogue, by code, from the types in the source. Takes about a second. */
export function problemFacts(): ReadonlyMap<string, readonly FactShape[]> {
  const file = 'src/problems/catalogue.ts';
  const program = ts.createProgram([file], {
    strict: true,
    noEmit: true,
    skipLibCheck: true,
    types: [],
    target: ts.ScriptTarget.ES2024,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    allowImportingTsExtensions: true,
  });
  const checker = program.getTypeChecker();
  const source = program.getSourceFile(file);
  if (source === undefined) throw new Error(`Cannot read ${file}`);
  const exported = checker
    .getExportsOfModule(checker.getSymbolAtLocation(source) as ts.Symbol)
    .find((symbol) => symbol.name === 'PROBLEMS');
  if (exported === undefined) throw new Error('PROBLEMS is not there');
  const shapes = new Map<string, readonly FactShape[]>();
  for (const problem of checker.getTypeOfSymbol(exported).getProperties()) {
    const detail = checker.getTypeOfSymbol(problem).getProperty('detail');
    const parameter = detail && checker.getTypeOfSymbol(detail).getCallSignatures()[0]?.getParameters()[0];
    const facts = parameter ? checker.getTypeOfSymbol(parameter).getProperties() : [];
    shapes.set(
      problem.name,
      facts.map((fact) => shapeOf(checker, fact)),
    );
  }
  return shapes;
}

/** A product of numbers and of constants of the file, such as `64 * MIB`. */
function numberOf(node: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): number {
  if (ts.isNumericLiteral(node)) return Number(node.text);
  if (ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.AsteriskToken) {
    return numberOf(node.left, constants) * numberOf(node.right, constants);
  }
  const constant = ts.isIdentifier(node) ? constants.get(node.text) : undefined;
  if (constant === undefined) throw new Error(`Not a number: ${node.getText()}`);
  return numberOf(constant, constants);
}

function settingOf(name: string, schema: ts.Expression, constants: ReadonlyMap<string, ts.Expression>): Setting {
  const text = schema.getText();
  const preset = /\.default\('([^']*)'\)/.exec(text)?.[1] ?? '';
  if (ts.isCallExpression(schema) && schema.expression.getText() === 'integer') {
    const [least, most, value] = schema.arguments.map((argument) => numberOf(argument, constants));
    return { name, form: `whole number, ${least} to ${most}`, preset: String(value) };
  }
  const words = /z\.enum\(\[([^\]]*)\]\)/.exec(text)?.[1];
  return { name, form: words === undefined ? 'text' : words.replaceAll("'", '`'), preset };
}

/** The variables of `VARIABLES` in `src/config.ts`, in their order. */
export function settings(): readonly Setting[] {
  const file = 'src/config.ts';
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.ES2024, true);
  const constants = new Map<string, ts.Expression>();
  for (const statement of source.statements) {
    if (!ts.isVariableStatement(statement)) continue;
    for (const item of statement.declarationList.declarations) if (item.initializer) constants.set(item.name.getText(), item.initializer);
  }
  const schema = constants.get('VARIABLES');
  const shape = schema && ts.isCallExpression(schema) ? schema.arguments[0] : undefined;
  if (shape === undefined || !ts.isObjectLiteralExpression(shape)) throw new Error('VARIABLES is not an object of schemas');
  return shape.properties.flatMap((property) =>
    ts.isPropertyAssignment(property) ? [settingOf(property.name.getText(), property.initializer, constants)] : [],
  );
}
