/** `npm run check`: the rules of this workspace that no linter knows. */
import { runCommand } from '@quartersec/command-line';
import { ALL_CHECKS } from './checks/all-checks.ts';
import { runChecks } from './checks/run-checks.ts';
import { readWorkspace } from './checks/workspace.ts';
import { workspaceRoot } from './workspace-root.ts';

const USAGE = `usage: npm run check
Checks import directions, declared dependencies, purity, house rules and package manifests over all files
that git tracks or would track. Exit code 1 when a rule is broken; each finding names file and line.
`;

await runCommand({ name: 'check', usage: USAGE, options: {} }, () => {
  process.stderr.write('checking all files of the workspace ...\n');
  const { passed, failed, lines } = runChecks(ALL_CHECKS, readWorkspace(workspaceRoot));
  process.stdout.write(`${lines.join('\n')}\n${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
});
