/** `npm test` and `npm run affected`: everything a contributor must see green, with one line of sums at the end. */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@quartersec/command-line';
import { ALL_CHECKS } from './checks/all-checks.ts';
import { runChecks } from './checks/run-checks.ts';
import { readWorkspace, type Workspace } from './checks/workspace.ts';
import { type Dynoxide, startDynoxide } from './run/dynoxide.ts';
import { cacheKeyOf, describeMissing, findNeeds, NEEDS, type Need } from './run/needs.ts';
import { type NxChoices, runNx, type TaskOutcome, targetsOf } from './run/nx-tasks.ts';
import { answers } from './run/probe-command.ts';
import { type Gate, type ProjectRun, summarise } from './run/project-summary.ts';
import {
  add,
  type Counts,
  type CoverageSummary,
  NOTHING,
  renderCounts,
  type TestReport,
  tellFailures,
} from './run/test-report.ts';
import { workspaceRoot } from './workspace-root.ts';

const USAGE = `usage: npm test -- [options]
Workspace checks, then lint, types, test and build of every package, and the sums as the last line.
Results are cached by content: what did not change is not run again, and its tests count as they ran last.

  --affected          only what the changes since --base can reach (npm run affected)
  --base <ref>        git ref to compare with; main unless told (with --affected)
  --projects <names>  only these packages, e.g. "@quartersec/storage" or "@quartersec/sandbox-*"
  --skip-nx-cache     run everything again
  --help              this text

Some tests need more than Node (${NEEDS.map(({ id }) => id).join(', ')}). What is missing is named and its tests are
left out; with CI=true it is a failure. Exit code 0 only when everything passed.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);
const heading = (text: string) => say(`\n== ${text}`);
const isCi = process.env.CI === 'true';
const TEST_REPORT = 'tests.json';
const COVERAGE_REPORT = join('coverage', 'coverage-summary.json');
/**
 * The tests start Node some hundred times. What it has compiled once, and freed of types, it finds here again by its content: half of
 * what a start costs. Of this run alone, so that no run depends on an earlier one.
 */
const compiledCode = join(workspaceRoot, '.cache', `compiled-${process.pid}`);
const reportsFolder = join(workspaceRoot, '.reports');

function readJson<T>(file: string): T | undefined {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as T) : undefined;
}

/** A report of an earlier run must not be counted for this one; Nx restores those of cached results. */
function removeReports(folder: string): void {
  for (const file of [TEST_REPORT, COVERAGE_REPORT]) rmSync(join(reportsFolder, folder, file), { force: true });
}

/** The gate has one home, vitest's own configuration. */
async function readGate(): Promise<Gate> {
  const loaded = (await import(join(workspaceRoot, 'vitest.config.mts'))) as {
    default: { test: { coverage: { thresholds: { lines: number; branches: number } } } };
  };
  const { lines, branches } = loaded.default.test.coverage.thresholds;
  return { linesPercent: lines, branchesPercent: branches };
}

async function startDatabase(present: readonly Need[]): Promise<{ database?: Dynoxide; problem?: string }> {
  if (!present.some(({ id }) => id === 'cargo')) return {};
  try {
    const database = await startDynoxide(workspaceRoot);
    say(`Dynoxide answers at ${database.url}`);
    return { database };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function readRuns(tasks: readonly TaskOutcome[], workspace: Workspace): readonly ProjectRun[] {
  return tasks
    .filter(({ target }) => target === 'test')
    .map((task) => {
      const folder = workspace.packages.find(({ manifest }) => manifest.name === task.project)?.folder ?? task.project;
      const reports = join(reportsFolder, folder);
      return {
        ...task,
        folder,
        report: readJson<TestReport>(join(reports, TEST_REPORT)),
        coverage: readJson<CoverageSummary>(join(reports, COVERAGE_REPORT)),
      };
    })
    .sort((a, b) => a.folder.localeCompare(b.folder));
}

function summariseTasks(tasks: readonly TaskOutcome[], choices: NxChoices): Counts {
  return targetsOf(choices)
    .filter((target) => target !== 'test')
    .map((target) => {
      const own = tasks.filter((task) => task.target === target);
      const broken = own.filter(({ succeeded }) => !succeeded);
      const counts = { passed: own.length - broken.length, failed: broken.length, skipped: 0 };
      const names = broken.length === 0 ? '' : `: ${broken.map(({ project }) => project).join(', ')}`;
      say(`  ${broken.length === 0 ? 'ok  ' : 'FAIL'} ${target.padEnd(20)} ${renderCounts(counts)}${names}`);
      return counts;
    })
    .reduce(add, NOTHING);
}

async function run(choices: NxChoices): Promise<Counts> {
  heading('Workspace checks');
  const workspace = readWorkspace(workspaceRoot);
  const checks = runChecks(ALL_CHECKS, workspace);
  say(checks.lines.join('\n'));

  heading('What the tests need');
  const { present, missing } = findNeeds(NEEDS, answers);
  const { database, problem } = await startDatabase(present);
  const usable = present.filter(({ id }) => id !== 'cargo' || database !== undefined);
  say(`found: ${usable.map(({ id }) => id).join(', ') || 'nothing beyond Node'}`);
  for (const need of missing) say(describeMissing(need));
  if (problem !== undefined) say(`left out: storage and DAX against Dynoxide\n    ${problem}`);
  const lacking = isCi ? NEEDS.length - usable.length : 0;
  if (lacking > 0)
    say(`FAIL: with CI=true nothing may be left out, and ${lacking} of ${NEEDS.length} needs are not met`);

  heading(choices.affected ? 'Packages that the changes can reach' : 'All packages');
  for (const { folder } of workspace.packages) removeReports(folder);
  const env = {
    ...process.env,
    NODE_COMPILE_CACHE: compiledCode,
    QUARTERSEC_TEST_NEEDS: cacheKeyOf(usable),
    ...(database === undefined ? {} : { DYNOXIDE_URL: database.url }),
  };
  const { exitCode, tasks } = await runNx(workspaceRoot, choices, env).finally(async () => {
    await database?.stop();
    rmSync(compiledCode, { recursive: true, force: true });
  });

  heading('Result');
  const verdict = checks.failed === 0 ? 'ok  ' : 'FAIL';
  say(`  ${verdict} ${'workspace checks'.padEnd(20)} ${renderCounts({ ...NOTHING, ...checks })}`);
  const gate = await readGate();
  const runs = readRuns(tasks, workspace);
  const lines = runs.map((one) => summarise(one, gate));
  for (const { text } of lines) say(`  ${text}`);
  const counted = [
    { ...NOTHING, ...checks },
    summariseTasks(tasks, choices),
    ...lines.map(({ counts }) => counts),
  ].reduce(add, NOTHING);
  const unexplained = exitCode !== 0 && !tasks.some(({ succeeded }) => !succeeded) ? 1 : 0;
  if (unexplained > 0) say(`  FAIL nx ended with exit code ${exitCode}`);
  for (const { report } of runs) {
    if (report !== undefined) for (const line of tellFailures(report, workspaceRoot)) say(line);
  }
  return { ...counted, failed: counted.failed + lacking + unexplained };
}

const command = {
  name: process.argv.includes('--affected') ? 'affected' : 'test',
  usage: USAGE,
  options: {
    affected: { type: 'boolean', default: false },
    base: { type: 'string' },
    projects: { type: 'string' },
    'skip-nx-cache': { type: 'boolean', default: false },
  },
} as const;

await runCommand(command, async ({ values }) => {
  const { affected, base, projects } = values;
  const counts = await run({ affected, base, projects, skipCache: values['skip-nx-cache'] });
  say(`\n${renderCounts(counts)}`);
  process.exitCode = counts.failed === 0 ? 0 : 1;
});
