import { describe, expect, it } from 'vitest';
import { scenarioNames, scenarios } from './scenario-catalogue.ts';

describe('scenarios', () => {
  it('hold the promised rate and a minute of it in the one that gates', () => {
    expect(scenarios.sla).toMatchObject({
      ratePerMinute: 10_000,
      durationMs: 60_000,
      warmUpMs: 60_000,
      mode: 'single',
    });
  });

  it('spread the promised rate over thousands of connections', () => {
    for (const name of ['sla', 'surge', 'burst', 'soak'] as const)
      expect(scenarios[name].connections).toBeGreaterThan(1_999);
  });

  it('fail one provider call in twenty in the scenario of faults, one in fifty in the soak, and none elsewhere', () => {
    expect(scenarioNames.map((name) => scenarios[name].faultShare)).toEqual([0, 0, 0, 0, 0, 0.05, 0.02]);
    expect(scenarioNames.filter((name) => scenarios[name].breaks)).toEqual(['soak']);
  });

  it('go by the name they are listed under', () => {
    expect(Object.entries(scenarios).map(([key, { name }]) => key === name)).toEqual(scenarioNames.map(() => true));
  });
});
