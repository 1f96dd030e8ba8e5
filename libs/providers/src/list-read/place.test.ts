import { describe, expect, it } from 'vitest';
import {
  accountAt,
  alongLink,
  behindList,
  decodePlace,
  encodePlace,
  isOldNews,
  keyAt,
  type Place,
  tellingsOf,
  wholeRead,
  windowOf,
  withTelling,
  withUnread,
  withWindow,
} from './place.ts';

/** In the transactions of the second of two accounts, which has a window. */
const underWay: Place = {
  ...wholeRead,
  step: 'transactions',
  read: { 'key-b': '2026-03-01' },
  begun: '2026-06-20',
  all: ['a', 'b'],
  keys: ['key-a', 'key-b'],
  at: 1,
};

describe('the cursor', () => {
  it('of a whole read is as good as empty, and of any other comes back as it was', () => {
    expect(encodePlace(wholeRead)).toBe('{"v":1}');
    const full: Place = {
      ...underWay,
      next: { 'key-a': '2026-05-30' },
      told: { 'key-b': 'm1 1' },
      nextTold: { 'key-a': 'm2 2' },
      newest: '2026-06-19',
      lacks: ['balances 0'],
      link: 'page=2',
      page: 2,
      mark: 'page=2',
      openDay: { day: '2026-06-19', counts: { x: 2 } },
      undated: { y: 1 },
      narrowed: '2026-03-22',
      cut: true,
      reused: ['key-a'],
    };
    expect(decodePlace(encodePlace(full))).toEqual(full);
  });

  it.each([
    '',
    'no json',
    'null',
    '1',
    '{}',
    '{"v":2}',
    '{"v":1,"step":"everything"}',
    '{"v":1,"step":"balances"}',
    '{"v":1,"step":"transactions","all":["a"],"at":1}',
    '{"v":1,"step":"transactions","all":["a"],"at":-1}',
    '{"v":1,"step":"transactions","all":["a"],"at":0.5}',
    '{"v":1,"step":"transactions","all":["a"],"page":0}',
    '{"v":1,"step":"transactions","all":["a"],"page":1.5}',
    '{"v":1,"step":"transactions","all":["a"],"page":"2"}',
    '{"v":1,"all":"ab"}',
    '{"v":1,"all":[1]}',
    '{"v":1,"keys":[null]}',
    '{"v":1,"lacks":{}}',
    '{"v":1,"reused":[1]}',
    '{"v":1,"newest":20260619}',
    '{"v":1,"begun":1}',
    '{"v":1,"link":["page=2"]}',
    '{"v":1,"mark":0}',
    '{"v":1,"narrowed":false}',
    '{"v":1,"read":{"a":"2026-02-30"}}',
    '{"v":1,"next":{"a":7}}',
    '{"v":1,"told":{"a":1}}',
    '{"v":1,"nextTold":{"a":null}}',
    '{"v":1,"undated":null}',
    '{"v":1,"undated":"x"}',
    '{"v":1,"cut":1}',
  ])('%j is none of ours', (text) => {
    expect(decodePlace(text)).toBeUndefined();
  });
});

describe('the account under way', () => {
  it('has the bank’s id in addresses and its own key in what outlives the read', () => {
    expect([accountAt(underWay), keyAt(underWay)]).toEqual(['b', 'key-b']);
    expect(keyAt({ ...underWay, keys: [] })).toBe('b');
  });

  it('is none in the account list', () => {
    const inList: Place = { ...underWay, step: 'accounts' };
    expect([accountAt(inList), keyAt(inList), windowOf(inList)]).toEqual([undefined, undefined, null]);
    expect(withTelling(inList, 'm', 1)).toBe(inList);
    expect(withWindow(inList, 10)).toBe(inList);
  });

  it('is read from its window on, or whole, also where it is called as every object has a member', () => {
    expect(windowOf(underWay)).toBe('2026-03-01');
    expect(windowOf({ ...underWay, at: 0 })).toBeNull();
    expect(windowOf({ ...underWay, keys: ['key-a', 'toString'] })).toBeNull();
  });
});

describe('a next link', () => {
  const on = { openDay: null, undated: {} };

  it('is followed, with what the page left open', () => {
    const open = { openDay: { day: '2026-06-01', counts: { x: 1 } }, undated: { y: 2 } };
    expect(alongLink(underWay, 'page=2', open)).toEqual({
      ...underWay,
      link: 'page=2',
      page: 2,
      mark: 'page=2',
      ...open,
    });
  });

  it('that leads back to its own page is refused', () => {
    expect(alongLink({ ...underWay, link: 'page=2', page: 2 }, 'page=2', on)).toBeUndefined();
  });

  it.each([1, 2, 3, 5, 8, 21])(
    'that goes round in a circle of %i pages is refused within two rounds and a power of two',
    (size) => {
      let place: Place | undefined = underWay;
      let followed = 0;
      while (place !== undefined) {
        place = alongLink(place, `page=${followed % size}`, on);
        followed += 1;
        expect(followed).toBeLessThan(4 * size + 4);
      }
    },
  );

  it('of a long list without a circle is never refused', () => {
    let place = underWay;
    for (let page = 2; page < 300; page += 1) {
      const next = alongLink(place, `page=${page}`, on);
      expect(next?.page).toBe(page);
      place = next ?? place;
    }
  });
});

