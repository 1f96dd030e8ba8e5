import { describe, expect, it } from 'vitest';
import { type ContextKey, readSettings } from './settings.ts';

const read = (context: Partial<Record<ContextKey, unknown>>) => readSettings((key) => context[key]);

describe('readSettings', () => {
  it('is dev, small and without extras, when nothing is said', () => {
    expect(read({})).toEqual({
      stage: 'dev',
      dax: false,
      changes: false,
      plaidBaseUrl: 'https://sandbox.plaid.com',
      openBankingUk: { banks: undefined, redirectUri: undefined, consentDays: undefined, links: false },
      berlinGroup: { banks: undefined, redirectUri: undefined, consentDays: undefined, links: false },
      alarmEmail: undefined,
      warm: { process: 0, query: 0 },
      queryConcurrency: undefined,
      webhookConcurrency: undefined,
      minimumPollers: 0,
      corsOrigins: [],
      readTokens: { jwksUrl: undefined, issuer: undefined, audience: undefined, algorithms: undefined },
      secretsOf: undefined,
      docsUrl: undefined,
      grafana: 'account',
    });
  });

  it('points prod to the real Plaid', () => {
    expect(read({ stage: 'prod' })).toMatchObject({ stage: 'prod', plaidBaseUrl: 'https://production.plaid.com' });
  });

  it('takes texts from the command line and values from a file alike', () => {
    const chosen = { dax: true, changes: true, warm: { process: 3, query: 1000 }, minimumPollers: 200 };
    expect(
      read({ dax: 'true', changes: 'true', warmProcess: '3', warmQuery: '1000', minimumPollers: '200' }),
    ).toMatchObject(chosen);
    expect(read({ dax: true, changes: true, warmProcess: 3, warmQuery: 1000, minimumPollers: 200 })).toMatchObject(
      chosen,
    );
  });

  it('takes the address of the docs without its last slash', () => {
    expect(read({ docsUrl: 'https://git.test/docs/' })).toMatchObject({ docsUrl: 'https://git.test/docs' });
  });

  it.each<[ContextKey, unknown]>([
    ['dax', 'yes'],
    ['changes', 'on'],
    ['plaidBaseUrl', 'http://plaid.example'],
    ['plaidBaseUrl', 'https://plaid.example/path'],
    ['openBankingUkBanks', 'bank-a'],
    ['openBankingUkBanks', 'bank-a=http://api.bank-a.example'],
    ['openBankingUkBanks', 'bank-a=https://api.bank-a.example|https://auth.bank-a.example'],
    ['openBankingUkBanks', 'bank-a=https://api.bank-a.example,'],
    ['openBankingUkConsentDays', '731'],
    ['openBankingUkEvents', 'bank-a=https://api.bank-a.example/events'],
    ['openBankingUkRedirectUri', 'http://app.example.com/back'],
    ['berlinGroupBanks', 'bank-b=https://api.bank-b.example|https://auth.bank-b.example'],
    ['berlinGroupConsentDays', '0'],
    ['berlinGroupRedirectUri', 'app.example.com'],
    ['berlinGroupSignedBanks', 'bank-b'],
    ['alarmEmail', 'nobody'],
    ['warmProcess', '-1'],
    ['warmQuery', '1001'],
    ['warmQuery', '1.5'],
    ['queryConcurrency', '1001'],
    ['webhookConcurrency', '1001'],
    ['minimumPollers', '1'],
    ['minimumPollers', '201'],
    ['corsOrigins', '*'],
    ['corsOrigins', 'https://*.example.com'],
    ['corsOrigins', 'http://app.example.com'],
    ['corsOrigins', 'https://app.example.com/'],
    ['corsOrigins', 'https://App.example.com'],
    ['corsOrigins', 'https://app.example.com,*'],
    ['corsOrigins', 'https://app.example.com,'],
    ['corsOrigins', 'http://localhost.example.com'],
    ['corsOrigins', 'null'],
    ['readTokenJwksUrl', 'http://id.example.com/keys'],
    ['readTokenJwksUrl', 'https://id.example.com:8443/keys'],
    ['readTokenJwksUrl', 'https://user@id.example.com/keys'],
    ['readTokenIssuer', 'two words'],
    ['readTokenAlgorithms', 'HS256'],
    ['readTokenAlgorithms', 'none'],
    ['secretsOf', 'two words'],
    ['docsUrl', 'docs'],
    ['grafana', 'arn:aws:s3:::bucket'],
  ])('refuses %s=%s and says what may be given', (key, value) => {
    expect(() => read({ [key]: value })).toThrow(`--context ${key}=${value} is not `);
  });

  it('takes banks of the UK by their address, and those that are linked only with an address to come back to', () => {
    const byAddress = 'bank-a=https://api.bank-a.example/open-banking/v3.1/aisp,bank-b=https://api.bank-b.example/v4';
    expect(read({ openBankingUkBanks: byAddress }).openBankingUk).toMatchObject({ banks: byAddress, links: false });
    const linked = `${byAddress}|https://auth.bank-b.example|our-client-id`;
    expect(() => read({ openBankingUkBanks: linked })).toThrow(
      'openBankingUkRedirectUri=undefined is not https address',
    );
    const openBankingUkRedirectUri = 'https://app.example.com/back';
    expect(read({ openBankingUkBanks: linked, openBankingUkRedirectUri }).openBankingUk).toEqual({
      banks: linked,
      redirectUri: openBankingUkRedirectUri,
      consentDays: undefined,
      links: true,
    });
    const openBankingUkEvents = 'bank-b=https://api.bank-b.example/events';
    const polled = { openBankingUkBanks: linked, openBankingUkRedirectUri, openBankingUkEvents };
    expect(read(polled).openBankingUk).toMatchObject({ events: openBankingUkEvents });
    const unregistered = 'bank-a=https://api.bank-a.example/events';
    expect(() => read({ ...polled, openBankingUkEvents: unregistered })).toThrow(
      'is not where those banks keep events',
    );
  });

  it('takes banks of the Berlin Group, which are linked where their users can come back', () => {
    const berlinGroupBanks = 'bank-a=https://api.bank-a.example/psd2/v1';
    expect(read({ berlinGroupBanks }).berlinGroup).toMatchObject({ banks: berlinGroupBanks, links: false });
    const berlinGroupRedirectUri = 'https://app.example.com/back';
    expect(read({ berlinGroupBanks, berlinGroupRedirectUri }).berlinGroup).toMatchObject({ links: true });
    const signing = { berlinGroupBanks, berlinGroupRedirectUri, berlinGroupSignedBanks: 'bank-a' };
    expect(read(signing).berlinGroup).toMatchObject({ signed: 'bank-a' });
    for (const wrong of [{ berlinGroupSignedBanks: 'bank-a,bank-b' }, { berlinGroupRedirectUri: undefined }])
      expect(() => read({ ...signing, ...wrong })).toThrow('is not institutions of berlinGroupBanks');
    expect(() => read({ berlinGroupBanks: `${berlinGroupBanks}|https://auth.bank-a.example|us` })).toThrow(
      'berlinGroupRedirectUri=undefined is not https address',
    );
  });

  it('takes origins of web pages as browsers write them, those of a developer too', () => {
    expect(read({ corsOrigins: 'https://app.example.com' }).corsOrigins).toEqual(['https://app.example.com']);
    expect(read({ corsOrigins: 'https://a.test:8443,http://localhost:3000,http://127.0.0.1' }).corsOrigins).toEqual([
      'https://a.test:8443',
      'http://localhost:3000',
      'http://127.0.0.1',
    ]);
  });

  it('takes a key set with its issuer, and refuses it without, as the functions would', () => {
    const readTokenJwksUrl = 'https://id.example.com/keys';
    expect(read({ readTokenJwksUrl, readTokenIssuer: 'https://id.example.com/' }).readTokens).toEqual({
      jwksUrl: readTokenJwksUrl,
      issuer: 'https://id.example.com/',
      audience: undefined,
      algorithms: undefined,
    });
    expect(() => read({ readTokenJwksUrl })).toThrow('--context readTokenIssuer=undefined is not claim iss');
  });

  it('refuses algorithms of public keys without a key set, where they would say nothing', () => {
    expect(() => read({ readTokenAlgorithms: 'RS256' })).toThrow('--context readTokenAlgorithms=RS256 is not ');
  });

  it.each(['managed', 'arn:aws:iam::123456789012:role/grafana'])('lets %s read the metrics', (grafana) => {
    expect(read({ grafana })).toMatchObject({ grafana });
  });
});
