import { expect, it } from 'vitest';
import { runbookLink } from './runbook-link.ts';

it('is an anchor of the page, or a page below a folder', () => {
  expect(runbookLink('https://docs.test/troubleshooting.md', 'store-slow')).toBe(
    'https://docs.test/troubleshooting.md#store-slow',
  );
  expect(runbookLink('http://127.0.0.1:8400/runbook/', 'store-slow')).toBe('http://127.0.0.1:8400/runbook/store-slow');
});
