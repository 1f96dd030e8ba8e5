import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { causesOf, consequencesOf, explanationsOf } from './alert-causes.ts';
import { alerts } from './alerts.ts';

function causesOfNamed(name: string, all: readonly Alert[] = alerts): readonly string[] {
  const alert = alerts.find((one) => one.name === name);
  if (alert === undefined) throw new Error(`no alert ${name}`);
  return causesOf(alert, all).map((cause) => cause.name);
}

describe('causesOf', () => {
  it('names what stands for an objective that is broken: provider, backlog, platform, silence', () => {
    const causes = ['ProviderFailing', 'BacklogOld', 'ProcessErrors', 'NoMetrics'];
    expect(causesOfNamed('StoreSlow')).toEqual(causes);
    expect(causesOfNamed('AvailabilityFastBurn')).toEqual(causes);
  });

  it('lets the critical alert of an objective stand for its warnings', () => {
    expect(causesOfNamed('AvailabilitySlowBurn')).toContain('AvailabilityFastBurn');
    expect(causesOfNamed('AvailabilitySlowBurn')).not.toContain('ErrorsFastBurn');
  });

  it('lets a provider or a function that fails stand for work that waits', () => {
    for (const name of ['DeferredShareHigh', 'BacklogOld'])
      expect(causesOfNamed(name)).toEqual(['ProviderFailing', 'ProcessErrors']);
  });

  it('leaves events and the dead man for themselves', () => {
    for (const name of ['RetriesExhausted', 'DeadLettered', 'ProviderFailing', 'NoMetrics'])
      expect(causesOfNamed(name)).toEqual([]);
  });

  it('lets no warning stand for anything', () => {
    const warnings = alerts.map((alert): Alert => ({ ...alert, severity: 'warning' }));
    expect(causesOfNamed('AvailabilitySlowBurn', warnings)).toEqual([]);
  });

  it('has an end: no alert stands for its own cause', () => {
    for (const alert of alerts) {
      for (const cause of causesOf(alert, alerts)) expect(causesOf(cause, alerts)).not.toContain(alert);
    }
  });

  it('knows the consequences of an alert', () => {
    const critical = (kind: Alert['kind']) => consequencesOf({ kind, severity: 'critical' });
    expect(critical('dead-man')).toEqual(['objective']);
    expect(critical('platform')).toEqual(['objective', 'backlog']);
    expect(critical('provider')).toEqual(['objective', 'backlog']);
    expect(critical('backlog')).toEqual(['objective']);
    expect(critical('objective')).toEqual([]);
    expect(critical('event')).toEqual([]);
    expect(consequencesOf({ kind: 'provider', severity: 'warning' })).toEqual([]);
  });

  it('lets reads, links and webhooks that fail stand for nothing: no event waits for them', () => {
    expect(consequencesOf({ kind: 'platform', severity: 'critical', besideEvents: true })).toEqual([]);
    expect(alerts.filter(({ besideEvents }) => besideEvents).map(({ name }) => name)).toEqual([
      'QueryErrors',
      'QueryThrottled',
      'ConnectErrors',
      'ConnectThrottled',
      'WebhookErrors',
      'WebhookThrottled',
      'ReadsFailing',
      'WebhooksFailing',
      'ConnectFailing',
      'ReadsSlow',
      'WebhooksSlow',
      'ConnectSlow',
      'GatewayFailing',
      'GatewayThrottling',
    ]);
  });
});

describe('explanationsOf', () => {
  const explanations = (name: string) => {
    const alert = alerts.find((one) => one.name === name);
    return alert === undefined ? undefined : explanationsOf(alert, alerts).map((other) => other.name);
  };

  it('adds to the causes what a single event is read under, though it is told all the same', () => {
    expect(explanations('RetriesExhausted')).toEqual(['ProviderFailing']);
    expect(causesOfNamed('RetriesExhausted')).toEqual([]);
    expect(explanations('DeadLettered')).toEqual([]);
    expect(explanations('StoreSlow')).toEqual(causesOfNamed('StoreSlow'));
  });

  it('has an end: from any alert, explanations lead to one without any', () => {
    const lengthFrom = (name: string, seen: readonly string[]): number => {
      expect(seen).not.toContain(name);
      return 1 + Math.max(0, ...(explanations(name) ?? []).map((next) => lengthFrom(next, [...seen, name])));
    };
    expect(Math.max(...alerts.map(({ name }) => lengthFrom(name, [])))).toBeLessThan(6);
  });
});
