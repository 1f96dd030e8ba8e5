/** No test is left out for good: `only` and `skip` are for the minute in which they are typed. */
import ts from 'typescript';
import { lineOf, parse, visit } from './syntax.ts';
import { type Check, isSource, type Violation, type Workspace } from './workspace.ts';

const SUITES = new Set(['describe', 'it', 'suite', 'test']);
const MODIFIERS = new Set(['only', 'skip', 'todo']); // skipIf and runIf say their reason

/** `it.each.only` to `it`. */
function rootName(expression: ts.Expression): string | undefined {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isPropertyAccessExpression(expression) ? rootName(expression.expression) : undefined;
}

export function findLeftOutTests(workspace: Workspace): readonly Violation[] {
  return workspace.files
    .filter(({ path }) => isSource(path))
    .flatMap((file) => {
      const source = parse(file);
      const found: Violation[] = [];
      visit(source, (node) => {
        if (!ts.isPropertyAccessExpression(node) || !MODIFIERS.has(node.name.text)) return;
        const root = rootName(node.expression);
        if (root === undefined || !SUITES.has(root)) return;
        found.push({
          path: file.path,
          line: lineOf(source, node),
          message: `${node.getText(source)} leaves tests out`,
        });
      });
      return found;
    });
}

export const focusedTests: Check = { name: 'no test is focused, skipped or postponed', find: findLeftOutTests };