describe('what a window lists', () => {
  const told = (text: string): Place => ({ ...underWay, told: { 'key-b': text } });

  it('is counted from one, and again where it lists another thing', () => {
    expect(tellingsOf(underWay, 'm1')).toBe(1);
    expect(tellingsOf(told('m0 2'), 'm1')).toBe(1);
    expect(tellingsOf(told('m1 1'), 'm1')).toBe(2);
    expect(tellingsOf(told('m1 2'), 'm1')).toBe(3);
    expect(tellingsOf(told('m1 9'), 'm1')).toBe(3);
    expect(tellingsOf({ ...underWay, keys: ['key-a', 'toString'] }, 'm1')).toBe(1);
  });

  it('is old news at its third telling', () => {
    expect([1, 2, 3].map(isOldNews)).toEqual([false, false, true]);
  });

  it('is kept for the next read, and never as more than two tellings', () => {
    expect(withTelling(underWay, 'm1', 1).nextTold).toEqual({ 'key-b': 'm1 1' });
    expect(withTelling({ ...underWay, nextTold: { 'key-a': 'm0 1' } }, 'm1', 3).nextTold).toEqual({
      'key-a': 'm0 1',
      'key-b': 'm1 2',
    });
  });
});

describe('the window of the next read', () => {
  it('begins so many days before the newest booking', () => {
    expect(withWindow({ ...underWay, newest: '2026-06-15' }, 10).next).toEqual({ 'key-b': '2026-06-05' });
  });

  it('begins no later than before the read, whatever the bank has booked ahead', () => {
    expect(withWindow({ ...underWay, newest: '2027-01-01' }, 10).next).toEqual({ 'key-b': '2026-06-10' });
  });

  it('stays where it was while nothing new is booked, and looks back from the read where there was none', () => {
    expect(withWindow(underWay, 10).next).toEqual({ 'key-b': '2026-03-01' });
    expect(withWindow({ ...underWay, read: {} }, 10).next).toEqual({ 'key-b': '2026-06-10' });
  });

  it('is not told before the read has begun', () => {
    const early: Place = { ...underWay, begun: null };
    expect(withWindow(early, 10)).toBe(early);
  });
});

describe('behind a list', () => {
  const walk = (from: Place) => {
    const steps: string[] = [];
    for (let place = behindList(from); place !== undefined; place = behindList(place))
      steps.push(`${place.step} ${place.at}`);
    return steps;
  };

  it('come the balances and the transactions of each account, less what an account does not have', () => {
    const inList: Place = { ...wholeRead, all: ['a', 'b'] };
    expect(walk(inList)).toEqual(['balances 0', 'transactions 0', 'balances 1', 'transactions 1']);
    expect(walk({ ...inList, lacks: ['transactions 0', 'balances 1'] })).toEqual(['balances 0', 'transactions 1']);
    expect(walk(wholeRead)).toEqual([]);
  });

  it('nothing of the list before is left', () => {
    const late: Place = {
      ...underWay,
      step: 'balances',
      link: 'page=3',
      page: 3,
      mark: 'page=2',
      openDay: { day: '2026-06-01', counts: { x: 1 } },
      undated: { y: 1 },
      newest: '2026-06-01',
      narrowed: '2026-03-22',
    };
    expect(behindList(late)).toEqual(underWay);
  });
});

describe('an account whose transactions were not read', () => {
  it('keeps its window, unless the read has one for it; one that had none gets none', () => {
    const unread: Place = {
      ...underWay,
      read: { 'key-a': '2026-01-01', 'key-b': '2026-02-01' },
      lacks: ['transactions 0', 'balances 1'],
    };
    expect(withUnread(unread).next).toEqual({ 'key-a': '2026-01-01' });
    expect(withUnread({ ...unread, next: { 'key-a': '2026-05-05' } }).next).toEqual({ 'key-a': '2026-05-05' });
    expect(withUnread({ ...unread, keys: [], read: { a: '2026-01-02' } }).next).toEqual({ a: '2026-01-02' });
    const none: Place = { ...unread, read: { 'key-b': '2026-02-01' } };
    expect(withUnread(none)).toBe(none);
    expect(withUnread({ ...unread, lacks: [] }).next).toEqual({});
  });
});
