/** `npm run perf -- red`: the gate is only worth something if it can fail. Each planted fault must be refused, for its own reason. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { objectives } from '@quartersec/sla';
import { startChildModule } from './child-module.ts';
import type { PerfCommand } from './command-line.ts';
import { functionCpuGateName, wasteMsPast } from './function-cpu-gate.ts';
import { failuresOf, type Gate } from './gate.ts';
import { integrityGates } from './integrity-gates.ts';
import type { Load } from './k6-plan.ts';
import { createLoadSession, type MeasuredRun } from './load-session.ts';
import { type Bench, buildBundles, root } from './open-bench.ts';
import { plantWaste } from './planted-waste.ts';
import { judgeRed, type RedFinding, renderRed } from './red-verdict.ts';
import { summariseRun } from './report/summarise-run.ts';
import { reportsFolder } from './report/write-report.ts';
import { scenarios } from './scenario-catalogue.ts';
import { startSystemUnderLoad, startTable } from './system-under-load.ts';

const proxyPath = fileURLToPath(new URL('./table-proxy.ts', import.meta.url));
const calmAttempts = 3;
const runMs = 8_000;
const busyWarmUpMs = 60_000;
const lostShare = 0.05;
/** Just past the bound: a gate that only notices disasters is none. */
const pastTheBound = 1.2;
const settleWithinMs = 30_000;
/** What the bound on CPU was measured with: few connections, each read every second, have other work to do for their insights. */
const promisedConnections = scenarios.sla.connections;
/** As `realisticLatency` of the simulator, to go back to. */
const calmProvider = { medianMs: 60, p99Ms: 180 };

