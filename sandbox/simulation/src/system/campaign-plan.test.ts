import { describe, expect, it } from 'vitest';
import { afterChunk, beginCampaign, chunkAt, missedIn, openChunks } from './campaign-plan.ts';

const told = (met: Record<string, number>) => ({ histories: 20, met });

describe('a campaign', () => {
  it('goes on with the chunks that are not told yet, each under its own seed', () => {
    const begun = beginCampaign(50, 7);
    expect(openChunks(begun)).toEqual([0, 1, 2]);
    const stopped = afterChunk(begun, 1, told({ crash: 3 }));
    expect(openChunks(stopped)).toEqual([0, 2]);
    expect(stopped).toMatchObject({ told: 20, met: { plaid: { crash: 3 } } });
    expect(chunkAt(stopped, 2)).toEqual({ kind: 'system', seed: 9, histories: 10 });
  });

  it('adds up what happened, by kind of history', () => {
    const first = afterChunk(beginCampaign(200, 1), 0, told({ 'row 33': 2 }));
    expect(afterChunk(first, 2, told({ 'row 33': 5, 'row 36': 1 })).met).toEqual({
      system: { 'row 33': 7, 'row 36': 1 },
    });
  });

  it('says what none of many histories has met, and nothing after few', () => {
    const musts = new Map([['system', ['row 33', 'row 36']]]);
    const few = afterChunk(beginCampaign(20, 1), 0, told({ 'row 33': 2 }));
    expect(missedIn(few, musts)).toEqual([]);
    let many = beginCampaign(4_000, 1);
    for (const index of openChunks(many)) many = afterChunk(many, index, told({ 'row 33': 2 }));
    expect(missedIn(many, musts)).toEqual(['system: row 36']);
  });
});
