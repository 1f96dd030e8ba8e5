import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SQSClient } from '@aws-sdk/client-sqs';
import { describe, expect, it } from 'vitest';
import { endpointOf } from './endpoint-of.ts';

const clients = { dynamodb: DynamoDBClient, sqs: SQSClient, secretsmanager: SecretsManagerClient };
const services = ['dynamodb', 'sqs', 'secretsmanager'] as const;
const regions = [
  'eu-west-1',
  'us-east-1',
  'cn-north-1',
  'us-gov-west-1',
  'us-gov-east-1',
  'us-iso-east-1',
  'us-isob-east-1',
  'eusc-de-east-1',
  'mars-north-7',
];

describe.each(services)('the endpoint of %s', (service) => {
  it.each(regions)("is the one of the SDK's own client in %s, FIPS and dual stack or not", (region) => {
    const { endpointProvider } = new clients[service]({ region }).config;
    for (const UseFIPS of [false, true])
      for (const UseDualStack of [false, true]) {
        const variables = {
          AWS_USE_FIPS_ENDPOINT: String(UseFIPS),
          AWS_USE_DUALSTACK_ENDPOINT: String(UseDualStack),
        };
        const { url } = endpointProvider({ Region: region, UseFIPS, UseDualStack });
        expect(endpointOf(service, region, variables).href).toBe(url.href);
      }
  });
});

describe('the endpoint that a variable names', () => {
  it('comes before the region: the one for the service, then the one for all', () => {
    const all = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1' };
    expect(endpointOf('sqs', 'eu-west-1', all).href).toBe('http://127.0.0.1:1/');
    const both = { ...all, AWS_ENDPOINT_URL_SQS: 'https://vpce-1.sqs.eu-west-1.vpce.amazonaws.com' };
    expect(endpointOf('sqs', 'eu-west-1', both).hostname).toBe('vpce-1.sqs.eu-west-1.vpce.amazonaws.com');
    expect(endpointOf('dynamodb', 'eu-west-1', both).href).toBe('http://127.0.0.1:1/');
  });

  it('is overlooked where the environment says so', () => {
    const variables = { AWS_ENDPOINT_URL: 'http://127.0.0.1:1', AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: 'true' };
    expect(endpointOf('dynamodb', 'eu-west-1', variables).href).toBe('https://dynamodb.eu-west-1.amazonaws.com/');
  });

  it('is refused where it is no URL', () => {
    expect(() => endpointOf('dynamodb', 'eu-west-1', { AWS_ENDPOINT_URL: 'localhost' })).toThrow(TypeError);
  });
});
