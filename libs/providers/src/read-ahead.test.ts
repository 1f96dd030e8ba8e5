import { describe, expect, it } from 'vitest';
import type { RawPage } from './connector.ts';
import { createReadAhead } from './read-ahead.ts';

const page = (text: string): RawPage => ({ text, requestId: null });

describe('reading ahead', () => {
  it('makes a call once, and gives its response to one attempt', async () => {
    const ahead = createReadAhead({ pages: 20 });
    let calls = 0;
    const call = () => {
      calls += 1;
      return Promise.resolve(page('a'));
    };
    ahead.begin('a', call);
    ahead.begin('a', call);
    expect(await ahead.take('a')).toEqual(page('a'));
    expect(ahead.take('a')).toBeUndefined();
    ahead.begin('a', call); // a retry is the caller's
    expect(ahead.take('a')).toBeUndefined();
    expect(calls).toBe(1);
  });

  it('begins no call that an attempt has made itself', () => {
    const ahead = createReadAhead({ pages: 20 });
    expect(ahead.take('a')).toBeUndefined();
    ahead.begin('a', () => Promise.reject(new Error('begun')));
    expect(ahead.take('a')).toBeUndefined();
  });

  it('has so many under way at most, and more once these have ended', async () => {
    const ahead = createReadAhead({ pages: 20, atOnce: 2 });
    const ends: (() => void)[] = [];
    const begun: string[] = [];
    const begin = (key: string) =>
      ahead.begin(key, () => {
        begun.push(key);
        return new Promise((resolve) => ends.push(() => resolve(page(key))));
      });
    for (const key of ['a', 'b', 'c']) begin(key);
    expect(begun).toEqual(['a', 'b']);
    for (const end of ends) end();
    await ahead.settled();
    begin('c');
    expect(begun).toEqual(['a', 'b', 'c']);
  });

  it('begins no more than the pages that the run reads, those counted that it asked for itself', async () => {
    const ahead = createReadAhead({ pages: 3 });
    const begun: string[] = [];
    const call = (key: string) => () => {
      begun.push(key);
      return Promise.resolve(page(key));
    };
    ahead.take('own');
    for (const key of ['a', 'b', 'c']) ahead.begin(key, call(key));
    expect(begun).toEqual(['a', 'b']);
    expect(ahead.isFull()).toBe(true);
    await ahead.take('a');
    ahead.begin('c', call('c'));
    expect(begun).toEqual(['a', 'b']);
  });

  it('tells a failure to the attempt that takes it, and to nobody else', async () => {
    const ahead = createReadAhead({ pages: 20 });
    const failure = new Error('down');
    ahead.begin('a', () => Promise.reject(failure));
    ahead.begin('b', () => Promise.reject(failure));
    await ahead.settled();
    await expect(ahead.take('a')).rejects.toBe(failure);
  });

  it('begins anew what was dropped, and waits for it all the same', async () => {
    const ahead = createReadAhead({ pages: 20 });
    let end = () => {};
    ahead.begin('a', () => new Promise((resolve) => (end = () => resolve(page('old')))));
    ahead.drop();
    ahead.begin('a', () => Promise.resolve(page('new')));
    expect(await ahead.take('a')).toEqual(page('new'));
    let isSettled = false;
    const settled = ahead.settled().then(() => (isSettled = true));
    await Promise.resolve();
    expect(isSettled).toBe(false);
    end();
    await settled;
  });
});
