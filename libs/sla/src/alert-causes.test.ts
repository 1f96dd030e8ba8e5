import { describe, expect, it } from 'vitest';
import type { Alert } from './alert.ts';
import { causesOf, consequencesOf } from './alert-causes.ts';
import { alerts } from './alerts.ts';

function causesOfNamed(name: string, all: readonly Alert[] = alerts): readonly string[] {
  const alert = alerts.find((one) => one.name === name);
  if (alert === undefined) throw new Error(`no alert ${name}`);
  return causesOf(alert, all).map((cause) => cause.name);
}

describe('causesOf', () => {
  it('names what stands for an objective that is broken: no metric at all, and its critical alert for its warnings', () => {
    expect(causesOfNamed('AvailabilityFastBurn')).toEqual(['NoMetrics']);
    expect(causesOfNamed('AvailabilitySlowBurn')).toEqual(['AvailabilityFastBurn', 'ProviderFailing', 'NoMetrics']);
    expect(causesOfNamed('StoreSlow')).toEqual(['NoMetrics']);
  });

  it('leaves events and the dead man for themselves', () => {
    for (const name of ['RetriesExhausted', 'DeadLettered', 'NoMetrics']) expect(causesOfNamed(name)).toEqual([]);
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

  it('knows the consequences of kinds', () => {
    expect(consequencesOf('dead-man')).toEqual(['objective']);
    expect(consequencesOf('objective')).toEqual([]);
  });
});
