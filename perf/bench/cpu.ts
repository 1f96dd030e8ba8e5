/** `npm run bench -- cpu`: what one event costs, as a multiple of a reference loop that runs in the same seconds. */
import { readFileSync } from 'node:fs';
import type { Arguments } from '@quartersec/command-line';
import { objectives } from '@quartersec/sla';
import { defaultPlaces } from '../src/command-line.ts';
import { functionUnitsAtMost } from '../src/function-cpu-gate.ts';
import { cpuShares, type MachineCpu, parseMachineCpu } from '../src/proc-files.ts';
import { createProgress } from '../src/progress.ts';
import { cpuMsPerUnit, type Reference, startReference } from '../src/reference.ts';
import { quantile } from '../src/time-series.ts';
import { sendAtRate, sendInTurns } from './arrivals.ts';
import { measuredOn, renderTable, runAsCommand, wholeNumber, writeReport } from './bench-report.ts';
import { type CpuTurn, renderCpuTable, summariseCpu } from './cpu-summary.ts';
import { readFunctionCost } from './function-cost.ts';
import { type BenchSystem, callSimulator, closeOnSignal, startBenchSystem } from './testing/bench-system.ts';
import { startTlsFronts } from './testing/tls-fronts.ts';

const functionName = 'process';
const places = defaultPlaces.single;
const promisedPerSecond = Math.ceil(objectives.throughput.atLeastPerMinute / 60);

const usage = `npm run bench -- cpu [options]
CPU and memory of one event, and times: the function \`process\` on the sandbox's Lambda host with open arrivals. Its CPU is divided
by that of a reference loop in a process of its own, which does the same small job a few times in each of the same seconds.
  --turns N         measured one after the other (default 5)
  --events N        of each turn (default 1200)
  --rate N          events per second (default ${promisedPerSecond}, the promised rate)
  --warmup N        events before the first turn (default 10000)
  --environments N  of the function (default ${places.environments}), and
  --concurrency N   invocations at once in one of them (default ${places.concurrency}), as npm run perf
  --tls             table and provider behind TLS, with a certificate made for the run (needs openssl)
  --connections N   that the events go round (default 400)
  --seed N          of the simulated data (default 1)
Report: perf/reports/bench-cpu.json
`;

const noLatency = { medianMs: 0, p99Ms: 0 };
const realisticLatency = { medianMs: 60, p99Ms: 180 };
/** The last lines of the phase's events may still be on their way when its last answer is here. */
const lineGraceMs = 200;

const options = {
  turns: { type: 'string', default: '5' },
  events: { type: 'string', default: '1200' },
  rate: { type: 'string', default: String(promisedPerSecond) },
  warmup: { type: 'string', default: '10000' },
  environments: { type: 'string', default: String(places.environments) },
  concurrency: { type: 'string', default: String(places.concurrency) },
  connections: { type: 'string', default: '400' },
  seed: { type: 'string', default: '1' },
  tls: { type: 'boolean', default: false },
} as const;

interface Settings {
  readonly turns: number;
  readonly events: number;
  readonly rate: number;
  readonly warmup: number;
  readonly environments: number;
  readonly concurrency: number;
  readonly connections: number;
  readonly seed: number;
  readonly tls: boolean;
}

async function runCpuBench({ values }: Arguments<typeof options>): Promise<void> {
  const settings = readSettings(values);
  const progress = createProgress(process.stdout, () => performance.now());
  const roundTrips = createRoundTrips();
  const fronts = settings.tls ? await startTlsFronts() : undefined;
  const system = await startBenchSystem({
    seed: settings.seed,
    connections: settings.connections,
    maxEnvironments: settings.environments,
    concurrencyPerEnvironment: settings.concurrency,
    functionTimeoutMs: 10_000,
    onProgress: progress.step,
    onLog: roundTrips.read,
    ...(fronts && { processEnvironment: fronts.environment }),
  });
  fronts?.leadTo(system);
  const release = closeOnSignal(system);
  const reference = startReference();
  try {
    await callSimulator(system, '/latency', noLatency);
    const connectionIds = system.connections.map(({ connectionId }) => connectionId);
    progress.step('warming up');
    const warmUp = { url: system.processUrl, events: settings.warmup, connectionIds };
    const { refused } = await sendInTurns(warmUp, settings.environments * settings.concurrency);
    if (Object.keys(refused).length > 0) throw new Error(`refused events: ${JSON.stringify(refused)}`);
    await callSimulator(system, '/latency', realisticLatency);
    const turns: CpuTurn[] = [];
    while (turns.length < settings.turns) {
      progress.step(`turn ${turns.length + 1}/${settings.turns}`);
      turns.push(await measureTurn({ system, reference, roundTrips, connectionIds, settings }));
    }
    progress.done();
    const summary = summariseCpu(turns);
    const report = { bench: 'cpu', measuredOn: measuredOn(), settings, functionUnitsAtMost, summary, turns };
    const file = writeReport('cpu', report);
    const isPromised = settings.rate === promisedPerSecond;
    const verdict = isPromised ? (summary.isKept ? 'kept' : 'NOT kept') : 'for the promised rate alone';
    const { cpuModel, cores, node, loadAverage, commit, note } = report.measuredOn;
    process.stdout.write(
      `${renderTable(renderCpuTable(summary))}\n` +
        `${settings.turns} turns of ${settings.events} events at ${settings.rate}/s, ${settings.environments} environments x ${settings.concurrency}, ` +
        `warmed up with ${settings.warmup} events${settings.tls ? ', over TLS' : ''}\n` +
        `${cores} x ${cpuModel}, Node ${node}, load ${loadAverage.toFixed(1)}, commit ${commit}\n${note}\n` +
        `bound of the gate: CPU per event <= ${functionUnitsAtMost} x the reference loop: ${verdict}\n` +
        `report: ${file}\n`,
    );
  } finally {
    progress.done();
    release();
    await reference.close();
    await system.close();
    await fronts?.close();
  }
}

