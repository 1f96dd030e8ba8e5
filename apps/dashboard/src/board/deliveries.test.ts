/** Notifications as Alertmanager and Grafana deliver them, over HTTP, and those that fail. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type FakeSystem, startFakeSystem } from '../../test/fake-system.ts';
import { alertmanagerBody, grafanaBody, grafanaOwnBody } from '../../test/notification-bodies.ts';
import type { Snapshot } from './snapshot.ts';
import { type RunningBoard, startBoard } from './start-board.ts';

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

async function deliver(body: unknown): Promise<readonly [status: number, answer: unknown]> {
  const headers = { 'content-type': 'application/json' };
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const answer = await fetch(`${running.url}/alertmanager`, { method: 'POST', headers, body: text });
  return [answer.status, await answer.json()];
}

const snapshot = async () => (await (await fetch(`${running.url}/snapshot.json`)).json()) as Snapshot;
const delivered = async () => (await snapshot()).alerts.filter(({ path }) => path !== 'live');
/** Without the time of day in it. */
const losses = async () =>
  (await snapshot()).source.warnings
    .filter((warning) => warning.includes('lost'))
    .map((warning) => warning.replace(/\d\d:\d\d:\d\d/, 'HH:MM:SS'));

describe('a delivery', () => {
  it.each([
    ['Alertmanager', 'prometheus', alertmanagerBody, 1_767_607_200_193, 1_767_607_440_193],
    ['Grafana', 'grafana', grafanaBody, 1_767_607_210_000, 1_767_607_450_000],
  ])('of %s shows on the board, and its end', async (_, path, bodyOf, firedEpochMs, resolvedEpochMs) => {
    expect(await deliver(bodyOf('firing'))).toEqual([200, { taken: 1 }]);
    expect(await delivered()).toMatchObject([{ path, name: 'StoreSlow', status: 'firing', firedEpochMs }]);
    expect(await deliver(bodyOf('resolved'))).toEqual([200, { taken: 1 }]);
    expect(await delivered()).toMatchObject([{ path, name: 'StoreSlow', status: 'resolved', resolvedEpochMs }]);
    expect(await losses()).toEqual([]);
  });

  it('of what Grafana could not evaluate is told by its rule, with the reason', async () => {
    await deliver(grafanaOwnBody('firing', 'DatasourceError', 'NoMetrics', 'StoreSlow'));
    await deliver(grafanaOwnBody('firing', 'DatasourceNoData', 'NoMetrics'));
    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect([...(await delivered())].sort(byName)).toMatchObject([
      {
        name: 'DatasourceError (NoMetrics)',
        title: 'Grafana could not evaluate NoMetrics',
        whatToDo: 'failed to query data: connection refused Look at the table.',
      },
      { name: 'DatasourceError (StoreSlow)', title: 'Grafana could not evaluate StoreSlow' },
      { name: 'DatasourceNoData (NoMetrics)', title: 'Grafana has no data for NoMetrics' },
    ]);
    await deliver(grafanaOwnBody('resolved', 'DatasourceError', 'NoMetrics'));
    const firing = (await delivered()).filter(({ status }) => status === 'firing');
    expect(firing.map(({ name }) => name).sort()).toEqual([
      'DatasourceError (StoreSlow)',
      'DatasourceNoData (NoMetrics)',
    ]);
  });
});

describe('a delivery that fails', () => {
  it.each([
    ['{', 'the body is not JSON'],
    [{ ...grafanaBody('firing'), version: '9' }, 'version must be "4" (Alertmanager) or "1" (Grafana), not "9"'],
    [{ ...alertmanagerBody('firing'), alerts: 'none' }, 'alerts must be a list'],
  ])('is told to its sender and shown on the board: %j', async (body, error) => {
    expect(await deliver(body)).toEqual([400, { error }]);
    expect(await losses()).toEqual([`A notification was lost, the last at HH:MM:SS UTC: ${error}`]);
    expect(await delivered()).toEqual([]);
  });

  it('is counted, by its reason', async () => {
    await deliver('{');
    await deliver('x'.repeat(600_000));
    await deliver('{');
    expect([...(await losses())].sort()).toEqual([
      '2 notifications were lost, the last at HH:MM:SS UTC: the body is not JSON',
      'A notification was lost, the last at HH:MM:SS UTC: the body is larger than 524288 bytes',
    ]);
  });

  it('in part shows what could be read, and how much could not', async () => {
    const body = grafanaBody('firing');
    const [alert] = body.alerts;
    const partly = { ...body, alerts: [alert, { ...alert, labels: {} }], truncatedAlerts: 3 };
    const lost = 'of 5 alerts 1 could not be read, 3 were left out by the sender';
    expect(await deliver(partly)).toEqual([200, { taken: 1, lost }]);
    expect(await delivered()).toMatchObject([{ name: 'StoreSlow' }]);
    expect(await losses()).toEqual([`A notification was lost, the last at HH:MM:SS UTC: ${lost}`]);
  });
});
