import { describe, expect, it } from 'vitest';
import { type ChangeFeedDeps, Coalesced, followChanges, partsOf, waitAfter } from './change-feed.ts';

type Turn = readonly string[] | 'fails';

/** Plays the turns, then stops. */
async function play(turns: readonly Turn[]): Promise<readonly string[]> {
  const told: string[] = [];
  let turn = 0;
  const deps: ChangeFeedDeps = {
    async poll(cursor, waitSeconds) {
      const now = turns[turn] ?? [];
      turn += 1;
      told.push(`poll ${cursor} ${waitSeconds}`);
      if (now === 'fails') throw new Error('gone');
      return { nextCursor: `c${turn}`, kinds: now };
    },
    sleep: async (waitMs) => void told.push(`sleep ${waitMs}`),
    visible: async () => {},
    onChange: (kinds) => void told.push(`changed ${kinds ?? 'anything'}`),
    onConnected: (isConnected) => void told.push(isConnected ? 'connected' : 'lost'),
    isStopped: () => turn === turns.length,
  };
  await followChanges(deps);
  return told;
}

describe('the feed', () => {
  it('has its cursor before everything is read, and goes on from it', async () => {
    expect(await play([[], [], ['transaction.added']])).toEqual([
      'poll now 0',
      'changed anything',
      'connected',
      'poll c1 20',
      'poll c2 20',
      'changed transaction.added',
    ]);
  });

  it('waits longer after each failure, says so once, and then reads everything again', async () => {
    expect(await play([[], 'fails', 'fails', []])).toEqual([
      'poll now 0',
      'changed anything',
      'connected',
      'poll c1 20',
      'lost',
      'sleep 1000',
      'poll now 0',
      'sleep 2000',
      'poll now 0',
      'changed anything',
      'connected',
    ]);
  });

  it('asks nothing while nobody looks', async () => {
    const told: string[] = [];
    let look = () => {};
    let stopped = false;
    const following = followChanges({
      poll: async () => {
        told.push('poll');
        stopped = true;
        return { nextCursor: 'c', kinds: [] };
      },
      sleep: async () => {},
      visible: () => new Promise((resolve) => (look = resolve)),
      onChange: () => {},
      onConnected: () => {},
      isStopped: () => stopped,
    });
    await new Promise((resolve) => setImmediate(resolve));
    expect(told).toEqual([]);
    look();
    await following;
    expect(told).toEqual(['poll']);
  });

  it.each([
    [1, 1_000],
    [3, 4_000],
    [60, 30_000],
  ])('after %i failures waits %i ms', (failures, waitMs) => {
    expect(waitAfter(failures)).toBe(waitMs);
  });
});

describe('reloads', () => {
  it('come together: one runs, and one more for all that was asked meanwhile', async () => {
    let runs = 0;
    let finish = () => {};
    const waits: number[] = [];
    const reloads = new Coalesced(
      () => {
        runs += 1;
        return new Promise((resolve) => (finish = resolve));
      },
      1_000,
      async (waitMs) => void waits.push(waitMs),
    );
    const first = reloads.ask();
    await Promise.all([reloads.ask(), reloads.ask(), reloads.ask()]);
    expect(runs).toBe(1);
    finish();
    await expect.poll(() => runs).toBe(2);
    finish();
    await first;
    expect([runs, waits]).toEqual([2, [1_000, 1_000]]);
  });

  it('are possible again after one that failed', async () => {
    let runs = 0;
    const reloads = new Coalesced(
      async () => {
        runs += 1;
        if (runs === 1) throw new Error('no');
      },
      0,
      async () => {},
    );
    await expect(reloads.ask()).rejects.toThrow('no');
    await reloads.ask();
    expect(runs).toBe(2);
  });

  it('read what a change touches, and everything where that is not known', () => {
    expect([...partsOf(['insight.raised', 'insight.cleared'])]).toEqual(['insights']);
    expect([...partsOf(['transaction.added', 'insight.raised'])].sort()).toEqual([
      'accounts',
      'insights',
      'transactions',
    ]);
    for (const kinds of [undefined, ['connection.removed'], ['constructor'], ['another.kind']]) {
      expect([...partsOf(kinds)].sort()).toEqual(['accounts', 'connections', 'insights', 'transactions']);
    }
  });
});
