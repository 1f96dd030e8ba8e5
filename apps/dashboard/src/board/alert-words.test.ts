import { alerts } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { alertFigure, clearsWhen } from './alert-words.ts';

function named(name: string) {
  const alert = alerts.find((one) => one.name === name);
  if (alert === undefined) throw new Error(`no alert ${name}`);
  return alert;
}

describe('alertFigure', () => {
  it.each([
    ['ProviderFailing', 0.431, '43.1 % in the last minute'],
    ['RoundTripSlow', 412, '412.0 ms in the last minute'],
    ['RetriesExhausted', 0.4, '1 in the last 3 minutes'],
    ['RetriesExhausted', 3, '3 in the last 3 minutes'],
    ['AvailabilityFastBurn', 0.0123, '1.23 % in the last 5 minutes'],
    ['BacklogOld', 150_000, '150.00 s in the last minute'],
  ])('of %s at %d is "%s"', (name, value, words) => {
    expect(alertFigure(named(name), value)).toBe(words);
  });
});

describe('clearsWhen', () => {
  it.each([
    ['RetriesExhausted', 'Clears after 3 minutes without another one.'],
    ['ProcessErrors', 'Clears after 3 minutes without another one.'],
    ['ProviderFailing', 'Clears after 1 minute without a failure, or sooner when few are left.'],
    ['RoundTripSlow', 'Clears within 1 minute once all is well again.'],
    ['AvailabilityFastBurn', 'Clears within 5 minutes once all is well again.'],
    ['AvailabilityLongBurn', 'Clears within 6 h once all is well again.'],
    ['NoMetrics', 'Clears with the next tick, which comes each minute.'],
  ])('says of %s: %s', (name, words) => {
    expect(clearsWhen(named(name))).toBe(words);
  });
});
