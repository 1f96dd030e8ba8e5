/** The table of the journal. Its shape is the storage library's (`tableDefinition`); a test holds the two equal. */
import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, BillingMode, StreamViewType, Table, TableEncryption } from 'aws-cdk-lib/aws-dynamodb';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Construct } from 'constructs';

export interface JournalTableProps {
  readonly tableName: string;
  readonly encryptionKey: Key;
  readonly keepsData: boolean;
  /** A stream of the keys of what is written: never of the items, which are bank data. */
  readonly streamsKeys: boolean;
}

export class JournalTable extends Construct {
  readonly table: Table;

  constructor(scope: Construct, id: string, props: JournalTableProps) {
    super(scope, id);
    this.table = new Table(this, 'Table', {
      tableName: props.tableName,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      timeToLiveAttribute: 'expiresEpochSeconds',
      billingMode: BillingMode.PAY_PER_REQUEST,
      encryption: TableEncryption.CUSTOMER_MANAGED,
      encryptionKey: props.encryptionKey,
      ...(props.streamsKeys ? { stream: StreamViewType.KEYS_ONLY } : {}),
      // Also in dev: it is what a damaged entry is restored from, and dev holds little.
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: props.keepsData,
      removalPolicy: props.keepsData ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
  }
}
