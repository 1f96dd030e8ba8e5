import { createAuthority } from '@quartersec/http/testing';
import { describe, expect, it } from 'vitest';
import { readBerlinSettings } from './berlin-settings.ts';

const banks = 'bank-a=https://api.a.example/psd2/v1,bank-b=https://b.example/v1|https://auth.b.example|PSDDE-1';

describe('the settings of the Berlin Group', () => {
  it('are none without banks', () => {
    expect(readBerlinSettings({})).toEqual({ banks: {} });
  });

  it('link nothing where nobody can be sent back', () => {
    const BERLIN_GROUP_BANKS = 'bank-a=https://api.a.example/psd2/v1';
    expect(readBerlinSettings({ BERLIN_GROUP_BANKS })).toEqual({
      banks: { 'bank-a': { baseUrl: 'https://api.a.example/psd2/v1' } },
    });
  });

  it('have each bank, with its registration where it has an authorization server', () => {
    const variables = { BERLIN_GROUP_BANKS: banks, BERLIN_GROUP_REDIRECT_URI: 'https://app.example/back' };
    expect(readBerlinSettings(variables)).toEqual({
      banks: {
        'bank-a': { baseUrl: 'https://api.a.example/psd2/v1' },
        'bank-b': {
          baseUrl: 'https://b.example/v1',
          registration: { issuer: 'https://auth.b.example', clientId: 'PSDDE-1' },
        },
      },
      client: { redirectUri: 'https://app.example/back', consentDays: 180 },
    });
    expect(readBerlinSettings({ ...variables, BERLIN_GROUP_CONSENT_DAYS: '90' }).client?.consentDays).toBe(90);
  });

  it('have a certificate with its own key', () => {
    const [one, other] = [0, 1].map(() => createAuthority().sign('DNS:us.example', 1));
    const of = (cert: string | undefined, key: string | undefined) =>
      readBerlinSettings({ BERLIN_GROUP_CERTIFICATE: cert, BERLIN_GROUP_CERTIFICATE_KEY: key });
    expect(of(one?.cert, one?.key)).toEqual({ banks: {}, certificate: one });
    for (const [cert, key, name] of [
      [one?.cert, other?.key, 'BERLIN_GROUP_CERTIFICATE_KEY'],
      [one?.cert, 'none', 'BERLIN_GROUP_CERTIFICATE_KEY'],
      [one?.cert, undefined, 'BERLIN_GROUP_CERTIFICATE_KEY'],
      [undefined, one?.key, 'BERLIN_GROUP_CERTIFICATE'],
    ] as const)
      expect(() => of(cert, key)).toThrow(
        expect.objectContaining({
          code: 'CONFIGURATION_INVALID',
          facts: { [name]: expect.not.stringContaining('MII') },
        }),
      );
  });

  it('have a seal of an RSA key for the banks that ask for signatures, and only for these', () => {
    const [seal, curve] = (['rsa', 'ec'] as const).map((kind) => createAuthority().sign('DNS:us.example', 1, kind));
    const one = 'bank-a=https://a.example/v1';
    const of = (signed: string, { cert, key }: { cert?: string; key?: string } = {}) =>
      readBerlinSettings({
        BERLIN_GROUP_BANKS: one,
        BERLIN_GROUP_SIGNED_BANKS: signed,
        BERLIN_GROUP_SEAL_CERTIFICATE: cert,
        BERLIN_GROUP_SEAL_CERTIFICATE_KEY: key,
      });
    expect(of('bank-a', seal).signing).toEqual({ seal, institutionIds: new Set(['bank-a']) });
    expect(of('', seal)).not.toHaveProperty('signing');
    const certificate = 'BERLIN_GROUP_SEAL_CERTIFICATE';
    for (const [settings, name] of [
      [() => of('bank-b', seal), 'BERLIN_GROUP_SIGNED_BANKS'],
      [() => of('bank-a'), certificate],
      [() => of('bank-a', curve), certificate],
      [() => of('bank-a', { ...seal, key: curve?.key ?? '' }), `${certificate}_KEY`],
    ] as const)
      expect(settings).toThrow(expect.objectContaining({ facts: { [name]: expect.not.stringContaining('MII') } }));
  });

  it.each([
    ['BERLIN_GROUP_BANKS', { BERLIN_GROUP_BANKS: 'bank-a' }],
    ['BERLIN_GROUP_REDIRECT_URI', { BERLIN_GROUP_BANKS: banks }],
    ['BERLIN_GROUP_CONSENT_DAYS', { BERLIN_GROUP_REDIRECT_URI: 'https://a.example', BERLIN_GROUP_CONSENT_DAYS: '731' }],
  ])('name %s where it is wrong', (name, variables) => {
    expect(() => readBerlinSettings(variables)).toThrow(
      expect.objectContaining({ facts: { [name]: expect.any(String) } }),
    );
  });
});
