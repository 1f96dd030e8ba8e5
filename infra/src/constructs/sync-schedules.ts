/**
 * Where the schedules of connections live: one EventBridge schedule a connection, made by whoever links it (docs/deploy.md).
 * So there is no function that wakes up and no scan that finds out who is due, each connection has its own rhythm and time
 * zone, and a schedule can do one thing only: send to the sync queue.
 */
import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnScheduleGroup } from 'aws-cdk-lib/aws-scheduler';
import type { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';

export class SyncSchedules extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, props: { readonly groupName: string; readonly queue: Queue }) {
    super(scope, id);
    new CfnScheduleGroup(this, 'Group', { name: props.groupName });
    const { account, region, partition } = Stack.of(this);
    this.role = new Role(this, 'Role', {
      assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
        conditions: {
          StringEquals: {
            'aws:SourceAccount': account,
            'aws:SourceArn': `arn:${partition}:scheduler:${region}:${account}:schedule-group/${props.groupName}`,
          },
        },
      }),
    });
    this.role.addToPolicy(new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [props.queue.queueArn] }));
  }
}
