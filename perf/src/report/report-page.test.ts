import { describe, expect, it } from 'vitest';
import { exampleReport } from './report-example.ts';
import { reportPage } from './report-page.ts';

describe('reportPage', () => {
  const page = reportPage(exampleReport);

  it('needs nothing but itself', () => {
    expect(page).not.toMatch(/<script|<link|@import|url\(|src=|https?:/);
  });

  it('shows every run with its verdict, the machine and the commit', () => {
    for (const text of [
      'run 1 <span class="badge void">void',
      'run 2 <span class="badge good">green',
      'Example CPU',
      '0123456789ab',
    ])
      expect(page).toContain(text);
  });

  it('draws each objective over time with its bound', () => {
    for (const bound of ['p95 &lt; 250', 'p95 &lt; 100']) expect(page).toContain(bound);
    expect(page.match(/<path class="line p95" d="M/g)).toHaveLength(8);
  });

  it('lets no text become markup', () => {
    expect(page).toContain('the promise &amp; &lt;nothing&gt; else');
  });
});
