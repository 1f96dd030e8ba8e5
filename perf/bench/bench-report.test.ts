import { describe, expect, it } from 'vitest';
import { renderTable, wholeNumber } from './bench-report.ts';

describe('renderTable', () => {
  it('sets names to the left and figures to the right', () => {
    const rows = [['', 'TypeScript', 'Go'], ['CPU-ms', '3.10', '12.00'], ['short']];
    expect(renderTable(rows)).toBe('        TypeScript     Go\nCPU-ms        3.10  12.00\nshort\n');
  });
});

describe('wholeNumber', () => {
  it.each(['', '-1', '1.5', '1e3', '0', '12345678'])('refuses %j', (text) => {
    expect(() => wholeNumber('pairs', text)).toThrow(`--pairs must be a whole number from 1, not ${text}`);
  });

  it('takes the least and more', () => {
    expect([wholeNumber('pairs', '1'), wholeNumber('seed', '0', 0)]).toEqual([1, 0]);
  });
});
