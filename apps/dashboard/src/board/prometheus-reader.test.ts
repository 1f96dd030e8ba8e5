import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { count, toPromql } from '@quartersec/sla';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Board } from './board.ts';
import { objectiveRows } from './objective-rows.ts';
import { PrometheusReader } from './prometheus-reader.ts';

const NOW_EPOCH_MS = 1_760_000_400_000;

/** Answers as Prometheus' API does; a test says what to which query. */
let answers: (query: string) => number | string | undefined;
let alerts: readonly object[];
let asked: string[];
let server: Server;
let url: string;

beforeEach(async () => {
  asked = [];
  alerts = [];
  answers = (query) => (query.startsWith('max(timestamp') ? NOW_EPOCH_MS / 1_000 - 3 : 7);
  server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://x');
    const query = searchParams.get('query') ?? '';
    asked.push(`${pathname} ${query}`);
    const send = (data: unknown) => response.end(JSON.stringify({ status: 'success', data }));
    if (pathname.endsWith('/alerts')) return send({ alerts });
    if (query === 'refused') return response.end(JSON.stringify({ status: 'error', error: 'parse error' }));
    const value = answers(query);
    const metric = { provider: 'plaid' };
    if (value === undefined) return send({ result: [] });
    if (pathname.endsWith('/query')) return send({ result: [{ metric, value: [NOW_EPOCH_MS / 1_000, `${value}`] }] });
    const end = Number(searchParams.get('end'));
    return send({
      result: [
        {
          metric,
          values: [
            [end - 10, '1.5'],
            [end, `${value}`],
          ],
        },
      ],
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const now = () => NOW_EPOCH_MS;
const facts = { arrivals: { count: 0, slowestMs: 0 } };

describe('PrometheusReader', () => {
  it('answers every row by the PromQL of its expression', async () => {
    const reader = new PrometheusReader(url);
    expect(objectiveRows(reader.view().ask, facts).every(({ status }) => status !== 'kept')).toBe(true);
    const last = count('RoundTrip', { windowMs: 60_000 });
    answers = (query) => (query === toPromql(last) ? 321 : query.startsWith('max(timestamp') ? 1_760_000_399 : 100);
    await reader.read(now);
    expect(reader.view().ask(last)).toBe(321);
    const rows = objectiveRows(reader.view().ask, facts);
    expect(rows.find(({ key }) => key === 'roundTrip')).toMatchObject({ value: 100, status: 'kept' });
    expect(rows.filter(({ key, value }) => value === null && key !== 'alert')).toEqual([]);
    expect(reader.view().dataEpochMs).toBe(1_760_000_399_000);
  });

  it('takes no answer and NaN for none', async () => {
    const reader = new PrometheusReader(url);
    answers = (query) => (query.includes('store') ? 'NaN' : undefined);
    await reader.read(now);
    expect(objectiveRows(reader.view().ask, facts).every(({ value }) => value === null)).toBe(true);
    expect(reader.view().dataEpochMs).toBeUndefined();
  });

  it('draws by range queries, every step a point, and asks no more often than points change', async () => {
    const reader = new PrometheusReader(url);
    expect(reader.chartData('3h', NOW_EPOCH_MS)).toMatchObject({ times: [], charts: [] });
    await reader.read(now);
    const data = reader.chartData('15m', NOW_EPOCH_MS);
    const times = data.times;
    expect([times.length, times[0], times.at(-1)]).toEqual([181, 1_759_999_500, 1_760_000_400]);
    expect(data.charts.find(({ id }) => id === 'roundTrip')?.lines[0]?.values.slice(-4)).toEqual([null, 1.5, null, 7]);
    const ranged = () => asked.filter((query) => query.includes('query_range')).length;
    const first = ranged();
    await reader.read(() => NOW_EPOCH_MS + 5_000);
    expect(ranged()).toBe(first);
    await reader.read(() => NOW_EPOCH_MS + 15_000);
    expect(ranged()).toBe(first + first / 3);
    expect(() => reader.chartData('1y', NOW_EPOCH_MS)).toThrow(RangeError);
  });

  it('has no errors and no fault to switch, and says where to look', async () => {
    const view = new PrometheusReader(url).view();
    expect(view.errorsElsewhere).toBe(
      'Prometheus has no logs. Look in CloudWatch Logs, by the correlation id or the error code.',
    );
    expect(view.faultSwitch.available).toBe(false);
    await expect(new PrometheusReader(url).switchFault()).rejects.toMatchObject({ status: 404 });
  });

  it('passes on what Prometheus complains about', async () => {
    server.removeAllListeners('request');
    server.on('request', (_, response) => response.end('{"status":"error","error":"query timed out"}'));
    await expect(new PrometheusReader(url).read(now)).rejects.toMatchObject({
      code: 'SOURCE_WRONG',
      message: 'Prometheus says: query timed out',
    });
  });

  it.each(['not json', 'null'])('refuses an answer that is %s', async (body) => {
    server.removeAllListeners('request');
    server.on('request', (_, response) => response.end(body));
    await expect(new PrometheusReader(url).read(now)).rejects.toMatchObject({ code: 'SOURCE_WRONG' });
  });
});

describe('a board over Prometheus', () => {
  const firing = {
    state: 'firing',
    labels: { alertname: 'RetriesExhausted', kind: 'event' },
    annotations: {},
    activeAt: new Date(NOW_EPOCH_MS + 20_000).toISOString(),
  };

  it('shows its alerts, timed from the earliest moment, and ends those that it no longer lists', async () => {
    let nowEpochMs = NOW_EPOCH_MS;
    const board = new Board(new PrometheusReader(url), () => nowEpochMs);
    await board.read();
    expect(board.snapshot().alerts).toEqual([]);
    alerts = [firing];
    nowEpochMs += 22_000;
    await board.read();
    expect(board.snapshot().alerts).toMatchObject([
      { path: 'prometheus', name: 'RetriesExhausted', status: 'firing', arrivedWithinMs: 12_000 },
    ]);
    alerts = [];
    nowEpochMs += 5_000;
    await board.read();
    expect(board.snapshot().alerts).toMatchObject([{ status: 'resolved', resolvedEpochMs: nowEpochMs }]);
  });

  it('keeps what Alertmanager has told since the last list', async () => {
    let nowEpochMs = NOW_EPOCH_MS;
    const board = new Board(new PrometheusReader(url), () => nowEpochMs);
    await board.read();
    nowEpochMs += 1_000;
    board.receive([
      {
        path: 'prometheus',
        name: 'StoreSlow',
        status: 'firing',
        firedEpochMs: nowEpochMs,
        words: { severity: '', title: '', whatToDo: '', runbookUrl: '' },
      },
    ]);
    expect(board.snapshot().alerts).toMatchObject([{ name: 'StoreSlow', status: 'firing' }]);
    nowEpochMs += 5_000;
    await board.read();
    expect(board.snapshot().alerts).toMatchObject([{ name: 'StoreSlow', status: 'resolved' }]);
  });
});
