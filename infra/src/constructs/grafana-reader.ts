/** What Grafana's CloudWatch data source may do: read metrics and alarms, no logs and no data. On demand the workspace, too. */
import { Stack } from 'aws-cdk-lib';
import { CfnWorkspace } from 'aws-cdk-lib/aws-grafana';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

export interface GrafanaReaderProps {
  readonly reader: Settings['grafana'];
  readonly workspaceName: string;
}

export class GrafanaReader extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { reader, workspaceName }: GrafanaReaderProps) {
    super(scope, id);
    this.role = new Role(this, 'Role', { assumedBy: readerPrincipal(reader, Stack.of(this).account) });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: [
          'cloudwatch:GetMetricData',
          'cloudwatch:ListMetrics',
          'cloudwatch:DescribeAlarms',
          'cloudwatch:DescribeAlarmsForMetric',
          'cloudwatch:DescribeAlarmHistory',
        ],
        resources: ['*'],
      }),
    );
    if (reader === 'managed') {
      new CfnWorkspace(this, 'Workspace', {
        name: workspaceName,
        accountAccessType: 'CURRENT_ACCOUNT',
        authenticationProviders: ['AWS_SSO'],
        permissionType: 'CUSTOMER_MANAGED',
        roleArn: this.role.roleArn,
        dataSources: ['CLOUDWATCH'],
      });
    }
  }
}

function readerPrincipal(reader: Settings['grafana'], account: string): IPrincipal {
  if (reader === 'account') return new AccountRootPrincipal();
  if (reader === 'managed') {
    return new ServicePrincipal('grafana.amazonaws.com', {
      conditions: { StringEquals: { 'aws:SourceAccount': account } },
    });
  }
  return new ArnPrincipal(reader);
}
