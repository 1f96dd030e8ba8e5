/** `npm run bench -- cpu`: what one event costs in TypeScript and in Go, in turns on the same host, provider and table. */

import { readFileSync } from 'node:fs';
import type { Arguments } from '@quartersec/command-line';
import { cpuShares, type MachineCpu, parseMachineCpu } from '../src/proc-files.ts';
import { createProgress } from '../src/progress.ts';
import { quantile } from '../src/time-series.ts';
import { sendAtRate, sendInTurns } from './arrivals.ts';
import { measuredOn, renderTable, runAsCommand, wholeNumber, writeReport } from './bench-report.ts';
import { type CpuPair, type CpuPhase, renderCpuTable, summariseCpu, targetRatio } from './cpu-summary.ts';
import { readFunctionCost } from './function-cost.ts';
import { type BenchSystem, callSimulator, closeOnSignal, peerName, startBenchSystem } from './testing/bench-system.ts';
import { isCommitted, measureColdStart } from './testing/cold-start.ts';

const usage = `npm run bench -- cpu [options]
CPU and memory of one event, times and cold starts: the TypeScript function beside the Go peer (perf/peer-go), in turns on the
same Lambda host, provider simulator and table, with open arrivals. Ratios are TypeScript / Go.
  --pairs N         TypeScript, Go, TypeScript, Go ... (default 5)
  --events N        of each turn (default 600)
  --rate N          events per second of each turn (default 40)
  --warmup N        events of each function before the first turn (default 4800)
  --environments N  of each function (default 6)
  --connections N   that the events go round (default 400)
  --seed N          of the simulated data (default 1)
Report: perf/reports/bench-cpu.json
`;

/** Of each function; the bench `coldstart` has more. */
const coldStarts = 5;
const noLatency = { medianMs: 0, p99Ms: 0 };
const realisticLatency = { medianMs: 60, p99Ms: 180 };
/** The last lines of the phase's events may still be on their way when its last answer is here. */
const lineGraceMs = 200;

const options = {
  pairs: { type: 'string', default: '5' },
  events: { type: 'string', default: '600' },
  rate: { type: 'string', default: '40' },
  warmup: { type: 'string', default: '4800' },
  environments: { type: 'string', default: '6' },
  connections: { type: 'string', default: '400' },
  seed: { type: 'string', default: '1' },
} as const;

interface Settings {
  readonly pairs: number;
  readonly events: number;
  readonly rate: number;
  readonly warmup: number;
  readonly environments: number;
  readonly connections: number;
  readonly seed: number;
}

async function runCpuBench({ values }: Arguments<typeof options>): Promise<void> {
  const settings = readSettings(values);
  const progress = createProgress(process.stdout, () => performance.now());
  const roundTrips = createRoundTrips();
  const system = await startBenchSystem({
    seed: settings.seed,
    connections: settings.connections,
    maxEnvironments: settings.environments,
    functionTimeoutMs: 10_000,
    onProgress: progress.step,
    onLog: roundTrips.read,
  });
  const release = closeOnSignal(system);
  try {
    const functions = [
      { name: 'process', url: system.processUrl },
      { name: peerName, url: system.peerUrl },
    ] as const;
    await callSimulator(system, '/latency', noLatency);
    progress.step('starting cold');
    const cold: Record<string, number[]> = { process: [], [peerName]: [] };
    for (let round = 0; round < coldStarts; round += 1) {
      for (const { name } of functions) {
        const { firstAnswerMs } = await measureColdStart(system.host, name, anEvent, isCommitted);
        cold[name]?.push(firstAnswerMs);
      }
    }
    const connectionIds = system.connections.map(({ connectionId }) => connectionId);
    for (const { name, url } of functions) {
      progress.step(`warming up ${name}`);
      const { refused } = await sendInTurns({ url, events: settings.warmup, connectionIds }, settings.environments);
      if (Object.keys(refused).length > 0) throw new Error(`${name} refused events: ${JSON.stringify(refused)}`);
    }
    await callSimulator(system, '/latency', realisticLatency);
    const pairs: CpuPair[] = [];
    for (let pair = 1; pair <= settings.pairs; pair += 1) {
      const measure = (name: string, url: string) => {
        progress.step(`pair ${pair}/${settings.pairs}: ${name}`);
        return measurePhase(system, name, { url, events: settings.events, connectionIds }, settings.rate, roundTrips);
      };
      const typescript = await measure('process', system.processUrl);
      pairs.push({ typescript, go: await measure(peerName, system.peerUrl) });
    }
    progress.done();
    const coldStartMs = { typescript: cold.process ?? [], go: cold[peerName] ?? [] };
    const summary = summariseCpu(pairs, coldStartMs);
    const report = {
      bench: 'cpu',
      measuredOn: measuredOn(system.goVersion),
      settings,
      targetRatio,
      summary,
      pairs,
      coldStartMs,
    };
    const file = writeReport('cpu', report);
    const { cpuModel, cores, node, go, loadAverage, commit, note } = report.measuredOn;
    process.stdout.write(
      `${renderTable(renderCpuTable(summary))}\n` +
        `${settings.pairs} pairs of ${settings.events} events at ${settings.rate}/s, ${settings.environments} environments, ` +
        `warmed up with ${settings.warmup} events each\n` +
        `${cores} x ${cpuModel}, Node ${node}, ${go}, load ${loadAverage.toFixed(1)}, commit ${commit}\n${note}\n` +
        `target: CPU per event <= ${targetRatio.toFixed(1)} x Go: ${summary.isKept ? 'kept' : 'NOT kept'}\nreport: ${file}\n`,
    );
  } finally {
    progress.done();
    release();
    await system.close();
  }
}

