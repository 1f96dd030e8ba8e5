/** The README promises what libs/sla declares, and troubleshooting has a section for every alert. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { anchorsOf, readPages, tableBelow } from './pages.ts';

type Figures = Readonly<Record<string, unknown>>;

/** By its file: a document is no package, and tools depend on none of ours. */
const load = (path: string) => import(pathToFileURL(join(workspaceRoot, path)).href);
const { objectives } = (await load('libs/sla/src/objectives.ts')) as { objectives: Readonly<Record<string, Figures>> };
const { alerts } = (await load('libs/sla/src/alerts.ts')) as { alerts: readonly { readonly runbook: string }[] };

const pages = readPages(workspaceRoot);
const pageText = (path: string) => pages.find((page) => page.path === path)?.text ?? '';

/** `p95 < N ms` and so on; the shape of an objective decides. */
function boundOf(name: string, figures: Figures): string {
  const percent = (share: unknown) => `${Number((Number(share) * 100).toFixed(3))} %`;
  if ('percentile' in figures) return `p${Number(figures.percentile) * 100} < ${figures.underMs} ms`;
  if ('shareAtLeast' in figures) return `>= ${percent(figures.shareAtLeast)}`;
  switch (name) {
    case 'throughput':
      return `>= ${Number(figures.atLeastPerMinute).toLocaleString('en-US')} a minute`;
    case 'retries':
      return `<= ${figures.atMost} an event`;
    case 'alert':
      return `<= ${Number(figures.visibleWithinMs) / 1_000} s`;
    case 'cache':
      return `>= ${percent(figures.fasterByAtLeast)} faster`;
    case 'reads':
      return `p95 < ${figures.warmP95UnderMs} ms`;
    case 'integrity':
      return `${figures.corruptAtMost}`;
    case 'coverage':
      return `>= ${percent(figures.atLeast)}`;
    case 'setUp':
      return `<= ${figures.withinMinutes} minutes`;
    default:
      throw new Error(`the README has no words for the objective ${name} yet: add its row, and its bound here`);
  }
}

describe('the promise in README.md', () => {
  const rows = tableBelow(pageText('README.md'), 'The promise');
  const promised = rows.map(([title = '', bound]) => [/\(`(\w+)`\)$/.exec(title)?.[1] ?? title, bound]);

  it('is the one of libs/sla, objective by objective', () => {
    expect(promised).toEqual(Object.entries(objectives).map(([name, figures]) => [name, boundOf(name, figures)]));
  });

  it('says for every objective how it is checked today', () => {
    expect(rows.filter((row) => row.length !== 3 || row.includes(''))).toEqual([]);
  });

  it('would not be the same with another figure', () => {
    expect(boundOf('store', { percentile: 0.99, underMs: 101 })).toBe('p99 < 101 ms');
    expect(boundOf('errors', { shareAtLeast: 0.9995 })).toBe('>= 99.95 %');
    expect(() => boundOf('freshness', { atMostMs: 5_000 })).toThrow('no words for the objective freshness');
  });
});

describe('docs/troubleshooting.md', () => {
  it('has a section for every alert, and none for another', () => {
    const [, section = ''] = pageText('docs/troubleshooting.md').split(/^## Alerts$/m);
    expect(anchorsOf(section).toSorted()).toEqual(alerts.map(({ runbook }) => runbook).sort());
  });
});
