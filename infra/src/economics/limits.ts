/** Limits of AWS and of the provider that growth meets, with where each was read. Quotas can be raised; hard ones cannot. */

export interface Limit {
  readonly value: number;
  readonly what: string;
  readonly canBeRaised: boolean;
  readonly source: string;
  /** Whether the text of that page, or of a copy of it, was found to say so. If not: check before relying on it. */
  readonly confirmed: boolean;
}

export const limitsWrittenOn = '2026-11-23';

const lambdaScaling = 'https://docs.aws.amazon.com/lambda/latest/dg/scaling-behavior.html';
const queueScaling = 'https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html';
const warm = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/warm-throughput-scenarios.html';
const daxSizing = 'https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/dax-cluster-sizing.html';
const plaid = 'https://plaid.com/docs/errors/rate-limit-exceeded/';

export const limits = {
  lambdaConcurrency: {
    value: 1_000,
    what: 'Lambda invocations at once, an account and region, by default',
    canBeRaised: true,
    source: 'https://serverlessland.com/content/service/lambda/guides/aws-lambda-operator-guide/scaling-concurrency',
    confirmed: true,
  },
  lambdaGrowthPer10Seconds: {
    value: 1_000,
    what: 'more environments of one function every 10 s',
    canBeRaised: false,
    source: lambdaScaling,
    confirmed: true,
  },
  queueGrowthPerMinute: {
    value: 300,
    what: 'more batches at once a minute, one queue, beginning with 5',
    canBeRaised: false,
    source: queueScaling,
    confirmed: true,
  },
  queueConcurrency: {
    value: 1_250,
    what: 'batches at once, one queue (older copies of the page say 1,000); provisioned mode has 16 times as many',
    canBeRaised: false,
    source: queueScaling,
    confirmed: true,
  },
  queueInFlight: {
    value: 120_000,
    what: 'messages of one queue received and not yet deleted, about',
    canBeRaised: true,
    source: 'https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html',
    confirmed: true,
  },
  partitionWriteUnits: {
    value: 1_000,
    what: 'write units a second, one partition, so also one connection',
    canBeRaised: false,
    source: warm,
    confirmed: true,
  },
  partitionReadUnits: {
    value: 3_000,
    what: 'read units a second, one partition',
    canBeRaised: false,
    source: warm,
    confirmed: true,
  },
  newTableWriteUnits: {
    value: 4_000,
    what: 'write units a second that a new on-demand table takes at once',
    canBeRaised: true,
    source: warm,
    confirmed: true,
  },
  doublingMinutes: {
    value: 30,
    what: 'minutes over which an on-demand table may see at most twice its earlier peak',
    canBeRaised: false,
    source:
      'https://docs.amazonaws.cn/en_us/amazondynamodb/latest/developerguide/pre-warming-on-demand-capacity-mode.html',
    confirmed: true,
  },
  tableWriteUnits: {
    value: 40_000,
    what: 'write units a second, one on-demand table, by default',
    canBeRaised: true,
    source: 'https://docs.amazonaws.cn/en_us/amazondynamodb/latest/developerguide/Limits.html',
    confirmed: true,
  },
  daxNodes: {
    value: 11,
    what: 'nodes of a DAX cluster; one of them takes all writes',
    canBeRaised: false,
    source: daxSizing,
    confirmed: true,
  },
  daxWriteWeight: {
    value: 25,
    what: 'work of a write in DAX, in cache hits',
    canBeRaised: false,
    source: daxSizing,
    confirmed: true,
  },
  daxMissWeight: {
    value: 10,
    what: 'work of a miss in DAX, in cache hits',
    canBeRaised: false,
    source: daxSizing,
    confirmed: true,
  },
  gatewayRequestsPerSecond: {
    value: 10_000,
    what: 'requests a second, all APIs of an account and region, by default; 2,500 in the smaller regions',
    canBeRaised: true,
    source: 'https://docs.aws.amazon.com/apigateway/latest/developerguide/limits.html',
    confirmed: true,
  },
  plaidItemCallsPerMinute: {
    value: 50,
    what: 'Plaid transactions/sync calls a minute, one item',
    canBeRaised: true,
    source: plaid,
    confirmed: false,
  },
  plaidClientCallsPerMinute: {
    value: 2_500,
    what: 'Plaid transactions/sync calls a minute, all items of a client',
    canBeRaised: true,
    source: plaid,
    confirmed: false,
  },
} as const satisfies Record<string, Limit>;

export type LimitName = keyof typeof limits;
