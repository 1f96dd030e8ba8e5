/**
 * Each new journal entry as an event on a bus of its own, for consumers that follow connections without polling. An event says which
 * connection got which entry, and nothing of what is in it (docs/decisions/thin-change-events.md): readers ask `GET /v1/changes`.
 */
import { Duration, Stack } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnPipe } from 'aws-cdk-lib/aws-pipes';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { DataKey } from './data-key.ts';

export const changeEvent = { source: 'quartersec', detailType: 'connection.advanced' } as const;

/**
 * Entries alone, and only when they are made: heads follow from them, and who erases a connection knows it. What does not match is
 * not paid for.
 */
const newEntries = { eventName: ['INSERT'], dynamodb: { Keys: { sk: { S: [{ prefix: 'LOG#' }] } } } };
/** The keys as they are: a template of a pipe copies a text, it cannot cut `CONN#` off. */
const detail = { connectionKey: '<$.dynamodb.Keys.pk.S>', entryKey: '<$.dynamodb.Keys.sk.S>' };

/** A call to put events takes ten at most. */
const batchSize = 10;
/** Then the batch is halved, and what still fails goes to the dead letters: a shard must not wait a day behind one record. */
const retriesAtMost = 10;
const recordAgeAtMostSeconds = 3_600;

export interface ChangeBusProps {
  readonly busName: string;
  readonly pipeName: string;
  readonly deadLetterQueueName: string;
  readonly alarm: { readonly prefix: string; readonly topicArn: string; readonly docsUrl: string | undefined };
  /** With a stream of its keys. */
  readonly table: Table;
  readonly dataKey: DataKey;
}

export class ChangeBus extends Construct {
  readonly bus: EventBus;

  /** @throws {Error} where the table has no stream */
  constructor(scope: Construct, id: string, props: ChangeBusProps) {
    super(scope, id);
    const { tableStreamArn } = props.table;
    if (tableStreamArn === undefined) throw new Error('the table has no stream to follow');
    // Events name a connection and hold no data of it: the keys of AWS are enough here and for the dead letters, and no reader
    // of the bus needs a right on ours.
    this.bus = new EventBus(this, 'Bus', {
      eventBusName: props.busName,
      description: 'One event for each new journal entry of a connection',
    });
    const dead = new Queue(this, 'Dead', {
      queueName: props.deadLetterQueueName,
      enforceSSL: true,
      encryption: QueueEncryption.SQS_MANAGED,
      retentionPeriod: Duration.days(14),
    });

    const { account, region, partition } = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('pipes.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': `arn:${partition}:pipes:${region}:${account}:pipe/${props.pipeName}`,
          },
        },
      }),
    });
    const allow = (resource: string, ...actions: readonly string[]) =>
      role.addToPolicy(new PolicyStatement({ actions: [...actions], resources: [resource] }));
    allow(
      tableStreamArn,
      'dynamodb:DescribeStream',
      'dynamodb:GetRecords',
      'dynamodb:GetShardIterator',
      'dynamodb:ListStreams',
    );
    role.addToPolicy(props.dataKey.use('dynamodb', 'read'));
    allow(this.bus.eventBusArn, 'events:PutEvents');
    allow(dead.queueArn, 'sqs:SendMessage');

    const pipe = new CfnPipe(this, 'Pipe', {
      name: props.pipeName,
      description: 'New journal entries to the bus of changes',
      roleArn: role.roleArn,
      source: tableStreamArn,
      sourceParameters: {
        filterCriteria: { filters: [{ pattern: JSON.stringify(newEntries) }] },
        dynamoDbStreamParameters: {
          // A pipe that begins with the latest record misses what is written while it starts.
          startingPosition: 'TRIM_HORIZON',
          batchSize,
          maximumRetryAttempts: retriesAtMost,
          maximumRecordAgeInSeconds: recordAgeAtMostSeconds,
          onPartialBatchItemFailure: 'AUTOMATIC_BISECT',
          deadLetterConfig: { arn: dead.queueArn },
        },
      },
      target: this.bus.eventBusArn,
      targetParameters: { eventBridgeEventBusParameters: { ...changeEvent }, inputTemplate: JSON.stringify(detail) },
    });
    pipe.node.addDependency(role); // with its rights: a pipe that may not read its source yet fails to start

    new CfnAlarm(this, 'Undelivered', {
      alarmName: `${props.alarm.prefix}-ChangesUndelivered`,
      alarmDescription: `Changes did not reach the bus of changes. See ${props.alarm.docsUrl ?? 'docs'}/deploy.md#the-change-bus`,
      namespace: 'AWS/SQS',
      metricName: 'ApproximateNumberOfMessagesVisible',
      dimensions: [{ name: 'QueueName', value: dead.queueName }],
      statistic: 'Maximum',
      period: 60,
      evaluationPeriods: 1,
      threshold: 1,
      comparisonOperator: 'GreaterThanOrEqualToThreshold',
      treatMissingData: 'notBreaching',
      alarmActions: [props.alarm.topicArn],
      okActions: [props.alarm.topicArn],
    });
  }
}
