/** What can fail, what that takes away, what goes on, and how one sees it. A test holds the alert names to libs/sla. */

export interface FailureDomain {
  readonly part: string;
  readonly lost: string;
  readonly goesOn: string;
  /** Names of alerts; the first is the one that tells. */
  readonly seenBy: readonly [string, ...string[]];
  readonly doNext: string;
}

export const failureDomains: readonly FailureDomain[] = [
  {
    part: 'one environment of a function',
    lost: 'the events it had in hand, for one visibility timeout',
    goesOn: 'everything; the events are delivered again and the journal takes each page once',
    seenBy: ['ErrorsFastBurn', 'DeadLettered'],
    doNext: 'nothing to do, unless it repeats',
  },
  {
    part: 'Lambda in the region',
    lost: 'processing, reads, receiving webhooks',
    goesOn: 'events wait in SQS; providers repeat webhooks (Plaid for 24 h), the schedule covers the rest',
    seenBy: ['NoMetrics'],
    doNext: 'wait; the backlog runs off at the maximum concurrency',
  },
  {
    part: 'API Gateway in the region',
    lost: 'reads, links, receiving webhooks',
    goesOn: 'the queue is worked off; providers repeat webhooks, the schedule covers the rest',
    seenBy: ['GatewayFailing'],
    doNext: 'wait; where it logs nothing either, only a caller from outside sees it',
  },
  {
    part: 'SQS',
    lost: 'new events: the webhook answers with an error',
    goesOn: 'reads; providers repeat their webhooks',
    seenBy: ['NoMetrics', 'RoundTripSlow'],
    doNext: 'wait; the schedule finds what was missed',
  },
  {
    part: 'DynamoDB, throttled',
    lost: 'time; then events, which go back to the queue',
    goesOn: 'commits that fit; nothing is half written',
    seenBy: ['StoreSlow', 'ErrorsFastBurn'],
    doNext: 'raise warm throughput or the table quota; look for one connection that is written too often',
  },
  {
    part: 'DynamoDB in the region',
    lost: 'every commit; reads that DAX does not hold',
    goesOn: 'the queue: events fail, and after their last receive wait in the dead-letter queue',
    seenBy: ['ErrorsFastBurn', 'DeadLettered', 'StoreSlow'],
    doNext: 'switch the event source off, so that events stay in the queue; redrive what has left it',
  },
  {
    part: 'stored data: a bug or a hand',
    lost: 'trust in the entries that the audit names',
    goesOn: 'all other connections; a damaged head is made again from its journal',
    seenBy: ['AuditDifferences'],
    doNext: 'point-in-time recovery of the named keys, docs/storage.md',
  },
  {
    part: 'one DAX node',
    lost: 'its cache; for some seconds writes, when it was the primary',
    goesOn: 'everything: calls go to the other nodes or to DynamoDB',
    seenBy: ['CacheHitRateLow'],
    doNext: 'nothing; DAX replaces the node',
  },
  {
    part: 'the DAX cluster',
    lost: 'the gain in latency; reads are paid for again',
    goesOn: 'everything, from DynamoDB',
    seenBy: ['CacheHitRateLow', 'StoreSlow'],
    doNext: 'see that the table has the read throughput; heads may be old for the item TTL afterwards',
  },
  {
    part: 'an availability zone',
    lost: 'with DAX: one node, one NAT gateway, and the calls on their way through them',
    goesOn: 'Lambda, SQS and DynamoDB span zones; functions in a VPC need subnets in three',
    seenBy: ['RoundTripSlow', 'CacheHitRateLow'],
    doNext: 'nothing, unless the NAT gateways were one instead of three',
  },
  {
    part: 'a provider, slow',
    lost: 'the promise for its events; concurrency, up to the maximum of its queue',
    goesOn: 'other providers: each has a queue and a maximum of its own; Processing stays as it is',
    seenBy: ['RoundTripSlow', 'AvailabilityFastBurn', 'AvailabilitySlowBurn'],
    doNext: 'compare Processing with ProviderTime; tell users when the data is from',
  },
  {
    part: 'a provider, down',
    lost: 'new data of its connections',
    goesOn: 'reads of what is stored; events are retried, redelivered, and kept in the dead-letter queue',
    seenBy: ['RetriesExhausted', 'ErrorsFastBurn', 'DeadLettered'],
    doNext: 'wait, then npm run redrive',
  },
  {
    part: "a provider's contract",
    lost: 'events whose pages cannot be read',
    goesOn: 'pages with single bad records: those are set aside',
    seenBy: ['ContractBroken'],
    doNext: 'compare with the published schema; nothing was stored wrong',
  },
  {
    part: 'CloudWatch',
    lost: 'sight: metrics and alarms',
    goesOn: 'processing; logs arrive late or not at all',
    seenBy: ['NoMetrics'],
    doNext: 'this alarm may itself be late: have one outside of the region that calls the query function',
  },
  {
    part: 'the region',
    lost: 'everything, until it is back: there is one table, in one region',
    goesOn: 'nothing. What is stored survives; webhooks of more than 24 h ago are made up for by the schedule',
    seenBy: ['NoMetrics'],
    doNext: 'for less: a global table and a second deployment, at about twice the cost of writes and storage',
  },
];
