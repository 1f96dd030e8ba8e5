import { describe, expect, it } from 'vitest';
import { addDays, isDateTime, isLocalDate, isMidnight } from './local-date.ts';

describe('isLocalDate', () => {
  it.each(['2026-03-17', '2024-02-29', '2000-02-29', '0001-01-01', '2026-12-31'])('accepts %s', (text) => {
    expect(isLocalDate(text)).toBe(true);
  });

  it.each([
    '2026-02-29',
    '1900-02-29',
    '2020-06-31',
    '2026-00-10',
    '2026-13-01',
    '2026-01-00',
    '2026-1-1',
    '01-05-2002',
    '11-Dec-17',
    '2026-03-17T00:00:00Z',
    ' 2026-03-17',
    '2026-03-17\n',
    '',
  ])('refuses %j', (text) => {
    expect(isLocalDate(text)).toBe(false);
  });
});

describe('isDateTime', () => {
  it.each(['2026-03-17T09:41:05Z', '2026-03-17T09:41:05.123-05:00', '2016-12-31T23:59:60Z'])('accepts %s', (text) => {
    expect(isDateTime(text)).toBe(true);
  });

  it.each([
    '2026-03-17',
    '2026-03-17T09:41:05',
    '2026-03-17T24:00:00Z',
    '2026-02-30T09:41:05Z',
    '2026-03-17 09:41:05Z',
    'on 2026-03-17T09:41:05Z',
    '2026-03-17T09:41:05Z.',
    '2026-03-17T09:41:05.Z',
    '2026-03-17T09:41:05.1234567890Z',
    '2026-03-17T09:41:61Z',
    '2026-03-17T09:41:05+24:00',
    '2026-03-17T09:41:05+0100',
  ])('refuses %j', (text) => {
    expect(isDateTime(text)).toBe(false);
  });
});

describe('isMidnight', () => {
  it.each([
    ['2026-03-17T00:00:00Z', true],
    ['2026-03-17T00:00:00.000+01:00', true],
    ['2026-03-17T00:00:01Z', false],
    ['2026-03-17T00:00:00.5Z', false],
    ['2026-03-17T10:00:00Z', false],
  ])('%s: %s', (text, expected) => {
    expect(isMidnight(text)).toBe(expected);
  });
});

describe('addDays', () => {
  it.each([
    ['2026-02-27', 2, '2026-03-01'],
    ['2024-02-27', 2, '2024-02-29'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-01-01', -1, '2025-12-31'],
  ])('%s and %i days is %s', (date, days, expected) => {
    expect(addDays(date, days)).toBe(expected);
  });
});
