import { describe, expect, it } from 'vitest';
import { pricesTable } from './cost-tables.ts';
import { daxNodes, gatewayRequests, logIngestion, type Price, prices, tieredUsd } from './price-list.ts';

const all: readonly Price[] = [...Object.values(prices), ...Object.values(daxNodes)];

describe('price list', () => {
  it.each([
    [0, 0],
    [10_000, 5_000],
    [15_000, 6_250], // 10,000 at 0.50 and 5,000 at 0.25
    [60_000, 12_500], // the published sum for 60 TB
  ])('%d GB of logs cost %d USD', (gb, usd) => {
    expect(tieredUsd(logIngestion, gb)).toBeCloseTo(usd, 6);
  });

  it.each([
    [1, 1],
    [300, 300],
    [438, 424.2], // 300 at 1.00 and 138 at 0.90
  ])('%d million requests to the gateway cost %d USD', (millions, usd) => {
    expect(tieredUsd(gatewayRequests, millions)).toBeCloseTo(usd, 6);
  });

  it("names AWS's own page for each price", () => {
    for (const { source } of [...all, logIngestion, gatewayRequests])
      expect(source).toMatch(/^https:\/\/aws\.amazon\.com\/.+pricing/);
  });

  it('says on the page which prices nobody has confirmed', () => {
    const lines = pricesTable().split('\n');
    const unconfirmed = lines.filter((line) => line.includes('check before relying on it'));
    expect(unconfirmed).toHaveLength(all.filter((price) => price.found === undefined).length);
    expect(unconfirmed.join()).toContain('dax.r5.large');
  });
});
