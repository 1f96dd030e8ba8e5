import { describe, expect, it } from 'vitest';
import { openToken, sealToken } from './token-seal.ts';

const tokenKeys = Buffer.alloc(32, 7).toString('base64');
const options = { tokenKeys, connectionId: 'c-1' };
const token = 'access-sandbox-8ab976e6-64bc-4b38-98f7-731e7a349970';
const unreadable = expect.objectContaining({ code: 'TOKEN_UNREADABLE', facts: { connectionId: 'c-1' } });

describe('a sealed token', () => {
  it('opens with its key and its connection', () => {
    expect(openToken(sealToken(token, options), options)).toBe(token);
    expect(openToken(sealToken('', options), options)).toBe('');
    expect(openToken(sealToken('ключ 🔑', options), options)).toBe('ключ 🔑');
  });

  it('is AES-256-GCM with the connection as additional data, in a fixed layout', () => {
    // From Python's cryptography package: AESGCM(b"\x07" * 32).encrypt(b"\x01" * 12, b"t", b"v1.c-1")
    const sealed = sealToken('t', options, Buffer.alloc(12, 1));
    expect(sealed).toBe('v1.AQEBAQEBAQEBAQEBArnOcpSHEBgSx_LWmTjH-mk');
  });

  it('never looks the same twice, and shows nothing of the token', () => {
    const sealed = sealToken(token, options);
    expect(sealToken(token, options)).not.toBe(sealed);
    expect(Buffer.from(sealed.slice(3), 'base64url').includes('sandbox')).toBe(false);
  });

  it('stays shut for another connection and another key', () => {
    const sealed = sealToken(token, options);
    expect(() => openToken(sealed, { ...options, connectionId: 'c-2' })).toThrow(
      expect.objectContaining({ code: 'TOKEN_UNREADABLE' }),
    );
    const otherKey = Buffer.alloc(32, 8).toString('base64');
    expect(() => openToken(sealed, { ...options, tokenKeys: otherKey })).toThrow(unreadable);
  });

  it('stays shut when any one character is changed, cut off or added', () => {
    const sealed = sealToken('token', options, Buffer.alloc(12, 1));
    for (let at = 0; at < sealed.length; at++) {
      const other = sealed[at] === 'A' ? 'B' : 'A';
      const changed = `${sealed.slice(0, at)}${other}${sealed.slice(at + 1)}`;
      expect(() => openToken(changed, options)).toThrow(unreadable);
      expect(() => openToken(sealed.slice(0, at), options)).toThrow(unreadable);
    }
    expect(() => openToken(`${sealed}=`, options)).toThrow(unreadable);
    expect(() => openToken(`${sealed} `, options)).toThrow(unreadable);
  });

  it.each(['', 'c2hvcnQ=', Buffer.alloc(33).toString('base64')])('refuses the key %j', (badKey) => {
    expect(() => sealToken(token, { ...options, tokenKeys: badKey })).toThrow(unreadable);
    expect(() => openToken('v1.x', { ...options, tokenKeys: badKey })).toThrow(unreadable);
  });

  it('tells nothing of token or key in its error', () => {
    const error = (() => {
      try {
        return openToken(`${sealToken(token, options)}x`, options);
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(String(error)).toBe('StorageError: TOKEN_UNREADABLE {"connectionId":"c-1"}');
  });
});
