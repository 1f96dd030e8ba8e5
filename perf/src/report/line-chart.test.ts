import { describe, expect, it } from 'vitest';
import { lineChart, niceCeiling } from './line-chart.ts';

describe('lineChart', () => {
  const line = {
    name: 'p95',
    style: 'p95',
    points: [
      [0, 50],
      [60, 100],
    ],
  } as const;

  it('puts high values high, and time from left to right', () => {
    const [, x1, y1, x2, y2] = (
      /d="M([\d.]+) ([\d.]+) L([\d.]+) ([\d.]+)"/.exec(lineChart({ title: 'T', unit: 'ms', lines: [line] })) ?? []
    ).map(Number);
    expect([x1, y1, x2, y2]).toEqual([52, 113, 664, 16]);
  });

  it('keeps the bound in the picture when all values lie below it', () => {
    const svg = lineChart({ title: 'T', unit: 'ms', lines: [line], bound: { value: 200, label: 'p95 < 200' } });
    expect(svg).toMatch(/class="bound" [^>]*y1="54\.8"/);
    expect(svg).toContain('p95 &lt; 200');
  });

  it('cuts off a spike and says so', () => {
    const spiked = {
      ...line,
      points: [
        [0, 50],
        [60, 9_000],
      ] as const,
    };
    const svg = lineChart({ title: 'T', unit: 'ms', lines: [spiked], cutAt: 400 });
    expect(svg).toContain('values above 400 ms are cut off here');
    expect(svg).toContain('L664.0 16.0');
  });

  it('draws nothing into the page but text and lines', () => {
    expect(lineChart({ title: '<script>', unit: '"', lines: [] })).not.toMatch(/<script>|NaN|Infinity/);
  });
});

describe('niceCeiling', () => {
  it.each([
    [287.5, 300],
    [250, 250],
    [0.4, 0.4],
    [1_001, 1_500],
    [7, 8],
  ])('%d is rounded up to %d', (value, top) => {
    expect(niceCeiling(value)).toBe(top);
  });
});
