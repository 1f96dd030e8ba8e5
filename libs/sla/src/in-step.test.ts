/** What must move together: objectives, alerts, catalogue, gates, and the one home of the numbers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Alert, eventAlert } from './alert.ts';
import { type AlertLists, alertGaps } from './alert-gaps.ts';
import { alerts, alertsOfObjectives, objectivesWithoutAlert } from './alerts.ts';
import { isLatencyObjective, objectives } from './objectives.ts';
import { k6Thresholds, k6Trends, objectivesWithoutK6Gate } from './targets/k6.ts';

const lists: AlertLists = { objectives, alerts, withoutAlert: objectivesWithoutAlert };
const [first] = alerts;
const event = eventAlert('Failed', { severity: 'warning', title: 'T', whatToDo: 'W' });

function withAlert(change: Partial<Alert>): AlertLists {
  return { ...lists, alerts: [...alerts, { ...event, ...change }] };
}

describe('objectives, alerts and the catalogue', () => {
  it('are in step', () => {
    expect(alertGaps(lists)).toEqual([]);
    expect(alertGaps(withAlert({}))).toEqual([]);
  });

  it('are out of step with an objective that nobody watches', () => {
    const planted = { ...objectives, novelty: { atMostMs: 5_000 } };
    expect(alertGaps({ ...lists, objectives: planted })).toEqual([
      'objective novelty has no alert and no reason why not',
    ]);
  });

  it('take a reason, but not an empty one, nor one beside an alert', () => {
    const planted = { ...objectives, novelty: { atMostMs: 5_000 } };
    const excuse = (reasons: Record<string, string>) =>
      alertGaps({ ...lists, objectives: planted, withoutAlert: { ...objectivesWithoutAlert, ...reasons } });
    expect(excuse({ novelty: 'Gate in the build' })).toEqual([]);
    expect(excuse({ novelty: ' ' })).toEqual(['objective novelty has no alert and no reason why not']);
    expect(excuse({ novelty: 'x', store: 'y' })).toEqual(['objective store has an alert and a reason to have none']);
    expect(excuse({ novelty: 'x', speed: 'y' })).toEqual(['speed is no objective']);
  });

  it('get the alert of a new latency objective by its entry alone', () => {
    const providerTime = {
      metric: 'ProviderTime',
      percentile: 0.99,
      underMs: 1_000,
      title: 'Provider time',
      whenBroken: 'Look.',
    } as const;
    const planted = { ...objectives, providerTime };
    expect(alertGaps({ ...lists, objectives: planted })).toHaveLength(1);
    expect(
      alertGaps({ ...lists, objectives: planted, alerts: [...alerts, ...alertsOfObjectives({ providerTime })] }),
    ).toEqual([]);
    expect(k6Thresholds({ scenario: 's', durationMs: 60_000 }, planted)).toMatchObject({
      'quartersec_provider_time_ms{scenario:s}': ['p(99)<1000'],
    });
  });

  it.each<[string, Partial<Alert>]>([
    ['turbo is no objective', { objective: 'turbo' }],
    ['runbook retries-exhausted is used twice', { runbook: first?.runbook ?? '' }],
    ['alert RetriesExhausted is defined twice', { name: 'RetriesExhausted' }],
    ['alert Failed has no usable runbook anchor', { runbook: 'Not an Anchor' }],
    ['alert Failed does not say what to do', { whatToDo: '' }],
    ['alert Failed would clear before its latch ends', { latchMs: 600_000 }],
  ])('notice: %s', (gap, change) => {
    expect(alertGaps(withAlert(change))).toEqual([gap]);
  });

  it('notice a metric that left the catalogue, and a window of too few scrapes', () => {
    const scope = { windowMs: 10_000 };
    const when = (metric: string) =>
      [
        { expression: { unit: 'Count', node: { op: 'count', metric, scope } }, comparison: 'above', bound: 0 },
      ] as unknown;
    const change = { kind: 'objective', when: when('Renamed') as Alert['when'] } as const;
    expect(alertGaps(withAlert(change))).toEqual([
      'alert Failed refers to Renamed, which is not in the catalogue',
      'alert Failed has too short a window',
    ]);
  });
});

describe('objectives and k6', () => {
  it('have a gate or a reason each, never both', () => {
    const latencies = Object.entries(objectives).flatMap(([name, one]) => (isLatencyObjective(one) ? [name] : []));
    const gated = [...latencies, 'throughput', 'errors']; // floors and failure rates: k6.test.ts
    expect([...gated, ...Object.keys(objectivesWithoutK6Gate)].sort()).toEqual(Object.keys(objectives).sort());
  });

  it('record every timing that an objective bounds', () => {
    const bounded = Object.values(objectives).flatMap((one) => (isLatencyObjective(one) ? [one.metric] : []));
    expect(k6Trends.map(({ metric }) => metric)).toEqual(bounded);
  });
});

describe('names', () => {
  const figures = Object.entries(objectives).flatMap(([name, objective]) =>
    Object.entries(objective).flatMap(([key, value]) => (typeof value === 'number' ? [`${name}.${key}`] : [])),
  );

  it.each(figures)('%s ends in its unit, or is a share or a number of things', (figure) => {
    expect(figure).toMatch(/(Ms|Minutes|PerMinute|AtMost|\.atMost|AtLeast|\.atLeast|\.percentile)$/);
  });
});

describe('the source', () => {
  const root = import.meta.dirname;
  const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter(
    (file) => file.endsWith('.ts') && !file.endsWith('.test.ts'),
  );
  const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

  it('has the promised 250 in objectives.ts and nowhere else', () => {
    expect(files.filter((file) => /\b250\b/.test(textOf(file)))).toEqual(['objectives.ts']);
  });

  it('imports nothing but itself: no package, no I/O', () => {
    const foreign = files.flatMap((file) =>
      [...textOf(file).matchAll(/from '([^']+)'/g)]
        .filter(([, from = '']) => !from.startsWith('.'))
        .map(([line]) => line),
    );
    expect(foreign).toEqual([]);
  });

  it('reads no clock, no randomness, no environment', () => {
    const impure = /\b(Date\.now|new Date\(|Math\.random|process\.|console\.|setTimeout)\b/;
    const code = (file: string) => textOf(file).replaceAll(/\/\*\*[\s\S]*?\*\//g, '');
    expect(files.filter((file) => impure.test(code(file)))).toEqual([]);
  });
});
