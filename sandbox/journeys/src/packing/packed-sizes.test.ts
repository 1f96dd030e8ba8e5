/** What the cost page says of packed items, held to what the codec makes; and the write units of an event, at the table. */
import { createDeadline } from '@quartersec/sla';
import { createJournal, createMemoryTable, encodeHead, itemWriteUnits, type Table } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { onCostPage } from '../cost-page.ts';
import { packedSizes, quantile, recordsOf } from './packed-sizes.ts';
import { sizedEvents } from './sample-entries.ts';

const within = { deadline: createDeadline(60_000, () => performance.now()) };
const sizes = packedSizes();

/** Counts what DynamoDB would bill for puts. */
function countWrites(table: Table): { readonly table: Table; readonly units: () => number } {
  let units = 0;
  const counting: Table = {
    ...table,
    put: (item, condition, options) => {
      units += itemWriteUnits(item);
      return table.put(item, condition, options);
    },
  };
  return { table: counting, units: () => units };
}

describe('the write units of an event', () => {
  it('are two for the median event of five transactions: one for its entry, one for the head', async () => {
    const units: number[] = [];
    for (const { before, connectionId, content } of sizedEvents().filter((event) => recordsOf(event) === 5)) {
      const memory = createMemoryTable();
      // The head is written over the one before it.
      await memory.put(encodeHead(before), undefined, within);
      const { table, units: counted } = countWrites(memory);
      const journal = createJournal({ table });
      const appended = await journal.append(before, connectionId, content, within);
      if (appended.outcome !== 'committed') throw new Error('expected a commit');
      await journal.saveHead(appended.head, within);
      units.push(counted());
    }
    expect(units.length).toBeGreaterThan(50);
    expect(quantile(units, 0.5)).toBe(2);
  });
});

describe('packed items', () => {
  it('are below a KB: the median entry of five transactions, and every head of two to four accounts', () => {
    expect(sizes.entryOfFive.p50Bytes).toBeLessThanOrEqual(1_024);
    expect(sizes.head.meanWriteUnits).toBe(1);
  });

  it.each([
    ['entryBytes', sizes.entry.meanBytes],
    ['entryWriteUnits', sizes.entry.meanWriteUnits],
    ['headBytes', sizes.head.meanBytes],
  ])('have the sizes that docs/cost.md computes with: %s', (name, measured) => {
    const written = onCostPage(name);
    const remedy = 'correct infra/src/economics/event-figures.ts, then npm run cost -- --write-pages';
    expect(
      Math.abs(written / measured - 1),
      `${name}: measured ${measured}, written ${written}: ${remedy}`,
    ).toBeLessThan(0.02);
  });
});
