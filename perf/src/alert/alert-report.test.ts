import { describe, expect, it } from 'vitest';
import { type AlertReport, alertMarkdown } from './alert-report.ts';
import { type AlertRun, judgeAlerts, summarisePath } from './alert-summary.ts';

const times = ['2026-01-05T10:00:00.000Z', '2026-01-05T10:00:30.000Z'] as const;
const runs: readonly AlertRun[] = [
  { run: 1, exhaustedAt: times[0], delaysMs: { live: 900, alertmanager: 26_000 } },
  { run: 2, exhaustedAt: times[1], delaysMs: { live: 1_200, alertmanager: null } },
];

function reportOf(some: readonly AlertRun[], more: Partial<AlertReport> = {}): string {
  const paths = (['live', 'alertmanager'] as const).map((path) => summarisePath(path, some));
  const unwatched = { sent: 20, committed: 20, medianMs: 70, watchedMedianMs: 80 };
  return alertMarkdown({
    scenario: 'alert',
    startedAt: times[0],
    tookMs: 300_000,
    commit: 'abc',
    machine: { cores: 2, cpuModel: 'x', memoryBytes: 1, system: 'y', node: '24.0.0', tools: ['prometheus 2.42.0'] },
    seenOn: 'page',
    paths,
    runs: some,
    unwatched,
    leftOut: [],
    findings: [],
    verdict: judgeAlerts(paths, unwatched, undefined),
    ...more,
  });
}

describe('alertMarkdown', () => {
  const text = reportOf(runs);

  it('cannot be overlooked when it failed, and says why', () => {
    expect(text.split('\n')[0]).toBe('### FAILED: performance, `alert`');
    expect(text).toContain('Prometheus and Alertmanager: the alert never showed in 1 of 2 runs.');
  });

  it('shows every way with its figures against target and promise, and every run', () => {
    expect(text).toContain('| live evaluator of the board | 2 | 0 | 0.9 | 0.9 | 1.2 | 1.2 | 15.0 | met | kept |');
    expect(text).toContain(
      '| Prometheus and Alertmanager | 2 | 1 | 26.0 | 26.0 | 26.0 | 26.0 | 25.0 | MISSED | BROKEN |',
    );
    expect(text).toContain(`| 1 | ${times[0]} | 0.9 | 26.0 |`);
    expect(text).toContain(`| 2 | ${times[1]} | 1.2 | never |`);
  });

  it('says what is known of an alert that never showed', () => {
    expect(reportOf(runs, { findings: ['run 2: alertmanager never shown'] })).toContain(
      '- run 2: alertmanager never shown\n',
    );
  });

  it('says when there were fewer runs than promised, and nothing of it otherwise', () => {
    expect(text).toContain('- **2 of the 20 runs that the figure stands for**');
    const many = Array.from({ length: 20 }, (_, index) => ({ ...(runs[0] as AlertRun), run: index + 1 }));
    const full = reportOf(many);
    expect(full).not.toContain('that the figure stands for');
    expect(full.split('\n')[0]).toBe('### Passed: performance, `alert`');
  });

  it('says what was left out, and where alerts were looked for in place of the page', () => {
    const poor = reportOf(runs, { seenOn: 'snapshot', leftOut: ['NO BROWSER: no page'] });
    expect(poor).toContain('- **NO BROWSER: no page**');
    expect(poor).toContain('in `/snapshot.json` of the board');
    expect(text).toContain("visible on the board's page in a browser");
  });
});
