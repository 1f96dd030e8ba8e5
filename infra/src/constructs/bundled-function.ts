/**
 * A function from its bundle, with a role of its own that may do what it is told to and write its log, nothing else. Callers get
 * the alias: a deployment moves it in one step, and warm environments belong to it.
 */
import { Duration, Fn, RemovalPolicy } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Alias,
  ApplicationLogLevel,
  Architecture,
  Code,
  FunctionUrlAuthType,
  Function as LambdaFunction,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
} from 'aws-cdk-lib/aws-lambda';
import { LogGroup, type RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import type { DataKey } from './data-key.ts';
import type { Network } from './network.ts';

/** As in the sandbox: the hard deadline of an event twice over. */
export const functionTimeoutSeconds = 5;

/** Beyond what `connect` gives a call, and within the 30 s that an HTTP API waits. */
export const connectTimeoutSeconds = 29;

export interface BundledFunctionProps {
  readonly functionName: string;
  readonly description: string;
  /** Folder of the bundle. Source maps stay behind: the runtime does not read them. */
  readonly bundle: string;
  readonly memoryMb: number;
  /** Default: that of an event. */
  readonly timeoutSeconds?: number;
  readonly logRetentionDays: RetentionDays;
  /** Plain settings; what is secret goes into `secrets`. */
  readonly environment: Readonly<Record<string, string>>;
  /** Read once by each environment, see `secrets.ts` of the processor. */
  readonly secrets: readonly Secret[];
  /** Part of the version: another text, and every environment is made anew. */
  readonly secretsOf: string | undefined;
  readonly dataKey: DataKey;
  readonly allowed: readonly PolicyStatement[];
  readonly network: Network | undefined;
  /** Environments kept warm. */
  readonly warm: number;
  readonly concurrencyAtMost?: number | undefined;
}

export class BundledFunction extends Construct {
  readonly alias: Alias;
  readonly role: Role;
  readonly logGroup: LogGroup;

  constructor(scope: Construct, id: string, props: BundledFunctionProps) {
    super(scope, id);
    const { network } = props;
    this.logGroup = new LogGroup(this, 'Log', {
      logGroupName: `/aws/lambda/${props.functionName}`,
      retention: props.logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const allow = (actions: string[], resources: string[]) =>
      this.role.addToPolicy(new PolicyStatement({ actions, resources }));
    allow(['logs:CreateLogStream', 'logs:PutLogEvents'], [this.logGroup.logGroupArn]);
    const secretArns = props.secrets.map(({ secretArn }) => secretArn);
    if (secretArns.length > 0) {
      allow(['secretsmanager:GetSecretValue'], secretArns);
      this.role.addToPolicy(props.dataKey.use('secretsmanager', 'read'));
    }
    if (network !== undefined) {
      allow(
        [
          'ec2:CreateNetworkInterface',
          'ec2:DescribeNetworkInterfaces',
          'ec2:DescribeSubnets',
          'ec2:DeleteNetworkInterface',
          'ec2:AssignPrivateIpAddresses',
          'ec2:UnassignPrivateIpAddresses',
        ],
        ['*'],
      );
    }
    for (const statement of props.allowed) this.role.addToPolicy(statement);

    const lambda = new LambdaFunction(this, 'Function', {
      functionName: props.functionName,
      description: [
        props.description,
        ...(props.secretsOf === undefined ? [] : [`secrets of ${props.secretsOf}`]),
      ].join('; '),
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64, // cheaper for the same work, and the bundles have nothing native
      handler: 'index.handler',
      code: Code.fromAsset(props.bundle, { exclude: ['*.map'] }),
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds ?? functionTimeoutSeconds),
      environment: { ...props.environment, ...(secretArns.length > 0 && { SECRET_ARNS: secretArns.join() }) },
      role: this.role.withoutPolicyUpdates(), // what it may do stands above, and nowhere else
      logGroup: this.logGroup,
      // Lines are JSON already and stay as they are. START, END and REPORT would be a third of the log (docs/cost.md).
      loggingFormat: LoggingFormat.JSON,
      systemLogLevelV2: SystemLogLevel.WARN,
      applicationLogLevelV2: ApplicationLogLevel.INFO,
      ...(props.concurrencyAtMost === undefined ? {} : { reservedConcurrentExecutions: props.concurrencyAtMost }),
      ...(network === undefined
        ? {}
        : {
            vpc: network.vpc,
            vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
            securityGroups: [network.functions],
          }),
    });
    lambda.node.addDependency(this.role); // its first environment reads secrets: the rights must be there
    this.alias = new Alias(this, 'Live', {
      aliasName: 'live',
      version: lambda.currentVersion,
      ...(props.warm === 0 ? {} : { provisionedConcurrentExecutions: props.warm }),
    });
  }

  /**
   * An address on the internet, for a function that verifies each request itself and whose concurrency is capped: nothing else limits it.
   * @returns without a slash at its end
   */
  ownAddress(): string {
    const { url } = this.alias.addFunctionUrl({ authType: FunctionUrlAuthType.NONE });
    return Fn.join('', ['https://', Fn.select(2, Fn.split('/', url))]);
  }
}
