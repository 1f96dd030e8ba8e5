import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openEntry, sealEntry, versionOfSk } from './entry-codec.ts';
import { entryHash, hashParts } from './entry-hash.ts';
import { samplePage, sampleStatus, sampleTransaction } from './journal-samples.ts';
import { genesisHash } from './model.ts';

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
  it('holds key, previous hash, hash and the content as canonical JSON, each once', () => {
    const { entry, item } = sealEntry(undefined, 'c-1', sampleStatus());
    expect(item).toEqual({
      pk: 'CONN#c-1',
      sk: 'LOG#000000000001',
      prev: genesisHash,
      hash: entry.hash,
      body:
        '{"kind":"status","nextAttemptEpochMs":null,"reason":"LOGIN_REQUIRED","runId":"run-status",' +
        '"status":"login-required","writtenEpochMs":4000}',
    });
    expect(openEntry(item)).toEqual(entry);
    expect(entry).toMatchObject({ connectionId: 'c-1', version: 1, previousHash: genesisHash });
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
        const bytes = Buffer.from(String(item[name]), 'utf8');
        const index = at % bytes.length;
        bytes[index] = (bytes[index] ?? 0) ^ (1 << bit);
        expect(() => openEntry({ ...item, [name]: bytes.toString('utf8') })).toThrow(
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
    for (const item of [
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
