import { type Alert, alertDelayMs, alerts, alertToPromql, cadence, eventWindowMs, objectives } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { grafanaEvaluateMs } from '../alert-routing.ts';
import { grafanaRuleGroups } from './alert-rules.ts';
import { contactPoints, notificationPolicy } from './notifications.ts';
import { toContactPointFile, toPolicyFile, toRuleFile } from './rule-file.ts';

const links = { runbookUrl: 'https://example.test/runbook', boardUrl: 'http://board.test' };
const file = toRuleFile(grafanaRuleGroups(alerts, links), 'quartersec');
const rules = file.groups.flatMap((group) => group.rules);

/** The HTTP form of a rule, as the SDK builds it, with everything that files spell otherwise or do not take. */
const httpRule = {
  id: 7,
  uid: 'u',
  orgID: 1,
  folderUID: 'folder-uid',
  ruleGroup: 'group',
  title: 'Title',
  condition: 'A',
  data: [{ refId: 'A', datasourceUid: 'd', relativeTimeRange: { from: 60 }, model: { expr: 'up' } }],
  noDataState: 'OK',
  execErrState: 'Error',
  for: '90s',
  keep_firing_for: '2m',
  provenance: 'api',
  updated: 'yesterday',
} as unknown as NonNullable<Parameters<typeof toRuleFile>[0][number]['rules']>[number];

describe('toRuleFile', () => {
  it('moves folder and interval to the group, and drops what the server sets itself', () => {
    const group = { title: 'group', folderUid: 'folder-uid', interval: 90, rules: [httpRule] };
    expect(toRuleFile([group], 'Folder title')).toEqual({
      apiVersion: 1,
      groups: [
        {
          orgId: 1,
          name: 'group',
          folder: 'Folder title',
          interval: '90s',
          rules: [
            {
              uid: 'u',
              title: 'Title',
              condition: 'A',
              data: [{ refId: 'A', datasourceUid: 'd', relativeTimeRange: { from: 60, to: 0 }, model: { expr: 'up' } }],
              noDataState: 'OK',
              execErrState: 'Error',
              for: '90s',
              keepFiringFor: '2m',
              labels: {},
              annotations: {},
              isPaused: false,
            },
          ],
        },
      ],
    });
  });

  it.each([
    ['rule Title: files need a uid', { ...httpRule, uid: undefined }],
    ['rule Title: a query without refId, data source or model', { ...httpRule, data: [{ refId: 'A' }] }],
  ])('refuses: %s', (message, rule) => {
    const group = { title: 'g', interval: 10, rules: [rule as typeof httpRule] };
    expect(() => toRuleFile([group], 'F')).toThrow(message);
  });

  it('refuses a group without a name or an interval', () => {
    expect(() => toRuleFile([{ title: 'g' }], 'F')).toThrow('a rule group needs a title and an interval');
    expect(toRuleFile([{ title: 'g', interval: 10 }], 'F').groups[0]?.rules).toEqual([]);
  });
});

