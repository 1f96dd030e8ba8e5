/** A number says its unit in its name (`latencyMs`); a bare `timeout` hides a bug. */
import ts from 'typescript';
import { lineOf, parse, visit } from './syntax.ts';
import { type Check, isSource, type Violation, type Workspace } from './workspace.ts';

const BARE = /(?:timeout|ttl|delay|interval|latency|duration)$/i;
/** A name that the outside world chose keeps it, with its unit beside it: `ttl: number; // unit: seconds`. */
const UNIT_NOTE = /\bunit:\s*\S/;

function isNumberType(type: ts.TypeNode | undefined): boolean {
  if (type === undefined) return false;
  if (ts.isUnionTypeNode(type)) return type.types.some(isNumberType);
  return type.kind === ts.SyntaxKind.NumberKeyword || type.kind === ts.SyntaxKind.BigIntKeyword;
}

function isNumber(value: ts.Expression | undefined): boolean {
  if (value === undefined) return false;
  if (ts.isNumericLiteral(value) || ts.isBigIntLiteral(value)) return true;
  if (ts.isParenthesizedExpression(value) || ts.isPrefixUnaryExpression(value)) {
    return isNumber(ts.isParenthesizedExpression(value) ? value.expression : value.operand);
  }
  return ts.isBinaryExpression(value) && (isNumber(value.left) || isNumber(value.right));
}

/** Declarations only: in a call, the name of an option is the callee's to choose. */
function isBareNumber(node: ts.Node): node is ts.NamedDeclaration {
  if (ts.isVariableDeclaration(node) || ts.isParameter(node) || ts.isPropertyDeclaration(node)) {
    return isNumberType(node.type) || (node.type === undefined && isNumber(node.initializer));
  }
  return ts.isPropertySignature(node) && isNumberType(node.type);
}

export function findBareNumbers(workspace: Workspace): readonly Violation[] {
  return workspace.files
    .filter(({ path }) => isSource(path))
    .flatMap((file) => {
      const source = parse(file);
      const lines = file.text.split('\n');
      const found: Violation[] = [];
      visit(source, (node) => {
        if (!isBareNumber(node) || node.name === undefined) return;
        const name = node.name.getText(source);
        const line = lineOf(source, node.name);
        if (!BARE.test(name) || UNIT_NOTE.test(lines[line - 1] ?? '')) return;
        found.push({
          path: file.path,
          line,
          message: `${name} has no unit: call it ${name}${/[a-z]/.test(name) ? 'Ms' : '_MS'} or what it is`,
        });
      });
      return found;
    });
}

export const unitSuffixes: Check = { name: 'durations carry their unit in their name', find: findBareNumbers };
