import { describe, expect, it } from 'vitest';
import { sandboxConnections } from './connections.ts';
import { createRandom } from './seeded-random.ts';
import { startTraffic } from './traffic.ts';

/** Five minutes at five events a second, in no time at all. */
async function fiveMinutes(
  seed: number,
  faultEvery: number,
  onSent: (sent: number, forget: (id: string) => void) => void = () => {},
) {
  const connections = sandboxConnections(200);
  const sent: string[] = [];
  const planted: string[] = [];
  let elapsedMs = 0;
  const { promise: over, resolve } = Promise.withResolvers<void>();
  const traffic = startTraffic(
    { connections, queueUrl: '', controlUrl: '' },
    {
      eventsPerSecond: 5,
      faultEvery,
      random: createRandom(seed),
      deeds: {
        async sleep(ms, signal) {
          elapsedMs += ms;
          if (elapsedMs > 300_000) resolve();
          if (elapsedMs > 300_000) await new Promise((_, reject) => signal.addEventListener('abort', reject));
        },
        async send(connectionId) {
          sent.push(connectionId);
          onSent(sent.length, (id) =>
            connections.splice(
              connections.findIndex((one) => one.connectionId === id),
              1,
            ),
          );
        },
        async plantFault(accessToken) {
          planted.push(accessToken);
        },
      },
    },
  );
  await over;
  await traffic.stop();
  return { sent, planted };
}

describe('traffic', () => {
  it.each(Array.from({ length: 20 }, (_, index) => index + 1))(
    'of seed %i plants no fault of its own',
    async (seed) => {
      const { sent, planted } = await fiveMinutes(seed, Infinity);
      expect(sent).toHaveLength(1_500);
      expect(new Set(sent).size).toBeGreaterThan(190);
      expect(planted).toEqual([]);
    },
  );

  it('plants faults where it is told to', async () => {
    expect((await fiveMinutes(1, 40)).planted).toHaveLength(37);
  });

  it('sends nothing more to a connection that was forgotten', async () => {
    const { sent } = await fiveMinutes(1, Infinity, (count, forget) => count === 500 && forget('conn-7'));
    expect(sent.slice(0, 500)).toContain('conn-7');
    expect(sent.slice(500)).not.toContain('conn-7');
  });
});
