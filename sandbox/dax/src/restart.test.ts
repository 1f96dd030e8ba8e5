/** AWS's JavaScript client when the node restarts; those of the other languages are in their interop tests. */
import { describe, expect, it } from 'vitest';
import { closeDaxClient, newDaxClient } from './testing/dax-client.ts';
import { startMovingNode } from './testing/moving-node.ts';
import { startScriptedBackend } from './testing/scripted-backend.ts';

const ATTEMPTS_MAX = 10;

/** As an app has to: the client gives out sockets that the node has ended, one for each failed call. */
async function repeated<Result>(call: () => Promise<Result>): Promise<Result> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      if (attempt === ATTEMPTS_MAX || !/^ConnectionException/.test((error as Error).message)) throw error;
    }
  }
}

describe('the JavaScript client', () => {
  it('goes on, when its calls are repeated, after the node has restarted within one of them', async () => {
    let restart = async () => {};
    const stored: unknown[] = [];
    const backend = await startScriptedBackend(async ({ operation, body }) => {
      const { pk } = (body.Key ?? body.Item) as { pk: { S: string } };
      if (pk.S === 'restart') await restart();
      if (operation === 'PutItem') stored.push(body.Item);
      return operation === 'GetItem' ? { Item: { pk, n: { N: '1' } } } : {};
    });
    await using node = await startMovingNode(backend.endpoint);
    restart = async () => {
      restart = async () => {};
      await node.restart();
    };
    const dax = newDaxClient(node.url);
    const TableName = 'table';
    const put = (N: string) => repeated(() => dax.putItem({ TableName, Item: { pk: { S: 'a' }, n: { N } } }));
    const read = async (S: string) => (await repeated(() => dax.getItem({ TableName, Key: { pk: { S } } }))).Item?.n;
    await put('1');
    expect(await read('restart')).toEqual({ N: '1' });
    await put('2');
    expect(await read('a')).toEqual({ N: '2' });
    // the ids of attribute lists that the client has kept mean the same names
    expect(stored).toEqual(['1', '2'].map((N) => ({ pk: { S: 'a' }, n: { N } })));
    expect(node.current.stats()).toMatchObject({ itemCache: { hits: 1 }, connections: { refused: 0 } });
    closeDaxClient(dax);
    await backend.close();
  });
});
