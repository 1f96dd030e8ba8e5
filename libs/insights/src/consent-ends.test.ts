import { describe, expect, it } from 'vitest';
import { consentEnds } from './consent-ends.ts';
import { fingerprintOf } from './fingerprint.ts';
import { buildView, day } from './testing/build-view.ts';

function told(consentEndsOn: string | null) {
  const consentEndsDay = consentEndsOn === null ? null : day(consentEndsOn);
  return consentEnds(buildView({ today: '2026-06-15', connections: { c1: { consentEndsDay } } }));
}

describe('consentEnds', () => {
  it.each([
    ['2026-06-29', 14],
    ['2026-06-15', 0],
  ])('tells that it ends on %s: %i days', (on, days) => {
    expect(told(on)).toMatchObject([{ kind: 'consent-ends', connectionId: 'c1', days, date: on, currency: null }]);
  });

  it.each([['2026-06-30'], ['2026-06-14'], [null]])('says nothing of %s', (on) => {
    expect(told(on)).toEqual([]);
  });

  it('is a new fact for a new consent, and the same one on the next day', () => {
    const [first] = told('2026-06-20');
    const [renewed] = told('2026-06-28');
    expect(first?.fingerprint).not.toBe(renewed?.fingerprint);
    expect(first?.fingerprint).toBe(fingerprintOf('consent-ends', ['c1'], '2026-06-20'));
    expect(first?.evidence).toEqual([]);
    const consentEndsDay = day('2026-06-20');
    const [next] = consentEnds(buildView({ today: '2026-06-16', connections: { c1: { consentEndsDay } } }));
    expect(next?.fingerprint).toBe(first?.fingerprint);
    expect(next?.days).toBe(4);
  });
});
