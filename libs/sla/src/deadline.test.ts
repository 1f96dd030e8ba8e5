import { describe, expect, it } from 'vitest';
import { createDeadline } from './deadline.ts';

describe('createDeadline', () => {
  it('counts down from the moment it was made, and never below 0', () => {
    let nowMs = 1_000;
    const deadline = createDeadline(300, () => nowMs);
    expect([deadline.remainingMs(), deadline.elapsedMs()]).toEqual([300, 0]);
    nowMs = 1_120;
    expect([deadline.remainingMs(), deadline.elapsedMs()]).toEqual([180, 120]);
    nowMs = 1_500;
    expect([deadline.remainingMs(), deadline.elapsedMs()]).toEqual([0, 500]);
  });
});
