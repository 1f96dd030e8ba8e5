import { describe, expect, it } from 'vitest';
import {
  readConnectEnvironment,
  readProcessEnvironment,
  readQueryEnvironment,
  readWebhookEnvironment,
} from './environment.ts';

const tokenKey = Buffer.alloc(32, 7).toString('base64');
const variables = {
  TABLE_NAME: 'table-1',
  AWS_REGION: 'eu-west-1',
  AWS_ACCESS_KEY_ID: 'id',
  AWS_SECRET_ACCESS_KEY: 'key',
  QUEUE_URL: 'http://127.0.0.1:1/0/sync',
  TOKEN_KEY: tokenKey,
  PLAID_BASE_URL: 'https://plaid.example',
  PLAID_CLIENT_ID: 'client',
  PLAID_SECRET: 'secret',
};

describe('the environment of the process function', () => {
  it('is read into settings', () => {
    expect(readProcessEnvironment({ ...variables, DYNAMODB_ENDPOINT: 'http://127.0.0.1:2' })).toEqual({
      tableName: 'table-1',
      region: 'eu-west-1',
      credentials: { accessKeyId: 'id', secretAccessKey: 'key' },
      dynamoDbEndpoint: new URL('http://127.0.0.1:2'),
      daxEndpoint: undefined,
      queueUrl: 'http://127.0.0.1:1/0/sync',
      queueUrls: {},
      sqsEndpoint: new URL('https://sqs.eu-west-1.amazonaws.com'),
      tokenKey,
      historyDays: 730,
      scheduleEveryMs: 21_600_000,
      plaid: { baseUrl: 'https://plaid.example', clientId: 'client', secret: 'secret' },
      openBankingUk: { banks: {}, eventUrls: {} },
      berlinGroup: { banks: {} },
    });
  });

  it('has the banks of the Berlin Group, each at its own address', () => {
    const BERLIN_GROUP_BANKS = 'bank-a=https://a.example/psd2/v1,bank-b=https://b.example/xs2a/v1';
    expect(readProcessEnvironment({ ...variables, BERLIN_GROUP_BANKS })).toMatchObject({
      openBankingUk: { banks: {}, eventUrls: {} },
      berlinGroup: {
        banks: {
          'bank-a': { baseUrl: 'https://a.example/psd2/v1' },
          'bank-b': { baseUrl: 'https://b.example/xs2a/v1' },
        },
      },
    });
    expect(() => readProcessEnvironment({ ...variables, BERLIN_GROUP_BANKS: 'bank-a' })).toThrow(/BERLIN_GROUP_BANKS/);
  });

  it('has the queues of other providers, each at its own address', () => {
    const QUEUE_URLS = 'berlin-group=https://sqs.example/1/b,openbanking-uk=https://sqs.example/1/o';
    expect(readProcessEnvironment({ ...variables, QUEUE_URLS }).queueUrls).toEqual({
      'berlin-group': 'https://sqs.example/1/b',
      'openbanking-uk': 'https://sqs.example/1/o',
    });
    expect(() => readProcessEnvironment({ ...variables, QUEUE_URLS: 'https://sqs.example/1/b' })).toThrow(/QUEUE_URLS/);
  });

  it.each(['bank-a', '=https://a.example', 'bank-a=ftp://a.example', 'bank a=https://a.example', 'bank-a=https://'])(
    'refuses the banks %j',
    (OPEN_BANKING_UK_BANKS) => {
      expect(() => readProcessEnvironment({ ...variables, OPEN_BANKING_UK_BANKS })).toThrow(/OPEN_BANKING_UK_BANKS/);
    },
  );

  it('names every missing variable and what belongs in it', () => {
    const { QUEUE_URL, PLAID_SECRET, ...rest } = variables;
    expect(() => readProcessEnvironment(rest)).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        facts: {
          QUEUE_URL: expect.stringContaining('SQS queue'),
          PLAID_SECRET: expect.stringContaining('Plaid account'),
        },
      }),
    );
  });

  it("reaches AWS where AWS's own variables say", () => {
    const fips = { ...variables, AWS_REGION: 'us-gov-west-1', AWS_USE_FIPS_ENDPOINT: 'true' };
    const { dynamoDbEndpoint, sqsEndpoint } = readProcessEnvironment({ ...fips, AWS_ENDPOINT_URL_SQS: 'https://vpce' });
    expect(dynamoDbEndpoint.href).toBe('https://dynamodb.us-gov-west-1.amazonaws.com/');
    expect(sqsEndpoint.href).toBe('https://vpce/');
  });

  it.each([
    ['DYNAMODB_ENDPOINT', { DYNAMODB_ENDPOINT: 'localhost' }],
    ['SQS_ENDPOINT', { AWS_ENDPOINT_URL_SQS: 'localhost' }],
  ])('names an endpoint that is none: %s', (name, wrong) => {
    expect(() => readProcessEnvironment({ ...variables, ...wrong })).toThrow(
      expect.objectContaining({
        code: 'CONFIGURATION_INVALID',
        facts: { [name]: expect.stringContaining('no endpoint') },
      }),
    );
  });

  it.each([
    ['TOKEN_KEY', 'too-short'],
    ['PLAID_BASE_URL', 'plaid'],
  ])('refuses a wrong %s without quoting it', (name, value) => {
    expect(() => readProcessEnvironment({ ...variables, [name]: value })).toThrow(
      expect.objectContaining({ facts: { [name]: expect.not.stringContaining(`"${value}"`) } }),
    );
  });
});