interface Bench {
  readonly system: BenchSystem;
  readonly reference: Reference;
  readonly roundTrips: RoundTrips;
  readonly connectionIds: readonly string[];
  readonly settings: Settings;
}

/** @throws {Error} when the turn lost an event, gained an environment, or the reference loop stood still */
async function measureTurn({ system, reference, roundTrips, connectionIds, settings }: Bench): Promise<CpuTurn> {
  const pidsNow = () =>
    system.host
      .environments()
      .filter((environment) => environment.functionName === functionName)
      .flatMap(({ pid }) => pid ?? []);
  const pids = pidsNow();
  roundTrips.drain();
  const [cost, machine, unitsBefore] = [readFunctionCost(pids), readMachineCpu(), reference.totals()];
  const sending = { url: system.processUrl, events: settings.events, connectionIds };
  const { sent, refused } = await sendAtRate(sending, settings.rate);
  await new Promise((resolve) => setTimeout(resolve, lineGraceMs));
  const [costAfter, machineAfter, unitsAfter] = [readFunctionCost(pids), readMachineCpu(), reference.totals()];
  const times = roundTrips.drain();
  const hasOthers = pidsNow().some((pid) => !pids.includes(pid));
  const referenceCpuMsPerUnit = cpuMsPerUnit(unitsBefore, unitsAfter);
  const isWhole = Object.keys(refused).length === 0 && times.length === sent && !hasOthers;
  if (!isWhole || referenceCpuMsPerUnit === undefined) {
    const facts = { sent, refused, reported: times.length, environmentsAdded: hasOthers, referenceCpuMsPerUnit };
    throw new Error(`this turn measured something else than ${sent} events: ${JSON.stringify(facts)}`);
  }
  const { stolen, idle } = cpuShares(machine, machineAfter);
  return {
    events: sent,
    functionCpuMs: costAfter.cpuMs - cost.cpuMs,
    referenceCpuMsPerUnit,
    memoryBytes: costAfter.memoryBytes,
    environments: costAfter.environments,
    p50Ms: quantile(times, 0.5) ?? Number.NaN,
    p95Ms: quantile(times, 0.95) ?? Number.NaN,
    stolen,
    idle,
  };
}

interface RoundTrips {
  read(ofFunction: string, line: string): void;
  /** RoundTrip of each event since the last call, ms. */
  drain(): readonly number[];
}

/** Read from the metrics lines themselves: the function's clock, and no client in between. */
function createRoundTrips(): RoundTrips {
  let times: number[] = [];
  return {
    read(ofFunction, line) {
      const digits = /"RoundTrip":([0-9.e-]+)/.exec(line)?.[1];
      if (ofFunction === functionName && digits !== undefined) times.push(Number(digits));
    },
    drain() {
      const drained = times;
      times = [];
      return drained;
    },
  };
}

function readMachineCpu(): MachineCpu {
  const machine = parseMachineCpu(readFileSync('/proc/stat', 'latin1'));
  if (machine === undefined) throw new Error('/proc/stat cannot be read');
  return machine;
}

function readSettings(values: Arguments<typeof options>['values']): Settings {
  return {
    turns: wholeNumber('turns', values.turns),
    events: wholeNumber('events', values.events),
    rate: wholeNumber('rate', values.rate),
    warmup: wholeNumber('warmup', values.warmup, 0),
    environments: wholeNumber('environments', values.environments),
    concurrency: wholeNumber('concurrency', values.concurrency),
    connections: wholeNumber('connections', values.connections),
    seed: wholeNumber('seed', values.seed, 0),
    tls: values.tls,
  };
}

await runAsCommand({ usage, options }, runCpuBench);
