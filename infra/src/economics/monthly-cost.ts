/** The bill of a month, line by line. Pure arithmetic over `workload.ts` and `price-list.ts`. */
import { eventFigures } from './event-figures.ts';
import { daxNodes, gatewayRequests, logIngestion, prices, tieredUsd } from './price-list.ts';
import { watchingAllowance } from './watching-bill.ts';
import {
  eventsPerSecond,
  hoursPerMonth,
  insightReadUnitsPerEvent,
  readUnits,
  type Workload,
  writeUnitsPerEvent,
} from './workload.ts';

export const bytesPerGb = 1_024 ** 3;
/** DynamoDB counts this on top of each stored item (developer guide, "Item sizes and formats"). */
const storedItemOverheadBytes = 100;
/** Lambda's pollers of a quiet queue: five long polls of 20 s at any time. */
const idleReceivesPerMonth = ((5 * 3_600) / 20) * hoursPerMonth;
/** Provider account, token key, read token key. */
export const secrets = 3;
/** One key for table and queues. */
const keys = 1;
/** One in each availability zone: DAX wants three zones, and its functions leave the VPC only through these. */
export const natGateways = 3;

export interface CostLine {
  readonly item: string;
  readonly quantity: number;
  readonly unit: string;
  readonly usd: number;
  /** Paid whether an event comes or not. */
  readonly fixed: boolean;
}

export interface MonthlyCost {
  readonly lines: readonly CostLine[];
  readonly usd: number;
  readonly usdPerMillionEvents: number;
}

/** Stored on average over the month that is billed, GB. */
export function storedGb({ eventsPerMonth, entryBytes, month }: Workload): number {
  return (eventsPerMonth * (month - 0.5) * (entryBytes + storedItemOverheadBytes)) / bytesPerGb;
}

/** Bytes that an event moves between the functions and the provider, both ways. */
export const providerTrafficBytes = eventFigures.providerBytes.value + eventFigures.requestBytes.value;

export function monthlyCost(load: Workload): MonthlyCost {
  const lines = [...computeLines(load), ...tableLines(load), ...watchingLines(load), ...otherLines(load)];
  const usd = lines.reduce((total, line) => total + line.usd, 0);
  return { lines, usd, usdPerMillionEvents: (usd / load.eventsPerMonth) * 1e6 };
}

function line(item: string, quantity: number, unit: string, usdEach: number, fixed = false): CostLine {
  return { item, quantity, unit, usd: quantity * usdEach, fixed };
}

function computeLines(load: Workload): readonly CostLine[] {
  const { eventsPerMonth, eventsPerInvocation, memoryMb, durationMs, provisionedEnvironments } = load;
  const webhooks = eventsPerMonth * load.webhooksPerEvent;
  const gb = memoryMb / 1_024;
  const invocations = eventsPerMonth / eventsPerInvocation;
  const gbSeconds = ((invocations * durationMs + webhooks * eventFigures.webhookMs.value) / 1_000) * gb;
  const requests = invocations + webhooks;
  // One send an event; a receive and a delete a batch.
  const queueRequests = eventsPerMonth + 2 * invocations + idleReceivesPerMonth;
  const readyGbSeconds = provisionedEnvironments * gb * hoursPerMonth * 3_600;
  const gatewayMillions = load.webhooksThroughGateway ? webhooks / 1e6 : 0;
  return [
    {
      item: 'API Gateway requests',
      quantity: gatewayMillions,
      unit: 'million',
      usd: tieredUsd(gatewayRequests, gatewayMillions),
      fixed: false,
    },
    line('Lambda requests', requests / 1e6, 'million', prices.lambdaRequests.usd),
    line('Lambda duration', gbSeconds, 'GB-s', prices.lambdaDuration.usd),
    line('Lambda provisioned concurrency', readyGbSeconds, 'GB-s', prices.lambdaProvisioned.usd, true),
    line('SQS requests', queueRequests / 1e6, 'million', prices.sqsRequests.usd),
  ];
}

