import { createDeadline } from '@quartersec/sla';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DaxStand, startDaxStand, startDynalite } from './dax-node.contract.ts';
import { describeHistories } from './journal-histories.contract.ts';
import { describeTable } from './table.contract.ts';

const within = () => ({ deadline: createDeadline(600_000, () => performance.now()) });
const dynoxideUrl = process.env.DYNOXIDE_URL;

function describeDax(name: string, startEndpoint: () => Promise<{ url: string; close(): Promise<void> }>): void {
  describe(`DAX in front of ${name}`, () => {
    let endpoint: { url: string; close(): Promise<void> };
    let stand: DaxStand;
    /** Its query cache is off: a contract that reads what it has just written cannot hold for answers that may be old. */
    let itemsOnly: DaxStand;

    beforeAll(async () => {
      endpoint = await startEndpoint();
      stand = await startDaxStand(endpoint.url);
      itemsOnly = await startDaxStand(endpoint.url, { queryTtlMs: 0 });
    });

    afterAll(async () => {
      await stand?.close();
      await itemsOnly?.close();
      await endpoint?.close();
    });

    const openFrom = async (from: DaxStand) => {
      const opened = await from.open();
      expect(await opened.cache.connected()).toBe(true);
      return opened;
    };

    describeTable(`${name}, fresh, through DAX`, async () => (await openFrom(stand)).cache);
    describeTable(`${name}, cached, through DAX`, async () => (await openFrom(itemsOnly)).cache, { freshReads: false });
    describeHistories(`${name} through DAX`, () => openFrom(stand), 8);

    it('has answered all of that through the node', () => {
      const { operations, itemCache } = itemsOnly.node().stats();
      expect(operations.putItem?.count).toBeGreaterThan(100);
      expect(operations.query?.count).toBeGreaterThan(15);
      expect(operations.deleteItem?.count).toBeGreaterThan(3);
      expect(itemCache.hits).toBeGreaterThan(20);
    });

    it('reads an item again from the cache, and as it was written last', async () => {
      const { cache } = await openFrom(stand);
      const key = { pk: 'a', sk: 'HEAD' };
      await cache.put({ ...key, version: 1 }, undefined, within());
      const before = stand.node().stats();
      expect(await cache.get(key, within())).toEqual({ ...key, version: 1 });
      expect(await cache.put({ ...key, version: 2 }, undefined, within())).toBe('written');
      expect(await cache.get(key, within())).toEqual({ ...key, version: 2 });
      const after = stand.node().stats();
      expect(after.itemCache.hits - before.itemCache.hits).toBe(2);
      expect(after.itemCache.misses).toBe(before.itemCache.misses);
    });

    it('asks the table itself for what must be fresh', async () => {
      const { cache, table } = await openFrom(stand);
      const key = { pk: 'a', sk: 'HEAD' };
      await cache.put({ ...key, version: 1 }, undefined, within());
      await table.put({ ...key, version: 2 }, undefined, within()); // around the cache
      expect(await cache.get(key, within())).toEqual({ ...key, version: 1 });
      expect(await cache.get(key, { ...within(), fresh: true })).toEqual({ ...key, version: 2 });
      const range = { pk: 'a', fromSk: 'A', toSk: 'Z' };
      expect(await cache.query(range, within())).toEqual([{ ...key, version: 2 }]);
      await table.put({ ...key, version: 3 }, undefined, within());
      expect(await cache.query(range, within())).toEqual([{ ...key, version: 2 }]);
      expect(await cache.query(range, { ...within(), fresh: true })).toEqual([{ ...key, version: 3 }]);
    });

    it('goes by DynamoDB with too little time left for both', async () => {
      const { cache } = await openFrom(stand);
      const before = stand.node().stats().operations.getItem?.count;
      const deadline = createDeadline(79, () => 0);
      expect(await cache.get({ pk: 'a', sk: 'none' }, { deadline })).toBeUndefined();
      expect(stand.node().stats().operations.getItem?.count).toBe(before);
    });
  });
}

describeDax('dynalite', startDynalite);

describe.runIf(dynoxideUrl !== undefined)('Dynoxide', () => {
  describeDax('Dynoxide', async () => ({ url: String(dynoxideUrl), close: async () => {} }));
});
