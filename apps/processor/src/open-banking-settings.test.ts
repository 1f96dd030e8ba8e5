import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { readOpenBankingSettings } from './open-banking-settings.ts';

const privateJwk = (kind: 'rsa' | 'P-256' | 'P-384') => {
  const { privateKey } =
    kind === 'rsa'
      ? generateKeyPairSync('rsa', { modulusLength: 2_048 })
      : generateKeyPairSync('ec', { namedCurve: kind });
  return { ...privateKey.export({ format: 'jwk' }), kid: 'key-1' };
};
const ec = privateJwk('P-256');
const OPEN_BANKING_UK_BANKS =
  'bank-a=https://api.a.example/open-banking/v3.1/aisp|https://auth.a.example|client-1,bank.b=https://b.example/open-banking/v4.0/aisp';
const variables = {
  OPEN_BANKING_UK_BANKS,
  OPEN_BANKING_UK_KEY: JSON.stringify(ec),
  OPEN_BANKING_UK_REDIRECT_URI: 'https://app.example/banks',
};

describe('the settings of Open Banking UK', () => {
  it('are none without banks', () => {
    expect(readOpenBankingSettings({})).toEqual({ banks: {}, eventUrls: {} });
  });

  it('ask for no key where no bank can be linked through the API', () => {
    const banks = 'bank-a=https://a.example/open-banking/v3.1/aisp';
    expect(readOpenBankingSettings({ OPEN_BANKING_UK_BANKS: banks })).toEqual({
      banks: { 'bank-a': { baseUrl: 'https://a.example/open-banking/v3.1/aisp' } },
      eventUrls: {},
    });
  });

  it('have each bank with its registration, and the client', () => {
    expect(readOpenBankingSettings(variables)).toEqual({
      banks: {
        'bank-a': {
          baseUrl: 'https://api.a.example/open-banking/v3.1/aisp',
          registration: { issuer: 'https://auth.a.example', clientId: 'client-1' },
        },
        'bank.b': { baseUrl: 'https://b.example/open-banking/v4.0/aisp' },
      },
      eventUrls: {},
      client: {
        key: { kid: 'key-1', alg: 'ES256', jwk: ec },
        redirectUri: 'https://app.example/banks',
      },
    });
  });

  it('have where a registered bank keeps its events, and no other', () => {
    const of = (OPEN_BANKING_UK_EVENTS: string) => readOpenBankingSettings({ ...variables, OPEN_BANKING_UK_EVENTS });
    const url = 'https://api.a.example/open-banking/v3.1/events';
    expect(of(`bank-a=${url}`).eventUrls).toEqual({ 'bank-a': url });
    for (const wrong of [`bank.b=${url}`, `bank-c=${url}`, 'bank-a', 'bank-a=events', 'constructor=https://a.example'])
      expect(() => of(wrong)).toThrow(
        expect.objectContaining({ facts: { OPEN_BANKING_UK_EVENTS: expect.any(String) } }),
      );
  });

  it('take an RSA key for PS256, and days for a consent', () => {
    const OPEN_BANKING_UK_KEY = JSON.stringify({ ...privateJwk('rsa'), use: 'sig', key_ops: ['sign'] });
    const { client } = readOpenBankingSettings({
      ...variables,
      OPEN_BANKING_UK_KEY,
      OPEN_BANKING_UK_CONSENT_DAYS: '90',
    });
    expect(client).toMatchObject({ key: { alg: 'PS256' }, consentDays: 90 });
    expect(client?.key.jwk).not.toHaveProperty('use');
  });

  it.each([
    'bank-a',
    '=https://a.example',
    'bank-a=ftp://a.example',
    'bank a=https://a.example',
    'bank-a=https://',
    'bank-a=https://a.example|https://auth.example',
    'bank-a=https://a.example|https://|client',
    'bank-a=https://a.example||client',
  ])('refuse the banks %j', (banks) => {
    expect(() => readOpenBankingSettings({ ...variables, OPEN_BANKING_UK_BANKS: banks })).toThrow(
      /OPEN_BANKING_UK_BANKS/,
    );
  });

  it.each([
    ['none', ''],
    ['no JSON', 'planted-secret'],
    ['no object', '"planted-secret"'],
    ['no name', JSON.stringify({ ...ec, kid: undefined })],
    ['the public half', JSON.stringify({ ...ec, d: undefined })],
    ['another curve', JSON.stringify(privateJwk('P-384'))],
    ['another algorithm', JSON.stringify({ ...privateJwk('rsa'), alg: 'RS256' })],
  ])('refuse a key that is %s, and quote nothing of it', (_what, OPEN_BANKING_UK_KEY) => {
    const read = () => readOpenBankingSettings({ ...variables, OPEN_BANKING_UK_KEY });
    expect(read).toThrow(/OPEN_BANKING_UK_KEY/);
    expect(read).not.toThrow(/planted-secret/);
  });

  it.each([undefined, '', 'app.example', 'ftp://app.example'])('refuse the redirect %j', (uri) => {
    expect(() => readOpenBankingSettings({ ...variables, OPEN_BANKING_UK_REDIRECT_URI: uri })).toThrow(
      /OPEN_BANKING_UK_REDIRECT_URI/,
    );
  });

  it.each(['0', '731', '-1', '1.5', 'a'])('refuse consents of %j days', (OPEN_BANKING_UK_CONSENT_DAYS) => {
    expect(() => readOpenBankingSettings({ ...variables, OPEN_BANKING_UK_CONSENT_DAYS })).toThrow(
      /OPEN_BANKING_UK_CONSENT_DAYS/,
    );
  });
});
