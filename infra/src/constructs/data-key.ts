/** The one key of a stage: table, DAX, secrets and alarm messages. Revoking it closes all of them at once. */
import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

/** What DynamoDB and Secrets Manager ask of the caller's rights on the key, by the kind of access. */
export const keyActions = {
  read: ['kms:Decrypt', 'kms:DescribeKey'],
  write: [
    'kms:Encrypt',
    'kms:GenerateDataKey',
    'kms:GenerateDataKeyWithoutPlaintext',
    'kms:ReEncryptFrom',
    'kms:ReEncryptTo',
  ],
} as const;

export class DataKey extends Construct {
  readonly key: Key;

  constructor(scope: Construct, id: string, props: { readonly prefix: string; readonly keepsData: boolean }) {
    super(scope, id);
    this.key = new Key(this, 'Key', {
      alias: props.prefix,
      description: `${props.prefix}: table, secrets and alarm messages`,
      enableKeyRotation: true,
      removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    const { account, region, partition } = Stack.of(this);
    // An alarm publishes as the service itself, and the key of AWS for SNS does not let it.
    this.key.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
        resources: ['*'], // of a key policy: this key
        conditions: {
          StringEquals: { 'aws:SourceAccount': account },
          ArnLike: { 'aws:SourceArn': `arn:${partition}:cloudwatch:${region}:${account}:alarm:${props.prefix}-*` },
        },
      }),
    );
  }

  /** The key's use through one service only: with these rights alone nobody can decrypt a backup by hand. */
  use(service: 'dynamodb' | 'secretsmanager', access: 'read' | 'write'): PolicyStatement {
    return new PolicyStatement({
      actions: access === 'read' ? [...keyActions.read] : [...keyActions.read, ...keyActions.write],
      resources: [this.key.keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${Stack.of(this).region}.amazonaws.com` } },
    });
  }
}
