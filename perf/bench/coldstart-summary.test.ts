import { describe, expect, it } from 'vitest';
import { type ColdStartRow, renderColdStarts, renderVerdicts, summariseColdStarts } from './coldstart-summary.ts';

const row = (name: string, firstAnswerMs: readonly number[], more: Partial<ColdStartRow> = {}): ColdStartRow => ({
  name,
  kind: 'function',
  initBytes: 300_000,
  totalBytes: 1_000_000,
  firstAnswerMs,
  initMs: [70, 60, 80],
  ...more,
});
const empty = row('empty', [100, 50, 100], { kind: 'reference', initBytes: 0, totalBytes: 0 });

describe('summariseColdStarts', () => {
  it('compares each round with the empty handler of the same round', () => {
    const [, process] = summariseColdStarts([empty, row('process', [190, 200, 200])], 'empty');
    expect(process?.timesEmptyHandler).toEqual({ median: 2, least: 1.9, most: 4 });
    expect([process?.keepsTime, process?.keepsSize]).toEqual([true, true]);
  });

  it.each([
    [[201, 101, 201], 1_000_000, [false, true]],
    [[100, 50, 100], 1_000_001, [true, false]],
    [[], 0, [false, true]],
  ])('for %j ms and %i bytes keeps time and size: %j', (firstAnswerMs, totalBytes, kept) => {
    const [, process] = summariseColdStarts([empty, row('process', firstAnswerMs, { totalBytes })], 'empty');
    expect([process?.keepsTime, process?.keepsSize]).toEqual(kept);
  });
});

describe('what is printed', () => {
  const summary = summariseColdStarts([empty, row('query', [300, 150, 330])], 'empty');

  it('has sizes and medians of all', () => {
    expect(renderColdStarts(summary)).toEqual([
      ['function', 'loaded at start', 'in all', 'first answer, ms', 'spread', 'of it init', 'x empty handler'],
      ['empty', '-', '-', '100', '50 to 100', '70', '1.00'],
      ['query', '300 kB', '1000 kB', '300', '150 to 330', '70', '3.00'],
    ]);
  });

  it('has a verdict on each limit of each function, not of what stands beside', () => {
    expect(renderVerdicts(summary)).toEqual([
      'target: query bundle <= 1 MB: kept',
      'target: query first answer <= 2 x empty handler: NOT kept',
    ]);
  });
});
