import { describe, expect, it } from 'vitest';
import { findWildcards, reasonFor, wildcardReasons } from '../iam-wildcards.ts';
import { stages } from '../stage.ts';
import { resourcesOf } from '../template.ts';
import { only, synthesizeVariant, templateOf } from '../testing/variants.ts';

const withBus = stages.map((stage) => ({ ...synthesizeVariant(stage, { changes: 'true' }), stage }));
const arnOf = (idStart: string) => ({ 'Fn::GetAtt': [expect.stringMatching(new RegExp(`^${idStart}`)), 'Arn'] });
const streamArn = { 'Fn::GetAtt': [expect.stringMatching(/^JournalTable/), 'StreamArn'] };

describe.each(withBus)('the bus of changes of $stage', ({ template, stage }) => {
  const pipe = only(template, 'AWS::Pipes::Pipe');

  it('follows a stream of keys: no item leaves the table by it', () => {
    expect(only(template, 'AWS::DynamoDB::Table').Properties?.StreamSpecification).toEqual({
      StreamViewType: 'KEYS_ONLY',
    });
  });

  it('takes new journal entries alone, and says which connection got which entry', () => {
    expect(pipe.Properties).toMatchObject({
      Name: `quartersec-${stage}-changes`,
      Source: streamArn,
      Target: arnOf('ChangesBus'),
      TargetParameters: {
        EventBridgeEventBusParameters: { Source: 'quartersec', DetailType: 'connection.advanced' },
        // A pipe puts a text between quotes that are there, and an object where none are.
        InputTemplate: '{"connectionKey":"<$.dynamodb.Keys.pk.S>","entryKey":"<$.dynamodb.Keys.sk.S>"}',
      },
    });
    expect(pipe.Properties?.SourceParameters).toMatchObject({
      FilterCriteria: {
        Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"LOG#"}]}}}}' }],
      },
    });
  });

  it('misses nothing while it starts, tries a batch again, and gives up a record rather than its shard', () => {
    expect(pipe.Properties?.SourceParameters).toMatchObject({
      DynamoDBStreamParameters: {
        StartingPosition: 'TRIM_HORIZON',
        BatchSize: 10,
        MaximumRetryAttempts: 10,
        MaximumRecordAgeInSeconds: 3_600,
        OnPartialBatchItemFailure: 'AUTOMATIC_BISECT',
        DeadLetterConfig: { Arn: arnOf('ChangesDead') },
      },
    });
    expect(only(template, 'AWS::SQS::Queue', 'ChangesDead').Properties).toMatchObject({
      QueueName: `quartersec-${stage}-changes-dead`,
      SqsManagedSseEnabled: true,
      MessageRetentionPeriod: 1_209_600,
    });
  });

  it('runs as a role that reads this stream, and writes to this bus and these dead letters', () => {
    const { PolicyDocument } = only(template, 'AWS::IAM::Policy', 'ChangesRole').Properties as {
      PolicyDocument: { Statement: unknown[] };
    };
    expect(PolicyDocument.Statement).toEqual([
      {
        Effect: 'Allow',
        Action: ['dynamodb:DescribeStream', 'dynamodb:GetRecords', 'dynamodb:GetShardIterator', 'dynamodb:ListStreams'],
        Resource: streamArn,
      },
      {
        Effect: 'Allow',
        Action: ['kms:Decrypt', 'kms:DescribeKey'],
        Resource: arnOf('DataKey'),
        Condition: { StringEquals: { 'kms:ViaService': { 'Fn::Join': ['', expect.arrayContaining(['dynamodb.'])] } } },
      },
      { Effect: 'Allow', Action: 'events:PutEvents', Resource: arnOf('ChangesBus') },
      { Effect: 'Allow', Action: 'sqs:SendMessage', Resource: arnOf('ChangesDead') },
    ]);
    const trust = JSON.stringify(only(template, 'AWS::IAM::Role', 'ChangesRole').Properties?.AssumeRolePolicyDocument);
    expect(trust).toContain('"Service":"pipes.amazonaws.com"');
    expect(trust).toContain(`:pipe/quartersec-${stage}-changes`);
    expect(pipe).toMatchObject({ DependsOn: expect.arrayContaining([expect.stringMatching(/^ChangesRoleDefault/)]) });
  });

  it('lets nobody of another account put or read by a policy of its own', () => {
    expect(only(template, 'AWS::Events::EventBus').Properties).toMatchObject({ Name: `quartersec-${stage}-changes` });
    expect(resourcesOf(template, 'AWS::Events::EventBusPolicy')).toEqual([]);
  });

  it('tells somebody of changes that did not reach it', () => {
    const [, alarm] = resourcesOf(template, 'AWS::CloudWatch::Alarm').find(([id]) => id.startsWith('Changes')) ?? [];
    expect(alarm?.Properties).toMatchObject({
      AlarmName: `quartersec-${stage}-ChangesUndelivered`,
      AlarmDescription: expect.stringMatching(/ docs\/deploy\.md#the-change-bus$/),
      Namespace: 'AWS/SQS',
      MetricName: 'ApproximateNumberOfMessagesVisible',
      Dimensions: [
        { Name: 'QueueName', Value: { 'Fn::GetAtt': [expect.stringMatching(/^ChangesDead/), 'QueueName'] } },
      ],
      Threshold: 1,
      AlarmActions: [{ Ref: expect.stringMatching(/^AlarmsTopic/) }],
    });
  });

  it('needs no permission wider than one action on one resource', () => {
    const wide = findWildcards(template).filter((one) => reasonFor(one, wildcardReasons) === undefined);
    expect(wide).toEqual([]);
  });

  it('is named in the outputs', () => {
    expect((template as unknown as { Outputs: object }).Outputs).toMatchObject({
      ChangeBusName: { Value: { Ref: expect.stringMatching(/^ChangesBus/) } },
    });
  });
});

it.each(stages)('is not there in %s unless it is asked for, nor the stream', (stage) => {
  const template = templateOf(stage, true);
  expect(only(template, 'AWS::DynamoDB::Table').Properties).not.toHaveProperty('StreamSpecification');
  const types = Object.values(template.Resources).map(({ Type }) => Type);
  expect(types.filter((type) => /^AWS::(?:Events|Pipes)::/.test(type))).toEqual([]);
});
