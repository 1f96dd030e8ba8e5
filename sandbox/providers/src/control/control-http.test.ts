import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Providers, startProviders } from '../server.ts';
import { control, pageOf, plaid, send, sync } from '../test-client.ts';

const token = 'access-sandbox-21';

let providers: Providers;
beforeAll(async () => {
  providers = await startProviders({ latency: { medianMs: 0, p99Ms: 0 }, multiPageShare: 0, connections: 50 });
});
afterAll(() => providers.close());
beforeEach(async () => {
  await control(providers, 'DELETE', '/faults');
  await control(providers, 'DELETE', '/calls');
});

const call = (method: string, path: string, body?: unknown) => control(providers, method, path, body);

describe('calls', () => {
  it('are counted exactly, per connection and in all, by path and outcome', async () => {
    await call('POST', '/faults', { kind: 'status', token, times: 3 });
    for (let i = 0; i < 4; i += 1) await sync(providers, { access_token: token });
    await plaid(providers, '/item/get', { access_token: 'access-sandbox-22' });
    await sync(providers, { access_token: 'nobody' });
    const own = {
      total: 4,
      byPath: { '/transactions/sync': 4 },
      byOutcome: { 'fault:status': 3, ok: 1 },
    };
    expect((await call('GET', `/calls?token=${token}`)).json).toEqual(own);
    expect((await call('GET', '/calls')).json).toEqual({
      total: 6,
      byPath: { '/transactions/sync': 5, '/item/get': 1 },
      byOutcome: { 'fault:status': 3, ok: 2, 'error:INVALID_ACCESS_TOKEN': 1 },
      byToken: { [token]: own, 'access-sandbox-22': { total: 1, byPath: { '/item/get': 1 }, byOutcome: { ok: 1 } } },
    });
    await call('DELETE', '/calls');
    expect((await call('GET', '/calls')).json).toEqual({ total: 0, byPath: {}, byOutcome: {}, byToken: {} });
    expect((await call('GET', `/calls?token=${token}`)).json).toMatchObject({ total: 0 });
  });

  it('count also when the client has given up', async () => {
    await call('POST', '/faults', { kind: 'hang', token });
    await sync(providers, { access_token: token }, AbortSignal.timeout(30)).catch(() => undefined);
    expect((await call('GET', `/calls?token=${token}`)).json).toMatchObject({
      total: 1,
      byOutcome: { 'fault:hang': 1 },
    });
  });
});

describe('faults', () => {
  it('are listed with their hits, shown one by one, and cleared', async () => {
    const added = await call('POST', '/faults', { id: 'mine', kind: 'delay', token, options: { ms: 1 }, times: 5 });
    expect(added).toEqual({
      status: 200,
      json: {
        id: 'mine',
        token,
        path: null,
        kind: 'delay',
        options: { ms: 1 },
        after: 0,
        times: 5,
        probability: 1,
        hits: 0,
      },
    });
    await sync(providers, { access_token: token });
    expect((await call('GET', '/faults')).json).toMatchObject([{ id: 'mine', hits: 1 }]);
    expect((await call('GET', '/faults/mine')).json).toMatchObject({ hits: 1 });
    expect((await call('DELETE', '/faults/mine')).json).toEqual({ done: true });
    expect((await call('GET', '/faults')).json).toEqual([]);
  });

  it('take their ids once', async () => {
    await call('POST', '/faults', { id: 'mine', kind: 'hang', token });
    expect(await call('POST', '/faults', { id: 'mine', kind: 'hang', token })).toEqual({
      status: 409,
      json: { error: 'a fault with the id "mine" exists: DELETE it first' },
    });
  });
});

