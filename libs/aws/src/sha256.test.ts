import { Sha256 as AwsSha256 } from '@smithy/core/checksum';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Sha256 } from './sha256.ts';

const word = fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/);

describe('the hash', () => {
  it("makes the signatures that AWS's own class makes, for any credentials, body and time", async () => {
    await fc.assert(
      fc.asyncProperty(
        word,
        word,
        fc.option(word, { nil: undefined }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        async (accessKeyId, secretAccessKey, sessionToken, body, epochMs) => {
          const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
          const [ours, theirs] = [Sha256, AwsSha256].map((sha256) =>
            new SignatureV4({ region: 'r', service: 's', credentials, sha256, applyChecksum: false }).sign(
              { method: 'POST', protocol: 'https:', hostname: 'h', path: '/', query: {}, headers: { host: 'h' }, body },
              { signingDate: new Date(epochMs) },
            ),
          );
          expect(await ours).toEqual(await theirs);
        },
      ),
      { numRuns: 200 },
    );
  });

  it.each([
    ['no key', undefined],
    ['a text as key', 'secret'],
    ['bytes as key', Uint8Array.of(1, 2, 3)],
    ['a buffer as key', new ArrayBuffer(4)],
  ])('begins anew with %s', async (_title, secret) => {
    const [ours, theirs] = [new Sha256(secret), new AwsSha256(secret)];
    for (const hash of [ours, theirs]) {
      hash.update(new TextEncoder().encode('first'));
      hash.reset();
      hash.update(new TextEncoder().encode('second'));
    }
    expect(Buffer.from(await ours.digest())).toEqual(Buffer.from(await theirs.digest()));
  });
});