const anEvent = { connectionId: 'conn-0' };

async function measurePhase(
  system: BenchSystem,
  name: string,
  sending: Parameters<typeof sendAtRate>[0],
  perSecond: number,
  roundTrips: RoundTrips,
): Promise<CpuPhase> {
  const pidsNow = () =>
    system.host
      .environments()
      .filter(({ functionName }) => functionName === name)
      .flatMap(({ pid }) => pid ?? []);
  const pids = pidsNow();
  roundTrips.drain(name);
  const [cost, machine] = [readFunctionCost(pids), readMachineCpu()];
  const { sent, refused } = await sendAtRate(sending, perSecond);
  await new Promise((resolve) => setTimeout(resolve, lineGraceMs));
  const [costAfter, machineAfter] = [readFunctionCost(pids), readMachineCpu()];
  const times = roundTrips.drain(name);
  const hasOthers = pidsNow().some((pid) => !pids.includes(pid));
  if (Object.keys(refused).length > 0 || times.length !== sent || hasOthers) {
    const facts = JSON.stringify({ sent, refused, reported: times.length, environmentsAdded: hasOthers });
    throw new Error(`${name}: this turn measured something else than ${sent} events: ${facts}`);
  }
  const { stolen, idle } = cpuShares(machine, machineAfter);
  return {
    events: sent,
    cpuMsPerEvent: (costAfter.cpuMs - cost.cpuMs) / sent,
    memoryBytes: costAfter.memoryBytes,
    environments: costAfter.environments,
    p50Ms: quantile(times, 0.5) ?? Number.NaN,
    p95Ms: quantile(times, 0.95) ?? Number.NaN,
    stolen,
    idle,
  };
}

interface RoundTrips {
  read(functionName: string, line: string): void;
  /** RoundTrip of each event since the last call, ms. */
  drain(functionName: string): readonly number[];
}

/** Read from the metrics lines themselves: the same clock for both functions, and no client in between. */
function createRoundTrips(): RoundTrips {
  const byFunction = new Map<string, number[]>();
  return {
    read(functionName, line) {
      const digits = /"RoundTrip":([0-9.e-]+)/.exec(line)?.[1];
      if (digits === undefined) return;
      const times = byFunction.get(functionName) ?? [];
      times.push(Number(digits));
      byFunction.set(functionName, times);
    },
    drain(functionName) {
      const times = byFunction.get(functionName) ?? [];
      byFunction.delete(functionName);
      return times;
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
    pairs: wholeNumber('pairs', values.pairs),
    events: wholeNumber('events', values.events),
    rate: wholeNumber('rate', values.rate),
    warmup: wholeNumber('warmup', values.warmup, 0),
    environments: wholeNumber('environments', values.environments),
    connections: wholeNumber('connections', values.connections),
    seed: wholeNumber('seed', values.seed, 0),
  };
}

await runAsCommand({ usage, options }, runCpuBench);
