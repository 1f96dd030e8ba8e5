import { describe, expect, it } from 'vitest';
import { reportMarkdown } from './markdown.ts';
import { exampleReport } from './report-example.ts';

describe('reportMarkdown', () => {
  const text = reportMarkdown(exampleReport);

  it('shows every run in a row, against the objectives', () => {
    expect(text).toContain('RoundTrip p95 (< 250) | Processing p95 (< 250) | Store p95 (< 100)');
    expect(text).toContain('| run 1 | void | 812 | 12 | 7 | 130 | 815 | 0 | 0.0 % | 7.6 | 9.5 | 25 / 20 % |');
    expect(text).toContain('| run 2 | green | 151 | 12 | 7 | 130 | 154 | 0 | 0.0 % | 7.6 | 9.5 | 1 / 20 % |');
  });

  it('says the verdict first, names what broke, and what the audit found', () => {
    expect(text.split('\n')[0]).toBe('### Passed: performance, `sla`');
    expect(text).toContain('- run 1: RoundTrip p95 is 812.0 ms, bound < B ms (functions)');
    expect(text).toContain('- nothing lost, 33000 journal entries audited, no difference');
  });

  it('cannot be overlooked when it failed', () => {
    const failed = reportMarkdown({
      ...exampleReport,
      verdict: { passed: false, fellBack: false, because: 'no run kept it' },
    });
    expect(failed.split('\n')[0]).toBe('### FAILED: performance, `sla`');
  });
});
