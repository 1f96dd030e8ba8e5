/** Everything of one stage, wired. In one stack: the table is kept and guarded by itself, and a deployment is one step. */
import { CfnOutput, Fn, Stack, type StackProps, Tags } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { webhookPath } from './api-routes.ts';
import { AlarmTopic } from './constructs/alarm-topic.ts';
import { BundledFunction, connectTimeoutSeconds, functionTimeoutSeconds } from './constructs/bundled-function.ts';
import { ChangeBus } from './constructs/change-bus.ts';
import { DataKey } from './constructs/data-key.ts';
import { DaxCluster } from './constructs/dax-cluster.ts';
import { FunctionSecrets } from './constructs/function-secrets.ts';
import { GrafanaReader } from './constructs/grafana-reader.ts';
import { PublicApi } from './constructs/http-api.ts';
import { JournalTable } from './constructs/journal-table.ts';
import { Network } from './constructs/network.ts';
import { SlaAlarms } from './constructs/sla-alarms.ts';
import { SlaDashboard } from './constructs/sla-dashboard.ts';
import { SyncQueues } from './constructs/sync-queues.ts';
import { SyncSchedule } from './constructs/sync-schedule.ts';
import type { MetricSources } from './metric-sources.ts';
import { resourceNames } from './resource-names.ts';
import type { LinkedBanks, ReadTokens, Settings } from './settings.ts';
import { stageLimits } from './stage-limits.ts';

/** Folders of the functions' bundles. */
export interface Bundles {
  readonly process: string;
  readonly query: string;
  readonly connect: string;
  readonly webhook: string;
}

export interface SystemStackProps extends StackProps {
  readonly settings: Settings;
  readonly bundles: Bundles;
}

export class SystemStack extends Stack {
  readonly #zones: number;

