import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import type { Snapshot } from './snapshot.ts';
import { type RunningBoard, startBoard } from './start-board.ts';

const notification = JSON.stringify({
  version: '4',
  alerts: [
    {
      status: 'firing',
      labels: { alertname: 'StoreSlow', severity: 'warning' },
      annotations: {},
      startsAt: '2026-01-05T10:00:00Z',
      fingerprint: 'f',
    },
  ],
});
const json = { 'content-type': 'application/json' };

let system: FakeSystem;
let running: RunningBoard;
beforeEach(async () => {
  system = await startFakeSystem();
  running = await startBoard({ kind: 'system', url: system.url }, { port: 0 });
});
afterEach(async () => {
  await running.close();
  await system.close();
});

const get = (path: string, init?: RequestInit) => fetch(running.url + path, init);
const snapshot = async () => (await (await get('/snapshot.json')).json()) as Snapshot;

/** With headers that `fetch` does not let one set. */
function raw(path: string, headers: Record<string, string>, method = 'GET', body = ''): Promise<number> {
  return new Promise((resolve, reject) => {
    const asking = request(running.url + path, { method, headers }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    asking.on('error', reject);
    asking.end(body);
  });
}

describe('the page', () => {
  it('comes with its script and styles, from here alone', async () => {
    const page = await get('/');
    expect(page.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    );
    expect(page.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await page.text()).toContain('quartersec');
    const [script, styles, icon] = await Promise.all([get('/board.js'), get('/board.css'), get('/icon.svg')]);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(await script.text()).toContain('EventSource');
    expect(await styles.text()).toContain('.uplot');
    expect(icon.headers.get('content-type')).toBe('image/svg+xml');
  });

  it('links alerts to their section of the runbook', async () => {
    const section = await get('/runbook/retries-exhausted');
    expect(section.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(await section.text()).toContain('<h3 id="retries-exhausted">Retries exhausted</h3>');
    expect(await (await get('/runbook')).text()).toContain('<h1 id="troubleshooting">Troubleshooting</h1>');
    expect((await get('/runbook/nothing')).status).toBe(404);
  });
});

describe('programs', () => {
  it('get the snapshot and the points of charts', async () => {
    expect((await snapshot()).source).toMatchObject({ kind: 'system', url: system.url });
    const points = (await (await get('/charts.json?range=24h')).json()) as { range: string };
    expect(points.range).toBe('24h');
    expect((await (await get('/charts.json')).json()) as object).toMatchObject({ range: '15m' });
    const wrong = await get('/charts.json?range=1y');
    expect([wrong.status, await wrong.json()]).toEqual([400, { error: 'no range 1y: there are 15m, 3h, 24h' }]);
  });

  it('are told which calls there are', async () => {
    const answer = await get('/nothing');
    expect(answer.status).toBe(404);
    expect(JSON.stringify(await answer.json())).toContain('GET /snapshot.json');
    expect((await get('/constructor')).status).toBe(404);
  });
});

describe('readers', () => {
  it('get a snapshot at once, another whenever one is published, and are forgotten when they go', async () => {
    const leaving = new AbortController();
    const response = await get('/events-stream', { signal: leaving.signal });
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    const reading = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let text = '';
    const until = async (wanted: RegExp) => {
      while (!wanted.test(text)) text += (await reading?.read())?.value ?? '';
    };
    await until(/^retry: 1000\n\n/);
    await until(/event: snapshot\ndata: \{.*\}\n\n/);
    text = '';
    running.server.publish();
    await until(/event: snapshot\ndata: \{.*\}\n\n/);
    running.server.heartbeat();
    await until(/: still here\n\n/);
    expect(running.server.readers).toBe(1);
    leaving.abort();
    await expect.poll(() => running.server.readers).toBe(0);
  });

  it('beyond a number are turned away', async () => {
    const leaving = new AbortController();
    const all = await Promise.all(Array.from({ length: 65 }, () => get('/events-stream', { signal: leaving.signal })));
    const statuses = all.map(({ status }) => status).sort();
    expect([statuses[0], statuses.at(-1), statuses.filter((status) => status === 200).length]).toEqual([200, 503, 64]);
    leaving.abort();
  });
});

describe('the webhook of Alertmanager', () => {
  it('takes notices and shows them by their path', async () => {
    const answer = await get('/alertmanager', { method: 'POST', headers: json, body: notification });
    expect([answer.status, await answer.json()]).toEqual([200, { taken: 1 }]);
    expect((await snapshot()).alerts).toMatchObject([
      { path: 'prometheus', name: 'StoreSlow', status: 'firing', severity: 'warning' },
    ]);
  });

  it('says what is wrong with a notice', async () => {
    const answer = await get('/alertmanager', { method: 'POST', headers: json, body: '{}' });
    expect([answer.status, await answer.json()]).toEqual([
      400,
      { error: 'version must be "4" (Alertmanager) or "1" (Grafana), not null' },
    ]);
    const large = await get('/alertmanager', { method: 'POST', headers: json, body: 'x'.repeat(600_000) });
    expect(large.status).toBe(413);
  });

  it('takes nothing from a page elsewhere', async () => {
    const headers = { ...json, origin: 'https://evil.example' };
    expect(await raw('/alertmanager', headers, 'POST', notification)).toBe(403);
    expect((await snapshot()).alerts).toEqual([]);
    expect((await snapshot()).source.warnings).toEqual([]);
  });
});

describe('fault switches', () => {
  const fault = JSON.stringify({ id: 'board-outage', kind: 'status' });

  it('are passed on to the source', async () => {
    expect((await get('/faults', { method: 'POST', headers: json, body: fault })).status).toBe(200);
    expect(system.faults).toEqual([{ id: 'board-outage', kind: 'status' }]);
    expect(await (await get('/faults')).json()).toEqual([{ id: 'board-outage', kind: 'status' }]);
    expect((await get('/faults/board-outage', { method: 'DELETE' })).status).toBe(200);
    expect(system.faults).toEqual([]);
  });

  it('do not obey a page elsewhere', async () => {
    const port = new URL(running.url).port;
    const host = `127.0.0.1:${port}`;
    for (const headers of [
      { ...json, host, origin: 'https://evil.example' },
      { ...json, host, 'sec-fetch-site': 'cross-site' },
      { host, 'content-type': 'text/plain' },
    ]) {
      expect(await raw('/faults', headers, 'POST', fault)).toBe(403);
    }
    expect(await raw('/faults', { host, 'sec-fetch-site': 'same-site' }, 'DELETE')).toBe(403);
    expect(system.faults).toEqual([]);
  });

  it('say so where the source has none, refuses, or is gone', async () => {
    system.faults = undefined;
    expect((await get('/faults')).status).toBe(404);
    await system.shut();
    const answer = await get('/faults', { method: 'POST', headers: json, body: fault });
    expect([answer.status, JSON.stringify(await answer.json())]).toEqual([
      502,
      expect.stringContaining('no connection to 127.0.0.1'),
    ]);
    await system.listen();
  });
});

describe('a name that somebody points at this machine', () => {
  it.each(['/', '/snapshot.json', '/events-stream', '/faults'])('gets nothing from %s', async (path) => {
    expect(await raw(path, { host: 'evil.example' })).toBe(421);
  });
});

describe('an occupied port', () => {
  it('is named, with the remedy', async () => {
    const port = Number(new URL(running.url).port);
    await expect(startBoard({ kind: 'system', url: system.url }, { port })).rejects.toThrow(
      `port ${port} is occupied: set PORT to another one, or to 0 for a free one`,
    );
  });
});

describe('the beat', () => {
  it('goes on while the source hangs, and reads it no second time meanwhile', async () => {
    system.hangs = true;
    await expect.poll(async () => (await snapshot()).source.status).toBe('stale');
    system.hangs = false;
    await expect.poll(async () => (await snapshot()).source.status).toBe('live');
  });
});
