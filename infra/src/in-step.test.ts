/** What the template repeats, because it may not import it, held equal to what it repeats. */
import { createHash, generateKeyPairSync } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createAuthority } from '@quartersec/http/testing';
import {
  connectSecrets,
  optionalSecrets,
  processSecrets,
  processVariables,
  querySecrets,
  queryVariables,
  readConnectEnvironment,
  readProcessEnvironment,
  readQueryEnvironment,
  readWebhookEnvironment,
  webhookSecrets,
  webhookVariables,
} from '@quartersec/processor/environment';
import { routes } from '@quartersec/processor/routes';
import { alerts, cloudWatchAlarms, deadlineBudget, services } from '@quartersec/sla';
import { tableDefinition, timeToLiveAttribute } from '@quartersec/storage';
import { describe, expect, it } from 'vitest';
import { bundles } from './bundles.ts';
import { functionTimeoutSeconds } from './constructs/bundled-function.ts';
import { type Resource, resourcesOf, type Template } from './template.ts';
import { deployedFunction } from './testing/deployed-function.ts';
import { only, synthesizeVariant, variants } from './testing/variants.ts';

const setByLambda = ['AWS_REGION', 'AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY'];
const functions = [
  {
    name: 'process',
    id: 'ProcessFunction',
    needed: Object.keys(processVariables),
    secret: processSecrets as readonly string[],
    read: (variables: Record<string, string>) => readProcessEnvironment(variables),
    bundle: bundles.process,
  },
  {
    name: 'query',
    id: 'QueryFunction',
    needed: [...Object.keys(queryVariables), 'READ_TOKEN_KEY'],
    secret: querySecrets as readonly string[],
    read: (variables: Record<string, string>) => readQueryEnvironment(variables),
    bundle: bundles.query,
  },
  {
    name: 'connect',
    id: 'ConnectFunction',
    needed: [...Object.keys(processVariables), 'READ_TOKEN_KEY', 'WEBHOOK_URL'],
    secret: connectSecrets as readonly string[],
    read: (variables: Record<string, string>) =>
      readConnectEnvironment({ ...variables, WEBHOOK_URL: 'https://of.the.template' }),
    bundle: bundles.connect,
  },
  {
    name: 'webhook',
    id: 'WebhookFunction',
    needed: Object.keys(webhookVariables),
    secret: webhookSecrets as readonly string[],
    read: (variables: Record<string, string>) => readWebhookEnvironment(variables),
    bundle: bundles.webhook,
  },
] as const;

/** What the secrets of the template hold once somebody has filled in Plaid's. */
function secretNames(template: Template, arns: string): readonly string[] {
  return resourcesOf(template, 'AWS::SecretsManager::Secret')
    .filter(([secretId]) => arns.includes(secretId))
    .flatMap(([, { Properties }]) => {
      const made = Properties?.GenerateSecretString as { SecretStringTemplate: string; GenerateStringKey: string };
      return [...Object.keys(JSON.parse(made.SecretStringTemplate) as object), made.GenerateStringKey];
    })
    .filter((name) => name !== 'generated');
}

function referred(template: Template, value: unknown): Resource | undefined {
  return template.Resources[String((value as { readonly Ref?: string } | undefined)?.Ref)];
}

