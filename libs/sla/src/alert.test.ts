import { describe, expect, it } from 'vitest';
import {
  budgetWindowMs,
  burnAlerts,
  burnRates,
  eventAlert,
  eventWindowMs,
  latencyAlert,
  percentileFloor,
} from './alert.ts';
import { alerts } from './alerts.ts';
import { alertDelayMs } from './cadence.ts';
import { leavesOf } from './expression.ts';
import { objectives } from './objectives.ts';

function summary(alert: ReturnType<typeof latencyAlert>) {
  return alert.when.map(({ expression, comparison, bound }) => {
    const leaves = leavesOf(expression).map(({ op, metric, scope }) => `${op} ${metric} ${scope.windowMs}`);
    return `${leaves.join(' / ')} ${comparison} ${bound}`;
  });
}

describe('eventAlert', () => {
  it('fires at the first increment and outlasts its latch of two minutes', () => {
    const alert = eventAlert('DeadLettered', { severity: 'critical', title: 'T', whatToDo: 'W' });
    expect(alert).toMatchObject({
      name: 'DeadLettered',
      kind: 'event',
      runbook: 'dead-lettered',
      holdMs: 0,
      latchMs: 120_000,
    });
    expect(summary(alert)).toEqual(['count DeadLettered 180000 above 0']);
    expect(eventWindowMs).toBe(180_000);
  });
});

describe('latencyAlert', () => {
  it('compares the percentile of a minute, once 40 events make it one', () => {
    const alert = latencyAlert('store', objectives.store);
    expect(alert).toMatchObject({ name: 'StoreSlow', kind: 'objective', objective: 'store', runbook: 'store-slow' });
    expect(summary(alert)).toEqual(['percentile Store 60000 above 100', 'count Store 60000 above 39']);
  });

  it.each([
    [0.5, 4],
    [0.95, 40],
    [0.99, 200],
  ])('for the percentile %d needs %i events, so that two slow ones cannot trip it', (share, events) => {
    expect(percentileFloor(share)).toBe(events);
  });
});

describe('burnAlerts', () => {
  it('are those of the SRE workbook: 14.4 times over 5 min and 1 h, 6 times over 30 min and 6 h, 1 time over 6 h and 3 d', () => {
    const [fast, slow, long] = burnAlerts('availability', objectives.availability);
    expect(fast).toMatchObject({
      name: 'AvailabilityFastBurn',
      severity: 'critical',
      runbook: 'availability-fast-burn',
    });
    expect(fast && summary(fast)).toEqual([
      'count Bad 300000 / count Events 300000 above 0.144',
      'count Bad 3600000 / count Events 3600000 above 0.144',
      'count Events 3600000 above 99',
      'count Bad 3600000 above 9',
    ]);
    expect(slow).toMatchObject({
      name: 'AvailabilitySlowBurn',
      severity: 'warning',
      runbook: 'availability-slow-burn',
    });
    expect(slow && summary(slow)).toEqual([
      'count Bad 1800000 / count Events 1800000 above 0.06',
      'count Bad 21600000 / count Events 21600000 above 0.06',
      'count Events 21600000 above 99',
      'count Bad 21600000 above 9',
    ]);
    expect(long).toMatchObject({
      name: 'AvailabilityLongBurn',
      severity: 'warning',
      runbook: 'availability-long-burn',
    });
    expect(long && summary(long)).toEqual([
      'count Bad 21600000 / count Events 21600000 above 0.01',
      'count Bad 259200000 / count Events 259200000 above 0.01',
      'count Events 259200000 above 99',
      'count Bad 259200000 above 9',
    ]);
  });

  it('count what a counter counts, or what took longer than a bound', () => {
    const [fast] = burnAlerts('errors', objectives.errors);
    expect(fast && summary(fast)[0]).toBe('count Failed 300000 / count Events 300000 above 0.0144');
    const [stale] = burnAlerts('freshness', objectives.freshness);
    expect(stale && summary(stale)[0]).toBe('countOver SyncAge 300000 / count SyncAge 300000 above 0.144');
  });
});

describe('burnRates', () => {
  it('use 2 % of the budget in the fast window, 5 % in the slow one and 10 % over days', () => {
    const used = burnRates.map(({ factor, longMs }) => (factor * longMs) / budgetWindowMs);
    expect(used).toEqual([0.02, 0.05, 0.1]);
  });
});

describe('alerts', () => {
  it('are these', () => {
    expect(alerts.map(({ kind, severity, name }) => `${kind} ${severity} ${name}`)).toEqual([
      'event critical RetriesExhausted',
      'event critical DeadLettered',
      'event critical AuditDifferences',
      'event critical AddressRefused',
      'event critical ContractBroken',
      'event warning InsightsMissed',
      'event warning RestartsExhausted',
      'event critical ConfigurationRefused',
      'event warning WebhookForged',
      'event warning ConsentEnded',
      'objective warning RoundTripSlow',
      'objective warning ProcessingSlow',
      'objective warning StoreSlow',
      'objective critical AvailabilityFastBurn',
      'objective warning AvailabilitySlowBurn',
      'objective warning AvailabilityLongBurn',
      'objective critical ErrorsFastBurn',
      'objective warning ErrorsSlowBurn',
      'objective warning ErrorsLongBurn',
      'objective critical FreshnessFastBurn',
      'objective warning FreshnessSlowBurn',
      'objective warning FreshnessLongBurn',
      'provider critical ProviderFailing',
      'backlog critical BacklogOld',
      'backlog warning DeferredShareHigh',
      'platform critical ProcessErrors',
      'platform warning ProcessThrottled',
      'platform critical QueryErrors',
      'platform warning QueryThrottled',
      'platform critical ConnectErrors',
      'platform warning ConnectThrottled',
      'platform critical WebhookErrors',
      'platform warning WebhookThrottled',
      'platform critical ReadsFailing',
      'platform critical WebhooksFailing',
      'platform critical ConnectFailing',
      'platform warning ReadsSlow',
      'platform warning WebhooksSlow',
      'platform warning ConnectSlow',
      'platform critical GatewayFailing',
      'platform warning GatewayThrottling',
      'objective warning CacheHitRateLow',
      'dead-man critical NoMetrics',
    ]);
  });

  it('of events are noticed well within the promised minute', () => {
    expect(alertDelayMs).toBe(11_000);
    expect(alertDelayMs).toBeLessThan(objectives.alert.visibleWithinMs / 2);
  });
});
