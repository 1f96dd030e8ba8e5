/**
 * The backstop for webhooks: once a minute, one message to the sync queue. Each minute `process` looks at another part of its list of
 * connections and asks for those that are due (docs/decisions/schedule.md). The schedule's role can send to that queue, nothing else.
 */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnSchedule, CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

/** As `process` reads it; the sandbox's timer sends the same. */
export const scheduleInput = JSON.stringify({ type: 'ScheduleDue' });

export class SyncSchedule extends Construct {
  constructor(scope: Construct, id: string, props: { readonly name: string; readonly queue: Queue }) {
    super(scope, id);
    const group = new CfnScheduleGroup(this, 'Group', { name: props.name });
    const { account, region, partition } = Stack.of(this);
    const role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': `arn:${partition}:scheduler:${region}:${account}:schedule-group/${props.name}`,
          },
        },
      }),
    });
    role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.queue.queueArn] }));
    const schedule = new CfnSchedule(this, 'EachMinute', {
      name: 'due',
      groupName: props.name,
      description: 'Asks for connections that nobody has asked for',
      scheduleExpression: 'rate(1 minute)',
      flexibleTimeWindow: { mode: 'OFF' },
      // A minute that is missed is made up for by the part's next turn, about an hour later: no retry, no dead letters.
      target: {
        arn: props.queue.queueArn,
        roleArn: role.roleArn,
        input: scheduleInput,
        retryPolicy: { maximumRetryAttempts: 2, maximumEventAgeInSeconds: 60 },
      },
    });
    schedule.addDependency(group);
  }
}