describe('stories', () => {
  it('stop at a horizon and go on by command', async () => {
    expect((await call('POST', `/connections/${token}`, { published: 0 })).json).toMatchObject({ token, published: 0 });
    const { next_cursor: cursor } = pageOf(await sync(providers, { access_token: token }));
    expect(pageOf(await sync(providers, { access_token: token, cursor })).next_cursor).toBe(cursor);
    expect((await call('POST', `/connections/${token}/advance`)).json).toMatchObject({ published: 1 });
    expect(pageOf(await sync(providers, { access_token: token, cursor })).added.length).toBeGreaterThan(0);
    expect((await call('POST', `/connections/${token}/advance`, { steps: 4 })).json).toMatchObject({ published: 5 });
    expect((await call('POST', `/connections/${token}`, { published: null })).json).toMatchObject({ published: null });
    expect(await call('POST', `/connections/${token}/advance`)).toEqual({
      status: 409,
      json: { error: 'nothing to advance: the story has no end here; set one with {"published": <step>} first' },
    });
  });

  it('move all together with *', async () => {
    await call('POST', '/connections/*', { published: 2 });
    await call('POST', '/connections/*/advance', { steps: 3 });
    expect((await call('GET', '/connections/access-sandbox-49')).json).toMatchObject({ published: 5 });
    await call('POST', '/connections/*', { published: null });
    expect((await call('GET', '/connections/access-sandbox-0')).json).toMatchObject({ published: null });
  });

  it('come on pages of at most the size set', async () => {
    await call('POST', '/connections/*', { pageSize: 11 });
    await call('POST', `/connections/access-sandbox-30`, { pageSize: 3 });
    expect(pageOf(await sync(providers, { access_token: 'access-sandbox-30' })).added).toHaveLength(3);
    expect(pageOf(await sync(providers, { access_token: 'access-sandbox-1' })).added).toHaveLength(11);
    await call('POST', '/connections/*', { pageSize: null });
    expect(pageOf(await sync(providers, { access_token: 'access-sandbox-30' })).added).toHaveLength(40);
  });

  it('describe a connection', async () => {
    expect((await call('GET', `/connections/${token}`)).json).toEqual({
      token,
      currency: expect.stringMatching(/^[A-Z]{3}$/),
      accounts: expect.any(Number),
      account_ids: expect.arrayContaining([expect.stringMatching(/^\w{37}$/)]),
      published: null,
      pageSize: null,
    });
  });

  it('tell the truth at a cursor, untouched by faults', async () => {
    await call('POST', '/faults', {
      kind: 'bad-record',
      token: 'access-sandbox-31',
      options: { defect: 'id-missing' },
    });
    const page = pageOf(await sync(providers, { access_token: 'access-sandbox-31' }));
    const { status, json } = await call(
      'GET',
      `/connections/access-sandbox-31/truth?cursor=${encodeURIComponent(page.next_cursor)}`,
    );
    expect([status, Object.keys(json).length]).toEqual([200, 40]);
    const [, second = {}] = page.added;
    expect(json[String(second.transaction_id)]).toEqual({
      account_id: second.account_id,
      amount: String(second.amount),
      iso_currency_code: second.iso_currency_code,
      date: second.date,
      pending: second.pending,
      name: second.name,
    });
    expect((await call('GET', `/connections/access-sandbox-31/truth`)).json).toEqual({});
  });
});

describe('latency', () => {
  it('is shown and set', async () => {
    expect((await call('POST', '/latency', { medianMs: 2, p99Ms: 4 })).json).toEqual({ medianMs: 2, p99Ms: 4 });
    expect((await call('GET', '/latency')).json).toEqual({ medianMs: 2, p99Ms: 4 });
    expect((await call('POST', '/latency', { medianMs: 0 })).json).toEqual({ medianMs: 0, p99Ms: 0 });
  });
});

describe('mistakes', () => {
  it.each([
    ['POST', '/faults', { kind: 'hung' }, 400, 'kind must be one of status,'],
    ['POST', '/faults', { kind: 'hang', token: 'access-sandbox-50' }, 400, 'token names no connection'],
    ['POST', '/faults', [], 400, 'the body must be a JSON object'],
    ['GET', '/faults/none', undefined, 404, 'no fault has the id "none"'],
    ['DELETE', '/faults/none', undefined, 404, 'no fault has the id "none"'],
    ['POST', '/latency', { medianMs: -1 }, 400, 'medianMs must be'],
    ['POST', '/latency', { medianMs: 'fast' }, 400, 'medianMs and p99Ms must be numbers'],
    ['POST', '/latency', { median: 5 }, 400, 'unknown member "median": give medianMs, p99Ms'],
    ['POST', '/limits', { perItemPerMinute: 1.5 }, 400, 'perItemPerMinute must be a whole number'],
    ['GET', '/calls?token=nobody', undefined, 404, 'no connection has the access token "nobody"'],
    ['GET', '/connections/access-sandbox-50', undefined, 404, 'there are access-sandbox-0 to access-sandbox-49'],
    ['GET', '/connections/%zz', undefined, 400, 'percent-encoding'],
    ['POST', `/connections/${token}`, { published: -1 }, 400, 'published must be a whole number from 0'],
    ['POST', `/connections/${token}`, { pageSize: 0 }, 400, 'pageSize must be a whole number from 1 to 500'],
    ['POST', `/connections/${token}`, { horizon: 1 }, 400, 'unknown member "horizon"'],
    ['POST', `/connections/${token}/advance`, { steps: 0 }, 400, 'steps must be a whole number from 1'],
    ['GET', `/connections/${token}/truth?cursor=AAAA`, undefined, 400, 'cursor was not given out by this connection'],
    ['GET', '/nothing', undefined, 404, 'no such call; there are: GET faults'],
    ['PUT', '/faults', {}, 404, 'no such call'],
    ['GET', '', undefined, 404, 'no such call'],
  ])('%s %s %j: %i, %s', async (method, path, body, status, message) => {
    const answer = await call(method, path, body);
    expect(answer).toEqual({ status, json: { error: expect.stringContaining(message) } });
  });

  it('say when a body is no JSON', async () => {
    const answer = await send('POST', `${providers.controlUrl}/faults`, '{"kind":');
    expect([answer.status, answer.text]).toEqual([400, '{"error":"the body is not JSON"}']);
  });
});
