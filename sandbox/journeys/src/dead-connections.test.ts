import type { System } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectTruth, postEvent, startJourneySystem } from './journey.ts';
import { type BlackHole, startBlackHole } from './testing/black-hole.ts';

const atOnce = 6;
const lines: string[] = [];
let system: System;
let provider: BlackHole;
let table: BlackHole;

beforeAll(async () => {
  [provider, table] = [await startBlackHole(), await startBlackHole()];
  system = await startJourneySystem({
    dax: false,
    maxEnvironments: 1,
    concurrencyPerEnvironment: atOnce,
    processEnvironment: { DYNAMODB_ENDPOINT: table.url, PLAID_BASE_URL: provider.url },
    onLog: (_functionName, line) => void lines.push(line),
  });
  provider.leadTo(system.providerAccess.baseUrl);
  table.leadTo(system.dynamoDbUrl);
});

afterAll(async () => {
  await system?.close();
  await Promise.all([provider?.close(), table?.close()]);
});

const sync = (index: number) => postEvent(system, { connectionId: `conn-${index}` });

describe.each([
  ['provider', () => provider, 2, 0],
  ['table', () => table, 1, atOnce + 1],
] as const)('a pool of connections to the %s that are dead without a word', (_which, hole, attempts, first) => {
  it('costs one timeout: the same event commits over a new one, and nobody is alerted', async () => {
    const fill = await Promise.all(Array.from({ length: atOnce }, (_, index) => sync(first + index)));
    expect(fill.map(({ status }) => status)).toEqual(fill.map(() => 200));
    expect(hole().swallow()).toBeGreaterThanOrEqual(4); // more than the attempts of a call
    const { status, body } = await sync(first + atOnce);
    expect({ status, body }).toMatchObject({ status: 200, body: { outcome: { kind: 'committed' }, attempts } });
    await expectTruth(system, first + atOnce);
    expect(system.metrics.totals.total('RetriesExhausted')).toBe(0);
    expect(lines.filter((line) => line.includes('"CRITICAL"'))).toEqual([]);
  });
});
