import { expect, it } from 'vitest';
import { fixture, observedHost } from './fixtures/host.ts';

const routes = [
  { method: 'GET', path: '/v1/things', function: 'web' },
  { method: 'GET', path: '/v1/things/{id}', function: 'web' },
  { method: 'POST', path: '/v1/things', function: 'describeContext' },
  { method: 'GET', path: '/v1/a.b', function: 'missing' },
];
const origin = 'https://app.example';

async function start(corsOrigins: readonly string[] = []) {
  const { host } = await observedHost({ functions: [fixture('web'), fixture('describeContext')] });
  return { host, url: await host.addHttpApi({ routes, corsOrigins }) };
}

it('hands each request to the function of its route, as the event that API Gateway makes of it', async () => {
  const { url } = await start();
  const seen = await (await fetch(`${url}/v1/things/4-7?a=b`)).json();
  expect(seen).toMatchObject({
    routeKey: 'GET /v1/things/{id}',
    rawPath: '/v1/things/4-7',
    rawQueryString: 'a=b',
    requestContext: { routeKey: 'GET /v1/things/{id}', http: { method: 'GET' } },
  });
  const other = await (await fetch(`${url}/v1/things`, { method: 'POST' })).json();
  expect(other).toMatchObject({ environment: expect.anything() });
});

it.each([
  ['GET', '/v1/other', 404],
  ['DELETE', '/v1/things', 404],
  ['GET', '/v1/things/', 404],
  ['GET', '/v1/things/4/7', 404],
  ['GET', '/v1/aXb', 404],
  ['OPTIONS', '/v1/things', 404],
  ['GET', '/v1/a.b', 500],
])('answers %s %s with %i, and runs no function', async (method, path, status) => {
  const { host, url } = await start();
  expect((await fetch(url + path, { method })).status).toBe(status);
  expect(host.stats().functions.web).toMatchObject({ invocations: 0 });
});

it('lets pages of the origins that it was told of call it, and no others', async () => {
  const { host, url } = await start([origin]);
  const ask = async (from: string, method: string) => {
    const { status, headers } = await fetch(`${url}/v1/things`, { method, headers: { origin: from } });
    return [status, headers.get('access-control-allow-origin'), headers.get('access-control-allow-headers')];
  };
  expect(await ask(origin, 'OPTIONS')).toEqual([204, origin, 'authorization,content-type,if-none-match']);
  expect(await ask(origin, 'GET')).toEqual([200, origin, null]);
  expect(await ask('https://other.example', 'OPTIONS')).toEqual([204, null, null]);
  expect(await ask('https://other.example', 'GET')).toEqual([200, null, null]);
  expect(host.stats().functions.web).toMatchObject({ invocations: 2 });
});
