/** DAX in front of the table: encrypted at rest and in transit, reachable by the functions alone. */
import { CfnCluster, CfnParameterGroup, CfnSubnetGroup } from 'aws-cdk-lib/aws-dax';
import type { Table } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { DataKey } from './data-key.ts';
import type { Network } from './network.ts';

/** Heads are written through and entries never change, so age does no harm; docs/dax.md says where it could. */
const itemTtlMs = 300_000;
const queryTtlMs = 300_000;

export interface DaxClusterProps {
  readonly clusterName: string;
  readonly nodeType: string;
  readonly nodes: number;
  readonly network: Network;
  readonly table: Table;
  readonly dataKey: DataKey;
}

export class DaxCluster extends Construct {
  /** `daxs://...`, for `DAX_ENDPOINT`. */
  readonly endpoint: string;
  readonly clusterName: string;
  readonly #arn: string;

  constructor(scope: Construct, id: string, props: DaxClusterProps) {
    super(scope, id);
    const role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('dax.amazonaws.com') });
    role.addToPolicy(
      new PolicyStatement({
        actions: [
          'dynamodb:DescribeTable',
          'dynamodb:GetItem',
          'dynamodb:Query',
          'dynamodb:PutItem',
          'dynamodb:DeleteItem', // npm run forget
        ],
        resources: [props.table.tableArn],
      }),
    );
    role.addToPolicy(props.dataKey.use('dynamodb', 'write'));

    const subnets = new CfnSubnetGroup(this, 'Subnets', {
      subnetIds: props.network.vpc.isolatedSubnets.map(({ subnetId }) => subnetId),
      description: 'without a way to the internet',
    });
    const parameters = new CfnParameterGroup(this, 'Parameters', {
      parameterNameValues: {
        'record-ttl-millis': String(itemTtlMs),
        'query-ttl-millis': String(queryTtlMs),
      },
    });
    const cluster = new CfnCluster(this, 'Cluster', {
      clusterName: props.clusterName,
      nodeType: props.nodeType,
      replicationFactor: props.nodes,
      iamRoleArn: role.roleArn,
      subnetGroupName: subnets.ref,
      parameterGroupName: parameters.ref,
      securityGroupIds: [props.network.cache.securityGroupId],
      sseSpecification: { sseEnabled: true },
      clusterEndpointEncryptionType: 'TLS',
    });
    cluster.node.addDependency(role);
    this.endpoint = cluster.attrClusterDiscoveryEndpointUrl;
    this.clusterName = props.clusterName;
    this.#arn = cluster.attrArn;
  }

  /** @param actions of a function: what it calls through DAX, and no more */
  allow(...actions: readonly `dax:${string}`[]): PolicyStatement {
    return new PolicyStatement({ actions: [...actions], resources: [this.#arn] });
  }
}
