import { describe, expect, it } from 'vitest';
import { contextHelp, readCommandLine } from './command-line.ts';

describe('readCommandLine', () => {
  it('reads stage and context', () => {
    expect(readCommandLine(['--stage', 'prod', '--context', 'dax=true', '-c', 'alarmEmail=a@b.example'])).toEqual({
      stage: 'prod',
      context: { dax: 'true', alarmEmail: 'a@b.example' },
      print: false,
    });
  });

  it('means every stage when none is named', () => {
    expect(readCommandLine([])).toMatchObject({ stage: undefined, context: {} });
  });

  it.each([
    [['--stage', 'production'], 'none of dev, prod'],
    [['--context', 'dacks=true'], 'with one of dax, '],
    [['--context', 'dax'], 'give key=value'],
    [['--context', 'stage=prod'], 'the stage is --stage'],
    [['--stagge', 'dev'], '--stagge'],
  ])('refuses %j', (args, words) => {
    expect(() => readCommandLine(args)).toThrow(words);
  });

  it('explains every key but the stage', () => {
    expect(contextHelp.match(/--context (\w+)=/g)).toEqual([
      '--context dax=',
      '--context changes=',
      '--context plaidBaseUrl=',
      '--context openBankingUkBanks=',
      '--context openBankingUkRedirectUri=',
      '--context openBankingUkConsentDays=',
      '--context openBankingUkEvents=',
      '--context berlinGroupBanks=',
      '--context berlinGroupRedirectUri=',
      '--context berlinGroupConsentDays=',
      '--context berlinGroupSignedBanks=',
      '--context alarmEmail=',
      '--context warmProcess=',
      '--context warmQuery=',
      '--context queryConcurrency=',
      '--context webhookConcurrency=',
      '--context minimumPollers=',
      '--context corsOrigins=',
      '--context readTokenJwksUrl=',
      '--context readTokenIssuer=',
      '--context readTokenAudience=',
      '--context readTokenAlgorithms=',
      '--context secretsOf=',
      '--context docsUrl=',
      '--context grafana=',
    ]);
  });
});
