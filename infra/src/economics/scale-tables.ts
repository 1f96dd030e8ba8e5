/** The tables of docs/scale.md, from the code. */
import { busyOnAverage, meanWaitMs, waitPercentileMs } from './erlang-c.ts';
import { eventFigures } from './event-figures.ts';
import { failureDomains } from './failure-domains.ts';
import { type Limit, limits } from './limits.ts';
import { logNormalDraw, logNormalMean } from './log-normal.ts';
import { markdownTable, number, percent, usd } from './markdown-table.ts';
import { exponential, simulateQueue } from './queue-simulation.ts';
import { concurrencyWithinQuota, planFor, type ScalePlan } from './scale.ts';
import { workload } from './workload.ts';

const rates = [10_000, 30_000, 100_000, 300_000, 1_000_000] as const;
const plans = () => rates.map((rate) => planFor(rate));

function rows(cells: readonly (readonly [what: string, show: (plan: ScalePlan) => string])[]): string {
  const all = plans();
  return markdownTable(
    ['events a minute', ...all.map(({ eventsPerMinute }) => `${number(eventsPerMinute)}>`)],
    cells.map(([what, show]) => [what, ...all.map(show)]),
  );
}

export function functionsTable(): string {
  return rows([
    ['events a second', (plan) => number(plan.eventsPerSecond)],
    ['busy environments (Little)', (plan) => number(plan.busy)],
    ['maximum concurrency: 95 % wait at most 10 ms', (plan) => number(plan.concurrency)],
    ['concurrency with a provider that hangs (2 s each)', (plan) => number(plan.concurrencyWhenHung)],
    ['queues, or one in provisioned mode', (plan) => number(plan.queues)],
    ['minutes from quiet to there', (plan) => number(plan.rampMinutes, 1)],
    ['in flight when everything fails (30 s each)', (plan) => number(plan.inFlightWhenFailing)],
  ]);
}

export function storeTable(): string {
  return rows([
    ['write units a second', (plan) => number(plan.writeUnitsPerSecond)],
    ['read units a second, without DAX', (plan) => number(plan.readUnitsPerSecond)],
    ['partitions at least', (plan) => number(plan.partitions)],
    ['doublings of 30 min from a new table', (plan) => number(plan.doublings)],
    ['DAX: work in cache hits a second', (plan) => number(plan.daxHitsPerSecond)],
    ['of that writes, on the primary node', (plan) => number(plan.daxWriteHitsPerSecond)],
  ]);
}

export function outsideTable(): string {
  return rows([
    ['Plaid quotas of 2,500 a minute', (plan) => number(plan.plaidQuotas)],
    ['or share of events coalesced', (plan) => `${number(plan.coalescedShare * 100, 1)} %`],
    ['from and to the provider, Mbit/s', (plan) => number(plan.providerMbitPerSecond)],
    ['logs, GB a day', (plan) => number(plan.logGbPerDay)],
    ['USD a month, first month', (plan) => usd(plan.usdPerMonth)],
  ]);
}

const shortNames: Readonly<Record<string, string>> = {
  plaidClientCallsPerMinute: 'Plaid calls of the client',
  gatewayRequestsPerSecond: 'requests to API Gateway',
  lambdaConcurrency: 'Lambda concurrency, with a provider that hangs',
  newTableWriteUnits: 'write units of a new table',
  tableWriteUnits: 'write units of a table',
  queueConcurrency: 'batches of one queue',
  queueInFlight: 'in flight, when everything fails',
};

export function exceededTable(): string {
  return markdownTable(
    ['events a minute>', 'default limits met'],
    plans().map(({ eventsPerMinute, exceeded }) => [
      number(eventsPerMinute),
      exceeded.map((name) => shortNames[name] ?? name).join('; ') || 'none',
    ]),
  );
}

/** Exponential service is what the formula assumes; log-normal, through the measured times, is what is met. */
export function waitingTable(): string {
  const { roundTripP50Ms, roundTripP95Ms } = eventFigures;
  const meanMs = logNormalMean(roundTripP50Ms.value, roundTripP95Ms.value);
  const arrivalsPerSecond = 10_000 / 60;
  const chosen = planFor(10_000, { durationMs: meanMs }).concurrency;
  const run = (servers: number, serviceMs: (random: () => number) => number) =>
    simulateQueue({ servers, arrivalsPerSecond, arrivals: 200_000, seed: 1, serviceMs });
  return markdownTable(
    [
      'environments>',
      'busy>',
      'mean wait, Erlang C>',
      'simulated, exponential>',
      'simulated, as measured>',
      'p95 wait, Erlang C>',
      'p95 wait, as measured>',
    ],
    [chosen - 4, chosen - 2, chosen, chosen + 4].map((servers) => {
      const measured = run(servers, logNormalDraw(roundTripP50Ms.value, roundTripP95Ms.value));
      return [
        servers === chosen ? `**${servers}**` : String(servers),
        percent(busyOnAverage(arrivalsPerSecond, meanMs) / servers),
        ms(meanWaitMs(servers, arrivalsPerSecond, meanMs)),
        ms(run(servers, exponential(meanMs)).meanWaitMs),
        ms(measured.meanWaitMs),
        ms(waitPercentileMs(servers, arrivalsPerSecond, meanMs, 0.95)),
        ms(measured.p95WaitMs),
      ];
    }),
  );
}

function ms(value: number): string {
  return `${number(value, 1)} ms`;
}

export function domainsTable(): string {
  return markdownTable(
    ['fails', 'is lost', 'goes on', 'seen by', 'then'],
    failureDomains.map(({ part, lost, goesOn, seenBy, doNext }) => [
      part,
      lost,
      goesOn,
      seenBy.map((name) => `\`${name}\``).join(', '),
      doNext,
    ]),
  );
}

export function limitsTable(): string {
  return markdownTable(
    ['limit>', 'of what', 'can be raised', 'source', 'text of the page found'],
    Object.values<Limit>(limits).map(({ value, what, canBeRaised, source, confirmed }) => [
      number(value),
      what,
      canBeRaised ? 'yes' : 'no',
      `[${new URL(source).hostname}](${source})`,
      confirmed ? 'yes' : 'no: check before relying on it',
    ]),
  );
}

export function durationText(): string {
  const { memoryMb, durationMs } = workload({ eventsPerMonth: 1 });
  return [
    `Mean time of an event with ${number(memoryMb)} MB: ${number(durationMs, 1)} ms.`,
    `Maximum concurrency that stays within one Plaid quota: ${concurrencyWithinQuota(durationMs)}.`,
  ].join(' ');
}

export const scaleTables = {
  duration: durationText,
  functions: functionsTable,
  waiting: waitingTable,
  store: storeTable,
  outside: outsideTable,
  exceeded: exceededTable,
  'failure domains': domainsTable,
  limits: limitsTable,
} as const satisfies Record<string, () => string>;
