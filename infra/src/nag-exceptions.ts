/** Findings of cdk-nag (AwsSolutions) that are accepted, each where it is and why. A test asks for every one of them to be needed. */

import { apiRoutes } from './api-routes.ts';

export interface NagException {
  /** As cdk-nag writes it, with the detail in brackets where it has one. */
  readonly finding: string;
  /** Construct paths below the stack. */
  readonly paths: readonly string[];
  readonly reason: string;
}

export const nagExceptions: readonly NagException[] = [
  {
    finding: 'AwsSolutions-SMG4',
    paths: ['Secrets/tokenKey/Resource'],
    reason:
      'This key seals the stored access tokens: a key that rotated by itself would leave all of them shut; docs/operate.md has the steps, and a command seals them anew.',
  },
  {
    finding: 'AwsSolutions-SMG4',
    paths: ['Secrets/plaid/Resource'],
    reason:
      'Only Plaid can make its secret, and offers no way for a rotation function to ask for one; docs/deploy.md has the steps by hand.',
  },
  {
    finding: 'AwsSolutions-SMG4',
    paths: ['Secrets/openBankingUk/Resource'],
    reason:
      'Each bank must have the public key before we sign with the private one, so a rotation function cannot change it alone: docs/deploy.md has the steps by hand.',
  },
  {
    finding: 'AwsSolutions-SMG4',
    paths: ['Secrets/berlinGroup/Resource'],
    reason:
      'A qualified authority alone can make the certificate, and banks must know it before we show it: docs/operate.md has the steps by hand.',
  },
  {
    finding: 'AwsSolutions-SMG4',
    paths: ['Secrets/readTokenKey/Resource'],
    reason:
      'Whoever signs the bearer tokens must change keys at the same moment, and that is a system of its own; docs/deploy.md has the steps.',
  },
  {
    finding: 'AwsSolutions-APIG4',
    paths: Object.values(apiRoutes).flatMap((keys) =>
      keys.map((key) => `Http/Api/${key.replace(' ', '').replaceAll('/', '--')}/Resource`),
    ),
    reason:
      'The function behind each route verifies the bearer token or the signature itself: an authorizer would have to read the body for one, and be paid twice for the other.',
  },
  {
    finding: 'AwsSolutions-SQS3',
    paths: ['Changes/Dead/Resource'],
    reason:
      'It is a dead-letter queue itself: of a pipe, where the rule knows only those that another queue names; an alarm looks at it.',
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    paths: [
      'Process/Role/DefaultPolicy/Resource',
      'Query/Role/DefaultPolicy/Resource',
      'Connect/Role/DefaultPolicy/Resource',
    ],
    reason:
      'A function in a VPC makes its own network interfaces, and EC2 takes no resource in place of a star for describing them.',
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::*]',
    paths: ['Grafana/Role/DefaultPolicy/Resource'],
    reason:
      'Reading metrics, alarms and results: CloudWatch has no resources to name for GetMetricData, ListMetrics and GetQueryResults.',
  },
  {
    finding: 'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:logs:<AWS::Region>:<AWS::AccountId>:log-group:*]',
    paths: ['Grafana/Role/DefaultPolicy/Resource'],
    reason:
      'DescribeLogGroups alone: it lists names for the choice of log groups. What they hold is read from the named ones only.',
  },
];