describe.each(variants)('$name', ({ template, stage, dax, artifact }) => {
  it('has the table of the storage library', () => {
    const { KeySchema, AttributeDefinitions, BillingMode } = tableDefinition('any');
    expect(only(template, 'AWS::DynamoDB::Table').Properties).toMatchObject({
      KeySchema,
      AttributeDefinitions,
      BillingMode,
      TimeToLiveSpecification: { AttributeName: timeToLiveAttribute, Enabled: true },
    });
  });

  it.each(functions)('gives $name the variables that it reads: all, and no other', ({ id, needed, secret, read }) => {
    const { variables: plain } = deployedFunction(artifact, id);
    const optional = ['SECRET_ARNS', ...(dax && id !== 'WebhookFunction' ? ['DAX_ENDPOINT'] : [])];
    const fromSecrets = secretNames(template, plain.SECRET_ARNS ?? '');
    expect([...Object.keys(plain), ...fromSecrets].toSorted()).toEqual(
      [...needed.filter((name) => !setByLambda.includes(name)), ...optional].toSorted(),
    );
    expect(fromSecrets.toSorted()).toEqual(secret.toSorted());
    const secretValue = Buffer.alloc(32, 1).toString('base64');
    const complete = Object.fromEntries([...setByLambda, ...fromSecrets].map((name) => [name, secretValue]));
    expect(read({ ...plain, ...complete })).toMatchObject({ tableName: expect.anything() });
  });

  it('routes each operation of the API to the alias of the function that serves it, and webhooks to theirs', () => {
    const served = resourcesOf(template, 'AWS::ApiGatewayV2::Route').map(([, { Properties }]) => {
      const integrationId = /"Ref":"(\w+)"/.exec(JSON.stringify(Properties?.Target))?.[1] ?? '';
      const alias = referred(template, template.Resources[integrationId]?.Properties?.IntegrationUri);
      expect(alias).toMatchObject({ Type: 'AWS::Lambda::Alias', Properties: { Name: 'live' } });
      const lambda = referred(template, alias?.Properties?.FunctionName);
      return `${Properties?.RouteKey} ${lambda?.Properties?.FunctionName}`;
    });
    expect(served.toSorted()).toEqual(
      [
        ...Object.values(routes).map(
          ({ method, path, servedBy }) => `${method} ${path} quartersec-${stage}-${servedBy}`,
        ),
        `POST /webhooks/plaid quartersec-${stage}-webhook`,
        `POST /webhooks/openbanking-uk quartersec-${stage}-webhook`,
      ].toSorted(),
    );
  });

  it.each(functions)('shows no secret of $name in the template', ({ id, secret }) => {
    expect(Object.keys(deployedFunction(artifact, id).variables).filter((name) => secret.includes(name))).toEqual([]);
  });

  it('makes a token key of 32 bytes, as the seal asks for', () => {
    expect(only(template, 'AWS::SecretsManager::Secret', 'SecretstokenKey').Properties).toMatchObject({
      GenerateSecretString: { PasswordLength: 43, ExcludePunctuation: true },
    });
    expect(Buffer.from('x'.repeat(43), 'base64')).toHaveLength(32);
  });

  it.each(functions)('deploys of $name the files that the sandbox runs, byte for byte', ({ id, bundle }) => {
    const files = fileHashes(deployedFunction(artifact, id).directory);
    expect(files).toEqual(fileHashes(bundle, (file) => !file.endsWith('.map')));
    expect(Object.keys(files)).toContain('index.mjs');
  });

  it('has exactly the alarms of the SLA, each as the SLA says', () => {
    const sources = {
      deadLetterQueueName: `quartersec-${stage}-sync-dead`,
      syncQueueNames: [`quartersec-${stage}-sync-plaid`],
      functionNames: Object.fromEntries(services.map((service) => [service, `quartersec-${stage}-${service}`])),
      daxClusterId: `quartersec-${stage}`,
      namePrefix: `quartersec-${stage}-`,
    };
    // Hits and misses are counted by DAX, so without it there is nothing to alert on.
    const expected = alerts
      .filter(({ name }) => dax || name !== 'CacheHitRateLow')
      .map((alert) => cloudWatchAlarms(alert, sources));
    const names = (type: string) =>
      resourcesOf(template, type)
        .map(([, { Properties }]) => Properties?.AlarmName)
        .toSorted();
    expect(names('AWS::CloudWatch::CompositeAlarm')).toEqual(
      expected.flatMap(({ composite }) => composite?.alarmName ?? []).toSorted(),
    );
    expect(names('AWS::CloudWatch::Alarm')).toEqual(
      expected.flatMap(({ alarms }) => alarms.map(({ alarmName }) => alarmName)).toSorted(),
    );
    const made = resourcesOf(template, 'AWS::CloudWatch::Alarm').map(([, { Properties }]) => camelCase(Properties));
    for (const alarm of expected.flatMap(({ alarms }) => alarms)) {
      expect(made).toContainEqual(expect.objectContaining(JSON.parse(JSON.stringify(alarm))));
    }
  });

  it('tells somebody of every alert once: by the joined alarm where there are several', () => {
    const notifying = ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm']
      .flatMap((type) => resourcesOf(template, type))
      .filter(([, { Properties }]) => Properties?.AlarmActions !== undefined)
      .map(([, { Properties }]) => String(Properties?.AlarmName).replace(`quartersec-${stage}-`, ''));
    expect(notifying.toSorted()).toEqual(
      alerts
        .map(({ name }) => name)
        .filter((name) => dax || name !== 'CacheHitRateLow')
        .toSorted(),
    );
  });
});

