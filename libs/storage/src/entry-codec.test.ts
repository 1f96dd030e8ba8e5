import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEntry, sealEntry, versionOfSk } from './entry-codec.ts';
import { entryHash, hashParts } from './entry-hash.ts';
import { samplePage, sampleStatus, sampleTransaction } from './journal-samples.ts';
import { genesisHash } from './model.ts';
import { unpackText } from './packed-text.ts';
import { flipBit, readsTheSame, rewritten } from './testing/damaged-items.ts';

describe('entryHash', () => {
  it('is SHA-256 over length-prefixed previous hash, key and content', () => {
    const text = `64:${genesisHash}6:CONN#a16:LOG#00000000000118:{"kind":"stätus"}`;
    const expected = createHash('sha256').update(text, 'utf8').digest('hex');
    expect(entryHash(genesisHash, 'CONN#a', 'LOG#000000000001', '{"kind":"stätus"}')).toBe(expected);
  });

  it('tells apart what only moves a character between two parts', () => {
    expect(hashParts(['ab', 'c'])).not.toBe(hashParts(['a', 'bc']));
  });
});

describe('an entry as an item', () => {
  const statusText =
    '{"kind":"status","nextAttemptEpochMs":null,"reason":"LOGIN_REQUIRED","runId":"run-status",' +
    '"status":"login-required","writtenEpochMs":4000}';

  it('holds key, previous hash, hash and the content as packed canonical JSON, each once', () => {
    const { entry, item } = sealEntry(undefined, 'c-1', sampleStatus());
    expect(Object.keys(item)).toEqual(['pk', 'sk', 'prev', 'hash', 'body']);
    expect(item).toMatchObject({ pk: 'CONN#c-1', sk: 'LOG#000000000001' });
    expect(item.prev).toEqual(Buffer.alloc(32));
    expect(item.hash).toEqual(Buffer.from(entry.hash, 'hex'));
    expect(unpackText(item.body as Uint8Array)).toBe(statusText);
    expect(entry.hash).toBe(entryHash(genesisHash, 'CONN#c-1', 'LOG#000000000001', statusText));
    expect(openEntry(item)).toEqual(entry);
    expect(entry).toMatchObject({ connectionId: 'c-1', version: 1, previousHash: genesisHash });
  });

  it('is read, and its hash checked, as it was written before bodies were packed', () => {
    const key = { pk: 'CONN#c-1', sk: 'LOG#000000000001' };
    const hash = entryHash(genesisHash, key.pk, key.sk, statusText);
    const item = { ...key, prev: genesisHash, hash, body: statusText };
    expect(openEntry(item)).toEqual(sealEntry(undefined, 'c-1', sampleStatus()).entry);
    const altered = { ...item, body: statusText.replace('4000', '4001') };
    expect(() => openEntry(altered)).toThrow(expect.objectContaining({ code: 'ENTRY_CORRUPT' }));
  });

  it('is found corrupt when its hashes are of one form and its body of the other', () => {
    const { entry, item } = sealEntry(undefined, 'c-1', sampleStatus());
    for (const mixed of [{ hash: entry.hash }, { prev: genesisHash }, { body: statusText }]) {
      expect(() => openEntry({ ...item, ...mixed })).toThrow(expect.objectContaining({ code: 'ENTRY_CORRUPT' }));
    }
  });

  it('continues the version and the hash of the one before', () => {
    const first = sealEntry(undefined, 'c-1', sampleStatus());
    const second = sealEntry(first.entry, 'c-1', samplePage());
    expect(second.entry).toMatchObject({ version: 2, previousHash: first.entry.hash });
  });

  it('is found corrupt when any one bit of any attribute is flipped', () => {
    const { item } = sealEntry(undefined, 'c-1', samplePage({ added: [sampleTransaction('t-1')] }));
    const names = Object.keys(item);
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.nat(), fc.integer({ min: 0, max: 6 }), (name, at, bit) => {
        const flipped = flipBit(item[name] ?? '', at, bit);
        if (readsTheSame(item[name], flipped)) return;
        expect(() => openEntry({ ...item, [name]: flipped })).toThrow(
          expect.objectContaining({ code: 'ENTRY_CORRUPT' }),
        );
      }),
      { numRuns: 300 },
    );
  });

  it('is found corrupt when an attribute is missing, foreign or of another type', () => {
    const { item } = sealEntry(undefined, 'c-1', sampleStatus());
    const { prev: _, ...withoutPrev } = item;
    for (const damaged of [withoutPrev, { ...item, extra: 1 }, { ...item, body: 1 }]) {
      expect(() => openEntry(damaged as typeof item)).toThrow(expect.objectContaining({ code: 'ENTRY_CORRUPT' }));
    }
  });

  it('is found corrupt where a valid hash covers what we never write', () => {
    const sealed = (pk: string, sk: string, body: string) => {
      return { pk, sk, prev: genesisHash, hash: entryHash(genesisHash, pk, sk, body), body };
    };
    const first = sealEntry(undefined, 'a', samplePage({ added: [sampleTransaction('t-1')] })).item;
    for (const item of [
      rewritten(first, { body: () => 'no JSON' }),
      rewritten(first, { body: (text) => text.replace('"minor"', '"major"') }),
      rewritten(first, { body: (text) => text.replace('"transactionId"', '"otherId"') }),
      sealed('CONN#a', 'LOG#000000000001', 'no JSON'),
      sealed('CONN#a', 'LOG#1', '{}'),
      sealed('CONN#a', 'LOG#000000000000', '{}'),
      sealed('OTHER#a', 'LOG#000000000001', '{}'),
    ]) {
      expect(() => openEntry(item)).toThrow(expect.objectContaining({ code: 'ENTRY_CORRUPT' }));
    }
  });

  it('reads versions from sort keys only as they are written', () => {
    expect(versionOfSk('LOG#000000000042')).toBe(42);
    expect(['LOG#42', 'LOG#000000000000', 'HEAD', 'LOG#0000000000042', 'xLOG#000000000042'].map(versionOfSk)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });
});
