import { describe, expect, it } from 'vitest';
import { connectionRow, connectionsAnswer } from '../../test/connections-answer.ts';
import { connectionsOf } from './connections.ts';
import { escapeHtml } from './escape-html.ts';
import { boardPage, type FirstData } from './page.ts';

const first = (headline: string, kind: 'system' | 'prometheus' = 'system'): FirstData => ({
  snapshot: {
    atEpochMs: 0,
    source: { kind, url: 'http://127.0.0.1:1', status: 'live', dataAgeMs: 0, warnings: [] },
    verdict: { level: 'kept', headline, announced: 'Promise kept', detail: 'All is well.' },
    objectives: [],
    alerts: [],
    errors: [],
    faultSwitch: { available: false, on: false, says: '' },
  },
  charts: { range: '15m', spanMs: 1, stepMs: 1, toEpochMs: 1, times: [], charts: [] },
});

describe('boardPage', () => {
  it('has its verdict before any script runs', () => {
    const page = boardPage(first('Promise kept, but 3 of something'));
    expect(page).toContain('<title>Promise kept · quartersec</title>');
    expect(page).toContain('<p id="headline">Promise kept, but 3 of something</p>');
    expect(page).toContain('role="status" aria-live="polite">Promise kept</p>');
    expect(page).toContain('<section id="verdict" data-status="kept"');
  });

  it('says what its figures are, by source', () => {
    expect(boardPage(first('x'))).toContain('stand-ins for AWS');
    expect(boardPage(first('x', 'prometheus'))).toContain('As Prometheus has scraped the deployed system');
  });

  it('has a card of connections where the source knows them, and none elsewhere', () => {
    const card = /<section id="connections-card"[^>]*>/;
    const known = first('x');
    const connections = connectionsOf(connectionsAnswer({ rows: [connectionRow('</script><b>')] }));
    if (connections === undefined) throw new Error('the sample is none');
    const page = boardPage({ ...known, snapshot: { ...known.snapshot, connections } });
    expect(card.exec(page)?.[0]).not.toContain('hidden');
    expect(page).not.toContain('</script><b>');
    expect(card.exec(boardPage(first('x', 'prometheus')))?.[0]).toContain(' hidden>');
  });

  it('cannot be broken out of by what it shows', () => {
    const page = boardPage(first('</title></script><script>alert(1)</script>&\'"'));
    expect(page).not.toContain('<script>alert');
    expect(page).not.toContain('</script><script>');
    expect(escapeHtml(`<a href="x">'&'</a>`)).toBe('&lt;a href=&quot;x&quot;&gt;&#39;&amp;&#39;&lt;/a&gt;');
    const json = /<script type="application\/json" id="first">(.*)<\/script>/.exec(page)?.[1] ?? '';
    expect(JSON.parse(json).snapshot.verdict.headline).toBe('</title></script><script>alert(1)</script>&\'"');
  });

  it('asks nobody else for anything', () => {
    const addresses = [...boardPage(first('x')).matchAll(/(?:src|href)="([^"]*)"/g)].map(([, address]) => address);
    expect(addresses.every((address) => address?.startsWith('/'))).toBe(true);
  });
});