export async function measureRedRuns(command: PerfCommand, bench: Bench): Promise<{ text: string; passed: boolean }> {
  bench.say('building the functions');
  await buildBundles(root, bench.signal);
  const table = bench.keep(await startTable());
  const proxy = bench.keep(await startChildModule<{ url: string }>(proxyPath, table.ready));
  const waste = plantWaste(join(root, 'apps', 'processor', 'dist', 'process'), bench.scratchFolder);
  const { scenario, environments, concurrency, seed } = command;
  const system = bench.keep(
    await startSystemUnderLoad(
      {
        seed,
        connections: Math.max(scenario.connections, promisedConnections),
        maxEnvironments: environments,
        concurrencyPerEnvironment: concurrency,
        dax: false,
        dynamoDbUrl: proxy.ready.url,
        processBundle: waste.bundle,
      },
      bench.say,
    ),
  );
  const session = createLoadSession({ ...bench, system, k6Path: bench.k6.path });
  const spoil = async (how: { delayMs?: number; loseShare?: number }) => {
    const body = JSON.stringify({ delayMs: 0, loseShare: 0, ...how });
    await fetch(`${proxy.ready.url}/spoil`, { method: 'POST', body });
  };
  const settle = async (): Promise<readonly Gate[]> =>
    integrityGates(await system.settle({ events: session.queued, withinMs: settleWithinMs }));
  const load: Load = {
    name: 'red',
    mode: 'single',
    ratePerMinute: scenario.ratePerMinute,
    durationMs: runMs,
    atLeastPerMinute: scenario.ratePerMinute,
    latencyDecides: true,
    connections: scenario.connections,
  };

  bench.say('warming up');
  await session.run({ ...load, name: 'warm_up', durationMs: scenario.warmUpMs, atLeastPerMinute: undefined });
  const findings: RedFinding[] = [];
  const judge = (
    name: string,
    expected: readonly string[],
    run: MeasuredRun,
    integrity: readonly Gate[],
    isSeenByK6 = true,
  ) => {
    const finding = judgeRed({ name, expected, isSeenByK6, run, integrity });
    findings.push(finding);
    bench.say(`${finding.name}: ${finding.passed ? 'as it must be' : 'NOT as it must be'}`);
  };

  /** As the gate itself does, a run that must pass is repeated while the machine is not calm. */
  const calmest = async (load: Load, judgedOf: (run: MeasuredRun) => readonly Gate[]): Promise<MeasuredRun> => {
    for (let attempt = 1; ; attempt += 1) {
      const run = await session.run(load);
      const failures = failuresOf(judgedOf(run));
      if (failures.length === 0 || attempt === calmAttempts) return run;
      bench.say(`the machine is not calm (${failures.map(({ name }) => name).join(', ')}): once more`);
    }
  };
  const allGatesOf = ({ gates }: MeasuredRun) => gates;
  const cpuGateOf = ({ gates }: MeasuredRun) => gates.filter(({ name }) => name === functionCpuGateName);

  /** At the promised rate, the only one whose CPU is judged: so warmed up at it, and with a run without waste to compare with. */
  const judgeWaste = async () => {
    const promised = objectives.throughput.atLeastPerMinute;
    const promisedLoad: Load = {
      ...load,
      ratePerMinute: promised,
      atLeastPerMinute: promised,
      connections: promisedConnections,
    };
    bench.say('warming up at the promised rate');
    await session.run({ ...promisedLoad, name: 'warm_up', durationMs: busyWarmUpMs, atLeastPerMinute: undefined });
    bench.say('nothing wasted: its CPU must pass');
    const frugal = await calmest(promisedLoad, cpuGateOf);
    const { functionUnitsPerEvent: units, referenceCpuMsPerUnit: unitMs } = summariseRun('', frugal).cost ?? {};
    if (units == null || unitMs == null) {
      bench.say('wasted CPU: left out, the CPU of processes cannot be read here');
      return;
    }
    judge('nothing wasted', [], { ...frugal, gates: cpuGateOf(frugal) }, [], false);
    const wasteMs = wasteMsPast(units, unitMs, pastTheBound);
    bench.say(`${wasteMs.toFixed(1)} ms of CPU wasted on each event: must fail`);
    await waste.set(wasteMs);
    const wasteful = await session.run(promisedLoad);
    await waste.set(0);
    const [{ value, bound } = {}] = cpuGateOf(wasteful);
    bench.say(`${units.toFixed(2)} units an event without waste, ${value} with it, bound ${bound}`);
    // So little breaks no bound of latency while cores are free: k6 need not notice.
    judge('wasted CPU', [functionCpuGateName], wasteful, [], false);
  };

  bench.say('nothing spoiled: must pass');
  judge('nothing spoiled', [], await calmest({ ...load, audited: true }, allGatesOf), await settle());

  bench.say('slowed provider: must fail');
  const slowMs = objectives.roundTrip.underMs * pastTheBound;
  await system.provider('POST', '/latency', { medianMs: slowMs, p99Ms: slowMs });
  judge('slowed provider', ['quartersec_round_trip_ms', 'RoundTrip p95'], await session.run(load), []);
  await system.provider('POST', '/latency', calmProvider);

  bench.say('slowed store: must fail');
  await spoil({ delayMs: objectives.store.underMs * pastTheBound });
  judge('slowed store', ['quartersec_store_ms', 'Store p95'], await session.run(load), []);
  await spoil({});

  bench.say('halved rate: must fail');
  const halved = await session.run({ ...load, ratePerMinute: load.ratePerMinute / 2 });
  judge('halved rate', ['http_reqs', 'events in time'], halved, []);

  await judgeWaste();

  bench.say('lost events: must fail');
  await spoil({ loseShare: lostShare });
  const lossy = await session.run({ ...load, audited: true });
  await spoil({});
  judge('lost events', ['quartersec_audit_differences', 'audit differences'], lossy, await settle());

  mkdirSync(reportsFolder, { recursive: true });
  writeFileSync(`${reportsFolder}red.json`, `${JSON.stringify(findings, null, 1)}\n`);
  return { text: renderRed(findings), passed: findings.every(({ passed }) => passed) };
}
