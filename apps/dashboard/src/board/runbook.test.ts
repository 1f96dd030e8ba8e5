import { readFileSync } from 'node:fs';
import { alerts } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { runbookHtml, runbookSection } from './runbook.ts';

const page =
  '# Top\n\n## Alerts\n\nIntro.\n\n### Store slow\n\nLook.\n\n#### Deeper\n\nMore.\n\n### Next, `one`!\n\nEnd.\n';

describe('runbookSection', () => {
  it('is the section with all that is below it', () => {
    expect(runbookSection(page, 'store-slow')).toBe('### Store slow\n\nLook.\n\n#### Deeper\n\nMore.');
    expect(runbookSection(page, 'next-one')).toBe('### Next, `one`!\n\nEnd.');
    expect(runbookSection(page, 'alerts')).toMatch(/^## Alerts[\s\S]*End\.$/);
  });

  it('is nothing for an anchor that there is not', () => {
    expect(runbookSection(page, 'store')).toBeUndefined();
  });

  it.each(alerts.map(({ runbook }) => runbook))('finds %s in the troubleshooting page', (anchor) => {
    const text = readFileSync(new URL('../../../../docs/troubleshooting.md', import.meta.url), 'utf8');
    expect(runbookSection(text, anchor)).toMatch(/^### .+\n\n\S/);
  });
});

describe('runbookHtml', () => {
  const text = readFileSync(new URL('../../../../docs/troubleshooting.md', import.meta.url), 'utf8');

  it('is a page of the section, with links to others of its kind and names of what is not served', () => {
    const html = runbookHtml('### Store slow\n\nAs [next](#next-one), see [storage.md](storage.md#x).');
    expect(html).toContain('<title>Store slow · quartersec</title>');
    expect(html).toContain('<h3 id="store-slow">Store slow</h3>');
    expect(html).toContain('<a href="/runbook/next-one">next</a>');
    expect(html).toContain('storage.md (<code>storage.md#x</code>)');
  });

  it('leaves no Markdown of the troubleshooting page as it stands', () => {
    const html = runbookHtml(text).replaceAll(/<code>.*?<\/code>/gs, '');
    expect(html).not.toMatch(/\]\(|^#|^\||\*\*|`/m);
  });

  it('links only sections that there are', () => {
    const targets = [...runbookHtml(text).matchAll(/href="\/runbook\/([^"]*)"/g)].map(([, anchor]) => anchor ?? '');
    expect(targets.length).toBeGreaterThan(3);
    expect(targets.filter((anchor) => runbookSection(text, anchor) === undefined)).toEqual([]);
  });
});