  constructor(scope: Construct, id: string, { settings, bundles, ...props }: SystemStackProps) {
    super(scope, id, props);
    const names = resourceNames(settings.stage);
    const limits = stageLimits[settings.stage];
    const { keepsData, logRetentionDays } = limits;
    this.#zones = limits.availabilityZones;
    Tags.of(this).add('system', 'quartersec');
    Tags.of(this).add('stage', settings.stage);

    const dataKey = new DataKey(this, 'DataKey', { prefix: names.prefix, keepsData });
    const { table } = new JournalTable(this, 'Journal', {
      tableName: names.table,
      encryptionKey: dataKey.key,
      keepsData,
      streamsKeys: settings.changes,
    });
    const queueNames = Object.entries(names.syncQueues).filter(([provider]) => readsFrom(provider, settings));
    const sync = new SyncQueues(this, 'Sync', {
      queueNames,
      deadLetterQueueName: names.deadLetterQueue,
      handlerTimeoutSeconds: functionTimeoutSeconds,
    });
    const secrets = new FunctionSecrets(this, 'Secrets', {
      names: names.secrets,
      dataKey,
      keepsData,
      linksOpenBankingUk: settings.openBankingUk.links,
      linksBerlinGroup: settings.berlinGroup.links,
    });

    const network = settings.dax
      ? new Network(this, 'Network', {
          availabilityZones: limits.availabilityZones,
          natGateways: keepsData ? limits.availabilityZones : 1,
          logRetentionDays,
        })
      : undefined;
    const dax =
      network === undefined
        ? undefined
        : new DaxCluster(this, 'Dax', { ...limits.dax, clusterName: names.daxCluster, network, table, dataKey });

    const onTable = (...actions: string[]) => new PolicyStatement({ actions, resources: [table.tableArn] });
    const onQueue = (...actions: string[]) => new PolicyStatement({ actions, resources: sync.arns });
    const shared = { dataKey, network, logRetentionDays, secretsOf: settings.secretsOf };
    const environment = {
      TABLE_NAME: table.tableName,
      ...(dax === undefined ? {} : { DAX_ENDPOINT: dax.endpoint }),
    };

    const api = new PublicApi(this, 'Http', {
      name: names.api,
      logGroupName: names.apiLog,
      logRetentionDays,
      corsOrigins: settings.corsOrigins,
    });
    const tokenVariables = readTokenVariables(settings.readTokens);
    // With a key set the secret verifies nothing. It stays all the same: prod keeps secrets, and could not make this one again.
    const tokenSecrets = settings.readTokens.jwksUrl === undefined ? [secrets.readTokenKey] : [];

    const banks = bankVariables(settings);
    const bankSecrets = [secrets.openBankingUk, secrets.berlinGroup].filter((secret) => secret !== undefined);

    const process = new BundledFunction(this, 'Process', {
      ...shared,
      functionName: names.functions.process,
      description: 'Fetches, validates and stores what an event asks for',
      bundle: bundles.process,
      memoryMb: limits.functionMemoryMb.process,
      environment: { ...environment, ...sync.variables, PLAID_BASE_URL: settings.plaidBaseUrl, ...banks },
      secrets: [secrets.tokenKey, secrets.plaid, ...bankSecrets],
      allowed: [
        // It takes back what it has written to a connection that is erased at the same time.
        onTable('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:DeleteItem'),
        dataKey.use('dynamodb', 'write'),
        onQueue(
          'sqs:ReceiveMessage',
          'sqs:DeleteMessage',
          'sqs:ChangeMessageVisibility',
          'sqs:GetQueueAttributes',
          'sqs:SendMessage', // continuations, and events that have to wait
        ),
        ...(dax === undefined ? [] : [dax.allow('dax:GetItem', 'dax:PutItem', 'dax:DeleteItem')]),
      ],
      warm: settings.warm.process,
    });
    sync.deliverTo(process.alias, {
      concurrency: limits.queueConcurrency,
      minimumPollers: settings.minimumPollers,
    });

    const query = new BundledFunction(this, 'Query', {
      ...shared,
      functionName: names.functions.query,
      description: 'Answers a user from what is stored',
      bundle: bundles.query,
      memoryMb: limits.functionMemoryMb.query,
      environment: { ...environment, ...tokenVariables },
      secrets: tokenSecrets,
      allowed: [
        onTable('dynamodb:GetItem', 'dynamodb:BatchGetItem', 'dynamodb:Query'),
        dataKey.use('dynamodb', 'read'),
        ...(dax === undefined ? [] : [dax.allow('dax:GetItem', 'dax:Query')]),
      ],
      warm: settings.warm.query,
      concurrencyAtMost: settings.queryConcurrency,
    });

    // Banks of the UK sign events where we are registered.
    const eventQueue = settings.openBankingUk.links ? sync.of('openbanking-uk') : undefined;
    const webhook = new BundledFunction(this, 'Webhook', {
      ...shared,
      network: undefined, // reads the table directly: one item each
      functionName: names.functions.webhook,
      description: 'Verifies webhooks and puts what they ask for on the queue',
      bundle: bundles.webhook,
      memoryMb: limits.functionMemoryMb.webhook,
      environment: {
        TABLE_NAME: table.tableName,
        QUEUE_URL: sync.first.queueUrl,
        PLAID_BASE_URL: settings.plaidBaseUrl,
        ...(eventQueue !== undefined && {
          QUEUE_URLS: `openbanking-uk=${eventQueue.queueUrl}`,
          OPEN_BANKING_UK_BANKS: settings.openBankingUk.banks ?? '',
        }),
      },
      secrets: [secrets.plaid],
      allowed: [
        onTable('dynamodb:GetItem'),
        dataKey.use('dynamodb', 'read'),
        new PolicyStatement({
          actions: ['sqs:SendMessage'],
          resources: [sync.first, eventQueue].flatMap((queue) => queue?.queueArn ?? []),
        }),
      ],
      warm: 0,
      concurrencyAtMost: settings.webhookConcurrency,
    });
    // The gateway's route stays: banks linked before go on sending there.
    const webhookAddress = settings.webhookConcurrency === undefined ? api.url : webhook.ownAddress();

    const connect = new BundledFunction(this, 'Connect', {
      ...shared,
      functionName: names.functions.connect,
      description: 'Links, refreshes and removes connections for their users',
      bundle: bundles.connect,
      memoryMb: limits.functionMemoryMb.connect,
      timeoutSeconds: connectTimeoutSeconds,
      environment: {
        ...environment,
        ...sync.variables,
        PLAID_BASE_URL: settings.plaidBaseUrl,
        ...banks,
        ...tokenVariables,
        WEBHOOK_URL: `${webhookAddress}${webhookPath}`,
      },
      secrets: [secrets.tokenKey, secrets.plaid, ...bankSecrets, ...tokenSecrets],
      allowed: [
        onTable('dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:Query', 'dynamodb:DeleteItem'),
        dataKey.use('dynamodb', 'write'),
        onQueue('sqs:SendMessage'),
        ...(dax === undefined ? [] : [dax.allow('dax:GetItem', 'dax:PutItem', 'dax:DeleteItem')]),
      ],
      warm: 0,
    });
    api.serve({ query: query.alias, connect: connect.alias, webhook: webhook.alias }, limits.throttles);

    new SyncSchedule(this, 'Schedule', { name: names.schedule, queue: sync.first });

    const sources: MetricSources = {
      deadLetterQueueName: names.deadLetterQueue,
      syncQueueNames: queueNames.map(([, name]) => name),
      functionNames: names.functions,
      ...(dax === undefined ? {} : { daxClusterId: dax.clusterName }),
    };
    const { topic } = new AlarmTopic(this, 'Alarms', { prefix: names.prefix, dataKey, email: settings.alarmEmail });
    const alarms = new SlaAlarms(this, 'Sla', {
      prefix: names.prefix,
      topicArn: topic.topicArn,
      sources,
      docsUrl: settings.docsUrl,
    });
    new SlaDashboard(this, 'Dashboard', { name: names.dashboard, alarmArns: alarms.notifying, sources });
    const grafana = new GrafanaReader(this, 'Grafana', {
      reader: settings.grafana,
      workspaceName: names.grafanaWorkspace,
      logGroups: [process.logGroup, query.logGroup, connect.logGroup, webhook.logGroup],
    });

    const changes = settings.changes
      ? new ChangeBus(this, 'Changes', {
          busName: names.changeBus,
          pipeName: names.changePipe,
          deadLetterQueueName: names.changeDeadLetterQueue,
          alarm: { prefix: names.prefix, topicArn: topic.topicArn, docsUrl: settings.docsUrl },
          table,
          dataKey,
        })
      : undefined;

    const outputs = {
      ApiUrl: api.url,
      WebhookUrl: `${webhookAddress}${webhookPath}`,
      TableName: table.tableName,
      SyncQueueUrl: sync.first.queueUrl,
      SyncQueueArn: sync.first.queueArn,
      DeadLetterQueueUrl: sync.deadLetterQueue.queueUrl,
      AlarmTopicArn: topic.topicArn,
      GrafanaRoleArn: grafana.role.roleArn,
      ...(changes === undefined ? {} : { ChangeBusName: changes.bus.eventBusName }),
    };
    for (const [name, value] of Object.entries(outputs)) new CfnOutput(this, name, { value });
  }

