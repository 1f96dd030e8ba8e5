/** The closed lists of codes, read from the sources as they are written: no list is kept a second time. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import ts from 'typescript';
import { parse, visit } from '../checks/syntax.ts';
import type { TextFile } from '../checks/workspace.ts';

export function readSource(root: string, path: string): TextFile {
  return { path, text: readFileSync(join(root, path), 'utf8') };
}

/** The strings of `type <name> = 'A' | 'B'`. */
export function codesOfUnion(file: TextFile, name: string): readonly string[] {
  const codes: string[] = [];
  visit(parse(file), (node) => {
    if (!ts.isTypeAliasDeclaration(node) || node.name.text !== name) return;
    const members = ts.isUnionTypeNode(node.type) ? node.type.types : [node.type];
    for (const member of members) {
      if (!ts.isLiteralTypeNode(member) || !ts.isStringLiteral(member.literal))
        throw new Error(`${file.path}: ${name} has a member that is no string: ${member.getText()}`);
      codes.push(member.literal.text);
    }
  });
  return codes;
}

/** The members of `const <name> = { A: 'x', B: 'y' }`. */
export function codesOfTable(file: TextFile, name: string): ReadonlyMap<string, string> {
  const codes = new Map<string, string>();
  visit(parse(file), (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || node.name.text !== name) return;
    visit(node, (member) => {
      if (ts.isPropertyAssignment(member) && ts.isStringLiteral(member.initializer))
        codes.set(member.name.getText(), member.initializer.text);
    });
  });
  return codes;
}

/** The names of the members of `const <name> = { A: {...}, B: {...} }`. */
export function namesOfTable(file: TextFile, name: string): readonly string[] {
  const names: string[] = [];
  visit(parse(file), (node) => {
    if (!ts.isVariableDeclaration(node) || !ts.isIdentifier(node.name) || node.name.text !== name) return;
    let table: ts.Expression | undefined = node.initializer;
    while (table !== undefined && (ts.isAsExpression(table) || ts.isSatisfiesExpression(table)))
      table = table.expression;
    if (table === undefined || !ts.isObjectLiteralExpression(table)) return;
    for (const member of table.properties) if (ts.isPropertyAssignment(member)) names.push(member.name.getText());
  });
  return names;
}

/** Codes that a handler answers by itself: `problem(404, 'X', ...)`, or `json(400, { code: 'X', ... })`. */
export function codesOfAnswers(file: TextFile): readonly string[] {
  const codes: string[] = [];
  const add = (value: ts.Expression | undefined) => {
    if (value !== undefined && ts.isStringLiteral(value)) codes.push(value.text);
  };
  visit(parse(file), (node) => {
    if (!ts.isCallExpression(node) || !ts.isIdentifier(node.expression)) return;
    const [, body] = node.arguments;
    if (node.expression.text === 'problem') add(body);
    if (node.expression.text !== 'json' || body === undefined || !ts.isObjectLiteralExpression(body)) return;
    for (const member of body.properties) {
      if (ts.isPropertyAssignment(member) && member.name.getText() === 'code') add(member.initializer);
    }
  });
  return codes;
}

/** Every class of ours that extends `Error` and has a `code`, in the functions and their libraries. */
export function errorClasses(root: string): readonly string[] {
  const names: string[] = [];
  for (const path of globSync(['apps/processor/src/**/*.ts', 'libs/*/src/**/*.ts'], { cwd: root })) {
    if (path.endsWith('.test.ts')) continue;
    visit(parse(readSource(root, path)), (node) => {
      if (!ts.isClassDeclaration(node) || node.name === undefined) return;
      const extendsError =
        node.heritageClauses?.some((clause) => /\bextends \w*Error\b/.test(clause.getText())) ?? false;
      // A code out of a closed list; a single one, as Node's own errors have, is a detail of another error by the time it is seen.
      const hasCode = node.members.some(
        (member) =>
          ts.isPropertyDeclaration(member) &&
          member.name.getText() === 'code' &&
          member.type !== undefined &&
          ts.isTypeReferenceNode(member.type),
      );
      if (extendsError && hasCode) names.push(node.name.text);
    });
  }
  return names.sort();
}