it.each(functions.filter(({ name }) => name === 'query' || name === 'connect'))(
  'gives $name the key set in place of the secret, where there is one',
  ({ id, needed, secret, read }) => {
    const { template, artifact } = synthesizeVariant('dev', {
      readTokenJwksUrl: 'https://id.example.com/.well-known/jwks.json',
      readTokenIssuer: 'https://id.example.com/',
      readTokenAudience: 'bank-data',
      readTokenAlgorithms: 'ES256',
    });
    const { variables } = deployedFunction(artifact, id);
    const fromSecrets = secretNames(template, variables.SECRET_ARNS ?? '');
    expect(fromSecrets.toSorted()).toEqual(secret.filter((one) => one !== 'READ_TOKEN_KEY').toSorted());
    const claims = ['READ_TOKEN_JWKS_URL', 'READ_TOKEN_ISSUER', 'READ_TOKEN_AUDIENCE', 'READ_TOKEN_ALGORITHMS'];
    expect([...Object.keys(variables), ...fromSecrets].filter((one) => one !== 'SECRET_ARNS').toSorted()).toEqual(
      [...needed.filter((one) => ![...setByLambda, 'READ_TOKEN_KEY'].includes(one)), ...claims].toSorted(),
    );
    const secretValue = Buffer.alloc(32, 1).toString('base64');
    const complete = Object.fromEntries([...setByLambda, ...fromSecrets].map((name) => [name, secretValue]));
    expect(read({ ...variables, ...complete })).toMatchObject({
      tokens: {
        keys: { kind: 'jwks', url: new URL('https://id.example.com/.well-known/jwks.json'), algorithms: ['ES256'] },
        issuer: 'https://id.example.com/',
        audience: 'bank-data',
      },
    });
    const policies = resourcesOf(template, 'AWS::IAM::Policy').map(([, { Properties }]) => JSON.stringify(Properties));
    expect(policies.filter((policy) => policy.includes('SecretsreadTokenKey'))).toEqual([]);
  },
);

