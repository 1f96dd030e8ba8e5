/** The promise is declared once, in libs/sla: a copy of its number elsewhere is a promise that drifts. */
import ts from 'typescript';
import { lineOf, parse, visit } from './syntax.ts';
import { type Check, isSource, isTest, type Violation, type Workspace } from './workspace.ts';

const PROMISE_MS = Number('250'); // not a literal: this file is checked too
const HOME = 'libs/sla/';

export function findCopiedPromise(workspace: Workspace): readonly Violation[] {
  return workspace.files
    .filter(({ path }) => isSource(path) && !isTest(path) && !path.startsWith(HOME))
    .flatMap((file) => {
      const source = parse(file);
      const found: Violation[] = [];
      visit(source, (node) => {
        if (!ts.isNumericLiteral(node) || Number(node.text) !== PROMISE_MS) return;
        found.push({
          path: file.path,
          line: lineOf(source, node),
          message: `holds the number ${PROMISE_MS}: read it from @quartersec/sla`,
        });
      });
      return found;
    });
}

export const slaLiterals: Check = { name: 'the promise is declared in libs/sla alone', find: findCopiedPromise };
