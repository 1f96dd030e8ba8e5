/** The API of a running system for one user, over data that a test sets; feedback and tokens are written down. */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { UserData, UserForecast } from '../src/user-page/answers.ts';
import { userData } from './user-answers.ts';

export interface FakeApi {
  readonly url: string;
  data: UserData;
  /** Forecasts with these left out. */
  forecastWithout: (without: readonly string[]) => readonly UserForecast[];
  /** Feedback as it came: fingerprint and body. */
  readonly feedback: { readonly fingerprint: string; readonly body: unknown }[];
  readonly calls: string[];
  /** Of every request. */
  readonly authorizations: Set<string>;
  /** Feedback is refused. */
  refuses: boolean;
  /** Answers every long poll that waits, and the next one if none does. */
  change(kinds: readonly string[]): void;
  /** Refuses connections until `listen`. */
  shut(): Promise<void>;
  listen(): Promise<void>;
}

/** Shorter than the real one: a test must not wait for a page that polls. */
const pollMs = 500;

export async function startFakeApi(): Promise<FakeApi> {
  let port = 0;
  let waiting: (() => void)[] = [];
  let news: string[] = [];
  let version = 0;

  const json = (response: ServerResponse, value: unknown, status = 200) => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));
  };
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://127.0.0.1');
    api.authorizations.add(request.headers.authorization ?? 'none');
    api.calls.push(`${request.method} ${request.url}`);
    const { connections, unreadable, accounts, insights, recommendations, transactions } = api.data;
    const feedback = /^\/v1\/insights\/([\w-]+)\/feedback$/.exec(pathname);
    if (request.method === 'POST' && feedback !== null) {
      if (api.refuses) return json(response, { title: 'The table is throttled' }, 503);
      api.feedback.push({ fingerprint: feedback[1] ?? '', body: JSON.parse(body) });
      response.writeHead(204).end();
      return;
    }
    const one = insights.find(({ fingerprint }) => pathname === `/v1/insights/${fingerprint}`);
    if (one !== undefined) return json(response, { insight: one, recommendations: [], connections, unreadable });
    switch (pathname) {
      case '/v1/connections':
        return json(response, { connections, unreadable });
      case '/v1/accounts':
        return json(response, { accounts, nextCursor: null });
      case '/v1/insights':
        return json(response, { insights });
      case '/v1/recommendations':
        return json(response, { recommendations });
      case '/v1/forecast': {
        const without = searchParams.get('without')?.split(',') ?? [];
        return json(response, { accounts: without.length === 0 ? api.data.forecasts : api.forecastWithout(without) });
      }
      case '/v1/transactions':
        return json(response, { transactions, nextCursor: null });
      case '/v1/changes': {
        if (searchParams.get('wait') !== '0' && news.length === 0) {
          await new Promise<void>((resolve) => {
            waiting.push(resolve);
            setTimeout(resolve, pollMs);
          });
        }
        const changes = news.map((kind) => ({ kind }));
        news = [];
        version += 1;
        return json(response, { changes, nextCursor: `v${version}`, more: false, unreadable: [] });
      }
      default:
        return json(response, { title: 'no such route' }, 404);
    }
  });

  const api: FakeApi = {
    url: '',
    data: userData(),
    forecastWithout: () => [],
    feedback: [],
    calls: [],
    authorizations: new Set(),
    refuses: false,
    change(kinds) {
      news.push(...kinds);
      for (const resolve of waiting) resolve();
      waiting = [];
    },
    async shut() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
    async listen() {
      await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
      ({ port } = server.address() as AddressInfo);
    },
  };
  await api.listen();
  return Object.assign(api, { url: `http://127.0.0.1:${port}` });
}
