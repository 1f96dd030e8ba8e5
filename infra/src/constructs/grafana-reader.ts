/**
 * What Grafana's CloudWatch data source may do: read metrics, alarms and the log of the functions (the panel "Errors"), no data. On
 * demand the workspace, too.
 */
import { ArnFormat, Stack } from 'aws-cdk-lib';
import { CfnWorkspace } from 'aws-cdk-lib/aws-grafana';
import {
  AccountRootPrincipal,
  ArnPrincipal,
  type IPrincipal,
  PolicyStatement,
  Role,
  ServicePrincipal,
} from 'aws-cdk-lib/aws-iam';
import type { LogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import type { Settings } from '../settings.ts';

export interface GrafanaReaderProps {
  readonly reader: Settings['grafana'];
  readonly workspaceName: string;
  /** Those that the panel of errors may search. */
  readonly logGroups: readonly LogGroup[];
}

export class GrafanaReader extends Construct {
  readonly role: Role;

  constructor(scope: Construct, id: string, { reader, workspaceName, logGroups }: GrafanaReaderProps) {
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
          'logs:GetQueryResults', // of queries that StartQuery below began: AWS knows no resource for one that runs
          'logs:StopQuery',
        ],
        resources: ['*'],
      }),
    );
    const logGroupArn = (resourceName: string) =>
      Stack.of(this).formatArn({
        service: 'logs',
        resource: 'log-group',
        resourceName,
        arnFormat: ArnFormat.COLON_RESOURCE_NAME,
      });
    this.role.addToPolicy(
      new PolicyStatement({
        actions: ['logs:GetLogGroupFields', 'logs:StartQuery'],
        // AWS writes the ARN of a log group with and without ":*": the second form is what `logGroupArn` of CDK is
        resources: logGroups.flatMap((group) => [logGroupArn(group.logGroupName), group.logGroupArn]),
      }),
    );
    this.role.addToPolicy(new PolicyStatement({ actions: ['logs:DescribeLogGroups'], resources: [logGroupArn('*')] }));
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
