import { describe, expect, it } from 'vitest';
import { monthlyCost, storedGb } from './monthly-cost.ts';
import { type Workload, workload } from './workload.ts';

/** A million events whose lines can be worked out on paper. */
const small = workload({
  eventsPerMonth: 1_000_000,
  entryBytes: 1_024,
  headBytes: 1_024,
  insightStateBytes: 0,
  logBytes: 1_000,
  memoryMb: 1_024,
  durationMs: 100,
  webhooksThroughGateway: true,
});

const usdOf = (load: Workload, item: string) => monthlyCost(load).lines.find((line) => line.item === item)?.usd;

describe('monthlyCost', () => {
  it.each([
    ['Lambda requests', 0.4], // process and webhook: 2 million at 0.20
    ['Lambda duration', 1.533_341], // 115 ms x 1 GB x 1 million = 115,000 GB-s
    ['Lambda provisioned concurrency', 0],
    ['SQS requests', 1.4628], // send, receive, delete: 3 million; 657,000 polls of a quiet queue
    ['DynamoDB writes', 1.25], // 2 million units at 0.625
    ['DynamoDB reads', 0.0625], // half a million units at 0.125
    ['DynamoDB storage', 0.130_851], // 1,124 bytes x 1 million, half of the month: 0.5234 GB at 0.25
    ['DynamoDB point-in-time recovery', 0.104_681],
    ['API Gateway requests', 1], // a webhook an event: 1 million at 1.00
    ['CloudWatch logs', 0.879634], // 1,000 + 619 + 270 bytes: 1.7593 GB at 0.50
    ['CloudWatch custom metrics', 72],
    ['CloudWatch alarms', 16], // 10 x 0.30 + 80 x 0.10 + 10 x 0.50
    ['Keys and secrets', 2.208_76], // 1 + 3 x 0.40, and 365 starts x 3 secrets x 8 a million
    ['Data out to the provider', 0.083_819], // 0.9313 GB at 0.09
  ])('%s: %d USD', (item, usd) => {
    expect(usdOf(small, item)).toBeCloseTo(usd, 6);
  });

  it('adds its lines up', () => {
    expect(monthlyCost(small).usd).toBeCloseTo(97.116387, 4);
    expect(monthlyCost(small).usdPerMillionEvents).toBeCloseTo(97.116387, 4);
    expect(monthlyCost({ ...small, eventsPerMonth: 2_000_000 }).usdPerMillionEvents).toBeLessThan(97.3);
  });

  it('with DAX pays nodes and gateways, and fewer reads', () => {
    const load: Workload = { ...small, dax: { nodes: 3, nodeType: 't3.small', hitRate: 0.9 } };
    expect(usdOf(load, 'DAX 3 x t3.small')).toBeCloseTo(87.6, 6); // 2,190 hours at 0.04
    expect(usdOf(load, 'NAT gateways')).toBeCloseTo(98.55, 6); // 2,190 hours at 0.045
    expect(usdOf(load, 'NAT data')).toBeCloseTo(0.280_794, 6); // 6,700 bytes: 6.2399 GB at 0.045
    expect(usdOf(load, 'DynamoDB reads')).toBeCloseTo(0.006_25, 6);
    expect(monthlyCost(load).usd).toBeCloseTo(283.490927, 4);
  });

  it('without DAX has no line for it', () => {
    expect(monthlyCost(small).lines.map(({ item }) => item)).not.toContain('NAT gateways');
  });

  it('writes by the KB that is begun', () => {
    expect(usdOf({ ...small, entryBytes: 1_025 }, 'DynamoDB writes')).toBeCloseTo(1.875, 6);
    expect(usdOf({ ...small, headBytes: 4_097, insightStateBytes: 0 }, 'DynamoDB reads')).toBeCloseTo(0.125, 6);
  });

  it('shares an invocation among the messages of a batch', () => {
    const batches: Workload = { ...small, eventsPerInvocation: 10 };
    expect(usdOf(batches, 'Lambda requests')).toBeCloseTo(0.22, 6); // 1 million webhooks, 100,000 batches
    expect(usdOf(batches, 'Lambda duration')).toBeCloseTo(0.333_335, 6); // 25,000 GB-s
    expect(usdOf(batches, 'SQS requests')).toBeCloseTo(0.7428, 6); // 1 million sends, 200,000, 657,000
  });

  it('without webhooks has no gateway, and no second function', () => {
    const scheduled: Workload = { ...small, webhooksPerEvent: 0 };
    expect(usdOf(scheduled, 'API Gateway requests')).toBe(0);
    expect(usdOf(scheduled, 'Lambda requests')).toBeCloseTo(0.2, 6);
    expect(usdOf(scheduled, 'CloudWatch logs')).toBeCloseTo(0.465661, 6); // 1,000 bytes an event
  });

  it('with webhooks at an address of their own has no gateway, and no access log', () => {
    const own: Workload = { ...small, webhooksThroughGateway: false };
    expect(usdOf(own, 'API Gateway requests')).toBe(0);
    expect(usdOf(own, 'Lambda requests')).toBeCloseTo(0.4, 6);
    expect(usdOf(own, 'CloudWatch logs')).toBeCloseTo(0.753_906, 6); // 1,000 + 619 bytes: 1.5078 GB at 0.50
  });

  it('keeps environments ready all month', () => {
    const line = usdOf({ ...small, provisionedEnvironments: 10 }, 'Lambda provisioned concurrency');
    expect(line).toBeCloseTo(87.601_752, 6); // 26.28 million GB-s at 0.0000033334
  });

  it('keeps what earlier months have stored', () => {
    expect(storedGb(small)).toBeCloseTo(0.523_403, 6);
    expect(storedGb({ ...small, month: 12 })).toBeCloseTo(12.0383, 4); // 11.5 months of 1.0468 GB
  });
});
