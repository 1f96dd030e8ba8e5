/** From nothing to 10,000 events a minute within one second: what arrives in that second, at a system with no environment yet. */
import { queueNames, type System, sendEvent } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { expectCleanAudit, expectTruth, startJourneySystem, until } from './journey.ts';

const events = Math.ceil(10_000 / 60);
const connections = 24;
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({ connections });
});

afterAll(() => system?.close());

function total(name: string): number {
  const series = `quartersec_${name}_total{provider="plaid",service="process"} `;
  const line = system.metrics.totals
    .exposition()
    .split('\n')
    .find((text) => text.startsWith(series));
  return Number(line?.slice(series.length));
}

it('loses none of them, whatever their order, and counts the environments that were cold', async () => {
  // 7 and 24 have no common divisor: each connection has its turns, and never two after each other.
  await Promise.all(
    Array.from({ length: events }, (_, index) => sendEvent(system.queueUrl, `conn-${(index * 7) % connections}`)),
  );
  const queue = () => system.host.stats().queues[queueNames.sync];
  await until('the last of them', () => {
    const { visible = 1, inFlight = 1, delayed = 1 } = queue() ?? {};
    return visible + inFlight + delayed === 0;
  });
  expect([total('events'), total('failed'), total('deferred')]).toEqual([events, 0, 0]);
  expect(system.host.stats().queues[queueNames.dead]?.visible).toBe(0);
  expect(total('cold_start')).toBeGreaterThan(0);
  for (let index = 0; index < connections; index += 1) await expectTruth(system, index);
  await expectCleanAudit(system);
});
