import { describe, expect, it } from 'vitest';
import { connectionOf, countsOf } from '../scenarios/connection-of.ts';

describe('connectionOf', () => {
  it('goes round the connections of Plaid', () => {
    const population = { connections: 2, standards: 'plaid' } as const;
    expect([0, 1, 2].map((event) => connectionOf(event, population))).toEqual(['conn-0', 'conn-1', 'conn-0']);
    expect(countsOf(population)).toEqual({ connections: 2 });
  });

  it.each([10, 12])(
    'has each of the %i connections of all standards once a round, and all of them exist',
    (connections) => {
      const population = { connections, standards: 'all' } as const;
      const ids = Array.from({ length: connections }, (_, event) => connectionOf(event, population));
      expect(new Set(ids).size).toBe(connections);
      expect(connectionOf(connections, population)).toBe(ids[0]);
      const counts = countsOf(population);
      const existing = [
        ...Array.from({ length: counts.connections }, (_, index) => `conn-${index}`),
        ...Array.from({ length: counts.openBanking ?? 0 }, (_, index) => `obuk-${index}`),
        ...Array.from({ length: counts.berlinGroup ?? 0 }, (_, index) => `berlin-${index}`),
      ];
      expect(existing).toEqual(expect.arrayContaining(ids));
    },
  );
});
