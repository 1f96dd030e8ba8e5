import { describe, expect, it } from 'vitest';
import { type FaultRequest, FaultSchedule, type FaultTarget, readFaultRequest } from './schedule.ts';

const call = (token = 'access-sandbox-1'): FaultTarget => ({ token, path: '/transactions/sync' });

function faultOf(given: Record<string, unknown>): FaultRequest {
  const request = readFaultRequest(given);
  if (typeof request === 'string') throw new Error(request);
  return request;
}

const met = (schedule: FaultSchedule, calls: number, token?: string) =>
  Array.from({ length: calls }, () => schedule.meet(call(token))?.kind ?? '-');

describe('FaultSchedule', () => {
  it('meets the next N matching calls, behind those let through first', () => {
    const schedule = new FaultSchedule(1);
    schedule.add(faultOf({ kind: 'hang', times: 2, after: 1 }));
    expect(met(schedule, 5)).toEqual(['-', 'hang', 'hang', '-', '-']);
    expect(schedule.idle).toBe(true);
    expect(schedule.list()).toMatchObject([{ id: 'fault-1', hits: 2, times: 2 }]);
  });

  it('takes the oldest of several, and only for its connection and path', () => {
    const schedule = new FaultSchedule(1);
    schedule.add(faultOf({ kind: 'status', token: 'access-sandbox-1', times: 1 }));
    schedule.add(faultOf({ kind: 'hang', path: '/item/get' }));
    schedule.add(faultOf({ kind: 'truncated' }));
    expect(met(schedule, 1, 'access-sandbox-2')).toEqual(['truncated']);
    expect(met(schedule, 2)).toEqual(['status', 'truncated']);
  });

  it('draws chances per connection: the same for a connection however others interleave', () => {
    const alone = new FaultSchedule(9);
    alone.add(faultOf({ kind: 'hang', probability: 0.3 }));
    const expected = met(alone, 200, 'access-sandbox-5');
    const busy = new FaultSchedule(9);
    busy.add(faultOf({ kind: 'hang', probability: 0.3 }));
    const drawn = expected.map(() => {
      met(busy, 2, 'access-sandbox-6');
      return met(busy, 1, 'access-sandbox-5')[0];
    });
    expect(drawn).toEqual(expected);
    const hits = expected.filter((kind) => kind === 'hang').length;
    expect(hits).toBeGreaterThan(40);
    expect(hits).toBeLessThan(80);
    const other = new FaultSchedule(10);
    other.add(faultOf({ kind: 'hang', probability: 0.3 }));
    expect(met(other, 200, 'access-sandbox-5')).not.toEqual(expected);
  });

  it('does not spend a fault on a call it cannot act on', () => {
    const schedule = new FaultSchedule(1);
    schedule.add(faultOf({ kind: 'bad-record', times: 1 }));
    const page = { records: 0, insideLoop: false, first: false, withCursor: true, removed: 0, removals: () => 0 };
    expect(schedule.meet(call())).toBeUndefined();
    expect(schedule.meet({ ...call(), page })).toBeUndefined();
    expect(schedule.meet({ ...call(), page: { ...page, records: 1 } })?.kind).toBe('bad-record');
  });

  it('ends some kinds for a connection that has read from the empty cursor, and for no other', () => {
    const schedule = new FaultSchedule(1);
    schedule.add(faultOf({ kind: 'cursor-lost' }));
    const page = { records: 0, insideLoop: false, first: false, withCursor: true, removed: 0, removals: () => 0 };
    const meets = (token: string, withCursor = true) =>
      schedule.meet({ ...call(token), page: { ...page, withCursor } })?.kind;
    expect([meets('access-sandbox-1'), meets('access-sandbox-1', false)]).toEqual(['cursor-lost', undefined]);
    schedule.fullRead('access-sandbox-1');
    expect([meets('access-sandbox-1'), meets('access-sandbox-2')]).toEqual([undefined, 'cursor-lost']);
  });

  it('forgets faults one by one or all', () => {
    const schedule = new FaultSchedule(1);
    schedule.add(faultOf({ id: 'a', kind: 'hang' }));
    schedule.add(faultOf({ id: 'b', kind: 'truncated' }));
    expect(schedule.add(faultOf({ id: 'a', kind: 'hang' }))).toBeNull();
    expect([schedule.remove('a'), schedule.remove('a')]).toEqual([true, false]);
    expect(met(schedule, 1)).toEqual(['truncated']);
    schedule.clear();
    expect([schedule.idle, schedule.list()]).toEqual([true, []]);
  });
});

describe('readFaultRequest', () => {
  it('fills in every default', () => {
    expect(readFaultRequest({ kind: 'too-many' })).toEqual({
      token: '*',
      setting: { kind: 'too-many', options: { form: 'seconds', retryAfterSeconds: 1, verbatim: '' } },
      after: 0,
      times: null,
      probability: 1,
    });
  });

  it.each([
    [[], 'the body must be a JSON object'],
    [{ kind: 'flood' }, 'kind must be one of status, error-500-plaid,'],
    [{}, 'kind must be one of'],
    [{ kind: 'hang', chance: 1 }, 'unknown member "chance": a fault has id, token, kind,'],
    [{ kind: 'hang', times: 0 }, 'times must be a whole number from 1, or null'],
    [{ kind: 'hang', times: '3' }, 'times must be'],
    [{ kind: 'hang', after: -1 }, 'after must be a whole number from 0'],
    [{ kind: 'hang', probability: 0 }, 'probability must be above 0 and at most 1'],
    [{ kind: 'hang', probability: Number.NaN }, 'probability must be'],
    [{ kind: 'hang', token: 3 }, 'token must be an access token or "*"'],
    [{ kind: 'hang', path: 'item/get' }, 'path must begin with "/"'],
    [{ kind: 'hang', id: 'a/b' }, 'id must be 1 to 64 letters'],
    [{ kind: 'hang', options: [] }, 'options must be an object'],
    [{ kind: 'hang', options: { ms: 1 } }, 'unknown option "ms": this kind takes no options'],
    [{ kind: 'delay', options: { seconds: 1 } }, 'unknown option "seconds": this kind takes ms'],
    [{ kind: 'delay', options: { __proto__x: 1 } }, 'unknown option'],
    [{ kind: 'delay', options: { ms: 0 } }, 'options.ms must be: 1 to 600000, default 1000'],
    [
      { kind: 'too-many', options: { form: 'minutes' } },
      'options.form must be: "seconds", "http-date", "none"; default "seconds"',
    ],
    [{ kind: 'too-many', options: { verbatim: 'a\r\nb: c' } }, 'options.verbatim must be: text, default ""'],
  ])('says what is wrong with %j', (given, message) => {
    expect(readFaultRequest(given)).toContain(message);
  });
});