describe('banks of other standards', () => {
  const { artifact, template } = synthesizeVariant('prod', {
    openBankingUkBanks: 'bank-a=https://api.bank-a.example/open-banking/v3.1/aisp|https://auth.bank-a.example|us',
    openBankingUkRedirectUri: 'https://app.example.com/back',
    openBankingUkConsentDays: '90',
    openBankingUkEvents: 'bank-a=https://api.bank-a.example/open-banking/v3.1/events',
    berlinGroupBanks: 'bank-b=https://api.bank-b.example/psd2',
    berlinGroupRedirectUri: 'https://app.example.com/back',
    berlinGroupConsentDays: '90',
    berlinGroupSignedBanks: 'bank-b',
  });
  const asks = (name: string) => name === 'process' || name === 'connect';
  const told = (id: string) => {
    const { variables } = deployedFunction(artifact, id);
    return { variables, fromSecrets: secretNames(template, variables.SECRET_ARNS ?? '') };
  };

  it.each(functions)('are told to $name, and the key at them, where it asks them', ({ name, id, needed, secret }) => {
    const { variables, fromSecrets } = told(id);
    expect(fromSecrets.toSorted()).toEqual([...secret, ...(asks(name) ? optionalSecrets : [])].toSorted());
    const banks = [
      'BERLIN_GROUP_BANKS',
      'BERLIN_GROUP_CONSENT_DAYS',
      'BERLIN_GROUP_REDIRECT_URI',
      'BERLIN_GROUP_SIGNED_BANKS',
      'OPEN_BANKING_UK_BANKS',
      'OPEN_BANKING_UK_CONSENT_DAYS',
      'OPEN_BANKING_UK_EVENTS',
      'OPEN_BANKING_UK_REDIRECT_URI',
      'QUEUE_URLS',
    ];
    const others = Object.keys(variables).filter((one) => !needed.includes(one) && one !== 'SECRET_ARNS');
    const events = name === 'webhook' ? ['OPEN_BANKING_UK_BANKS', 'QUEUE_URLS'] : [];
    expect(others.toSorted()).toEqual(asks(name) ? banks : events);
  });

  it.each(functions.filter(({ name }) => asks(name)))('are read by $name', ({ id, read }) => {
    const { variables, fromSecrets } = told(id);
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const secretValue = Buffer.alloc(32, 1).toString('base64');
    const complete = Object.fromEntries([...setByLambda, ...fromSecrets].map((one) => [one, secretValue]));
    const key = JSON.stringify({ ...privateKey.export({ format: 'jwk' }), kid: 'ours' });
    const seal = createAuthority().sign('DNS:us.example', 1, 'rsa');
    const certificates = {
      ...Object.fromEntries(fromSecrets.flatMap((one) => (one.includes('CERTIFICATE') ? [[one, '']] : []))),
      BERLIN_GROUP_SEAL_CERTIFICATE: seal.cert,
      BERLIN_GROUP_SEAL_CERTIFICATE_KEY: seal.key,
    };
    expect(read({ ...variables, ...complete, ...certificates, OPEN_BANKING_UK_KEY: key })).toMatchObject({
      openBankingUk: {
        banks: { 'bank-a': { registration: { issuer: 'https://auth.bank-a.example', clientId: 'us' } } },
        eventUrls: { 'bank-a': 'https://api.bank-a.example/open-banking/v3.1/events' },
        client: { redirectUri: 'https://app.example.com/back', consentDays: 90 },
      },
      berlinGroup: {
        banks: { 'bank-b': { baseUrl: 'https://api.bank-b.example/psd2' } },
        signing: { institutionIds: new Set(['bank-b']) },
        client: { redirectUri: 'https://app.example.com/back', consentDays: 90 },
      },
      queueUrls: { 'openbanking-uk': expect.any(String), 'berlin-group': expect.any(String) },
    });
  });

  it('have a queue each, delivered to the same function, and an alarm over the oldest message of all', () => {
    const names = (queues: readonly (readonly [string, { readonly Properties?: Record<string, unknown> }])[]) =>
      queues.map(([, { Properties }]) => Properties?.QueueName).toSorted();
    expect(names(resourcesOf(template, 'AWS::SQS::Queue'))).toEqual([
      'quartersec-prod-sync-berlin-group',
      'quartersec-prod-sync-dead',
      'quartersec-prod-sync-openbanking-uk',
      'quartersec-prod-sync-plaid',
    ]);
    expect(resourcesOf(template, 'AWS::Lambda::EventSourceMapping')).toHaveLength(3);
    const [, backlog] = resourcesOf(template, 'AWS::CloudWatch::Alarm').find(
      ([, { Properties }]) => Properties?.AlarmName === 'quartersec-prod-BacklogOld',
    ) ?? [''];
    expect(JSON.stringify(backlog)).toMatch(
      /sync-plaid.*sync-openbanking-uk.*sync-berlin-group.*MAX\(\[m0, m1, m2\]\)/,
    );
  });
});

it('gives a function the time for the hard deadline of an event, and a cold start before it', () => {
  expect(functionTimeoutSeconds * 1_000).toBeGreaterThan(2 * deadlineBudget.hardMs);
});

function fileHashes(folder: string, wanted: (file: string) => boolean = () => true): Record<string, string> {
  const files = globSync('**/*', { cwd: folder }).filter(wanted).toSorted();
  return Object.fromEntries(
    files.map((file) => [
      file,
      createHash('sha256')
        .update(readFileSync(join(folder, file)))
        .digest('hex'),
    ]),
  );
}

/** CloudFormation's names in the form of CDK's, at every depth. */
function camelCase(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelCase);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name.charAt(0).toLowerCase() + name.slice(1), camelCase(member)]),
  );
}
