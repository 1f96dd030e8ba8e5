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
      { id: 'value', returnData: true, expression: 'IF(m1 > 99 AND m0 > 9, (FILL(m0, 0) / m1), 0.0144)' },
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

  it('looks at three days as at three periods of a day, since a period is no longer', () => {
    const long = burnAlerts('availability', objectives.availability)[2];
    const { alarms = [] } = long === undefined ? {} : cloudWatchAlarms(long);
    expect(alarms).toMatchObject([
      { alarmName: 'quartersec-AvailabilityLongBurn-6h', evaluationPeriods: 1, datapointsToAlarm: 1 },
      { alarmName: 'quartersec-AvailabilityLongBurn-72h', evaluationPeriods: 3, datapointsToAlarm: 3 },
    ]);
    expect(alarms.map(({ metrics }) => metrics[0]?.metricStat?.period)).toEqual([21_600, 86_400]);
  });

  it('asks for the oldest message of all queues where each provider has one of its own', () => {
    const backlog = alerts.filter(({ name }) => name === 'BacklogOld');
    const [rendered] = backlog.map((one) => cloudWatchAlarms(one, { syncQueueNames: ['sync', 'sync-b'] }));
    const metrics = rendered?.alarms[0]?.metrics ?? [];
    const queues = metrics.flatMap(({ metricStat }) => metricStat?.metric.dimensions.map(({ value }) => value) ?? []);
    expect(queues).toEqual(['sync', 'sync-b']);
    expect(metrics.find(({ returnData }) => returnData)?.expression).toBe('(MAX([m0, m1]) * 1000)');
  });

  it("asks Lambda for each function's errors, and SQS, which counts seconds, for the age of the oldest message", () => {
    const aws = { syncQueueNames: ['sync'], functionNames: { process: 'prod-process', query: 'prod-query' } };
    const alarmOf = (name: string) =>
      alerts.filter((one) => one.name === name).map((one) => cloudWatchAlarms(one, aws));
    expect(alarmOf('QueryErrors')[0]?.alarms).toMatchObject([
      {
        metrics: [
          {
            metricStat: {
              metric: {
                namespace: 'AWS/Lambda',
                metricName: 'Errors',
                dimensions: [{ name: 'FunctionName', value: 'prod-query' }],
              },
              period: 60,
              stat: 'Sum',
            },
          },
        ],
        threshold: 0,
        evaluationPeriods: 3,
        datapointsToAlarm: 1,
      },
    ]);
    expect(alarmOf('BacklogOld')[0]?.alarms).toMatchObject([
      {
        metrics: [
          {
            metricStat: {
              metric: {
                namespace: 'AWS/SQS',
                metricName: 'ApproximateAgeOfOldestMessage',
                dimensions: [{ name: 'QueueName', value: 'sync' }],
              },
              period: 60,
              stat: 'Maximum',
            },
          },
          { expression: '(m0 * 1000)', returnData: true },
        ],
        threshold: 120_000,
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

    it('return one value each, over no longer than is permitted, in periods that CloudWatch knows', () => {
      for (const { metrics, evaluationPeriods } of alarms) {
        expect(metrics.filter(({ returnData }) => returnData)).toHaveLength(1);
        const periods = metrics.flatMap(({ metricStat }) => (metricStat === undefined ? [] : [metricStat.period]));
        expect(new Set(periods).size).toBe(1);
        for (const period of periods) {
          expect([10, 60, 300, 1_800, 3_600, 21_600, 86_400]).toContain(period);
          // CloudWatch: seven days where the period is an hour at least, one day otherwise
          expect(period * evaluationPeriods).toBeLessThanOrEqual(period < 3_600 ? 86_400 : 604_800);
        }
      }
    });

    it('are joined where there are several', () => {
      expect(composite === undefined).toBe(alarms.length === 1);
    });
  });
});
