/** docs/operate.md has a row for every alert, and sends its reader to that alert's section. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { workspaceRoot } from '../workspace-root.ts';
import { readPages, tableBelow } from './pages.ts';

/** By its file: tools depend on none of ours. */
const { alerts } = (await import(pathToFileURL(join(workspaceRoot, 'libs/sla/src/alerts.ts')).href)) as {
  alerts: readonly { readonly name: string; readonly severity: string; readonly runbook: string }[];
};

const page = readPages(workspaceRoot).find(({ path }) => path === 'docs/operate.md')?.text ?? '';

describe('docs/operate.md', () => {
  it('leads from every alert, and from no other, to its section', () => {
    const rows = tableBelow(page, 'When an alert arrives').map(([name, severity, link = '']) => ({
      name,
      severity,
      runbook: /\(troubleshooting\.md#([\w-]+)\)/.exec(link)?.[1],
    }));
    expect(rows).toEqual(alerts.map(({ name, severity, runbook }) => ({ name, severity, runbook })));
  });
});

describe('docs/troubleshooting.md', () => {
  const text = readPages(workspaceRoot).find(({ path }) => path === 'docs/troubleshooting.md')?.text ?? '';
  const sections = new Map(
    text.split(/^### /m).map((section) => {
      const [title = '', ...lines] = section.split('\n');
      return [title.toLowerCase().replaceAll(' ', '-'), lines.join('\n').trim()];
    }),
  );
  const dashboards = globSync('apps/dashboard/src/grafana/*.ts', { cwd: workspaceRoot })
    .map((path) => readFileSync(join(workspaceRoot, path), 'utf8'))
    .join('\n');

  it.each(alerts)('begins the section of $name with a command and the panel that shows it', ({ runbook }) => {
    const [first = '', then = ''] = (sections.get(runbook) ?? '').split('\n');
    expect(first).toMatch(/^First: `(logs (process|query|connect|webhook) '.+'|aws .+|npm run .+)`$/);
    const [, board = 'no board', panel = 'no panel'] = /^Then the dashboard (.+), "(.+)"\.$/.exec(then) ?? [];
    expect(dashboards).toContain(`title: '${board}'`);
    expect(dashboards).toContain(`title: '${panel}'`);
  });
});
