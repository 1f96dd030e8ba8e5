import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { benches, benchUsage } from './bench-catalogue.ts';

describe.each(Object.entries(benches))('the bench %s', (name, { script }) => {
  it('is there', () => {
    expect(existsSync(new URL(script, import.meta.url))).toBe(true);
  });

  it('is listed by --help', () => {
    expect(benchUsage).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
  });
});
