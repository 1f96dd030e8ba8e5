/** One scenario from a cold machine to a report. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { countsOf } from '../scenarios/connection-of.ts';
import { startBreaking } from './breakages.ts';
import type { PerfCommand } from './command-line.ts';
import { cpuGate } from './cpu-gate.ts';
import { soakGates } from './drift.ts';
import { formatMs } from './duration.ts';
import { failuresOf, type Gate } from './gate.ts';
import { integrityGates } from './integrity-gates.ts';
import { householdConnections, type Load } from './k6-plan.ts';
import { createLoadSession, type LoadSession, type MeasuredRun } from './load-session.ts';
import { readCommit, readMachineFacts } from './machine-facts.ts';
import { type Bench, buildBundles, root } from './open-bench.ts';
import { clearFaults, plantFaults } from './provider-faults.ts';
import type { Report } from './report/report.ts';
import { summariseRun } from './report/summarise-run.ts';
import { findingsOf } from './scenario-findings.ts';
import { climb } from './surge.ts';
import { startSystemUnderLoad } from './system-under-load.ts';
import { undisturbedGates } from './undisturbed-gates.ts';
import { verdictOf, verdictOfRun } from './verdict.ts';

/** Long enough for a failed event's last redelivery; what is still queued then counts as queued. */
const settleWithinMs = 90_000;
/** Failed events come back this soon: the shortest that a queue in front of this function may have. */
const visibilityTimeoutSeconds = 6;
/** Before a rerun: for what the failed run has left under way. */
const breathMs = 3_000;

export async function measureScenario(command: PerfCommand, bench: Bench): Promise<Report> {
  const { scenario, environments, concurrency, dax, seed } = command;
  const startedAt = new Date().toISOString();
  bench.say('building the functions');
  await buildBundles(root, bench.signal);
  const system = bench.keep(
    await startSystemUnderLoad(
      {
        seed,
        ...countsOf(scenario),
        ...(scenario.householdsFrom < scenario.connections && {
          usersOfMany: { from: scenario.householdsFrom, each: householdConnections },
        }),
        maxEnvironments: environments,
        concurrencyPerEnvironment: concurrency,
        dax,
        queue: { visibilityTimeoutSeconds },
      },
      bench.say,
    ),
  );
  const session = createLoadSession({ ...bench, system, k6Path: bench.k6.path });
  const load = loadOf(command);
  if (scenario.warmUpMs > 0) {
    bench.say(`warming up for ${formatMs(scenario.warmUpMs)}`);
    await session.run({ ...load, name: 'warm_up', durationMs: scenario.warmUpMs, atLeastPerMinute: undefined });
  }
  if (scenario.faultShare > 0) await plantFaults(system, scenario.faultShare);
  const breaking = scenario.breaks ? startBreaking(system) : undefined;
  const measured =
    scenario.name === 'surge'
      ? await climb(load, command.reruns, session, system, bench)
      : { runs: await runUntilGreen(load, command.reruns, session, bench), gates: undefined, findings: [] };
  const breakages = await breaking?.stop();
  if (scenario.faultShare > 0) await clearFaults(system);

  bench.say('waiting for what is under way, then auditing the table');
  const settled = await system.settle({ events: session.queued, withinMs: settleWithinMs });
  const machine = readMachineFacts(bench.k6.version);
  const judged = measured.runs.map(({ gates, cpu }) => ({ gates, stolen: cpu?.stolen }));
  const fallbackGates = judged.every((run) => verdictOfRun(run) === 'void')
    ? cpuGatesOf(measured.runs, machine.cores)
    : [];
  const runs = measured.runs.map((run, index) => summariseRun(labelOf(run, index), run));
  const [last] = runs.slice(-1);
  const integrity = [
    ...integrityGates(settled),
    ...(scenario.faultShare > 0 && !scenario.breaks ? undisturbedGates(settled) : []),
    ...(breakages !== undefined && last !== undefined ? soakGates(last, breakages) : []),
  ];
  return {
    scenario: scenario.name,
    about: scenario.about,
    startedAt,
    commit: readCommit(root),
    machine,
    settings: { ...scenario, environments, concurrency, dax },
    runs,
    integrity: { gates: integrity, settled },
    fallbackGates,
    verdict: verdictOf(judged, integrity, fallbackGates, measured.gates),
    findings: [...measured.findings, ...findingsOf(command, runs, settled)],
  };
}

export function loadOf({ scenario, atLeastPerMinute }: PerfCommand): Load {
  const { name, mode, ratePerMinute, readsPerMinute, durationMs, latencyDecides } = scenario;
  const { connections, standards, householdsFrom } = scenario;
  return {
    name,
    mode,
    ratePerMinute,
    readsPerMinute,
    durationMs,
    atLeastPerMinute,
    latencyDecides,
    connections,
    standards,
    householdsFrom,
  };
}

async function runUntilGreen(load: Load, reruns: number, session: LoadSession, bench: Bench): Promise<MeasuredRun[]> {
  const runs: MeasuredRun[] = [];
  for (;;) {
    bench.say(`run ${runs.length + 1}: ${load.ratePerMinute} events/min for ${formatMs(load.durationMs)}`);
    const run = await session.run(load);
    runs.push(run);
    const verdict = verdictOfRun({ gates: run.gates, stolen: run.cpu?.stolen });
    if (verdict === 'green' || runs.length > reruns) return runs;
    const broken = failuresOf(run.gates).map(({ name }) => name);
    bench.say(`run ${runs.length} is ${verdict}: ${broken.join(', ')}`);
    await sleepMs(breathMs, undefined, { signal: bench.signal });
  }
}

function cpuGatesOf(runs: readonly MeasuredRun[], cores: number): Gate[] {
  return runs.flatMap((run) => {
    const { cost } = summariseRun('', run);
    if (cost === null || cost.referenceCpuMsPerUnit === null) return [];
    return [cpuGate({ cpuMsPerEvent: cost.sumPerEventMs, referenceCpuMsPerUnit: cost.referenceCpuMsPerUnit, cores })];
  });
}

function labelOf({ load }: MeasuredRun, index: number): string {
  return load.name === 'surge' ? `${load.ratePerMinute}/min` : `run ${index + 1}`;
}
