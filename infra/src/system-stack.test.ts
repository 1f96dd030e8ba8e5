import { describe, expect, it } from 'vitest';
import { resourcesOf } from './template.ts';
import { only, synthesizeVariant, templateOf, variants } from './testing/variants.ts';

const [dev, devDax, prod, prodDax] = [
  templateOf('dev', false),
  templateOf('dev', true),
  templateOf('prod', false),
  templateOf('prod', true),
];
const properties = (...asked: Parameters<typeof only>) => only(...asked).Properties;

describe.each(variants)('the template of $name', ({ template, stage, stack }) => {
  it('keeps the table encrypted under its own key, paid by request, with point-in-time recovery', () => {
    expect(properties(template, 'AWS::DynamoDB::Table')).toMatchObject({
      BillingMode: 'PAY_PER_REQUEST',
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
      SSESpecification: { SSEEnabled: true, SSEType: 'KMS', KMSMasterKeyId: expect.anything() },
    });
    expect(properties(template, 'AWS::KMS::Key')).toMatchObject({ EnableKeyRotation: true });
  });

  it('gives up a message after five deliveries, to a queue that keeps it for a week longer', () => {
    const deadId = resourcesOf(template, 'AWS::SQS::Queue').find(([id]) => id.startsWith('SyncDead'))?.[0];
    expect(properties(template, 'AWS::SQS::Queue', 'SyncQueue')).toMatchObject({
      QueueName: `quartersec-${stage}-sync-plaid`,
      MessageRetentionPeriod: 604_800,
      VisibilityTimeout: 30, // six times the 5 s of the function
      SqsManagedSseEnabled: true,
      RedrivePolicy: { maxReceiveCount: 5, deadLetterTargetArn: { 'Fn::GetAtt': [deadId, 'Arn'] } },
    });
    expect(properties(template, 'AWS::SQS::Queue', 'SyncDead')).toMatchObject({
      QueueName: `quartersec-${stage}-sync-dead`,
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it('refuses the queues and the topic to whoever does not encrypt on the way', () => {
    const policies = [
      ...resourcesOf(template, 'AWS::SQS::QueuePolicy'),
      ...resourcesOf(template, 'AWS::SNS::TopicPolicy'),
    ];
    expect(policies).toHaveLength(3);
    for (const [, policy] of policies) {
      expect(JSON.stringify(policy)).toContain('"Condition":{"Bool":{"aws:SecureTransport":"false"}},"Effect":"Deny"');
    }
  });

  it('runs every function on Node 24 and Arm, within 5 s where no gateway waits', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function');
    expect(functions.map(([, { Properties }]) => Properties?.FunctionName)).toEqual([
      `quartersec-${stage}-process`,
      `quartersec-${stage}-query`,
      `quartersec-${stage}-webhook`,
      `quartersec-${stage}-connect`,
    ]);
    for (const [, { Properties }] of functions) {
      expect(Properties).toMatchObject({
        Runtime: 'nodejs24.x',
        Architectures: ['arm64'],
        Handler: 'index.handler',
        Timeout: String(Properties?.FunctionName).endsWith('-connect') ? 29 : 5,
      });
    }
  });

  it('delivers batches of ten to the alias of process, and takes back only the messages that failed', () => {
    const source = properties(template, 'AWS::Lambda::EventSourceMapping');
    expect(source).toMatchObject({ BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(JSON.stringify(source?.FunctionName)).toMatch(/ProcessLive.*:live/);
    expect(source).not.toHaveProperty('MaximumBatchingWindowInSeconds'); // a batch that waits is late
  });

  it('lets functions write their own lines, and Lambda only what went wrong', () => {
    const functions = resourcesOf(template, 'AWS::Lambda::Function').filter(([, { Properties }]) =>
      String(Properties?.FunctionName).startsWith('quartersec-'),
    );
    expect(functions).toHaveLength(4);
    for (const [, { Properties }] of functions)
      expect(Properties?.LoggingConfig).toMatchObject({
        LogFormat: 'JSON',
        SystemLogLevel: 'WARN',
        ApplicationLogLevel: 'INFO',
      });
  });

  it('lets webhook read items and send to the queue, without the key that opens tokens', () => {
    const policy = JSON.stringify(properties(template, 'AWS::IAM::Policy', 'WebhookRole')?.PolicyDocument);
    expect(policy.match(/dynamodb:\w+/g)?.toSorted()).toEqual(['dynamodb:GetItem']);
    expect(policy.match(/sqs:\w+/g)).toEqual(['sqs:SendMessage']);
    expect(policy).not.toContain('SecretstokenKey');
    expect(policy).not.toContain('kms:Encrypt');
  });

  it('gives the right to erase to those who write, and to nobody else', () => {
    const policies = resourcesOf(template, 'AWS::IAM::Policy')
      .filter(([, { Properties }]) => JSON.stringify(Properties).includes('dynamodb:DeleteItem'))
      .map(([id]) => id.replace(/Role.*$/, ''));
    expect(policies.filter((id) => id !== 'Dax')).toEqual(['Process', 'Connect']); // a cluster writes for those who may
  });

  it('tells Plaid the address of webhook with each link', () => {
    const [, connect] = resourcesOf(template, 'AWS::Lambda::Function').find(([id]) => id.startsWith('Connect')) ?? [];
    const environment = connect?.Properties?.Environment as { Variables: Record<string, unknown> } | undefined;
    expect(environment?.Variables.WEBHOOK_URL).toEqual({
      'Fn::Join': ['', [{ 'Fn::GetAtt': [expect.stringMatching(/^HttpApi/), 'ApiEndpoint'] }, '/webhooks/plaid']],
    });
    expect(connect?.Properties?.Timeout).toBe(29);
  });

  it('makes the secrets under the key, two of them with values that nobody has seen', () => {
    const secrets = resourcesOf(template, 'AWS::SecretsManager::Secret').map(([, { Properties }]) => Properties);
    expect(secrets.map((secret) => secret?.Name)).toEqual([
      `quartersec/${stage}/token-key`,
      `quartersec/${stage}/read-token-key`,
      `quartersec/${stage}/plaid`,
    ]);
    for (const secret of secrets) expect(secret).toMatchObject({ KmsKeyId: expect.anything() });
    const [tokenKey, readTokenKey] = secrets.map((secret) => secret?.GenerateSecretString);
    const made = { PasswordLength: 43, ExcludePunctuation: true, SecretStringTemplate: '{}' };
    expect(tokenKey).toEqual({ ...made, GenerateStringKey: 'TOKEN_KEY' });
    expect(readTokenKey).toEqual({ ...made, GenerateStringKey: 'READ_TOKEN_KEY' });
  });

  it('asks for due connections each minute, by a role that can do one thing: send to the sync queue', () => {
    const policy = properties(template, 'AWS::IAM::Policy', 'ScheduleRole');
    const queue = { 'Fn::GetAtt': [expect.stringMatching(/^SyncQueue/), 'Arn'] };
    expect(policy?.PolicyDocument).toMatchObject({ Statement: [{ Action: 'sqs:SendMessage', Resource: queue }] });
    expect(properties(template, 'AWS::Scheduler::ScheduleGroup')).toMatchObject({ Name: `quartersec-${stage}` });
    expect(properties(template, 'AWS::Scheduler::Schedule')).toMatchObject({
      GroupName: `quartersec-${stage}`,
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: { Arn: queue, Input: '{"type":"ScheduleDue"}' },
    });
    expect(JSON.stringify(properties(template, 'AWS::IAM::Role', 'ScheduleRole'))).toContain(
      `:schedule-group/quartersec-${stage}`,
    );
  });

  it('tells alarms to an encrypted topic that CloudWatch may use', () => {
    expect(properties(template, 'AWS::SNS::Topic')).toMatchObject({ KmsMasterKeyId: expect.anything() });
    expect(JSON.stringify(properties(template, 'AWS::KMS::Key')?.KeyPolicy)).toContain('cloudwatch.amazonaws.com');
    expect(JSON.stringify(properties(template, 'AWS::SNS::TopicPolicy'))).toContain('cloudwatch.amazonaws.com');
  });

  it('writes each log into a group that forgets', () => {
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Logs::LogGroup')) {
      expect(Properties?.RetentionInDays).toBe(stage === 'dev' ? 7 : 90);
    }
  });

  it('protects prod, and nothing else, from being deleted', () => {
    const kept = stage === 'prod';
    expect(stack.terminationProtection).toBe(kept);
    expect(properties(template, 'AWS::DynamoDB::Table')?.DeletionProtectionEnabled).toBe(kept);
    const holdsData = ['AWS::DynamoDB::Table', 'AWS::KMS::Key', 'AWS::SecretsManager::Secret'];
    const policies = holdsData.flatMap((type) =>
      resourcesOf(template, type).map(([, { DeletionPolicy }]) => DeletionPolicy),
    );
    expect(policies).toEqual(Array(5).fill(kept ? 'Retain' : 'Delete'));
  });

  it('names no account and no region', () => {
    const text = JSON.stringify(template);
    expect(text).not.toMatch(/\b\d{12}\b/);
    expect(text).not.toMatch(/\b(?:eu|us|ap)-(?:west|east|central|north|south)-\d\b/);
  });
});

describe('DAX', () => {
  it.each([
    ['dev', dev],
    ['prod', prod],
  ])('brings no network into %s unless it is asked for', (_name, template) => {
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^AWS::(?:DAX|EC2)::/.test(type))).toEqual([]);
    for (const [, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
      expect(Properties).not.toHaveProperty('VpcConfig');
      expect(Properties?.Environment).not.toHaveProperty(['Variables', 'DAX_ENDPOINT']);
    }
  });

  it.each([
    ['dev', devDax, 1, 'dax.t3.small', 2, 1],
    ['prod', prodDax, 3, 'dax.r5.large', 3, 3],
  ])(
    'in %s is encrypted at rest and on the way, in subnets without a way out',
    (_name, template, nodes, nodeType, zones, ways) => {
      expect(properties(template, 'AWS::DAX::Cluster')).toMatchObject({
        ReplicationFactor: nodes,
        NodeType: nodeType,
        SSESpecification: { SSEEnabled: true },
        ClusterEndpointEncryptionType: 'TLS',
      });
      expect(properties(template, 'AWS::DAX::SubnetGroup')?.SubnetIds).toHaveLength(zones);
      expect(resourcesOf(template, 'AWS::EC2::NatGateway')).toHaveLength(ways);
      const routes = resourcesOf(template, 'AWS::EC2::Route').map(([id]) => id);
      expect(routes.filter((id) => id.includes('cache'))).toEqual([]);
      for (const [id, { Properties }] of resourcesOf(template, 'AWS::Lambda::Function')) {
        if (id.startsWith('Webhook')) continue; // reads one item of the table, directly
        expect(Properties?.VpcConfig).toMatchObject({ SubnetIds: Array(zones).fill(expect.anything()) });
        expect(JSON.stringify(Properties?.Environment)).toContain('ClusterDiscoveryEndpointURL');
      }
    },
  );

  it('is reached by the functions alone, on the encrypted port', () => {
    const rules = resourcesOf(prodDax, 'AWS::EC2::SecurityGroupIngress').map(([, { Properties }]) => Properties);
    expect(rules.map((rule) => [rule?.FromPort, rule?.Description])).toEqual([
      [9111, 'the functions'],
      [0, 'the other nodes'],
    ]);
    const groups = resourcesOf(prodDax, 'AWS::EC2::SecurityGroup').map(([, { Properties }]) => Properties);
    for (const group of groups) expect(group).not.toHaveProperty('SecurityGroupIngress');
  });

  it('finds the table through the endpoint that costs nothing', () => {
    expect(properties(prodDax, 'AWS::EC2::VPCEndpoint')).toMatchObject({
      VpcEndpointType: 'Gateway',
      ServiceName: { 'Fn::Join': ['', expect.arrayContaining(['.dynamodb'])] },
    });
  });
});

describe('the choices', () => {
  it('bound the load on the provider by concurrency', () => {
    const scaling = [dev, prod].map(
      (template) => properties(template, 'AWS::Lambda::EventSourceMapping')?.ScalingConfig,
    );
    expect(scaling).toEqual([{ MaximumConcurrency: 2 }, { MaximumConcurrency: 20 }]);
  });

  it.each([
    ['2', { MinimumPollers: 2, MaximumPollers: 2 }],
    ['50', { MinimumPollers: 50, MaximumPollers: 50 }],
  ])(
    'bound it by pollers where %s are kept ready, since an event source takes one of the two',
    (minimumPollers, config) => {
      const { template } = synthesizeVariant('prod', { minimumPollers });
      const source = properties(template, 'AWS::Lambda::EventSourceMapping');
      expect(source?.ProvisionedPollerConfig).toEqual(config);
      expect(source).not.toHaveProperty('ScalingConfig');
    },
  );

  it('keep environments warm on the alias, and only where asked', () => {
    const { template } = synthesizeVariant('dev', { warmProcess: '3', warmQuery: '2' });
    const warm = (of: typeof template) =>
      resourcesOf(of, 'AWS::Lambda::Alias').map(([, { Properties }]) => Properties?.ProvisionedConcurrencyConfig);
    expect(warm(template).slice(0, 2)).toEqual([
      { ProvisionedConcurrentExecutions: 3 },
      { ProvisionedConcurrentExecutions: 2 },
    ]);
    expect(new Set(warm(prod))).toEqual(new Set([undefined]));
  });

  it('replace every environment when the secrets are said to be of another day, and only then', () => {
    const versions = (secretsOf?: string) =>
      resourcesOf(
        synthesizeVariant('dev', secretsOf === undefined ? {} : { secretsOf }).template,
        'AWS::Lambda::Version',
      ).map(([id]) => id);
    const [today, again, tomorrow] = [versions('2026-11-23'), versions('2026-11-23'), versions('2026-11-24')];
    expect(again).toEqual(today);
    expect(new Set([...versions(), ...today, ...tomorrow]).size).toBe(12);
  });

  it('cap what a flood at the public address can cost, where a ceiling is given: a new account has none to set aside', () => {
    const capped = (of: typeof prod) =>
      resourcesOf(of, 'AWS::Lambda::Function').map(([, { Properties }]) => Properties?.ReservedConcurrentExecutions);
    const { template } = synthesizeVariant('prod', { queryConcurrency: '100' });
    expect(capped(template)).toEqual([undefined, 100, undefined, undefined]);
    for (const without of [prod, dev]) expect(new Set(capped(without))).toEqual(new Set([undefined]));
  });

  it('link the runbook from every alarm, on the web where the address of the docs is given', () => {
    const { template } = synthesizeVariant('dev', { docsUrl: 'https://git.test/docs' });
    const descriptions = (of: typeof template) =>
      ['AWS::CloudWatch::Alarm', 'AWS::CloudWatch::CompositeAlarm'].flatMap((type) =>
        resourcesOf(of, type).map(([, { Properties }]) => String(Properties?.AlarmDescription)),
      );
    const onTheWeb = descriptions(template).filter((text) =>
      / https:\/\/git\.test\/docs\/troubleshooting\.md#[\w-]+$/.test(text),
    );
    expect(onTheWeb).toHaveLength(descriptions(template).length);
    expect(descriptions(dev).every((text) => / docs\/troubleshooting\.md#[\w-]+$/.test(text))).toBe(true);
  });

  it('subscribe an address to the alarms', () => {
    const { template } = synthesizeVariant('dev', { alarmEmail: 'on-call@example.test' });
    expect(properties(template, 'AWS::SNS::Subscription')).toMatchObject({
      Protocol: 'email',
      Endpoint: 'on-call@example.test',
    });
    expect(resourcesOf(dev, 'AWS::SNS::Subscription')).toEqual([]);
  });

  it.each([
    ['account', '"AWS":', 0],
    ['arn:aws:iam::123456789012:role/grafana', 'arn:aws:iam::123456789012:role/grafana', 0],
    ['managed', '"Service":"grafana.amazonaws.com"', 1],
  ])('let Grafana in as %s', (grafana, principal, workspaces) => {
    const { template } = synthesizeVariant('dev', { grafana });
    expect(JSON.stringify(properties(template, 'AWS::IAM::Role', 'GrafanaRole')?.AssumeRolePolicyDocument)).toContain(
      principal,
    );
    expect(resourcesOf(template, 'AWS::Grafana::Workspace')).toHaveLength(workspaces);
  });

  it('let Grafana search the log of the functions, and of nothing else', () => {
    const policy = properties(dev, 'AWS::IAM::Policy', 'GrafanaRole')?.PolicyDocument as
      | { readonly Statement: readonly { readonly Action: string | string[]; readonly Resource: unknown }[] }
      | undefined;
    const search = policy?.Statement.find(({ Action }) => Action.includes('logs:StartQuery'));
    const names = resourcesOf(dev, 'AWS::Logs::LogGroup')
      .map(([id]) => id)
      .filter((id) => !id.startsWith('HttpAccessLog'));
    expect(names).toHaveLength(4);
    expect(search?.Action).toEqual(['logs:GetLogGroupFields', 'logs:StartQuery']);
    const resources = search?.Resource as readonly unknown[];
    expect(resources).toHaveLength(8);
    expect(resources).toEqual(
      expect.arrayContaining(
        names.flatMap((name) => [
          { 'Fn::Join': ['', expect.arrayContaining([':log-group:', { Ref: name }])] },
          { 'Fn::GetAtt': [name, 'Arn'] },
        ]),
      ),
    );
  });
});
