/** `npm run perf:compare -- <ref>`: this tree against another commit, interleaved in one session on one machine. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Arguments, CommandError, runCommand } from '@quartersec/command-line';
import { objectives } from '@quartersec/sla';
import { compareRuns, type RunPair } from './compare-figures.ts';
import { formatMs, parseDurationMs } from './duration.ts';
import type { Load } from './k6-plan.ts';
import { createLoadSession } from './load-session.ts';
import { readCommit, readMachineFacts } from './machine-facts.ts';
import { type Bench, buildBundles, root, withBench } from './open-bench.ts';
import { checkOut } from './other-tree.ts';
import { createProgress } from './progress.ts';
import { renderRatios } from './ratio.ts';
import { reportsFolder } from './report/write-report.ts';
import { startSystemUnderLoad } from './system-under-load.ts';

const usage = `npm run perf:compare -- <git ref> [options]
Builds the functions of that commit and of this tree, warms both up on this tree's sandbox, then loads them in turn
(before, after, before, after ...) and prints the ratio of what they cost, with its spread.

  --pairs N            of runs (default 3)
  --duration 20s       of each run
  --warmup 40s         of each tree
  --rate N             events a minute (default ${objectives.throughput.atLeastPerMinute})
  --mode single|batch  one event a request to the function, or ten to the queue
  --environments N     of each tree at most (default 4)
  --concurrency N      invocations at once in one environment (default 8)

Report: perf/reports/compare.json. The checkout stays under .cache/compare. Exit code 1 when it could not run; a slower tree
is no failure.
`;

const options = {
  pairs: { type: 'string', default: '3' },
  duration: { type: 'string', default: '20s' },
  warmup: { type: 'string', default: '40s' },
  rate: { type: 'string', default: String(objectives.throughput.atLeastPerMinute) },
  mode: { type: 'string', default: 'single' },
  environments: { type: 'string', default: '4' },
  concurrency: { type: 'string', default: '8' },
  connections: { type: 'string', default: '1000' },
} as const;
type Values = Arguments<typeof options>['values'];

const progress = createProgress(process.stdout, () => performance.now());

await runCommand({ name: 'perf:compare', usage, options, argumentsAtMost: 1 }, async ({ values, positionals }) => {
  const [ref] = positionals;
  if (ref === undefined) throw new CommandError('USAGE', 'name a commit, as npm run perf:compare -- HEAD~1');
  const text = await withBench(progress.step, (bench) => compare(ref, values, bench)).finally(progress.done);
  process.stdout.write(`\n${text}\n`);
});

async function compare(ref: string, values: Values, bench: Bench): Promise<string> {
  const load: Load = {
    name: 'compare',
    mode: values.mode === 'batch' ? 'batch' : 'single',
    ratePerMinute: wholeNumber('rate', values.rate),
    durationMs: parseDurationMs('duration', values.duration),
    atLeastPerMinute: undefined, // measured, not judged
    latencyDecides: false,
    connections: wholeNumber('connections', values.connections),
  };
  const other = await checkOut(ref, bench.say, bench.signal);
  bench.say('building the functions of both trees');
  await buildBundles(other.folder, bench.signal);
  await buildBundles(root, bench.signal);

  const open = async (name: string, tree: string) => {
    const system = bench.keep(
      await startSystemUnderLoad(
        {
          seed: 1,
          connections: load.connections,
          maxEnvironments: wholeNumber('environments', values.environments),
          concurrencyPerEnvironment: wholeNumber('concurrency', values.concurrency),
          dax: false,
          processBundle: join(tree, 'apps', 'processor', 'dist', 'process'),
        },
        (step) => bench.say(`${name}: ${step}`),
      ),
    );
    const session = createLoadSession({ ...bench, system, k6Path: bench.k6.path });
    const durationMs = parseDurationMs('warmup', values.warmup);
    bench.say(`${name}: warming up for ${formatMs(durationMs)}`);
    await session.run({ ...load, name: 'warm_up', durationMs });
    return session;
  };
  const before = await open('before', other.folder);
  const after = await open('after', root);

  const pairs: RunPair[] = [];
  const wanted = wholeNumber('pairs', values.pairs);
  while (pairs.length < wanted) {
    bench.say(`pair ${pairs.length + 1} of ${wanted}`);
    pairs.push({ before: await before.run(load), after: await after.run(load) });
  }
  const ratios = compareRuns(pairs);
  const machine = readMachineFacts(bench.k6.version);
  const commits = { before: other.commit, after: readCommit(root) };
  const stolen = pairs.flatMap((pair) => [pair.before.cpu?.stolen ?? 0, pair.after.cpu?.stolen ?? 0]);
  mkdirSync(reportsFolder, { recursive: true });
  writeFileSync(
    `${reportsFolder}compare.json`,
    `${JSON.stringify({ commits, machine, load, stolen, ratios }, null, 1)}\n`,
  );
  return [
    `### ${commits.after} against ${commits.before} (${ref})`,
    '',
    `${load.ratePerMinute} events/min (${load.mode}), ${wanted} interleaved pairs of ${formatMs(load.durationMs)}; ${machine.cores} cores; up to ${(Math.max(...stolen) * 100).toFixed(1)} % of the CPU stolen.`,
    '',
    renderRatios(ratios),
  ].join('\n');
}

function wholeNumber(name: string, text: string): number {
  if (/^[1-9]\d{0,8}$/.test(text)) return Number(text);
  throw new Error(`--${name} must be a whole number from 1, not ${text}`);
}
