import { expect, it } from 'vitest';
import { sandboxConnections } from './connections.ts';
import { warmUp } from './warm-up.ts';

/** A queue whose messages are done three at a look. */
function queueOf(doneEachLook: number) {
  const asked: string[] = [];
  let pending = 0;
  return {
    asked,
    pending: () => pending,
    async send(connectionId: string) {
      asked.push(connectionId);
      pending += 1;
    },
    async wait() {
      pending = Math.max(0, pending - doneEachLook);
    },
  };
}

it('imports each connection once, and waits until all are done', async () => {
  const queue = queueOf(3);
  const told: string[] = [];
  await warmUp({ connections: sandboxConnections(7) }, queue, (done, all) => told.push(`${done}/${all}`));
  expect(queue.asked).toEqual(['conn-0', 'conn-1', 'conn-2', 'conn-3', 'conn-4', 'conn-5', 'conn-6']);
  expect(told).toEqual(['0/7', '3/7', '6/7']);
  expect(queue.pending()).toBe(0);
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
