/**
 * AWS list prices of one region, with where each comes from. Free tiers and discounts (savings plans, reserved capacity,
 * private prices) are left out: they make the bill smaller than what is said here, never larger.
 */

/** Chosen because most published figures are for it; other regions differ by some per cent. */
export const priceRegion = 'us-east-1';
/** When the list was put together. */
export const pricesWrittenOn = '2026-11-23';

export interface Price {
  readonly usd: number;
  readonly per: string;
  /** AWS's own page, where the price can be looked up. */
  readonly source: string;
  /** A page that was found to say the same, and its date. Missing: general knowledge; check before relying on it. */
  readonly found?: { readonly page: string; readonly dated: string };
}

const dynamoDb = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';
const lambda = 'https://aws.amazon.com/lambda/pricing/';
const cloudWatch = 'https://aws.amazon.com/cloudwatch/pricing/';
const vpc = 'https://aws.amazon.com/vpc/pricing/';
const airbyte = { page: 'https://airbyte.com/data-engineering-resources/dynamodb-pricing', dated: '2025-07' };
const c3x = { page: 'https://c3x.dev/resources/aws/aws_cloudwatch_metric_alarm', dated: 'undated' };
const zacfukuda = { page: 'https://www.zacfukuda.com/blog/aws-nat-gateway-vs-vpc-endpoint', dated: '2026-06' };
const hivebook = {
  page: 'https://hivebook.wiki/wiki/aws-secrets-manager-rotated-secrets-dynamic-db-credentials-kms',
  dated: 'undated',
};
const duckbill = { page: 'https://www.duckbillgroup.com/?p=9080', dated: '2025-05' };

export const prices = {
  lambdaRequests: {
    usd: 0.2,
    per: 'million requests',
    source: lambda,
    found: { page: 'https://cubeapm.com/?p=32111', dated: 'undated' },
  },
  lambdaDuration: {
    usd: 0.0000133334,
    per: 'GB-second, arm64, up to 7.5 billion a month',
    source: lambda,
    found: { page: 'https://cloudchipr.com/blog/aws-lambda-pricing', dated: '2024' },
  },
  lambdaProvisioned: { usd: 0.0000033334, per: 'GB-second kept ready, arm64', source: lambda },
  sqsRequests: {
    usd: 0.4,
    per: 'million requests, standard queue',
    source: 'https://aws.amazon.com/sqs/pricing/',
    found: { page: 'https://cloudburn.io/blog/amazon-sqs-pricing', dated: '2026-03' },
  },
  tableWrites: { usd: 0.625, per: 'million write request units', source: dynamoDb, found: airbyte },
  tableReads: { usd: 0.125, per: 'million read request units', source: dynamoDb, found: airbyte },
  tableStorage: {
    usd: 0.25,
    per: 'GB-month',
    source: dynamoDb,
    found: { page: 'https://aws.amazon.com/dynamodb/pricing/', dated: 'undated' },
  },
  tableRecovery: {
    usd: 0.2,
    per: 'GB-month, point-in-time recovery',
    source: dynamoDb,
    found: { page: 'https://finops.com.py/services/dynamodb/backups', dated: 'undated' },
  },
  customMetric: {
    usd: 0.3,
    per: 'metric and month, first 10,000',
    source: cloudWatch,
    found: { page: 'https://signoz.io/guides/cloudwatch-pricing', dated: '2026-02' },
  },
  alarmStandard: { usd: 0.1, per: 'metric of an alarm and month (the page: an alarm)', source: cloudWatch, found: c3x },
  alarmHighResolution: {
    usd: 0.3,
    per: 'metric of a 10 s alarm and month (the page: an alarm)',
    source: cloudWatch,
    found: c3x,
  },
  alarmComposite: { usd: 0.5, per: 'composite alarm and month', source: cloudWatch, found: c3x },
  key: {
    usd: 1,
    per: 'customer managed key and month',
    source: 'https://aws.amazon.com/kms/pricing/',
    found: { page: 'https://cloudburn.io/blog/aws-kms-pricing', dated: '2026-03' },
  },
  keyRequests: {
    usd: 3,
    per: 'million requests (0.03 per 10,000)',
    source: 'https://aws.amazon.com/kms/pricing/',
    found: { page: 'https://www.factualminds.com/blog/aws-kms-pricing-keys-requests-multi-region/', dated: '2026-06' },
  },
  secret: {
    usd: 0.4,
    per: 'secret and month',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
    found: hivebook,
  },
  secretRequests: {
    usd: 5,
    per: 'million requests (0.05 per 10,000)',
    source: 'https://aws.amazon.com/secrets-manager/pricing/',
    found: hivebook,
  },
  dataOut: {
    usd: 0.09,
    per: 'GB to the internet, first 10 TB',
    source: 'https://aws.amazon.com/ec2/pricing/on-demand/',
    found: { page: 'https://cloudpipelines.pages.dev/guides/aws-nat-gateway-pricing-2026/', dated: '2026' },
  },
  natHour: { usd: 0.045, per: 'NAT gateway and hour', source: vpc, found: zacfukuda },
  natData: { usd: 0.045, per: 'GB through a NAT gateway, both ways', source: vpc, found: zacfukuda },
} as const satisfies Record<string, Price>;

