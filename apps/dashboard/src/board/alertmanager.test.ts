import { describe, expect, it } from 'vitest';
import { type Notification, readNotification, readPrometheusAlerts } from './alertmanager.ts';

const labels = { alertname: 'RetriesExhausted', severity: 'critical', kind: 'event', objective: 'retries' };
const annotations = { summary: 'Retries exhausted', description: 'Look.', runbook_url: 'docs/troubleshooting.md#x' };
const startsAt = '2026-01-05T10:00:00.000Z';
const never = '0001-01-01T00:00:00Z';
const firing = { status: 'firing', labels, annotations, startsAt, endsAt: never, fingerprint: 'a1b2' };
const noticesOf = (body: string) => (readNotification(body) as Notification).notices;
const notification = (change: object) =>
  JSON.stringify({ version: '4', status: 'firing', receiver: 'board', alerts: [firing], ...change });

describe('readNotification', () => {
  it('reads what fires, with the earliest moment at which it can have happened', () => {
    expect(noticesOf(notification({}))).toEqual([
      {
        path: 'prometheus',
        name: 'RetriesExhausted',
        status: 'firing',
        firedEpochMs: 1_767_607_200_000,
        happenedAfterEpochMs: 1_767_607_190_000,
        words: {
          severity: 'critical',
          title: 'Retries exhausted',
          whatToDo: 'Look.',
          runbookUrl: 'docs/troubleshooting.md#x',
        },
      },
    ]);
  });

  it('reads what has ended, and when', () => {
    const resolved = { ...firing, status: 'resolved', endsAt: '2026-01-05T10:03:00Z' };
    expect(noticesOf(notification({ alerts: [resolved, { ...resolved, endsAt: never }] }))).toMatchObject([
      { status: 'resolved', resolvedEpochMs: 1_767_607_380_000 },
      { status: 'resolved' },
    ]);
  });

  it('gives Grafana, which judges every 10 s, that much longer', () => {
    expect(noticesOf(notification({ version: '1' }))).toMatchObject([
      { path: 'grafana', happenedAfterEpochMs: 1_767_607_185_000 },
    ]);
  });

  it('knows no moment of what is no event', () => {
    const slow = { ...firing, labels: { alertname: 'StoreSlow', kind: 'objective' }, annotations: undefined };
    const [notice] = noticesOf(notification({ alerts: [slow] }));
    expect(notice).not.toHaveProperty('happenedAfterEpochMs');
    expect(notice).toHaveProperty('words', { severity: 'warning', title: '', whatToDo: '', runbookUrl: '' });
  });

  it.each([
    ['no status', { ...firing, status: 'unknown' }],
    ['no name', { ...firing, labels: {} }],
    ['no time', { ...firing, startsAt: 'yesterday' }],
    ['nothing', null],
    ['text', 'firing'],
  ])('leaves out an alert with %s, and counts it', (_, alert) => {
    const read = readNotification(notification({ alerts: [alert, firing] }));
    expect(read).toMatchObject({ notices: [{ name: 'RetriesExhausted' }], unreadable: 1, truncated: 0 });
  });

  it.each([
    ['{', 'the body is not JSON'],
    ['[]', 'version must be "4" (Alertmanager) or "1" (Grafana), not null'],
    ['{"version":"3"}', 'version must be "4" (Alertmanager) or "1" (Grafana), not "3"'],
    ['{"version":"constructor"}', 'version must be "4" (Alertmanager) or "1" (Grafana), not "constructor"'],
    ['{"version":"4"}', 'alerts must be a list'],
  ])('says what is wrong with %s', (body, reason) => {
    expect(readNotification(body)).toBe(reason);
  });

  it('is bounded in number and length', () => {
    const long = { ...firing, annotations: { summary: 'x'.repeat(10_000) } };
    const read = readNotification(notification({ alerts: new Array(500).fill(long) })) as Notification;
    expect([read.notices.length, read.unreadable]).toEqual([100, 400]);
    expect(JSON.stringify(read.notices[0])).toContain(`"title":"${'x'.repeat(500)}"`);
  });
});

describe('readPrometheusAlerts', () => {
  it('reads what fires, not what is pending', () => {
    const active = { labels, annotations, activeAt: '2026-01-05T10:00:00.123456789Z', value: '1e+00' };
    const alerts = [
      { ...active, state: 'firing' },
      { ...active, state: 'pending' },
    ];
    expect(readPrometheusAlerts({ alerts })).toMatchObject([
      { name: 'RetriesExhausted', firedEpochMs: 1_767_607_200_123 },
    ]);
  });

  it.each([[undefined], [{}], [{ alerts: 'none' }], [{ alerts: [null, { state: 'firing' }] }]])(
    'takes %j for nothing',
    (data) => {
      expect(readPrometheusAlerts(data)).toEqual([]);
    },
  );
});
