import { describe, expect, it } from 'vitest';
import { daxBreakEven } from './dax-break-even.ts';
import { monthlyCost } from './monthly-cost.ts';
import { type DaxCluster, workload } from './workload.ts';

const cluster: DaxCluster = { nodes: 3, nodeType: 't3.small', hitRate: 0.9 };
const load = workload({ eventsPerMonth: 438_000_000, readsPerEvent: 10 });

describe('daxBreakEven', () => {
  it('solves for events and for reads', () => {
    const point = daxBreakEven(load, cluster);
    expect(point.fixedUsdPerMonth).toBeCloseTo(186.15, 6); // 2,190 hours x (0.04 + 0.045)
    expect(point.savedUsdPerMillionReads).toBeCloseTo(0.056_25, 6); // 0.9 x half a unit x 0.125
    expect(point.natUsdPerMillionEvents).toBeCloseTo(0.280_794, 6);
    expect(point.eventsPerMonth ?? 0).toBeCloseTo(660_798_000, -4); // 186.15 / (0.5625 - 0.280794) million
    expect(point.eventsPerMonthNodesAlone ?? 0).toBeCloseTo(155_733_333, 0); // 87.6 / 0.5625 million
    expect(point.readsPerEvent ?? 0).toBeCloseTo(12.547, 3); // (186.15 / 438 + 0.280794) / 0.05625
    expect(point.readsPerSecond ?? 0).toBeCloseTo(2_091.2, 1); // x 166.67 events a second
  });

  it('meets the bill: at that many events both ways cost the same', () => {
    const { eventsPerMonth = 0 } = daxBreakEven(load, cluster);
    const there = { ...load, eventsPerMonth };
    expect(monthlyCost({ ...there, dax: cluster }).usd).toBeCloseTo(monthlyCost(there).usd, 6);
    const above = { ...load, eventsPerMonth: eventsPerMonth * 1.1 };
    expect(monthlyCost({ ...above, dax: cluster }).usd).toBeLessThan(monthlyCost(above).usd);
  });

  it('meets the bill: with that many reads both ways cost the same', () => {
    const { readsPerEvent = 0 } = daxBreakEven(load, cluster);
    const there = { ...load, readsPerEvent };
    expect(monthlyCost({ ...there, dax: cluster }).usd).toBeCloseTo(monthlyCost(there).usd, 6);
  });

  it("never pays with the pipeline's one read an event, however many events there are", () => {
    expect(daxBreakEven({ ...load, readsPerEvent: 1 }, cluster).eventsPerMonth).toBeUndefined();
    const many = workload({ eventsPerMonth: 1e12 });
    expect(monthlyCost({ ...many, dax: cluster }).usd).toBeGreaterThan(monthlyCost(many).usd);
  });

  it('never pays without hits', () => {
    const point = daxBreakEven(load, { ...cluster, hitRate: 0 });
    expect(point).toMatchObject({
      eventsPerMonth: undefined,
      eventsPerMonthNodesAlone: undefined,
      readsPerEvent: undefined,
      readsPerSecond: undefined,
    });
  });
});
