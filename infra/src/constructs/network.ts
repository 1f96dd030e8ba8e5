/**
 * The network that DAX needs, since a cluster lives in a VPC and its clients beside it. The functions' own way out is a NAT
 * gateway, because the provider is on the internet; docs/deploy.md weighs it against the others.
 */
import { RemovalPolicy } from 'aws-cdk-lib';
import {
  FlowLogDestination,
  FlowLogTrafficType,
  GatewayVpcEndpointAwsService,
  IpAddresses,
  Peer,
  Port,
  SecurityGroup,
  SubnetType,
  Vpc,
} from 'aws-cdk-lib/aws-ec2';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';

/** Of DAX with encryption in transit. */
export const daxPort = 9111;

export interface NetworkProps {
  readonly availabilityZones: 2 | 3;
  /** One a zone keeps the way out when a zone is lost; one in all is paid once. */
  readonly natGateways: number;
  readonly logRetentionDays: RetentionDays;
}

export class Network extends Construct {
  readonly vpc: Vpc;
  readonly functions: SecurityGroup;
  readonly cache: SecurityGroup;

  constructor(scope: Construct, id: string, props: NetworkProps) {
    super(scope, id);
    this.vpc = new Vpc(this, 'Vpc', {
      ipAddresses: IpAddresses.cidr('10.20.0.0/16'),
      maxAzs: props.availabilityZones,
      natGateways: props.natGateways,
      restrictDefaultSecurityGroup: false, // it would take a function of its own; nothing here uses the default group
      subnetConfiguration: [
        { name: 'way-out', subnetType: SubnetType.PUBLIC, cidrMask: 28, mapPublicIpOnLaunch: false },
        { name: 'functions', subnetType: SubnetType.PRIVATE_WITH_EGRESS, cidrMask: 20 },
        { name: 'cache', subnetType: SubnetType.PRIVATE_ISOLATED, cidrMask: 24 },
      ],
      // Free, and the table is by far the largest part of the traffic.
      gatewayEndpoints: { DynamoDb: { service: GatewayVpcEndpointAwsService.DYNAMODB } },
    });
    this.vpc.addFlowLog('Refused', {
      trafficType: FlowLogTrafficType.REJECT,
      destination: FlowLogDestination.toCloudWatchLogs(
        new LogGroup(this, 'RefusedLog', {
          retention: props.logRetentionDays,
          removalPolicy: RemovalPolicy.DESTROY,
        }),
      ),
    });
    const { vpc } = this;
    this.functions = new SecurityGroup(this, 'Functions', {
      vpc,
      description: 'The functions: out to HTTPS and DAX, nothing in',
      allowAllOutbound: false,
    });
    this.cache = new SecurityGroup(this, 'Cache', {
      vpc,
      description: 'DAX: in from the functions, nothing else',
      allowAllOutbound: false,
    });
    this.functions.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'providers and AWS');
    this.functions.addEgressRule(this.cache, Port.tcp(daxPort), 'DAX');
    this.cache.addIngressRule(this.functions, Port.tcp(daxPort), 'the functions');
    // Each node reaches the table and the others.
    this.cache.addEgressRule(Peer.anyIpv4(), Port.tcp(443), 'DynamoDB through the gateway endpoint');
    this.cache.addEgressRule(this.cache, Port.allTcp(), 'the other nodes');
    this.cache.addIngressRule(this.cache, Port.allTcp(), 'the other nodes');
  }
}
