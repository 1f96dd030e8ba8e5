/** `npm run planted`: plants known bugs in a copy of the workspace, one at a time, and demands that a test fails for each. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CommandError, runCommand } from '@quartersec/command-line';
import { renderCounts } from '../run/test-report.ts';
import { workspaceRoot } from '../workspace-root.ts';
import { plantIn } from './plant-in.ts';
import { type PlantedBug, plantedBugs } from './planted-bugs.ts';
import { runTests } from './run-tests.ts';
import { copyWorkspace } from './workspace-copy.ts';

const USAGE = `usage: npm run planted -- [options]
Plants ${plantedBugs.length} known bugs one at a time in a copy of this folder, in which their tests are green, and prints which test sees each.

  --only <id,...>   these bugs alone
  --list            names them all and ends
  --help            this text

Exit code 0 only when each is seen by at least one of its tests.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

function choose(only: string | undefined): readonly PlantedBug[] {
  if (only === undefined) return plantedBugs;
  const ids = only.split(',').filter((id) => id !== '');
  const unknown = ids.filter((id) => !plantedBugs.some((bug) => bug.id === id));
  if (ids.length === 0 || unknown.length > 0)
    throw new CommandError('USAGE', `no planted bug is called ${unknown.join(', ') || '""'}; --list names them`);
  return plantedBugs.filter(({ id }) => ids.includes(id));
}

/** @throws {Error} where a test fails without any bug: then its failure would say nothing */
async function demandGreen(copy: string, bugs: readonly PlantedBug[]): Promise<void> {
  const files = [...new Set(bugs.flatMap(({ caughtBy }) => caughtBy))].sort();
  say(`without a bug: ${files.length} test files`);
  const { failed, output } = await runTests(copy, files);
  if (failed.length > 0) throw new Error(`red without any bug:\n  ${failed.join('\n  ')}\n${output}`);
}

/** @returns whether a test has seen it */
async function judge(copy: string, bug: PlantedBug): Promise<boolean> {
  const file = join(copy, bug.file);
  const sound = readFileSync(file, 'utf8');
  writeFileSync(file, plantIn(sound, bug));
  const { failed, output } = await runTests(copy, bug.caughtBy).finally(() => writeFileSync(file, sound));
  const [first, ...more] = failed;
  if (first === undefined) {
    say(`  MISSED ${bug.id}: ${bug.harm}\n${output}`);
    return false;
  }
  say(`  caught ${bug.id.padEnd(28)} ${first}${more.length === 0 ? '' : ` (and ${more.length} more)`}`);
  return true;
}

const command = {
  name: 'planted',
  usage: USAGE,
  options: { only: { type: 'string' }, list: { type: 'boolean', default: false } },
} as const;

await runCommand(command, async ({ values }) => {
  if (values.list) {
    for (const { id, harm } of plantedBugs) say(`${id.padEnd(30)} ${harm}`);
    return;
  }
  const bugs = choose(values.only);
  if (!existsSync(join(workspaceRoot, 'node_modules')))
    throw new CommandError('FAILED', 'install the packages first: npm ci');
  const copy = copyWorkspace(workspaceRoot);
  process.once('exit', copy.remove);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  await demandGreen(copy.folder, bugs);
  let passed = 0;
  for (const bug of bugs) if (await judge(copy.folder, bug)) passed += 1;
  const failed = bugs.length - passed;
  say(`\n${renderCounts({ passed, failed, skipped: 0 })}`);
  process.exitCode = failed === 0 ? 0 : 1;
});
