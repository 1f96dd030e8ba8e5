import { alerts } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { failureDomains } from './failure-domains.ts';

describe('failure domains', () => {
  it('are seen by alerts that exist', () => {
    const known = new Set(alerts.map(({ name }) => name));
    const unknown = failureDomains.flatMap(({ seenBy }) => seenBy).filter((name) => !known.has(name));
    expect(unknown).toEqual([]);
  });

  it('have one row each', () => {
    expect(new Set(failureDomains.map(({ part }) => part)).size).toBe(failureDomains.length);
  });
});
