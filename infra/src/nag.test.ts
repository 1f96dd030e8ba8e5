import { Bucket } from 'aws-cdk-lib/aws-s3';
import { describe, expect, it } from 'vitest';
import { explains, nagFindings, unexplained } from './nag.ts';
import { nagExceptions } from './nag-exceptions.ts';
import { synthesizeVariant, variants } from './testing/variants.ts';

const withBus = { ...synthesizeVariant('prod', { changes: 'true' }), name: 'prod with the bus of changes' };
const withAddress = {
  ...synthesizeVariant('prod', { webhookConcurrency: '20' }),
  name: 'prod with webhooks at their function',
};
const withBanks = {
  ...synthesizeVariant('prod', {
    openBankingUkBanks: 'bank-a=https://api.bank-a.example/v4|https://auth.bank-a.example|us',
    openBankingUkRedirectUri: 'https://app.example.com/back',
    berlinGroupBanks: 'bank-b=https://api.bank-b.example/v1',
    berlinGroupRedirectUri: 'https://app.example.com/back',
  }),
  name: 'prod with banks of the UK',
};
const found = [...variants, withBus, withAddress, withBanks].map((variant) => ({
  ...variant,
  findings: nagFindings(variant.stack),
}));

describe('cdk-nag', () => {
  it.each(found)('finds nothing in $name that is not answered for', ({ findings }) => {
    expect(unexplained(findings, nagExceptions)).toEqual([]);
  });

  it('finds what is planted', () => {
    const { stack } = synthesizeVariant('dev');
    new Bucket(stack, 'Open');
    const ids = unexplained(nagFindings(stack), nagExceptions).map(({ finding, path }) => `${path} ${finding}`);
    expect(ids).toContain('Open/Resource AwsSolutions-S1');
  });

  it.each(nagExceptions)('needs the exception $finding at each of $paths, and has a reason for it', (exception) => {
    const all = found.flatMap(({ findings }) => findings);
    for (const path of exception.paths) {
      expect(
        all.filter((one) => explains({ ...exception, paths: [path] }, one)),
        path,
      ).not.toEqual([]);
    }
    expect(exception.reason).toMatch(/^[A-Z].{60,}\.$/);
  });
});
