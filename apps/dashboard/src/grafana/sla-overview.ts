/** Is the promise kept, and if not, which part of the way is to blame. */
import {
  alerts,
  badShare,
  budgetBurn,
  budgetWindowMs,
  burnRates,
  cacheHitRate,
  errorBudget,
  isShareObjective,
  objectives,
  type ShareObjective,
} from '@quartersec/sla';
import { objectiveFigures, throughputFigure } from './objective-panels.ts';
import type { DashboardDefinition, Line, MeasuredPanel } from './panel.ts';
import { latencyPanel, oldestMessage, platformPanels, ratesPanel } from './panel-forms.ts';

function spell(windowMs: number): string {
  return windowMs % 3_600_000 === 0 ? `${windowMs / 3_600_000} h` : `${windowMs / 60_000} min`;
}

/** How many times too fast the error budget goes, in the windows and with the limits of the burn-rate alerts. */
function burnPanel(name: string, objective: ShareObjective): MeasuredPanel {
  const all = burnRates.flatMap(({ shortMs, longMs }) => [shortMs, longMs]);
  const windows = [...new Set(all)].sort((a, b) => a - b);
  const lines = windows.map(
    (windowMs): Line => ({
      label: `last ${spell(windowMs)}`,
      expression: budgetBurn(badShare(objective, windowMs), errorBudget(objective)),
      window: 'own',
    }),
  );
  const limits = burnRates.map(
    ({ factor, longMs, shortMs }) => `${factor} over ${spell(longMs)} and ${spell(shortMs)}`,
  );
  return {
    kind: 'lines',
    title: `${objective.title}: budget burn`,
    meaning: `At 1 the error budget of ${budgetWindowMs / 86_400_000} days lasts exactly that long. Alerts: ${limits.join('; ')}.`,
    runbook: `${name}-fast-burn`,
    lines,
    bounds: burnRates.map(({ factor, severity }) => ({ value: factor, good: 'below', severity })),
  };
}

const shares = Object.entries(objectives).flatMap(([name, objective]) =>
  isShareObjective(objective) ? [burnPanel(name, objective)] : [],
);

const hitRate: MeasuredPanel = {
  kind: 'lines',
  title: 'Cache hit rate',
  meaning:
    'Share of reads that DAX answers from memory. How much faster those are is measured by `npm run perf:cache`, which reads the same from both.',
  runbook: 'cache-hit-rate-low',
  lines: [{ label: 'hit rate', expression: cacheHitRate, window: 'own' }],
  bounds: [{ value: objectives.cache.hitRateAtLeast, good: 'above', severity: 'warning' }],
};

export const slaOverview: DashboardDefinition = {
  name: 'sla-overview',
  title: 'SLA overview',
  about: 'Every objective, kept or not; both clocks; where the time goes; what is left of the error budgets.',
  sections: [
    { title: 'Is the promise kept?', panels: [...objectiveFigures(objectives, alerts), throughputFigure] },
    {
      title: 'Both clocks',
      panels: [
        latencyPanel('RoundTrip', {
          title: 'Round trip',
          meaning:
            'Event received to entry committed, the provider included. High while Processing is not: the provider.',
          runbook: 'round-trip-slow',
        }),
        latencyPanel('Processing', {
          title: 'Processing',
          meaning: 'Validated page in hand to entry committed: ours alone, whatever the provider does.',
          runbook: 'processing-slow',
        }),
      ],
    },
    {
      title: 'Where the time goes',
      panels: [
        latencyPanel('ProviderTime', {
          title: 'Provider time',
          meaning: 'Spent waiting for the provider, all attempts of the event. Which one: dashboard Providers.',
          runbook: 'round-trip-slow',
        }),
        latencyPanel('Store', {
          title: 'Store',
          meaning: 'The commit alone.',
          runbook: 'store-slow',
        }),
        latencyPanel('QueueAge', {
          title: 'Queue age',
          meaning: 'Message sent to message received: how far behind the functions are. Part of the round trip.',
          runbook: 'backlog-old',
        }),
        latencyPanel('SyncAge', {
          title: 'Age of the data',
          meaning: "Age of a connection's last complete sync when it is asked for again.",
          runbook: 'freshness-fast-burn',
        }),
      ],
    },
    {
      title: 'What waits and what fails beside the events',
      panels: [
        oldestMessage,
        ratesPanel(['Deferred', 'Refused', 'Bad'], {
          title: 'Deferred, refused and bad events a minute',
          meaning:
            'Refused ones are a mistake of their sender and burn no budget; bad ones are late, failed or deferred.',
          runbook: 'deferred-share-high',
        }),
        latencyPanel('ReadTime', {
          title: 'Reads',
          meaning: 'The query function, from request to response.',
          runbook: 'reads-slow',
        }),
        ratesPanel(['ReadsFailed'], {
          title: 'Failed reads a minute',
          meaning: 'Could not be answered for a fault of ours or of the table.',
          runbook: 'reads-failing',
        }),
        latencyPanel('WebhookTime', {
          title: 'Webhooks',
          meaning: 'The webhook function, from request to response. Plaid waits ten seconds.',
          runbook: 'webhooks-slow',
        }),
        ratesPanel(['WebhooksQueued', 'WebhooksRepeated', 'WebhooksUnknown', 'WebhooksFailed', 'WebhookForged'], {
          title: 'Webhooks a minute, by what became of them',
          meaning:
            'Failed ones are sent again by the provider; forged ones were refused before anything of them was used.',
          runbook: 'webhook-forged',
        }),
        latencyPanel('ConnectTime', {
          title: 'Links',
          meaning: 'The connect function, from request to response, the provider included.',
          runbook: 'connect-slow',
        }),
        ratesPanel(['ConnectFailed'], {
          title: 'Failed links, refreshes and removals a minute',
          meaning: 'Could not be answered, whoever is to blame.',
          runbook: 'connect-failing',
        }),
        ratesPanel(['GatewayFailed', 'GatewayThrottled'], {
          title: 'Answered by the gateway itself, a minute',
          meaning: 'Requests that no function answered, and those beyond the limits of a route. On AWS alone.',
          runbook: 'gateway-failing',
        }),
        ...platformPanels,
      ],
    },
    { title: 'Error budgets', panels: shares },
    {
      title: 'Load and cache',
      panels: [
        ratesPanel(['Events', 'Committed', 'Failed'], {
          title: 'Events, entries and failures a minute',
          meaning: 'One event may commit several entries, or none when nothing has changed.',
          runbook: 'no-metrics',
        }),
        ratesPanel(['ScheduleTicks'], {
          title: 'Signs of life a minute',
          meaning:
            "The schedule's messages that were handled: one a minute, whatever the load. Without them nothing is processed, or nobody counts.",
          runbook: 'no-metrics',
        }),
        ratesPanel(['ColdStart'], {
          title: 'Cold starts a minute',
          meaning: 'First events of new environments: they are the slow ones after a deployment or a rise of load.',
          runbook: 'processing-slow',
        }),
        hitRate,
        ratesPanel(['CacheHits', 'CacheMisses', 'CacheFailures'], {
          title: 'Cached reads a minute',
          meaning: 'Failures went to DynamoDB because DAX failed or was too slow; their answers were right.',
          runbook: 'cache-hit-rate-low',
        }),
      ],
    },
  ],
};