describe("Grafana's rules", () => {
  it('are those of libs/sla, each once', () => {
    expect(rules.map(({ title }) => title).sort()).toEqual(alerts.map(({ name }) => name).sort());
    expect(new Set(rules.map(({ uid }) => uid)).size).toBe(alerts.length);
    expect(rules.filter(({ uid }) => uid.length > 40)).toEqual([]);
  });

  it('are judged every 10 s, as its scheduler ticks', () => {
    expect(new Set(file.groups.map(({ interval }) => interval))).toEqual(new Set(['10s']));
  });

  it('are still in time, and event alerts still outlast their latch', () => {
    const delayMs = alertDelayMs - cadence.evaluateMs + grafanaEvaluateMs;
    expect(delayMs).toBeLessThan(objectives.alert.visibleWithinMs);
    expect(eventWindowMs).toBeGreaterThan(objectives.alert.latchedAtLeastMs + 2 * delayMs);
  });

  it('fire on any answer of the query, keep their labels and link their runbook', () => {
    const [exhausted] = rules;
    expect(exhausted).toMatchObject({
      uid: 'quartersec-RetriesExhausted',
      condition: 'B',
      data: [
        {
          refId: 'A',
          datasourceUid: 'quartersec-prometheus',
          model: { refId: 'A', expr: '(sum(increase(quartersec_retries_exhausted_total[3m])) > 0)', instant: true },
        },
        {
          refId: 'B',
          datasourceUid: '__expr__',
          model: { type: 'threshold', expression: 'A', conditions: [{ evaluator: { type: 'gt', params: [-1] } }] },
        },
      ],
      noDataState: 'OK',
      execErrState: 'OK',
      for: '0s',
      labels: { severity: 'critical', kind: 'event', objective: 'retries' },
      annotations: { runbook_url: 'https://example.test/runbook#retries-exhausted' },
    });
  });

  it('are one alert when Prometheus is down: the dead man, as itself', () => {
    const toldOfErrors = rules.filter(({ execErrState }) => execErrState !== 'OK');
    expect(toldOfErrors).toMatchObject([{ title: 'NoMetrics', execErrState: 'Alerting' }]);
    expect(rules.filter(({ noDataState }) => noDataState !== 'OK')).toEqual([]);
  });

  it('are quiet while their cause holds, but not for a cause that must hold before it fires', () => {
    const exprOf = (name: string) => {
      const model = rules.find(({ title }) => title === name)?.data[0]?.model;
      return (model as { readonly expr: string } | undefined)?.expr ?? '';
    };
    const alone = (name: string) => {
      const alert = alerts.find((one) => one.name === name);
      return alert === undefined ? '' : alertToPromql(alert);
    };
    const causesIn = (name: string) => exprOf(name).split(' unless on () ').slice(1);
    const lasting = ['ProviderFailing', 'BacklogOld', 'ProcessErrors'].map((name) => `(${alone(name)})`);
    expect(causesIn('AvailabilityFastBurn')).toEqual(lasting);
    expect(causesIn('AvailabilitySlowBurn')).toEqual([`(${alone('AvailabilityFastBurn')})`, ...lasting]);
    expect(causesIn('BacklogOld')).toEqual([lasting[0], lasting[2]]);
    expect(exprOf('AvailabilityFastBurn').startsWith(`(${alone('AvailabilityFastBurn')}) unless on () `)).toBe(true);
    for (const name of ['ProviderFailing', 'RetriesExhausted', 'QueryErrors', 'NoMetrics']) {
      expect(exprOf(name)).toBe(alone(name));
    }
  });

  it('hold for as long as the alert must', () => {
    expect(rules.find(({ title }) => title === 'NoMetrics')?.for).toBe('4m');
  });

  it('have nothing that Grafana would take for a variable of its environment', () => {
    expect(JSON.stringify(file)).not.toContain('$');
  });

  it('of no alerts are no groups', () => {
    expect(toRuleFile(grafanaRuleGroups([] satisfies Alert[], links), 'F').groups).toEqual([]);
  });
});

describe('who is told', () => {
  it('is the board, whatever the end of its address', () => {
    const file = toContactPointFile(contactPoints('http://board.test:80/base/'));
    expect(file.contactPoints).toEqual([
      {
        orgId: 1,
        name: 'quartersec-board',
        receivers: [
          {
            uid: 'quartersec-board',
            type: 'webhook',
            settings: { url: 'http://board.test:80/base/alertmanager', httpMethod: 'POST' },
            disableResolveMessage: false,
          },
        ],
      },
    ]);
  });

  it('joins receivers of one name', () => {
    const point = { name: 'n', type: 'webhook', settings: {} } as const;
    const { contactPoints: joined } = toContactPointFile([
      { ...point, uid: 'a' },
      { ...point, uid: 'b' },
      { ...point, name: 'm', uid: 'c' },
    ]);
    expect(joined.map(({ name, receivers }) => [name, receivers.length])).toEqual([
      ['n', 2],
      ['m', 1],
    ]);
  });

  it('hears of an alert after a second, once, and again by its severity', () => {
    expect(toPolicyFile(notificationPolicy())).toEqual({
      apiVersion: 1,
      policies: [
        {
          orgId: 1,
          receiver: 'quartersec-board',
          group_by: ['alertname'],
          group_wait: '1s',
          group_interval: '5s',
          routes: [
            { receiver: 'quartersec-board', object_matchers: [['severity', '=', 'critical']], repeat_interval: '1h' },
            { receiver: 'quartersec-board', object_matchers: [['severity', '=', 'warning']], repeat_interval: '12h' },
          ],
        },
      ],
    });
  });
});