function tableLines(load: Workload): readonly CostLine[] {
  const { eventsPerMonth, readsPerEvent, headBytes, dax } = load;
  const missed = 1 - (dax?.hitRate ?? 0);
  const writes = eventsPerMonth * writeUnitsPerEvent(load);
  // What DAX answers of the state is left out of account: a connection's events are hours apart.
  const reads = eventsPerMonth * (readsPerEvent * readUnits(headBytes) * missed + insightReadUnitsPerEvent(load));
  const gb = storedGb(load);
  return [
    line('DynamoDB writes', writes / 1e6, 'million units', prices.tableWrites.usd),
    line('DynamoDB reads', reads / 1e6, 'million units', prices.tableReads.usd),
    line('DynamoDB storage', gb, 'GB-months', prices.tableStorage.usd),
    line('DynamoDB point-in-time recovery', gb, 'GB-months', prices.tableRecovery.usd),
  ];
}

function watchingLines(load: Workload): readonly CostLine[] {
  const { eventsPerMonth, webhooksPerEvent, logBytes } = load;
  const { webhookLogBytes, gatewayLogBytes } = eventFigures;
  const webhookBytes = webhookLogBytes.value + (load.webhooksThroughGateway ? gatewayLogBytes.value : 0);
  const bytes = logBytes + webhooksPerEvent * webhookBytes;
  const logGb = (eventsPerMonth * bytes) / bytesPerGb;
  const { customMetrics, ...alarms } = watchingAllowance;
  const alarmUsd =
    alarms.highResolutionAlarmMetrics * prices.alarmHighResolution.usd +
    alarms.standardAlarmMetrics * prices.alarmStandard.usd +
    alarms.compositeAlarms * prices.alarmComposite.usd;
  return [
    { item: 'CloudWatch logs', quantity: logGb, unit: 'GB', usd: tieredUsd(logIngestion, logGb), fixed: false },
    line('CloudWatch custom metrics', customMetrics, 'metrics', prices.customMetric.usd, true),
    {
      item: 'CloudWatch alarms',
      quantity: alarms.highResolutionAlarmMetrics + alarms.standardAlarmMetrics + alarms.compositeAlarms,
      unit: 'metrics and composites',
      usd: alarmUsd,
      fixed: true,
    },
  ];
}

function otherLines(load: Workload): readonly CostLine[] {
  const { eventsPerMonth, dax } = load;
  const outGb = (eventsPerMonth * eventFigures.requestBytes.value) / bytesPerGb;
  const always = [keysAndSecrets(load), line('Data out to the provider', outGb, 'GB', prices.dataOut.usd)];
  if (dax === undefined) return always;
  const natGb = (eventsPerMonth * providerTrafficBytes) / bytesPerGb;
  return [
    ...always,
    line(
      `DAX ${dax.nodes} x ${dax.nodeType}`,
      dax.nodes * hoursPerMonth,
      'node-hours',
      daxNodes[dax.nodeType].usd,
      true,
    ),
    line('NAT gateways', natGateways * hoursPerMonth, 'gateway-hours', prices.natHour.usd, true),
    line('NAT data', natGb, 'GB', prices.natData.usd),
  ];
}

function keysAndSecrets(load: Workload): CostLine {
  const busy = (eventsPerSecond(load) / load.eventsPerInvocation) * (load.durationMs / 1_000);
  const starts = (Math.max(1, busy) * hoursPerMonth) / eventFigures.environmentHours.value;
  const requests = (starts * secrets) / 1e6;
  const usd =
    keys * prices.key.usd +
    secrets * prices.secret.usd +
    requests * (prices.secretRequests.usd + prices.keyRequests.usd);
  return { item: 'Keys and secrets', quantity: keys + secrets, unit: 'keys and secrets', usd, fixed: false };
}
