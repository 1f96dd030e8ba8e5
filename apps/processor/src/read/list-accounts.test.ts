import { describe, expect, it } from 'vitest';
import { account } from '../scripted-pipeline.ts';
import { createApiSystem } from '../testing/api-system.ts';

const named = (accountId: string) => ({ ...account('100'), accountId });

describe('accounts over all connections of a user', () => {
  it('come with connection, state, successor and the time of their balances', async () => {
    const system = createApiSystem();
    await system.link('c1');
    await system.link('c2');
    await system.append('c1', system.accounts([named('a1'), named('a2')]));
    await system.append('c1', system.accounts([named('a3')], { accountsSeen: ['a1'] }));
    await system.append('c2', system.accounts([named('b1')]));
    const { body, status } = await system.get('/v1/accounts');
    expect(status).toBe(200);
    expect(body.accounts).toMatchObject([
      {
        connectionId: 'c1',
        accountId: 'a1',
        state: 'open',
        replacedBy: null,
        readEpochMs: 1_700_000_000_000,
        balances: [{ amount: {} }],
      },
      { connectionId: 'c1', accountId: 'a2', state: expect.stringMatching(/closed|replaced/), balances: [] },
      { connectionId: 'c1', accountId: 'a3', state: 'open' },
      { connectionId: 'c2', accountId: 'b1', state: 'open' },
    ]);
    expect(body.accounts[0]).not.toHaveProperty('sinceVersion');
    expect(body).toMatchObject({
      nextCursor: null,
      connections: [{ connectionId: 'c1' }, { connectionId: 'c2' }],
      unreadable: [],
    });
    expect((await system.get('/v1/accounts?connection=c2')).body.accounts).toHaveLength(1);
  });

  it('come in pages, each once, also when accounts are added or a connection is erased meanwhile', async () => {
    const system = createApiSystem();
    for (const connectionId of ['c1', 'c2', 'c3']) {
      await system.link(connectionId);
      await system.append(connectionId, system.accounts([1, 2, 3].map((at) => named(`${connectionId}-${at}`))));
    }
    const read: string[] = [];
    let cursor: string | null = null;
    do {
      const { body } = await system.get(`/v1/accounts?limit=2${cursor === null ? '' : `&cursor=${cursor}`}`);
      read.push(...body.accounts.map(({ accountId }: { accountId: string }) => accountId));
      cursor = body.nextCursor;
      if (read.length === 4) {
        await system.append('c2', system.page([], { accounts: [named('c2-4')] }));
        await system.forget('c3');
      }
    } while (cursor !== null);
    expect(read).toEqual(['c1-1', 'c1-2', 'c1-3', 'c2-1', 'c2-2', 'c2-3', 'c2-4']);
    const first = await system.get('/v1/accounts?limit=2');
    const foreign = `/v1/accounts?cursor=${first.body.nextCursor}`;
    expect(await system.get(foreign, { userId: 'user-2' })).toMatchObject({
      status: 400,
      body: { code: 'CURSOR_INVALID' },
    });
    expect((await system.get(`${foreign}&connection=c1`)).status).toBe(400);
  });
});
