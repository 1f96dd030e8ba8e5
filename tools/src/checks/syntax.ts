/** TypeScript's own parser, for the checks that need more than text. */
import ts from 'typescript';
import type { TextFile } from './workspace.ts';

const parsed = new WeakMap<TextFile, ts.SourceFile>();

export function parse(file: TextFile): ts.SourceFile {
  const known = parsed.get(file);
  if (known !== undefined) return known;
  const source = ts.createSourceFile(file.path, file.text, ts.ScriptTarget.Latest, true);
  parsed.set(file, source);
  return source;
}

export function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

export function lineOf(source: ts.SourceFile, node: ts.Node): number {
  return source.getLineAndCharacterOfPosition(node.getStart(source)).line + 1;
}

export interface Import {
  readonly specifier: string;
  readonly line: number;
  /** Erased at run time. */
  readonly typeOnly: boolean;
  /** The names asked for; undefined when the whole module is. */
  readonly names: readonly string[] | undefined;
}

const namesOf = (elements: ts.NodeArray<ts.ImportSpecifier | ts.ExportSpecifier>) =>
  elements.map((element) => (element.propertyName ?? element.name).text);

function importOf(node: ts.Node): Omit<Import, 'line'> | undefined {
  if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
    const clause = node.importClause;
    const bindings = clause?.namedBindings;
    const onlyNamed =
      clause !== undefined && clause.name === undefined && bindings !== undefined && ts.isNamedImports(bindings);
    const everyNameIsType =
      onlyNamed && bindings.elements.length > 0 && bindings.elements.every((element) => element.isTypeOnly);
    return {
      specifier: node.moduleSpecifier.text,
      typeOnly: clause?.phaseModifier === ts.SyntaxKind.TypeKeyword || everyNameIsType,
      names: onlyNamed ? namesOf(bindings.elements) : undefined,
    };
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && ts.isStringLiteral(node.moduleSpecifier)) {
    const clause = node.exportClause;
    const names = clause !== undefined && ts.isNamedExports(clause) ? namesOf(clause.elements) : undefined;
    return { specifier: node.moduleSpecifier.text, typeOnly: node.isTypeOnly, names };
  }
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
    const [argument] = node.arguments;
    if (argument !== undefined && ts.isStringLiteralLike(argument))
      return { specifier: argument.text, typeOnly: false, names: undefined };
  }
  if (ts.isImportTypeNode(node) && ts.isLiteralTypeNode(node.argument) && ts.isStringLiteral(node.argument.literal)) {
    return { specifier: node.argument.literal.text, typeOnly: true, names: undefined };
  }
  return undefined;
}

/** Static and dynamic imports, re-exports and import types, in order. */
export function importsOf(file: TextFile): readonly Import[] {
  const source = parse(file);
  const found: Import[] = [];
  visit(source, (node) => {
    const match = importOf(node);
    if (match !== undefined) found.push({ ...match, line: lineOf(source, node) });
  });
  return found;
}

/** `@scope/name/deep` to `@scope/name`; undefined for relative, absolute and `node:` specifiers. */
export function packageName(specifier: string): string | undefined {
  if (/^[./#]|^[a-z]+:/.test(specifier)) return undefined;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}
