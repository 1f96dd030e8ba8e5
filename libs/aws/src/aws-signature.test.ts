import { createHash, createHmac } from 'node:crypto';
import { SignatureV4 } from '@smithy/signature-v4';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSigner } from './aws-signature.ts';

/** The hash that the SDK's signer asks for. */
class Sha256 {
  readonly #hash;
  constructor(secret?: string | ArrayBuffer | ArrayBufferView) {
    this.#hash = secret === undefined ? createHash('sha256') : createHmac('sha256', secret as Uint8Array);
  }
  update(chunk: Uint8Array | string) {
    this.#hash.update(chunk);
  }
  async digest() {
    return this.#hash.digest();
  }
  reset() {}
}

const word = fc.stringMatching(/^[A-Za-z0-9/+=]{1,40}$/);

describe('the signature', () => {
  it('is the one that the SDK makes, for any request of our kind', async () => {
    await fc.assert(
      fc.asyncProperty(
        word,
        word,
        fc.option(word, { nil: undefined }),
        fc.string({ unit: 'grapheme', maxLength: 200 }),
        fc.integer({ min: 0, max: 4_000_000_000_000 }),
        fc.constantFrom('1.0' as const, '1.1' as const),
        async (accessKeyId, secretAccessKey, sessionToken, body, nowEpochMs, jsonVersion) => {
          const credentials = { accessKeyId, secretAccessKey, ...(sessionToken === undefined ? {} : { sessionToken }) };
          const host = 'dynamodb.eu-west-1.amazonaws.com';
          const place = { region: 'eu-west-1', service: 'dynamodb' };
          const target = 'DynamoDB_20120810.PutItem';
          const signer = new SignatureV4({ ...place, credentials, sha256: Sha256, applyChecksum: false });
          const expected = await signer.sign(
            {
              method: 'POST',
              protocol: 'https:',
              hostname: host,
              path: '/',
              query: {},
              headers: { host, 'content-type': `application/x-amz-json-${jsonVersion}`, 'x-amz-target': target },
              body,
            },
            { signingDate: new Date(nowEpochMs) },
          );
          const { host: _host, ...headers } = expected.headers;
          const request = { ...place, host, target, body, jsonVersion };
          expect(createSigner(credentials)(request, nowEpochMs)).toEqual(headers);
        },
      ),
      { numRuns: 200 },
    );
  });

  it('changes its key with the day', () => {
    const sign = createSigner({ accessKeyId: 'id', secretAccessKey: 'secret' });
    const request = { region: 'r', service: 's', host: 'h', target: 't', body: '' };
    const [first, next, again] = [0, 86_400_000, 0].map((epochMs) => sign(request, epochMs).authorization);
    expect(first).toContain('Credential=id/19700101/r/s/aws4_request');
    expect(next).toContain('Credential=id/19700102/r/s/aws4_request');
    expect(again).toBe(first);
  });
});
