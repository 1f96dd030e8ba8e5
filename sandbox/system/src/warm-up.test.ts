import { expect, it } from 'vitest';
import { sandboxConnections } from './connections.ts';
import { warmUp } from './warm-up.ts';

/** A queue of which so many messages are done at each look. */
function queueOf(doneEachLook: number) {
  const asked: string[] = [];
  let pending = 0;
  let most = 0;
  return {
    asked,
    pending: () => pending,
    most: () => most,
    async send(connectionId: string) {
      asked.push(connectionId);
      pending += 1;
      most = Math.max(most, pending);
    },
    async wait() {
      pending = Math.max(0, pending - doneEachLook);
    },
  };
}

it('imports each connection once, a few at a time, and waits until all are done', async () => {
  const queue = queueOf(5);
  const told: string[] = [];
  await warmUp({ connections: sandboxConnections(30) }, queue, (done, all) => told.push(`${done}/${all}`));
  expect(queue.asked).toEqual(Array.from({ length: 30 }, (_, index) => `conn-${index}`));
  expect(told).toEqual(['0/30', '12/30', '24/30']);
  expect([queue.most(), queue.pending()]).toEqual([12, 0]);
});

it('does not wait for ever for an import that does not end', async () => {
  const queue = queueOf(0);
  await warmUp({ connections: sandboxConnections(1) }, queue, () => {});
  expect(queue.pending()).toBe(1);
});

it('leaves what is beyond the provider limit of a minute to the traffic', async () => {
  const queue = queueOf(500);
  await warmUp({ connections: sandboxConnections(1_500) }, queue, () => {});
  expect(queue.asked).toHaveLength(1_000);
});
