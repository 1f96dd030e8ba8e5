import { describe, expect, it } from 'vitest';
import { errorGroups } from './error-groups.ts';

const line = (time: string, code: string, correlationId: string) => ({
  time,
  level: 'ERROR',
  component: 'processor.process',
  code,
  detail: '503',
  correlationId,
  connectionId: `conn of ${correlationId}`,
  provider: 'plaid',
});

describe('errorGroups', () => {
  it('is the newest of equal lines, with their number and the time of the oldest', () => {
    const lines = [line('10:03', 'SERVER', 'c'), line('10:02', 'CONSENT', 'b'), line('10:01', 'SERVER', 'a')];
    expect(errorGroups(lines)).toEqual([
      { ...line('10:03', 'SERVER', 'c'), times: 2, firstTime: '10:01' },
      { ...line('10:02', 'CONSENT', 'b'), times: 1, firstTime: '10:02' },
    ]);
  });

  it('keeps apart what differs in anything but ids and time', () => {
    const other = { ...line('10:01', 'SERVER', 'a'), provider: 'tink' };
    expect(errorGroups([line('10:02', 'SERVER', 'a'), other]).map(({ times }) => times)).toEqual([1, 1]);
    expect(errorGroups([])).toEqual([]);
  });
});
