/** `npm run mutate`: changes the pure cores one place at a time and demands that tests see nearly every change. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError, runCommand } from '@quartersec/command-line';
import { copyWorkspace } from '../planted/workspace-copy.ts';
import { workspaceRoot } from '../workspace-root.ts';
import { chooseFiles } from './choose-files.ts';
import { percentOf, renderScores, type Score, scoreOf, sum, tellUnseen } from './mutation-report.ts';
import { type PureCore, pureCores } from './pure-cores.ts';
import { runStryker } from './run-stryker.ts';

/** What a package's tests must see of the mutants of its core. */
const LEAST_PERCENT = 85;
const names = pureCores.map(({ name }) => name).join(', ');

const USAGE = `usage: npm run mutate -- [options]
Mutation testing (StrykerJS) of the pure cores, in a copy of this folder. Prints each mutant that no test saw, and a table at the end.
Results are kept by file in .cache/mutation: a second run, also behind one that was interrupted, repeats only what changed.

  --package <name,...>  these alone: ${names}
  --file <glob>         of these, files that match: libs/storage/src/fold-*.ts, money.ts
  --workers <n>         test runners beside each other (default 2)
  --anew                forgets what earlier runs have kept
  --help                this text

Exit code 0 only when each package's tests see ${LEAST_PERCENT} % of its mutants.
`;

const say = (text: string) => process.stdout.write(`${text}\n`);

function choose(only: string | undefined): readonly PureCore[] {
  if (only === undefined) return pureCores;
  const wanted = only.split(',').filter((name) => name !== '');
  const unknown = wanted.filter((name) => !pureCores.some((core) => core.name === name));
  if (wanted.length === 0 || unknown.length > 0)
    throw new CommandError('USAGE', `no core is called ${unknown.join(', ') || '""'}; there are ${names}`);
  return pureCores.filter(({ name }) => wanted.includes(name));
}

function readWorkers(text: string): number {
  const workers = Number(text);
  if (!Number.isInteger(workers) || workers < 1) throw new CommandError('USAGE', `--workers ${text} is no count`);
  return workers;
}

interface Given {
  readonly copy: string;
  readonly files: readonly string[];
  readonly workers: number;
  readonly anew: boolean;
}

/** One file after the other: what an interrupted run has finished is kept. */
async function mutate({ name, folder, without = [] }: PureCore, { copy, files, workers, anew }: Given): Promise<Score> {
  say(`\n${name}: ${files.length} files`);
  for (const test of without) rmSync(join(copy, folder, test));
  const scores: Score[] = [];
  for (const file of files) {
    const keptIn = placeOf('.cache', name, file);
    const report = await runStryker({ folder: join(copy, folder), file, workers, keptIn, anew });
    writeFileSync(placeOf('.reports', name, file), JSON.stringify(report));
    const score = scoreOf(report);
    for (const line of tellUnseen(report)) say(`  unseen ${folder}/${line}`);
    const mutants = String(score.seen + score.unseen).padStart(5);
    say(`  ${percentOf(score).toFixed(1).padStart(5)} %  ${mutants}  ${folder}/${file}`);
    scores.push(score);
  }
  return sum(scores);
}

function placeOf(kind: '.cache' | '.reports', name: string, file: string): string {
  const place = join(workspaceRoot, kind, 'mutation', name, `${file}.json`);
  mkdirSync(dirname(place), { recursive: true });
  return place;
}

const command = {
  name: 'mutate',
  usage: USAGE,
  options: {
    package: { type: 'string' },
    file: { type: 'string' },
    workers: { type: 'string', default: '2' },
    anew: { type: 'boolean', default: false },
  },
} as const;

await runCommand(command, async ({ values }) => {
  const workers = readWorkers(values.workers);
  const chosen = choose(values.package)
    .map((core) => ({ core, files: chooseFiles(workspaceRoot, core, values.file) }))
    .filter(({ files }) => files.length > 0);
  if (chosen.length === 0) throw new CommandError('USAGE', `${values.file} matches no file of ${names}`);
  if (!existsSync(join(workspaceRoot, 'node_modules')))
    throw new CommandError('FAILED', 'install the packages first: npm ci');
  const copy = copyWorkspace(workspaceRoot);
  process.once('exit', copy.remove);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
  const scores = new Map<string, Score>();
  for (const { core, files } of chosen) {
    scores.set(core.name, await mutate(core, { copy: copy.folder, files, workers, anew: values.anew }));
  }
  const all = [...scores.values()];
  say(`\n${renderScores(scores.size > 1 ? new Map([...scores, ['all', sum(all)]]) : scores).join('\n')}`);
  process.exitCode = all.every((score) => percentOf(score) >= LEAST_PERCENT) ? 0 : 1;
});
