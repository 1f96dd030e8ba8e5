/** What a scenario has to say beside its gates. Pure. */
import { objectives } from '@quartersec/sla';
import type { PerfCommand } from './command-line.ts';
import { driftOf } from './drift.ts';
import { formatMs } from './duration.ts';
import type { Settled } from './integrity-gates.ts';
import type { RunReport } from './report/report.ts';

export function findingsOf(command: PerfCommand, runs: readonly RunReport[], settled: Settled): readonly string[] {
  const last = runs.at(-1);
  if (last === undefined) return [];
  return [
    ...promiseOf(command),
    ...coldOf(command, last),
    ...faultsOf(command, last, settled),
    ...driftsOf(command, last),
    ...repeatedOf(settled),
  ];
}

/** A gentle rate proves the plumbing, not the promise. */
function promiseOf({ atLeastPerMinute }: PerfCommand): readonly string[] {
  const promised = objectives.throughput.atLeastPerMinute;
  if (atLeastPerMinute >= promised) return [];
  return [`At ${atLeastPerMinute} events/min this is NOT the promise, which is ${promised}.`];
}

function coldOf({ scenario }: PerfCommand, run: RunReport): readonly string[] {
  if (scenario.name !== 'burst') return [];
  const settledAt = settledAtSeconds(run);
  const cold = `${run.counts.ColdStart ?? 0} of ${run.timings.RoundTrip?.count ?? 0} events met a cold environment (${(run.coldShare * 100).toFixed(2)} %).`;
  return [
    cold,
    settledAt === undefined
      ? 'The round trip did not come under its bound while the burst lasted.'
      : `The round trip kept its bound from second ${settledAt} on.`,
  ];
}

/** @returns seconds from the start after which no slice broke the bound of the round trip */
export function settledAtSeconds(run: Pick<RunReport, 'overTime' | 'sliceMs'>): number | undefined {
  const slices = run.overTime.RoundTrip ?? [];
  const lastBroken = slices.findLastIndex(({ values }) => values.p95 >= objectives.roundTrip.underMs);
  const first = slices[lastBroken + 1];
  return first === undefined ? undefined : Math.round(first.atSeconds - run.sliceMs / 2_000);
}

function faultsOf({ scenario }: PerfCommand, run: RunReport, { account, drainedMs }: Settled): readonly string[] {
  if (scenario.faultShare === 0) return [];
  const { Retries = 0, RetriesExhausted = 0, Quarantined = 0 } = run.counts;
  return [
    `${Retries} retries, ${RetriesExhausted} events with all of them used up, ${Quarantined} records quarantined.`,
    `Afterwards: ${account.committed} committed, ${account.stopped} waiting for their user, ${account.postponed + account.queued} waiting for the provider, ${account.deadLettered} dead letters, ${account.lost.length} lost; quiet after ${formatMs(drainedMs)}.`,
  ];
}

function repeatedOf({ repeated }: Settled): readonly string[] {
  if (repeated === 0) return [];
  return [
    `${repeated} events ran out of time between their commit and their head, and were asked for again before the audit, as their callers would.`,
  ];
}

function driftsOf({ scenario }: PerfCommand, run: RunReport): readonly string[] {
  if (scenario.name !== 'soak') return [];
  const latency = driftOf(run.overTime.RoundTrip?.map(({ values }) => values.p95) ?? []);
  if (latency === undefined) return [];
  const { before, after } = latency;
  return [`Round trip p95: ${before.toFixed(0)} ms in the second quarter, ${after.toFixed(0)} in the last.`];
}
