/** What somebody must look at: events that raise an alert each, and their log lines. */
import {
  alerts,
  type CountMetric,
  isCountMetric,
  leavesOf,
  type MetricDefinition,
  type MetricName,
  metrics,
} from '@quartersec/sla';
import type { DashboardDefinition } from './panel.ts';
import { deadLetters, ratesPanel, totalsPanel } from './panel-forms.ts';

/** What is a level on AWS cannot be added up, and has a panel of its own. */
function isCounter(metric: MetricName): metric is CountMetric {
  const { aws }: MetricDefinition = metrics[metric];
  return isCountMetric(metric) && aws?.gauge !== true;
}

const eventMetrics: readonly CountMetric[] = alerts
  .filter(({ kind }) => kind === 'event')
  .flatMap(({ when }) => when.flatMap(({ expression }) => leavesOf(expression).map(({ metric }) => metric)))
  .filter(isCounter);

export const criticalErrors: DashboardDefinition = {
  name: 'critical-errors',
  title: 'Critical errors',
  about: 'Counted by kind, and line by line with what identifies the event.',
  sections: [
    {
      title: 'By kind',
      panels: [
        totalsPanel(eventMetrics, {
          title: 'In the time shown',
          meaning: 'Each kind has an alert that fires at the first event.',
          runbook: 'alerts',
        }),
        ratesPanel(['Failed', 'RetriesExhausted'], {
          title: 'Failures a minute',
          meaning: 'Events that ended in an error, and those of them that had used up their calls.',
          runbook: 'retries-exhausted',
        }),
        deadLetters,
      ],
    },
    {
      title: 'One by one',
      panels: [
        {
          kind: 'errors',
          title: 'Errors',
          meaning: 'Log lines of the chosen log groups, newest first. `correlation_id` finds all lines of one event.',
          meaningWithoutLogs:
            'Prometheus has no log lines. These are the alerts that fire; find the lines by `correlation_id` in the log of the functions.',
          runbook: 'events-fail',
          levels: ['CRITICAL', 'ERROR'],
          fields: [
            'level',
            'message',
            'component',
            'provider',
            'error_code',
            'error_detail',
            'correlation_id',
            'connection_id',
          ],
        },
      ],
    },
  ],
};
