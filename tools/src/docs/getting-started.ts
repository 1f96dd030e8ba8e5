/**
 * `npm run docs:walk`: does what docs/getting-started.md tells a newcomer to do, in a fresh clone, and says how long it took.
 * The page and the clone are those of the last commit.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { exitCodeOf, runCommand } from '@quartersec/command-line';
import { workspaceRoot } from '../workspace-root.ts';
import { openTerminal } from './terminal.ts';
import { type StepResult, walk } from './walk.ts';
import { readSteps } from './walk-steps.ts';

const PAGE = 'docs/getting-started.md';
const REPORT = join('perf', 'reports', 'getting-started.json');

const USAGE = `usage: npm run docs:walk [-- --warm]
Clones the last commit into a temporary folder and runs the marked blocks of ${PAGE} there, each with what it
must print. Fails at the first that does not do what the page says, when the alert on the board comes too late, when Ctrl-C
leaves something behind, and when all of it takes longer than libs/sla promises. Removes the folder; ${REPORT}
has the times.

  --warm  with this machine's npm cache; without it every package is fetched, as on a fresh machine
`;

/** A newcomer's shell has nothing of ours: not our Node first on PATH, nothing that npm sets for its scripts. */
const KEPT =
  /^(?:HOME|USER|LOGNAME|LANG|LC_\w+|TMPDIR|(?:https?|no|all)_proxy|NODE_EXTRA_CA_CERTS|SSL_CERT_\w+|npm_config_registry)$/i;

function newcomersEnvironment(npmCache: string | undefined): Readonly<Record<string, string>> {
  const kept = Object.entries(process.env).filter(([name]) => KEPT.test(name));
  const path = (process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules'));
  return {
    ...Object.fromEntries(kept.map(([name, value]) => [name, value ?? ''])),
    PATH: path.join(delimiter),
    ...(npmCache === undefined ? {} : { npm_config_cache: npmCache }),
  };
}

/** By its file: tools depend on none of ours. */
const { objectives } = (await import(pathToFileURL(join(workspaceRoot, 'libs/sla/src/objectives.ts')).href)) as {
  objectives: {
    readonly setUp: { readonly withinMinutes: number };
    readonly alert: { readonly visibleWithinMs: number };
  };
};

const say = (text: string) => process.stdout.write(`${text}\n`);
const git = (...args: string[]) =>
  execFileSync('git', args, { cwd: workspaceRoot, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });

function describe({ title, tookMs, alertAfterMs, problem }: StepResult): string {
  const seconds = `${(tookMs / 1_000).toFixed(1).padStart(7)} s`;
  const alert = alertAfterMs === undefined ? '' : ` (alert on the board after ${(alertAfterMs / 1_000).toFixed(1)} s)`;
  return `${problem === undefined ? 'ok  ' : 'FAIL'} ${seconds}  ${title}${alert}${problem === undefined ? '' : `: ${problem}`}`;
}

async function main(warm: boolean): Promise<void> {
  const steps = readSteps(git('show', `HEAD:${PAGE}`));
  const commit = git('rev-parse', '--short', 'HEAD').trim();
  const uncommitted = git('status', '--porcelain').trim() === '' ? '' : '; what is not committed is not in it';
  say(`walking ${PAGE} of ${commit}: ${steps.length} steps${uncommitted}`);

  const folder = mkdtempSync(join(tmpdir(), 'quartersec-newcomer-'));
  const desk = join(folder, 'desk');
  mkdirSync(desk);
  const terminal = openTerminal({
    folder: desk,
    notes: folder,
    env: newcomersEnvironment(warm ? undefined : join(folder, 'npm-cache')),
    echo: (text) => process.stdout.write(text),
  });
  const tidy = () => {
    terminal.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.once(signal, () => {
      tidy();
      process.exit(exitCodeOf(signal));
    });
  }

  const limitMs = objectives.setUp.withinMinutes * 60_000;
  const results = await walk(steps, {
    terminal,
    repository: workspaceRoot,
    alertWithinMs: objectives.alert.visibleWithinMs,
    stepLimitMs: limitMs,
    onStep: (title) => say(`\n== ${title}`),
  }).finally(tidy);
  const totalMs = results.reduce((sum, { tookMs }) => sum + tookMs, 0);
  const total = `${(totalMs / 60_000).toFixed(1)} minutes of ${objectives.setUp.withinMinutes}`;

  say('\n== Steps');
  for (const result of results) say(describe(result));
  const fine = results.length === steps.length && results.every(({ problem }) => problem === undefined);
  const inTime = totalMs <= limitMs;
  if (!inTime) say('FAIL: it takes longer than promised');
  mkdirSync(join(workspaceRoot, 'perf', 'reports'), { recursive: true });
  writeFileSync(
    join(workspaceRoot, REPORT),
    `${JSON.stringify({ commit, warm, passed: fine && inTime, totalMs, limitMs, steps: results }, null, 2)}\n`,
  );
  say(
    `${fine && inTime ? 'passed' : 'FAILED'}: ${results.length} of ${steps.length} steps, ${total}, reading not counted`,
  );
  process.exitCode = fine && inTime ? 0 : 1;
}

const options = { warm: { type: 'boolean', default: false } } as const;

await runCommand({ name: 'docs:walk', usage: USAGE, options }, ({ values }) => main(values.warm));
