/** What an event leaves behind, in bytes: the measured figures of docs/cost.md, held to a run of the deployed functions. */
import { type Providers, startProviders } from '@quartersec/sandbox-providers';
import { buildBundles, type System, startSystem } from '@quartersec/sandbox-system';
import { itemBytes, openEntry, type TableItem } from '@quartersec/storage';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectOnCostPage, onCostPage } from './cost-page.ts';
import { postEvent, within, withoutLatency } from './journey.ts';

const connections = 60;
const rounds = 5;
const account = { clientId: 'id', secret: 'secret' };

let providers: Providers;
let system: System;
let logBytes = 0;
const items: TableItem[] = [];

beforeAll(async () => {
  await buildBundles();
  providers = await startProviders({ seed: 1, connections, ...withoutLatency, ...account });
  const accessTokens = Array.from({ length: connections }, (_, index) => `access-sandbox-${index}`);
  system = await startSystem({
    seed: 1,
    connections,
    plaid: { baseUrl: providers.url, ...account, accessTokens },
    onLog: (_functionName, line) => {
      logBytes += Buffer.byteLength(line) + 1;
    },
  });
  for (let round = 0; round < rounds; round += 1) {
    for (const { connectionId } of system.connections) {
      expect(await postEvent(system, { connectionId })).toMatchObject({ status: 200 });
    }
  }
  for await (const item of system.table.scan(within())) items.push(item);
});

afterAll(async () => {
  await system?.close();
  await providers?.close();
});

const mean = (values: readonly number[]) => values.reduce((total, value) => total + value, 0) / values.length;
const entriesOf = (isWanted: (version: number) => boolean) =>
  items.filter(({ sk }) => sk.startsWith('LOG#') && isWanted(Number(sk.slice(4))));

/** The very page that made this entry: the simulator answers the same cursor with the same bytes. */
async function answerBytes(entry: TableItem): Promise<number> {
  const { content } = openEntry(entry);
  if (content.kind !== 'page') throw new Error('expected the entry of a page');
  const { cursorBefore } = content;
  const response = await fetch(new URL('/transactions/sync', providers.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: account.clientId,
      secret: account.secret,
      access_token: `access-sandbox-${entry.pk.replace(/\D/g, '')}`,
      cursor: cursorBefore,
      count: 500,
    }),
  });
  expect(response.status).toBe(200);
  return (await response.arrayBuffer()).byteLength;
}

describe('docs/cost.md', () => {
  it('has no size below that of an ordinary entry: it computes with ids that compress less than those of the simulator', () => {
    const ordinary = entriesOf((version) => version > 3);
    expect(ordinary.length).toBeGreaterThanOrEqual(connections * (rounds - 1)); // a few events have a second page
    expect(mean(ordinary.map(itemBytes))).toBeLessThan(onCostPage('entryBytes'));
  });

  it("has the size of a connection's first page", () => {
    const first = entriesOf((version) => version === 3);
    expect(first).toHaveLength(connections);
    expectOnCostPage('firstEntryBytes', mean(first.map(itemBytes)));
  });

  it('has no size below that of a head', () => {
    const heads = items.filter(({ sk }) => sk === 'HEAD');
    expect(heads).toHaveLength(connections);
    expect(mean(heads.map(itemBytes))).toBeLessThan(onCostPage('headBytes'));
  });

  it('has the length of the lines of an event', () => {
    expectOnCostPage('logBytes', logBytes / (connections * rounds));
  });

  it("has the size of the provider's answer", async () => {
    const sizes = await Promise.all(entriesOf((version) => version > 3).map(answerBytes));
    expectOnCostPage('providerBytes', mean(sizes));
  });
});
