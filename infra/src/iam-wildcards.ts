/**
 * Every permission that is wider than one action on one resource, and why. cdk-nag looks at some of them; this looks at each
 * statement that allows, in roles, keys, queues and topics alike.
 */
import type { Template } from './template.ts';

interface Statement {
  readonly Effect: string;
  readonly Action?: unknown;
  readonly NotAction?: unknown;
  readonly Resource?: unknown;
  readonly NotResource?: unknown;
}

export interface Wildcard {
  /** Logical id without CDK's hash. */
  readonly policy: string;
  readonly actions: readonly string[];
  /** What is wide: actions with a star, the resource, or all but what is named. */
  readonly wide: string;
}

export interface WildcardReason {
  readonly policy: string;
  /** All of them, so that a new action beside them is a finding. */
  readonly actions: readonly string[];
  readonly reason: string;
}

/** EC2 gives no rights on an interface that does not exist yet. */
const networkInterfaces = [
  'ec2:AssignPrivateIpAddresses',
  'ec2:CreateNetworkInterface',
  'ec2:DeleteNetworkInterface',
  'ec2:DescribeNetworkInterfaces',
  'ec2:DescribeSubnets',
  'ec2:UnassignPrivateIpAddresses',
];
const inVpc =
  'Lambda makes the network interfaces of a function in a VPC with the rights of its role, before they have a name.';
const ofThisKey = 'The resource of a key policy is the key that it belongs to, and is always written as a star.';

export const wildcardReasons: readonly WildcardReason[] = [
  { policy: 'ProcessRoleDefaultPolicy', actions: networkInterfaces, reason: inVpc },
  { policy: 'QueryRoleDefaultPolicy', actions: networkInterfaces, reason: inVpc },
  { policy: 'ConnectRoleDefaultPolicy', actions: networkInterfaces, reason: inVpc },
  {
    policy: 'GrafanaRoleDefaultPolicy',
    actions: [
      'cloudwatch:DescribeAlarmHistory',
      'cloudwatch:DescribeAlarms',
      'cloudwatch:DescribeAlarmsForMetric',
      'cloudwatch:GetMetricData',
      'cloudwatch:ListMetrics',
      'logs:GetQueryResults',
      'logs:StopQuery',
    ],
    reason:
      'Reads only: CloudWatch knows no resource to name for metrics, nor for a log query that runs; StartQuery names its log groups.',
  },
  {
    policy: 'GrafanaRoleDefaultPolicy',
    actions: ['logs:DescribeLogGroups'],
    reason:
      'The choice of log groups lists names, and a list has no group to name; what they hold is read by StartQuery alone.',
  },
  {
    policy: 'DataKey',
    actions: ['kms:*'],
    reason: `The account itself, without which nobody could ever change the key again; who may use it is said by IAM. ${ofThisKey}`,
  },
  { policy: 'DataKey', actions: ['kms:Decrypt', 'kms:GenerateDataKey'], reason: `Alarms that publish. ${ofThisKey}` },
  {
    policy: 'DataKey',
    actions: [
      'kms:CreateGrant',
      'kms:Decrypt',
      'kms:DescribeKey',
      'kms:Encrypt',
      'kms:GenerateDataKey*',
      'kms:ReEncrypt*',
    ],
    reason: `CDK's own statement for Secrets Manager, bound to calls through it (kms:ViaService). ${ofThisKey}`,
  },
];

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value];

const withoutHash = (logicalId: string) => logicalId.replace(/[0-9A-F]{8}$/, '');

function wideParts(statement: Statement): readonly string[] {
  const actions = listOf(statement.Action).filter((action) => String(action).includes('*'));
  const resources = listOf(statement.Resource).filter((resource) => JSON.stringify(resource).includes('*'));
  return [
    ...(actions.length > 0 ? [`actions ${actions.join(', ')}`] : []),
    ...(resources.length > 0 ? [`resource ${JSON.stringify(resources)}`] : []),
    ...(statement.NotAction === undefined ? [] : ['NotAction']),
    ...(statement.NotResource === undefined ? [] : ['NotResource']),
  ];
}

/** Policy documents of a resource, wherever it has them: all but who may take a role, which has no resource. */
function statementsOf(value: unknown): readonly Statement[] {
  if (Array.isArray(value)) return value.flatMap(statementsOf);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => {
    if (name === 'AssumeRolePolicyDocument') return [];
    return name === 'Statement' ? (listOf(member) as Statement[]) : statementsOf(member);
  });
}

export function findWildcards(template: Template): readonly Wildcard[] {
  return Object.entries(template.Resources).flatMap(([logicalId, { Properties }]) =>
    statementsOf(Properties)
      .filter(({ Effect }) => Effect === 'Allow')
      .flatMap((statement) => {
        const wide = wideParts(statement).join('; ');
        const actions = listOf(statement.Action ?? statement.NotAction).map(String);
        return wide === '' ? [] : [{ policy: withoutHash(logicalId), actions, wide }];
      }),
  );
}

export function reasonFor(
  { policy, actions }: Wildcard,
  reasons: readonly WildcardReason[],
): WildcardReason | undefined {
  return reasons.find((one) => one.policy === policy && one.actions.toSorted().join() === actions.toSorted().join());
}

/** AWS-managed policies attached to roles: wide by nature, and changed by somebody else. */
export function managedPolicies(template: Template): readonly string[] {
  return Object.entries(template.Resources)
    .filter(([, { Type }]) => Type === 'AWS::IAM::Role')
    .flatMap(([logicalId, { Properties }]) =>
      listOf(Properties?.ManagedPolicyArns).map((arn) => `${withoutHash(logicalId)}: ${JSON.stringify(arn)}`),
    );
}
