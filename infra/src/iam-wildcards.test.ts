import { describe, expect, it } from 'vitest';
import { findWildcards, managedPolicies, reasonFor, wildcardReasons } from './iam-wildcards.ts';
import { resourcesOf, type Template } from './template.ts';
import { only, templateOf, variants } from './testing/variants.ts';

const policy = (...statements: object[]): Template => ({
  Resources: {
    ProcessRoleDefaultPolicy0123ABCD: {
      Type: 'AWS::IAM::Policy',
      Properties: { PolicyDocument: { Statement: statements } },
    },
  },
});
const allow = (Action: unknown, Resource: unknown) => policy({ Effect: 'Allow', Action, Resource });

describe('findWildcards', () => {
  it.each<[string, Template]>([
    ['an action', allow('dynamodb:*', 'arn:aws:dynamodb:::table/one')],
    ['one of several actions', allow(['sqs:SendMessage', 'kms:Generate*'], 'arn:one')],
    ['the resource', allow('sqs:SendMessage', '*')],
    ['a part of the resource', allow('s3:GetObject', { 'Fn::Join': ['', ['arn:aws:s3:::', { Ref: 'B' }, '/*']] })],
    ['everything but some actions', policy({ Effect: 'Allow', NotAction: 'iam:PassRole', Resource: 'arn:one' })],
    ['everything but a resource', policy({ Effect: 'Allow', Action: 's3:GetObject', NotResource: 'arn:one' })],
  ])('sees %s', (_what, template) => {
    expect(findWildcards(template)).toMatchObject([{ policy: 'ProcessRoleDefaultPolicy' }]);
  });

  it('says nothing of one action on one resource, and nothing of what is forbidden', () => {
    expect(findWildcards(allow('sqs:SendMessage', { 'Fn::GetAtt': ['Queue', 'Arn'] }))).toEqual([]);
    expect(findWildcards(policy({ Effect: 'Deny', Action: '*', Resource: '*' }))).toEqual([]);
  });
});

describe.each(variants)('the permissions of $name', ({ template, stage, dax }) => {
  it('are one action on one resource, or have a reason', () => {
    expect(findWildcards(template).filter((wide) => reasonFor(wide, wildcardReasons) === undefined)).toEqual([]);
  });

  it("are ours: no role carries a policy of AWS's", () => {
    expect(managedPolicies(template)).toEqual([]);
  });

  it('let each function do what it does and no more', () => {
    const network = [
      'ec2:AssignPrivateIpAddresses',
      'ec2:CreateNetworkInterface',
      'ec2:DeleteNetworkInterface',
      'ec2:DescribeNetworkInterfaces',
      'ec2:DescribeSubnets',
      'ec2:UnassignPrivateIpAddresses',
    ];
    const shared = ['logs:CreateLogStream', 'logs:PutLogEvents', 'secretsmanager:GetSecretValue'];
    const readKey = ['kms:Decrypt', 'kms:DescribeKey'];
    expect(actionsOf(template, 'ProcessRole')).toEqual(
      [
        ...shared,
        ...readKey,
        'kms:Encrypt',
        'kms:GenerateDataKey',
        'kms:GenerateDataKeyWithoutPlaintext',
        'kms:ReEncryptFrom',
        'kms:ReEncryptTo',
        'dynamodb:DeleteItem',
        'dynamodb:GetItem',
        'dynamodb:PutItem',
        'dynamodb:Query',
        'sqs:ChangeMessageVisibility',
        'sqs:DeleteMessage',
        'sqs:GetQueueAttributes',
        'sqs:ReceiveMessage',
        'sqs:SendMessage',
        ...(dax ? ['dax:DeleteItem', 'dax:GetItem', 'dax:PutItem', ...network] : []),
      ].toSorted(),
    );
    expect(actionsOf(template, 'QueryRole')).toEqual(
      [
        ...shared,
        ...readKey,
        'dynamodb:BatchGetItem',
        'dynamodb:GetItem',
        'dynamodb:Query',
        ...(dax ? ['dax:GetItem', 'dax:Query', ...network] : []),
      ].toSorted(),
    );
  });

  it('open to each function its own secrets', () => {
    const secrets = (role: string) =>
      statementsOf(template, role)
        .filter(({ Action }) => Action === 'secretsmanager:GetSecretValue')
        .flatMap(({ Resource }) => (Array.isArray(Resource) ? Resource : [Resource]) as { Ref: string }[])
        .map(({ Ref }) => template.Resources[Ref]?.Properties?.Name);
    expect(secrets('ProcessRole')).toEqual([`quartersec/${stage}/plaid`, `quartersec/${stage}/token-key`]);
    expect(secrets('QueryRole')).toEqual([`quartersec/${stage}/read-token-key`]);
  });

  it('open the key only by way of the services that hold the data', () => {
    for (const role of ['ProcessRole', 'QueryRole']) {
      const onKey = statementsOf(template, role).filter(({ Action }) => JSON.stringify(Action).includes('kms:'));
      expect(onKey).toHaveLength(2);
      for (const { Condition } of onKey) expect(JSON.stringify(Condition)).toContain('kms:ViaService');
    }
  });
});

it.each(wildcardReasons)('the reason for $policy: $actions is needed, and is a sentence', (reason) => {
  const wide = variants.flatMap(({ template }) => findWildcards(template));
  expect(wide.some((one) => reasonFor(one, [reason]) !== undefined)).toBe(true);
  expect(reason.reason).toMatch(/^[A-Z].{30,}\.$/);
});

it('only queues, topics, keys, functions and roles carry policies at all', () => {
  const carriers = Object.values(templateOf('prod', true).Resources)
    .filter(({ Properties }) => JSON.stringify(Properties ?? {}).includes('"Statement"'))
    .map(({ Type }) => Type);
  expect([...new Set(carriers)].toSorted()).toEqual([
    'AWS::IAM::Policy',
    'AWS::IAM::Role',
    'AWS::KMS::Key',
    'AWS::SNS::TopicPolicy',
    'AWS::SQS::QueuePolicy',
  ]);
  expect(resourcesOf(templateOf('prod', true), 'AWS::IAM::ManagedPolicy')).toEqual([]);
});

interface Statement {
  readonly Action: string | readonly string[];
  readonly Resource: unknown;
  readonly Condition?: unknown;
}

function statementsOf(template: Template, role: string): readonly Statement[] {
  const document = only(template, 'AWS::IAM::Policy', role).Properties?.PolicyDocument;
  return (document as { Statement: readonly Statement[] }).Statement;
}

function actionsOf(template: Template, role: string): readonly string[] {
  return [...new Set(statementsOf(template, role).flatMap(({ Action }) => Action))].toSorted();
}
