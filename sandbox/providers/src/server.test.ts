import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { startProviders } from './server.ts';
import { control, pageOf, sync } from './test-client.ts';

const atOnce = { medianMs: 0, p99Ms: 0 };

describe('startProviders', () => {
  it('tells the same story for the same seed, another for another', async () => {
    const texts: string[] = [];
    for (const seed of [5, 5, 6]) {
      const providers = await startProviders({ seed, latency: atOnce });
      texts.push((await sync(providers, { access_token: 'access-sandbox-4999' })).text);
      await providers.close();
    }
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toBe(texts[2]);
  });

  it('starts the story where it is told, with the history it is told', async () => {
    const providers = await startProviders({
      latency: atOnce,
      startDate: '2026-03-01',
      historyTransactions: 700,
      published: 0,
    });
    const first = pageOf(await sync(providers, { access_token: 'access-sandbox-0' }));
    expect([first.added.length, first.has_more]).toEqual([500, true]);
    const last = pageOf(await sync(providers, { access_token: 'access-sandbox-0', cursor: first.next_cursor }));
    const dates = [...first.added, ...last.added].map(({ date }) => String(date));
    expect([dates.length, dates.toSorted().at(0)?.slice(0, 4), dates.toSorted().at(-1)]).toEqual([
      700,
      '2025',
      '2026-02-28',
    ]);
    expect(pageOf(await sync(providers, { access_token: 'access-sandbox-0', cursor: last.next_cursor })).added).toEqual(
      [],
    );
    await providers.close();
  });

  it('closes at once, with hanging and slow answers under way, and a second time', async () => {
    const providers = await startProviders({ latency: { medianMs: 600_000, p99Ms: 600_000 } });
    await control(providers, 'POST', '/faults', { kind: 'hang', token: 'access-sandbox-1' });
    const waiting = ['access-sandbox-1', 'access-sandbox-2'].map((token) =>
      sync(providers, { access_token: token }).catch((error: unknown) => error),
    );
    let counted = 0;
    while (counted < 2) counted = Number((await control(providers, 'GET', '/calls')).json.total);
    await providers.close();
    for (const error of await Promise.all(waiting)) expect(error).toMatchObject({ code: 'ECONNRESET' });
    await providers.close();
    await expect(sync(providers, { access_token: 'access-sandbox-1' })).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('names an occupied port', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    await expect(startProviders({ port })).rejects.toMatchObject({ code: 'PORT_IN_USE', facts: { port } });
    other.close();
  });

  it.each([
    [{ port: 70_000 }, 'port'],
    [{ seed: -1 }, 'seed'],
    [{ connections: 0 }, 'connections'],
    [{ multiPageShare: 1.5 }, 'multiPageShare'],
    [{ historyTransactions: 0.5 }, 'historyTransactions'],
    [{ published: -1 }, 'published'],
    [{ startDate: 'soon' }, 'not a date'],
    [{ latency: { medianMs: 5, p99Ms: 1 } }, 'p99Ms'],
  ])('refuses %j', async (options, named) => {
    const error = await startProviders(options).catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: 'OPTION_INVALID', message: expect.stringContaining(named) });
  });
});