  /** The template fits any region, and CDK by itself would then use two zones at most. */
  override get availabilityZones(): string[] {
    return Array.from({ length: this.#zones }, (_, index) => Fn.select(index, Fn.getAzs()));
  }
}

/** As the functions read them, `token-settings.ts` of the processor; only those that are given. */
function readTokenVariables({ jwksUrl, issuer, audience, algorithms }: ReadTokens): Readonly<Record<string, string>> {
  return {
    ...(jwksUrl !== undefined && { READ_TOKEN_JWKS_URL: jwksUrl }),
    ...(issuer !== undefined && { READ_TOKEN_ISSUER: issuer }),
    ...(audience !== undefined && { READ_TOKEN_AUDIENCE: audience }),
    ...(algorithms !== undefined && { READ_TOKEN_ALGORITHMS: algorithms }),
  };
}

/** A standard without a bank has no queue. */
function readsFrom(provider: string, { openBankingUk, berlinGroup }: Settings): boolean {
  if (provider === 'openbanking-uk') return openBankingUk.banks !== undefined;
  return provider !== 'berlin-group' || berlinGroup.banks !== undefined;
}

/** As the functions read them, `open-banking-settings.ts` and `berlin-settings.ts` of the processor; only those that are given. */
function bankVariables({ openBankingUk, berlinGroup }: Settings): Readonly<Record<string, string>> {
  const variablesOf = (prefix: string, { banks, redirectUri, consentDays }: LinkedBanks) => ({
    ...(banks !== undefined && { [`${prefix}_BANKS`]: banks }),
    ...(redirectUri !== undefined && { [`${prefix}_REDIRECT_URI`]: redirectUri }),
    ...(consentDays !== undefined && { [`${prefix}_CONSENT_DAYS`]: consentDays }),
  });
  return {
    ...variablesOf('OPEN_BANKING_UK', openBankingUk),
    ...variablesOf('BERLIN_GROUP', berlinGroup),
    ...(openBankingUk.events !== undefined && { OPEN_BANKING_UK_EVENTS: openBankingUk.events }),
    ...(berlinGroup.signed !== undefined && { BERLIN_GROUP_SIGNED_BANKS: berlinGroup.signed }),
  };
}
