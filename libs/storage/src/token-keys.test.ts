import { describe, expect, it } from 'vitest';
import { parseTokenKeys } from './token-keys.ts';
import { isSealedAnew, openToken, sealToken } from './token-seal.ts';

const [one, two, three] = [1, 2, 3].map((byte) => Buffer.alloc(32, byte).toString('base64'));
const connectionId = 'c-1';
const seal = (tokenKeys: string) => sealToken('token', { tokenKeys, connectionId });
const open = (sealed: string, tokenKeys: string) => openToken(sealed, { tokenKeys, connectionId });
const unreadable = expect.objectContaining({ code: 'TOKEN_UNREADABLE' });

describe('several keys', () => {
  it('seal with the first and open with all', () => {
    const before = seal(`a:${one}`);
    const both = `b:${two},a:${one}`;
    expect(open(before, both)).toBe('token');
    const after = seal(both);
    expect(after).toMatch(/^v2\.b\./);
    expect(open(after, `a:${one},b:${two}`)).toBe('token');
    expect(() => open(after, `a:${one}`)).toThrow(unreadable);
    expect(() => open(before, `b:${two}`)).toThrow(unreadable);
  });

  it('open what was sealed before keys had names: with the one without a name, else with the oldest', () => {
    const before = seal(String(one));
    expect(before).toMatch(/^v1\./);
    expect(open(before, `b:${two},${one}`)).toBe('token');
    expect(open(before, `${one},b:${two}`)).toBe('token');
    expect(open(before, `c:${three},b:${two},a:${one}`)).toBe('token');
    expect(() => open(before, `a:${one},b:${two}`)).toThrow(unreadable);
  });

  it('keep what they were without names', () => {
    expect(seal(String(one))).toMatch(/^v1\.[\w-]+$/);
    expect(parseTokenKeys(` b:${two} , ${one} `)?.sealing.name).toBe('b');
  });

  it.each([
    '',
    ',',
    'short',
    `b:${one},`,
    `b:${one},b:${two}`,
    `${one},${two}`,
    `B:${one}`,
    `:${one}`,
    `b c:${one}`,
    `b:c:${one}`,
    `b:${one},a:short`,
  ])('are none as %j', (text) => {
    expect(parseTokenKeys(text)).toBeUndefined();
    expect(() => seal(text)).toThrow(unreadable);
  });
});

describe('a token under a named key', () => {
  const keys = `b:${two},a:${one}`;

  it('stays shut when the name of its key is changed, also where both keys are the same bytes', () => {
    const sealed = seal(`a:${one}`);
    expect(() => open(sealed.replace('v2.a.', 'v2.b.'), `b:${one},a:${one}`)).toThrow(unreadable);
    expect(() => open(sealed.replace('v2.a.', 'v1.'), `a:${one}`)).toThrow(unreadable);
    expect(() => open(sealed.replace('v2.a.', 'v2.'), `a:${one}`)).toThrow(unreadable);
    expect(() => open(sealed.replace('v2.a.', 'v3.a.'), `a:${one}`)).toThrow(unreadable);
    expect(() => open('', `a:${one}`)).toThrow(unreadable);
  });

  it('stays shut when any one character is changed, cut off or added', () => {
    const sealed = seal(keys);
    for (let at = 0; at < sealed.length; at++) {
      const changed = `${sealed.slice(0, at)}${sealed[at] === 'A' ? 'B' : 'A'}${sealed.slice(at + 1)}`;
      expect(() => open(changed, keys)).toThrow(unreadable);
      expect(() => open(sealed.slice(0, at), keys)).toThrow(unreadable);
    }
    expect(() => open(`${sealed}.x`, keys)).toThrow(unreadable);
  });

  it('is told from one that is under an older key', () => {
    const is = (sealed: string) => isSealedAnew(sealed, { tokenKeys: keys, connectionId });
    expect([is(seal(keys)), is(seal(`a:${one}`)), is(seal(String(one)))]).toEqual([true, false, false]);
    expect(isSealedAnew(seal(String(one)), { tokenKeys: String(one), connectionId })).toBe(true);
    expect(is('v2.b.x.y')).toBe(false);
  });
});
