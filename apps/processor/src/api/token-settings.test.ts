import { describe, expect, it } from 'vitest';
import { readTokenSettings } from './token-settings.ts';

const key = Buffer.alloc(32, 7).toString('base64');
const jwks = {
  READ_TOKEN_JWKS_URL: 'https://login.example/.well-known/jwks.json',
  READ_TOKEN_ISSUER: 'https://login.example',
};

describe('how tokens are verified', () => {
  it('is by the bytes that the base64 text of the secret stands for, or the texts of two', () => {
    expect(readTokenSettings({ READ_TOKEN_KEY: key })).toEqual({
      audience: 'quartersec',
      issuer: undefined,
      keys: { kind: 'secret', secrets: [Buffer.alloc(32, 7)] },
    });
    const two = readTokenSettings({ READ_TOKEN_KEY: `${key}, ${Buffer.alloc(48, 1).toString('base64')}` });
    expect(two.keys).toMatchObject({ secrets: [{ length: 32 }, { length: 48 }] });
    // As the deployment's secret is made: 43 letters and digits.
    expect(readTokenSettings({ READ_TOKEN_KEY: 'aB3'.repeat(14).concat('x') }).keys).toMatchObject({
      secrets: [{ length: 32 }],
    });
  });

  it('is by the keys of an issuer, for the audience that is set', () => {
    expect(readTokenSettings({ ...jwks, READ_TOKEN_AUDIENCE: 'app', READ_TOKEN_ALGORITHMS: 'ES256' })).toEqual({
      audience: 'app',
      issuer: 'https://login.example',
      keys: { kind: 'jwks', url: new URL(jwks.READ_TOKEN_JWKS_URL), algorithms: ['ES256'] },
    });
    expect(readTokenSettings(jwks).keys).toMatchObject({ algorithms: ['RS256', 'ES256'] });
  });

  it.each([
    ['READ_TOKEN_KEY', {}],
    ['READ_TOKEN_KEY', { READ_TOKEN_KEY: '' }],
    ['READ_TOKEN_KEY', { READ_TOKEN_KEY: Buffer.alloc(31).toString('base64') }],
    ['READ_TOKEN_KEY', { READ_TOKEN_KEY: 'a text with spaces that is long enough to be taken for one' }],
    ['READ_TOKEN_KEY', { READ_TOKEN_KEY: `${key},` }],
    ['READ_TOKEN_KEY', { ...jwks, READ_TOKEN_KEY: key }],
    ['READ_TOKEN_ISSUER', { READ_TOKEN_JWKS_URL: jwks.READ_TOKEN_JWKS_URL }],
    ['READ_TOKEN_JWKS_URL', { ...jwks, READ_TOKEN_JWKS_URL: 'http://login.example/jwks' }],
    ['READ_TOKEN_JWKS_URL', { ...jwks, READ_TOKEN_JWKS_URL: 'keys' }],
    ['READ_TOKEN_ALGORITHMS', { ...jwks, READ_TOKEN_ALGORITHMS: 'RS256,HS256' }],
    ['READ_TOKEN_ALGORITHMS', { ...jwks, READ_TOKEN_ALGORITHMS: 'none' }],
  ])('refuses a wrong %s without quoting it: %j', (name, variables) => {
    expect(() => readTokenSettings(variables)).toThrow(
      expect.objectContaining({ code: 'CONFIGURATION_INVALID', facts: { [name]: expect.not.stringContaining(key) } }),
    );
  });
});
