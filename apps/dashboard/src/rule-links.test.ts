/** Every link in what is rendered leads to something that is there. */
import { readFileSync } from 'node:fs';
import { alerts } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { startFakeSystem } from '../test/fake-system.ts';
import { runbookSection } from './board/runbook.ts';
import { startBoard } from './board/start-board.ts';
import { readOptions } from './render-options.ts';
import { renderFiles } from './rendered-files.ts';
import { linkedRules } from './rule-links.ts';

const page = readFileSync(new URL('../../../docs/troubleshooting.md', import.meta.url), 'utf8');

function render(...args: string[]) {
  const options = readOptions(args);
  if (options === undefined) throw new Error('no options');
  return renderFiles(options);
}

function linksIn(files: ReturnType<typeof render>, pattern: RegExp): readonly string[] {
  return [...new Set(files.flatMap(({ text }) => text.match(pattern) ?? []))];
}

describe('links to runbooks', () => {
  it('lead to headings of docs/troubleshooting.md, and to no other page of the repository', () => {
    const files = render('--docs', 'https://docs.test');
    const links = linksIn(files, /https:\/\/docs\.test[^"\s]*/g);
    expect(links.length).toBeGreaterThanOrEqual(alerts.length);
    const lost = links.filter((link) => {
      const [before, anchor = ''] = link.split('#');
      return before !== 'https://docs.test/troubleshooting.md' || runbookSection(page, anchor) === undefined;
    });
    expect(lost).toEqual([]);
    expect(linksIn(files, /"docs\/[^"]*/g)).toEqual([]);
  });

  it('lead to a page of the board where it is told of no other', async () => {
    const system = await startFakeSystem();
    const board = await startBoard({ kind: 'system', url: system.url }, { port: 0 });
    try {
      const links = linksIn(render('--board', board.url), /http:\/\/127\.0\.0\.1:\d+\/runbook\/[^"\s]*/g);
      expect(links.length).toBeGreaterThanOrEqual(alerts.length);
      const statuses = await Promise.all(links.map(async (link) => [link, (await fetch(link)).status]));
      expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
    } finally {
      await board.close();
      await system.close();
    }
  });
});

describe('links to dashboards', () => {
  const links = { runbookUrl: 'https://docs.test/page', boardUrl: 'http://board.test' };
  const urlsOf = (grafanaUrl?: string) => {
    const { groups } = linkedRules(alerts, grafanaUrl === undefined ? links : { ...links, grafanaUrl });
    return Object.fromEntries(
      groups.flatMap(({ rules }) => rules.map(({ alert, annotations }) => [alert, annotations.dashboard_url])),
    );
  };

  it('lead to the board without a Grafana', () => {
    expect(new Set(Object.values(urlsOf()))).toEqual(new Set(['http://board.test']));
  });

  it('lead to a dashboard that is rendered', () => {
    const urls = urlsOf('https://grafana.test/');
    expect(urls).toMatchObject({
      DeadLettered: 'https://grafana.test/d/quartersec-critical-errors-prometheus',
      StoreSlow: 'https://grafana.test/d/quartersec-sla-overview-prometheus',
    });
    const uids = render().flatMap(({ path, text }) =>
      path.startsWith('grafana/dashboards/') ? [(JSON.parse(text) as { uid: string }).uid] : [],
    );
    expect(uids).toHaveLength(8);
    for (const url of Object.values(urls)) expect(uids).toContain(url?.split('/').at(-1));
  });
});