describe('the DAX endpoint of both functions', () => {
  const query = { ...variables, READ_TOKEN_KEY: tokenKey };

  it.each([
    ['dax://127.0.0.1:8111', 'dax://127.0.0.1:8111'],
    [
      'daxs://cluster.abc123.dax-clusters.eu-west-1.amazonaws.com',
      'daxs://cluster.abc123.dax-clusters.eu-west-1.amazonaws.com',
    ],
    ['', undefined],
  ])('may be "%s"', (DAX_ENDPOINT, daxEndpoint) => {
    expect(readProcessEnvironment({ ...variables, DAX_ENDPOINT })).toMatchObject({ daxEndpoint });
    expect(readQueryEnvironment({ ...query, DAX_ENDPOINT })).toMatchObject({ daxEndpoint });
  });

  it.each(['127.0.0.1:8111', 'http://127.0.0.1:8111', 'dax://', 'dax://a b'])('is refused as "%s"', (DAX_ENDPOINT) => {
    expect(() => readQueryEnvironment({ ...query, DAX_ENDPOINT })).toThrow(/DAX_ENDPOINT.*daxs:/);
  });
});

describe('the environment of the query function', () => {
  it('is read into settings, and names what is missing', () => {
    const given = { ...variables, READ_TOKEN_KEY: tokenKey, AWS_SESSION_TOKEN: 's' };
    expect(readQueryEnvironment(given)).toMatchObject({
      tokens: { audience: 'quartersec', keys: { kind: 'secret' } },
      basePath: '',
      revision: '',
      credentials: { sessionToken: 's' },
    });
    expect(readQueryEnvironment({ ...given, API_BASE_PATH: '/prod', AWS_LAMBDA_FUNCTION_VERSION: '7' })).toMatchObject({
      basePath: '/prod',
      revision: '7',
    });
    expect(() => readQueryEnvironment(variables)).toThrow(/READ_TOKEN_KEY/);
    for (const API_BASE_PATH of ['prod', '/prod/', '/a b'])
      expect(() => readQueryEnvironment({ ...given, API_BASE_PATH })).toThrow(/API_BASE_PATH/);
  });
});

describe('the environment of the connect function', () => {
  const given = { ...variables, READ_TOKEN_KEY: Buffer.alloc(32, 1).toString('base64') };

  it('has settings of Link, with what is usual where they are left out or empty', () => {
    expect(readConnectEnvironment({ ...given, WEBHOOK_URL: '' }).link).toEqual({
      clientName: 'quartersec',
      language: 'en',
      countryCodes: ['US'],
      daysRequested: 730,
      webhookUrl: undefined,
      redirectUri: undefined,
    });
    const chosen = {
      LINK_CLIENT_NAME: 'App',
      LINK_LANGUAGE: 'de',
      LINK_COUNTRY_CODES: 'DE,FR',
      HISTORY_DAYS: '90',
      WEBHOOK_URL: 'https://hooks.example/webhooks/plaid',
      LINK_REDIRECT_URI: 'https://app.example/back',
    };
    expect(readConnectEnvironment({ ...given, ...chosen }).link).toEqual({
      clientName: 'App',
      language: 'de',
      countryCodes: ['DE', 'FR'],
      daysRequested: 90,
      webhookUrl: 'https://hooks.example/webhooks/plaid',
      redirectUri: 'https://app.example/back',
    });
  });

  it.each([
    ['LINK_LANGUAGE', 'german'],
    ['LINK_COUNTRY_CODES', 'us'],
    ['HISTORY_DAYS', '731'],
    ['HISTORY_DAYS', '0'],
    ['SCHEDULE_HOURS', '1'],
    ['SCHEDULE_HOURS', '169'],
    ['WEBHOOK_URL', 'hooks.example'],
    ['LINK_REDIRECT_URI', 'javascript:1'],
  ])('refuses %s=%s', (name, value) => {
    expect(() => readConnectEnvironment({ ...given, [name]: value })).toThrow(new RegExp(name));
  });

  it('names the key that is missing', () => {
    expect(() => readConnectEnvironment(variables)).toThrow(/READ_TOKEN_KEY/);
  });
});

describe('the environment of the webhook function', () => {
  it('needs no key that opens tokens', () => {
    const { TOKEN_KEY: _, ...rest } = variables;
    expect(readWebhookEnvironment(rest)).not.toHaveProperty('tokenKey');
    expect(() => readWebhookEnvironment({ ...rest, PLAID_BASE_URL: 'plaid' })).toThrow(/PLAID_BASE_URL/);
  });
});
