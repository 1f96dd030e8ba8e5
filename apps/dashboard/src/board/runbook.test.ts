import { readFileSync } from 'node:fs';
import { alerts } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { runbookSection } from './runbook.ts';

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
