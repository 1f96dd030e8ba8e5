import { readFileSync } from 'node:fs';
import { type Alert, alerts, eventAlert, objectives } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { dashboards } from './dashboards.ts';
import { objectiveFigures, objectivesWithoutPanel } from './objective-panels.ts';
import { type Panel, panelsOf } from './panel.ts';
import { type PanelLists, panelGaps } from './panel-gaps.ts';

const panels = dashboards.flatMap(panelsOf);
const lists: PanelLists = { objectives, panels, withoutPanel: objectivesWithoutPanel };
const withNovelty = { ...objectives, novelty: { atMostMs: 5_000 } };

describe('objectives, panels and the catalogue', () => {
  it('are in step', () => {
    expect(panelGaps(lists)).toEqual([]);
  });

  it('are out of step with an objective that nobody sees', () => {
    expect(panelGaps({ ...lists, objectives: withNovelty })).toEqual([
      'objective novelty has no panel and no reason why not',
    ]);
  });

  it('take a reason, but not an empty one, nor one beside a panel', () => {
    const excuse = (reasons: Record<string, string>) =>
      panelGaps({ objectives: withNovelty, panels, withoutPanel: { ...objectivesWithoutPanel, ...reasons } });
    expect(excuse({ novelty: 'Gate in the build' })).toEqual([]);
    expect(excuse({ novelty: ' ' })).toEqual(['objective novelty has no panel and no reason why not']);
    expect(excuse({ novelty: 'x', store: 'y' })).toEqual(['objective store has a panel and a reason to have none']);
    expect(excuse({ novelty: 'x', speed: 'y' })).toEqual(['speed is no objective']);
  });

  it('notice a metric that no panel shows, and one that left the catalogue', () => {
    const [first] = objectiveFigures({ store: objectives.store }, alerts);
    const text = JSON.stringify(first).replaceAll('"Store"', '"Renamed"');
    const planted = [...panels, { ...(JSON.parse(text) as Panel), title: 'Planted' }];
    expect(panelGaps({ ...lists, panels: planted })).toEqual(['Renamed is not in the catalogue']);
    const withoutCoalesced = panels.filter(({ title }) => title !== 'Coalesced a minute');
    expect(panelGaps({ ...lists, panels: withoutCoalesced })).toEqual(['metric Coalesced is on no panel']);
  });
});

describe('the figure of an objective', () => {
  const figureOf = (all: Parameters<typeof objectiveFigures>[0], guards: readonly Alert[] = []) =>
    objectiveFigures(all, guards).map(({ title, meaning, runbook, bounds }) => ({ title, meaning, runbook, bounds }));

  it('comes with a latency by its entry alone', () => {
    const providerTime = {
      metric: 'ProviderTime',
      percentile: 0.999,
      underMs: 1_000,
      title: 'Provider time',
      whenBroken: 'Look.',
    } as const;
    expect(figureOf({ providerTime })).toEqual([
      {
        title: 'Provider time p99.9',
        meaning: 'p99.9 of the last 5 minutes; promised: under 1000 ms.',
        runbook: 'alerts',
        bounds: [{ value: 1_000, good: 'below', severity: 'critical' }],
      },
    ]);
  });

  it('shows what is left of the budget of a share', () => {
    expect(figureOf({ errors: objectives.errors }, alerts)).toEqual([
      {
        title: 'Events without an error: budget left',
        meaning:
          'What is left of the error budget of 30 days; promised: 99.9 % of the events. Below 0 the promise is broken.',
        runbook: 'errors-fast-burn',
        bounds: [{ value: 0, good: 'above', severity: 'critical' }],
      },
    ]);
  });

  it('follows the alert that guards it, from half an event on', () => {
    const guard = eventAlert('Conflicts', { severity: 'warning', objective: 'order', title: 'A race', whatToDo: 'W' });
    expect(figureOf({ order: { atMost: 0 } }, [guard])).toEqual([
      {
        title: 'Order',
        meaning: 'Red means: a race (above 0).',
        runbook: 'conflicts',
        bounds: [{ value: 0.5, good: 'below', severity: 'warning' }],
      },
    ]);
    expect(figureOf({ cache: objectives.cache }, alerts)[0]?.bounds).toEqual([
      { value: 0.2, good: 'above', severity: 'warning' },
    ]);
  });

  it('is missing where neither form nor alert say what to show', () => {
    expect(figureOf({ novelty: { atMostMs: 5_000 } }, alerts)).toEqual([]);
  });
});

describe('the runbook of a panel', () => {
  const page = readFileSync(new URL('../../../../docs/troubleshooting.md', import.meta.url), 'utf8');
  const anchors = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading.toLowerCase().replaceAll('`', '').replaceAll(' ', '-'),
  );

  it.each(panels.map(({ title, runbook }) => ({ title, runbook })))('$title: #$runbook is a section', ({ runbook }) => {
    expect(anchors).toContain(runbook);
  });
});
