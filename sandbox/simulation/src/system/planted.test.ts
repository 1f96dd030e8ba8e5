/** The simulation is tested with what it is for: a defect in the order of writes, and a draw from outside. */
import type { Table } from '@quartersec/storage';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { systemHistories } from './system-histories.ts';
import { tellSystemHistory } from './system-history.ts';

/** Two runs of one connection at once: the later one writes over the earlier one's entry. */
const withoutCondition = (table: Table): Table => ({
  ...table,
  put: (item, condition, options) => table.put(item, item.sk.startsWith('LOG#') ? undefined : condition, options),
});

describe('the simulation', () => {
  it('finds entries that are written without their condition, and tells it in a few steps', async () => {
    const property = fc.asyncProperty(systemHistories.story, async (story) => {
      await tellSystemHistory(story, { plant: withoutCondition });
    });
    const report = await fc.check(property, { seed: 1, numRuns: 300 });
    expect(report.failed).toBe(true);
    const [story] = report.counterexample ?? [];
    expect(story?.steps.length).toBeLessThan(15);
    expect(String(report.errorInstance)).toContain('HistoryFailed');
  }, 0);

  it('sees what is drawn from outside', async () => {
    let draws = 0;
    const leak = () => `drawn ${++draws}`; // as Math.random would, never the same
    await expect(tellSystemHistory({ seed: 1, steps: [] }, { leak })).rejects.toThrow(
      'the second run differs at line 1:\n  first:  0.000 drawn 1\n  second: 0.000 drawn 2',
    );
    await expect(tellSystemHistory({ seed: 1, steps: [] })).resolves.toMatchObject({ acts: [] });
  });
});
