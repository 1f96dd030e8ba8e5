import { describe, expect, it } from 'vitest';
import { type ContextKey, readSettings } from './settings.ts';

const read = (context: Partial<Record<ContextKey, unknown>>) => readSettings((key) => context[key]);

describe('readSettings', () => {
  it('is dev, small and without extras, when nothing is said', () => {
    expect(read({})).toEqual({
      stage: 'dev',
      dax: false,
      plaidBaseUrl: 'https://sandbox.plaid.com',
      alarmEmail: undefined,
      warm: { process: 0, query: 0 },
      queryConcurrency: undefined,
      minimumPollers: 0,
      secretsOf: undefined,
      docsUrl: undefined,
      grafana: 'account',
    });
  });

  it('points prod to the real Plaid', () => {
    expect(read({ stage: 'prod' })).toMatchObject({ stage: 'prod', plaidBaseUrl: 'https://production.plaid.com' });
  });

  it('takes texts from the command line and values from a file alike', () => {
    const chosen = { dax: true, warm: { process: 3, query: 1000 }, minimumPollers: 200 };
    expect(read({ dax: 'true', warmProcess: '3', warmQuery: '1000', minimumPollers: '200' })).toMatchObject(chosen);
    expect(read({ dax: true, warmProcess: 3, warmQuery: 1000, minimumPollers: 200 })).toMatchObject(chosen);
  });

  it('takes the address of the docs without its last slash', () => {
    expect(read({ docsUrl: 'https://git.test/docs/' })).toMatchObject({ docsUrl: 'https://git.test/docs' });
  });

  it.each<[ContextKey, unknown]>([
    ['dax', 'yes'],
    ['plaidBaseUrl', 'http://plaid.example'],
    ['plaidBaseUrl', 'https://plaid.example/path'],
    ['alarmEmail', 'nobody'],
    ['warmProcess', '-1'],
    ['warmQuery', '1001'],
    ['warmQuery', '1.5'],
    ['queryConcurrency', '1001'],
    ['minimumPollers', '1'],
    ['minimumPollers', '201'],
    ['secretsOf', 'two words'],
    ['docsUrl', 'docs'],
    ['grafana', 'arn:aws:s3:::bucket'],
  ])('refuses %s=%s and says what may be given', (key, value) => {
    expect(() => read({ [key]: value })).toThrow(`--context ${key}=${value} is not `);
  });

  it.each(['managed', 'arn:aws:iam::123456789012:role/grafana'])('lets %s read the metrics', (grafana) => {
    expect(read({ grafana })).toMatchObject({ grafana });
  });
});