/** Cheaper the more there is: each tier's price holds up to its bound. */
export interface TieredPrice extends Omit<Price, 'usd'> {
  readonly tiers: readonly { readonly upTo: number; readonly usd: number }[];
}

/** GB. Access logs of API Gateway have the same tiers. */
export const logIngestion: TieredPrice = {
  per: 'GB of Lambda logs up to 10, 30, 50 TB and above (the page: the first tier, and the sum for 60 TB)',
  source: cloudWatch,
  found: duckbill,
  tiers: [
    { upTo: 10_000, usd: 0.5 },
    { upTo: 30_000, usd: 0.25 },
    { upTo: 50_000, usd: 0.1 },
    { upTo: Number.POSITIVE_INFINITY, usd: 0.05 },
  ],
};

/** Millions of requests. Dearer elsewhere: 1.11 in eu-central-1 and eu-west-1. */
export const gatewayRequests: TieredPrice = {
  per: 'million requests of an HTTP API, up to 512 KB each, up to 300 million and above',
  source: 'https://aws.amazon.com/api-gateway/pricing/',
  found: { page: 'https://amnic.com/blogs/aws-api-gateway-pricing', dated: 'undated' },
  tiers: [
    { upTo: 300, usd: 1 },
    { upTo: Number.POSITIVE_INFINITY, usd: 0.9 },
  ],
};

const dax = 'https://aws.amazon.com/dynamodb/pricing/on-demand/';

/** Per node and hour. */
export const daxNodes = {
  't3.small': {
    usd: 0.04,
    per: 'dax.t3.small node and hour',
    source: dax,
    found: { page: 'https://www.usage.ai/blog/aws-reserved-instances-dynamodb-dax-pricing', dated: '2026-04' },
  },
  't3.medium': { usd: 0.08, per: 'dax.t3.medium node and hour', source: dax },
  'r5.large': { usd: 0.255, per: 'dax.r5.large node and hour', source: dax },
  'r5.xlarge': { usd: 0.509, per: 'dax.r5.xlarge node and hour', source: dax },
} as const satisfies Record<string, Price>;

export type DaxNodeType = keyof typeof daxNodes;

export function isDaxNodeType(name: string): name is DaxNodeType {
  return Object.hasOwn(daxNodes, name);
}

/** @returns US dollars for this much in one month */
export function tieredUsd({ tiers }: TieredPrice, quantity: number): number {
  let usd = 0;
  let from = 0;
  for (const tier of tiers) {
    usd += Math.max(0, Math.min(quantity, tier.upTo) - from) * tier.usd;
    from = tier.upTo;
  }
  return usd;
}
