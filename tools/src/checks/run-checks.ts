/** Runs the checks over a workspace and renders what they found. */
import type { Check, Violation, Workspace } from './workspace.ts';

export interface CheckOutcome {
  readonly passed: number;
  /** Checks that found something, not findings. */
  readonly failed: number;
  readonly lines: readonly string[];
}

const render = ({ path, line, message }: Violation) => `    ${path}${line === undefined ? '' : `:${line}`} ${message}`;

export function runChecks(checks: readonly Check[], workspace: Workspace): CheckOutcome {
  const results = checks.map(({ name, find }) => ({ name, found: find(workspace) }));
  const failed = results.filter(({ found }) => found.length > 0).length;
  const lines = results.flatMap(({ name, found }) => [
    `  ${found.length === 0 ? 'ok  ' : 'FAIL'} ${name}`,
    ...found.map(render),
  ]);
  return { passed: results.length - failed, failed, lines };
}
