/**
 * What moto 5.2.5 cannot deploy of our templates. What is not listed here has been deployed to it; a gap that it has closed is a
 * failure, so that the list stays as short as the truth.
 */

export interface MotoGap {
  readonly type: string;
  /** Only this property; without it, the whole type. */
  readonly property?: string;
  readonly reason: string;
}

/** Operations of the AWS CLI on docs/operate.md that moto does not have: the CLI looks at them, nothing is done. */
export const operationGaps: readonly { readonly operation: string; readonly reason: string }[] = [
  { operation: 'dax reboot-node', reason: 'moto keeps DAX clusters, and restarts no node' },
];

const noModel = 'moto serves it by its API, and has no model of it for CloudFormation';
const notServed = 'moto does not know the service';

export const motoGaps: readonly MotoGap[] = [
  { type: 'AWS::ApiGatewayV2::Api', reason: noModel },
  { type: 'AWS::ApiGatewayV2::Integration', reason: noModel },
  { type: 'AWS::ApiGatewayV2::Route', reason: noModel },
  { type: 'AWS::ApiGatewayV2::Stage', reason: noModel },
  { type: 'AWS::CloudWatch::Alarm', reason: noModel },
  { type: 'AWS::CloudWatch::CompositeAlarm', reason: noModel },
  { type: 'AWS::DAX::Cluster', reason: noModel },
  { type: 'AWS::DAX::ParameterGroup', reason: noModel },
  { type: 'AWS::DAX::SubnetGroup', reason: noModel },
  { type: 'AWS::EC2::SecurityGroupEgress', reason: 'moto has a model of the rules for what comes in only' },
  { type: 'AWS::Grafana::Workspace', reason: notServed },
  { type: 'AWS::Lambda::Alias', reason: noModel },
  { type: 'AWS::Logs::MetricFilter', reason: noModel },
  { type: 'AWS::Pipes::Pipe', reason: noModel },
  { type: 'AWS::SNS::Subscription', reason: noModel },
  { type: 'AWS::SNS::TopicPolicy', reason: noModel },
  { type: 'AWS::SQS::QueuePolicy', reason: noModel },
  { type: 'AWS::Scheduler::Schedule', reason: noModel },
  { type: 'AWS::Scheduler::ScheduleGroup', reason: noModel },
  { type: 'AWS::SecretsManager::Secret', reason: noModel },
  {
    type: 'AWS::KMS::Key',
    property: 'Tags',
    reason: 'moto reads the tags of the API (TagKey) where CloudFormation has its own form (Key), and breaks off',
  },
];
