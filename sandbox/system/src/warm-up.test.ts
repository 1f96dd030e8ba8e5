import { expect, it } from 'vitest';
import { sandboxConnections } from './connections.ts';
import { warmUp } from './warm-up.ts';

const system = (connections: number) => ({
  connections: sandboxConnections(connections),
  processUrl: 'http://127.0.0.1:1/',
  environmentsAtMost: 3,
});

it('asks each connection once at most, as many at once as there may be environments', async () => {
  const asked: string[] = [];
  let running = 0;
  let most = 0;
  await warmUp(system(200), async (_url, body) => {
    asked.push(JSON.parse(body).connectionId);
    most = Math.max(most, ++running);
    await Promise.resolve();
    running -= 1;
  });
  expect(asked).toHaveLength(36);
  expect(new Set(asked).size).toBe(36);
  expect(most).toBe(3);
});

it('is content with few connections', async () => {
  const asked: string[] = [];
  await warmUp(system(2), async (_url, body) => void asked.push(body));
  expect(asked).toEqual(['{"connectionId":"conn-0"}', '{"connectionId":"conn-1"}']);
});
