import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { attemptTimeoutMs, deadlineBudget, longestWaitMs, patientTimeoutMs, waitFits } from './deadline-budget.ts';

describe('deadlineBudget', () => {
  it('ends an event after 2 s and keeps the 100 ms of the commit back', () => {
    expect(deadlineBudget).toEqual({
      hardMs: 2_000,
      commitReserveMs: 100,
      attemptAtLeastMs: 50,
      patientAttemptMs: 10_000,
    });
  });
});

describe('attemptTimeoutMs', () => {
  it.each([
    [2_000, 4, 950],
    [1_050, 3, 475],
    [575, 2, 237],
    [338, 1, 238],
    [2_000, 1, 1_900],
    [180, 4, 50],
    [150, 1, 50],
    [149, 1, 0],
    [149, 4, 0],
    [0, 2, 0],
    [2_000, 0, 0],
  ])('with %i ms left and %i attempts allows %i ms', (remainingMs, attemptsLeft, timeoutMs) => {
    expect(attemptTimeoutMs(remainingMs, attemptsLeft)).toBe(timeoutMs);
  });

  it('never spends what the commit needs, however the attempts go', () => {
    const spentShares = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 5_000 }), spentShares, (hardMs, shares) => {
        let remainingMs = hardMs;
        for (const [failures, share] of shares.entries()) {
          const timeoutMs = attemptTimeoutMs(remainingMs, 4 - failures);
          if (timeoutMs > 0) expect(timeoutMs).toBeGreaterThanOrEqual(50);
          remainingMs -= timeoutMs * share;
        }
        expect(remainingMs).toBeGreaterThanOrEqual(Math.min(hardMs, 100));
      }),
    );
  });

  it('follows a budget of its own', () => {
    const budget = { hardMs: 500, commitReserveMs: 20, attemptAtLeastMs: 10, patientAttemptMs: 100 };
    expect(attemptTimeoutMs(500, 1, budget)).toBe(480);
  });
});

describe('patientTimeoutMs', () => {
  it.each([
    [2_000, 4, 1_425],
    [2_000, 1, 1_900],
    [25_000, 4, 10_000],
    [140, 4, 0],
    [2_000, 0, 0],
  ])('of %i ms and with %i attempts left a call has %i ms', (remainingMs, attemptsLeft, timeoutMs) => {
    expect(patientTimeoutMs(remainingMs, attemptsLeft)).toBe(timeoutMs);
  });
});

describe('waitFits', () => {
  it.each([
    [850, 1_000, true],
    [851, 1_000, false],
    [0, 150, true],
    [0, 149, false],
  ])('a wait of %i ms with %i ms left: %s', (waitMs, remainingMs, fits) => {
    expect(waitFits(waitMs, remainingMs)).toBe(fits);
  });
});

describe('longestWaitMs', () => {
  it.each([
    [1_000, 850],
    [150, 0],
    [20, 0],
  ])('with %i ms left is %i ms', (remainingMs, waitMs) => {
    expect(longestWaitMs(remainingMs)).toBe(waitMs);
  });
});
