import { describe, expect, it } from 'vitest';
import { burnAlerts, deadManAlert, eventAlert, latencyAlert } from '../alert.ts';
import { alerts } from '../alerts.ts';
import { objectives } from '../objectives.ts';
import { cloudWatchAlarms } from './cloudwatch-alarms.ts';

const words = { title: 'Title', whatToDo: 'Do it.' };
const metric = (metricName: string) => ({ namespace: 'quartersec', metricName, dimensions: [] });

describe('cloudWatchAlarms', () => {
  it('fires at the first event within 10 s, and stays for three minutes', () => {
    const alert = eventAlert('RetriesExhausted', { ...words, severity: 'critical' });
    expect(cloudWatchAlarms(alert, { runbookUrl: 'https://example.test/r', namePrefix: 'prod-' })).toEqual({
      alert,
      alarms: [
        {
          alarmName: 'prod-RetriesExhausted',
          alarmDescription: 'Title. Do it. https://example.test/r#retries-exhausted',
          metrics: [
            { id: 'm0', returnData: true, metricStat: { metric: metric('RetriesExhausted'), period: 10, stat: 'Sum' } },
          ],
          comparisonOperator: 'GreaterThanThreshold',
          threshold: 0,
          evaluationPeriods: 18,
          datapointsToAlarm: 1,
          treatMissingData: 'notBreaching',
        },
      ],
    });
  });

  it('compares a percentile only where enough events make it one', () => {
    const { alarms, composite } = cloudWatchAlarms(latencyAlert('store', objectives.store));
    expect(composite).toBeUndefined();
    expect(alarms).toMatchObject([
      {
        alarmName: 'quartersec-StoreSlow',
        metrics: [
          { id: 'm0', returnData: false, metricStat: { metric: metric('Store'), period: 60, stat: 'p95' } },
          { id: 'm1', returnData: false, metricStat: { metric: metric('Store'), period: 60, stat: 'SampleCount' } },
          { id: 'value', returnData: true, expression: 'IF(m1 > 39, m0, 100)' },
        ],
        comparisonOperator: 'GreaterThanThreshold',
        threshold: 100,
        evaluationPeriods: 1,
        datapointsToAlarm: 1,
      },
    ]);
  });

  it('joins the windows of a burn rate by a composite alarm', () => {
    const [fast] = burnAlerts('errors', objectives.errors);
    const result = fast && cloudWatchAlarms(fast);
    expect(result?.composite).toEqual({
      alarmName: 'quartersec-ErrorsFastBurn',
      alarmDescription: expect.stringContaining('docs/troubleshooting.md#errors-fast-burn'),
      alarmRule: 'ALARM("quartersec-ErrorsFastBurn-5m") AND ALARM("quartersec-ErrorsFastBurn-1h")',
    });
    expect(result?.alarms.map(({ metrics }) => metrics.at(-1))).toEqual([
      { id: 'value', returnData: true, expression: '(FILL(m0, 0) / m1)' },
      { id: 'value', returnData: true, expression: 'IF(m1 > 99, (FILL(m0, 0) / m1), 0.0144)' },
    ]);
    expect(result?.alarms.map(({ metrics }) => metrics[0]?.metricStat?.period)).toEqual([300, 3_600]);
  });

  it("looks at AWS's own metrics by the minute, since they have no more values", () => {
    const alert = eventAlert('DeadLettered', { ...words, severity: 'critical' });
    expect(cloudWatchAlarms(alert, { deadLetterQueueName: 'dead' }).alarms).toMatchObject([
      {
        metrics: [
          {
            metricStat: {
              metric: { namespace: 'AWS/SQS', dimensions: [{ name: 'QueueName', value: 'dead' }] },
              period: 60,
              stat: 'Maximum',
            },
          },
        ],
        threshold: 0,
        evaluationPeriods: 3,
        datapointsToAlarm: 1,
      },
    ]);
  });

  it('takes silence for a breach in a dead man, once it lasts', () => {
    const alert = deadManAlert('NoMetrics', 'RoundTrip', { ...words, windowMs: 60_000, holdMs: 240_000 });
    expect(cloudWatchAlarms(alert).alarms).toMatchObject([
      {
        comparisonOperator: 'LessThanThreshold',
        threshold: 1,
        evaluationPeriods: 5,
        datapointsToAlarm: 5,
        treatMissingData: 'breaching',
      },
    ]);
  });

  describe.each(alerts)('of $name', (alert) => {
    const { alarms, composite } = cloudWatchAlarms(alert, { daxClusterId: 'cache' });

    it('return one value each, over a day at most, in periods that CloudWatch knows', () => {
      for (const { metrics, evaluationPeriods } of alarms) {
        expect(metrics.filter(({ returnData }) => returnData)).toHaveLength(1);
        const periods = metrics.flatMap(({ metricStat }) => (metricStat === undefined ? [] : [metricStat.period]));
        expect(new Set(periods).size).toBe(1);
        for (const period of periods) {
          expect([10, 60, 300, 1_800, 3_600, 21_600]).toContain(period);
          expect(period * evaluationPeriods).toBeLessThanOrEqual(86_400);
        }
      }
    });

    it('are joined where there are several', () => {
      expect(composite === undefined).toBe(alarms.length === 1);
    });
  });
});
