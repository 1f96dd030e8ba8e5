/** `npm run perf`: what was asked for. Pure. */
import { CommandError, readArguments } from '@quartersec/command-line';
import { objectives } from '@quartersec/sla';
import { runsPromised } from './alert/alert-summary.ts';
import { parseDurationMs } from './duration.ts';
import { type Mode, type Scenario, type ScenarioName, scenarioNames, scenarios } from './scenario-catalogue.ts';

export interface PerfCommand {
  readonly what: 'red' | 'alert' | 'cache' | ScenarioName;
  /** The scenario with the options laid over it. */
  readonly scenario: Scenario;
  readonly environments: number;
  /** Invocations at once in one environment. */
  readonly concurrency: number;
  /** Heads through the DAX node. */
  readonly dax: boolean;
  /** Further runs when one fails. */
  readonly reruns: number;
  readonly seed: number;
  /** Outages of `alert`. */
  readonly runs: number;
  /** What must have arrived: the scenario's own rate, or the promised one. */
  readonly atLeastPerMinute: number;
}

/**
 * Few, busy environments: each has a compiler of its own to warm up, and on two cores two dozen of them spend more on that
 * than on events. One event a request runs as on Lambda Managed Instances, several invocations in one environment;
 * batches have ten events each, so fewer of them. `--environments 24 --concurrency 1` is the classic model.
 */
export const defaultPlaces = {
  single: { environments: 4, concurrency: 8 },
  batch: { environments: 3, concurrency: 4 },
  // A call that hangs holds an invocation for seconds: in production each provider has 20 of them (`stage-limits.ts`). Where parts of the
  // system break, more of them only fail together.
  faulty: { environments: 3, concurrency: 16 },
} as const satisfies Record<Mode | 'faulty', { environments: number; concurrency: number }>;

const scenarioLines = scenarioNames.map((name) => `  ${name.padEnd(8)} ${scenarios[name].about}`).join('\n');

export const usage = `npm run perf -- [scenario] [options]      (default: sla)
Starts the system on this machine, warms it up, loads it with k6, judges it by the promise in libs/sla, stops it.

${scenarioLines}
  red      shows that the gate can fail: slowed provider, slowed store, wasted CPU, lost events, halved rate must each be refused
  alert    outages that exhaust the retries: how long until the alert is on the board's page, by each way; needs no k6
  cache    repeat reads through the DAX node beside the same reads from the table; the gate of npm run bench -- dax; needs no k6

  --duration 60s       of the measured load (10m: the long form)
  --warmup 60s         at the same rate, before it
  --reads N            reads of the API a minute, beside the events
  --rate N             events a minute; below ${objectives.throughput.atLeastPerMinute} the promise is not proven, and the report says so
  --mode single|batch  one event a request to the function, or ten to the queue
  --environments N     of the function at most (default ${defaultPlaces.single.environments}; batch: ${defaultPlaces.batch.environments})
  --concurrency N      invocations at once in one environment, as Lambda Managed Instances have (default ${defaultPlaces.single.concurrency}; batch: ${defaultPlaces.batch.concurrency}, with faults ${defaultPlaces.faulty.concurrency})
  --dax                heads through the DAX node too (on one machine that costs more CPU than it saves)
  --connections N      that the events go round
  --reruns N           further runs when one fails (default 2, soak 0; a run with more than 10 % stolen CPU is void)
  --seed N             of the simulated data (default 1)
  --runs N             outages of alert (default ${runsPromised})

Reports: perf/reports/<scenario>.html, .json and .md. Exit code 0 when every bound was kept, 99 when one was broken,
1 when it could not run.
`;

const text = { type: 'string' } as const;
export const command = {
  name: 'perf',
  usage,
  options: {
    duration: text,
    warmup: text,
    rate: text,
    reads: text,
    mode: text,
    environments: text,
    concurrency: text,
    dax: { type: 'boolean', default: false },
    connections: text,
    reruns: text,
    seed: text,
    runs: text,
  },
  argumentsAtMost: 2, // a second one is refused by name
} as const;

/** @throws {CommandError} saying what to write instead */
export function readCommand(args: readonly string[]): PerfCommand {
  const { values, positionals } = readArguments(command, args);
  const [asked = 'sla', ...more] = positionals;
  const name = scenarioNames.find((each) => each === asked);
  const other = (['red', 'alert', 'cache'] as const).find((each) => each === asked);
  const what = name ?? other;
  if (more.length > 0 || what === undefined)
    throw new CommandError(
      'USAGE',
      `no scenario is called ${positionals.join(' ')}: there are ${scenarioNames.join(', ')}, red, alert and cache`,
    );
  const base = scenarios[name ?? 'smoke'];
  const ratePerMinute = count('rate', values.rate) ?? base.ratePerMinute;
  const scenario: Scenario = {
    ...base,
    ratePerMinute,
    readsPerMinute: count('reads', values.reads, 0) ?? base.readsPerMinute,
    mode: readMode(values.mode) ?? base.mode,
    durationMs: values.duration === undefined ? base.durationMs : parseDurationMs('duration', values.duration),
    warmUpMs: values.warmup === undefined ? base.warmUpMs : parseDurationMs('warmup', values.warmup),
    connections: count('connections', values.connections) ?? base.connections,
  };
  const places = defaultPlaces[scenario.faultShare > 0 && !scenario.breaks ? 'faulty' : scenario.mode];
  return {
    what,
    scenario,
    environments: count('environments', values.environments) ?? places.environments,
    concurrency: count('concurrency', values.concurrency) ?? places.concurrency,
    dax: values.dax || scenario.dax,
    reruns: count('reruns', values.reruns, 0) ?? (scenario.name === 'soak' ? 0 : 2),
    seed: count('seed', values.seed, 0) ?? 1,
    runs: count('runs', values.runs) ?? runsPromised,
    atLeastPerMinute: ratePerMinute,
  };
}

function readMode(text: string | undefined): Mode | undefined {
  if (text === undefined || text === 'single' || text === 'batch') return text;
  throw new CommandError('USAGE', `--mode must be single or batch, not ${text}`);
}

function count(name: string, text: string | undefined, least = 1): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,9}$/.test(text) && Number(text) >= least) return Number(text);
  throw new CommandError('USAGE', `--${name} must be a whole number from ${least}, not ${text}`);
}
