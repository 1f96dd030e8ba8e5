/** What the functions share of the outside world: clock, output and table. Nothing else here touches them. */
import { writeSync } from 'node:fs';
import { setTimeout as sleepMs } from 'node:timers/promises';
import type { CredentialSource } from '@quartersec/aws';
import { createDynamoDbTable, createSignedSend, openDaxTable, type Table } from '@quartersec/storage';
import { createEventLog, type EventLog, type LogFields } from '@quartersec/telemetry';
import { readCredentials, type SenderEnvironment, type TableEnvironment } from './environment.ts';
import { proxyVariables } from './proxy-variables.ts';
import { createRoleCredentials } from './role-credentials.ts';
import { createLineWriter, createOutput } from './stdout-lines.ts';
import { createSyncQueue, type SyncQueue } from './sync-queue.ts';

const standardOutput = 1;

export const sleep = async (ms: number): Promise<void> => {
  await sleepMs(ms);
};
/** Past the stream of `process.stdout`, which is 2 ms of a cold start and waits for its reader just the same. */
export const writeLine = createLineWriter(
  createOutput({ writeSync: (bytes) => writeSync(standardOutput, bytes), stream: () => process.stdout }),
);
/** Node's `performance` is a module that is loaded with its first use: 2 ms of a cold start, for the same clock. */
export const clock = { nowMs: monotonicMs, nowEpochMs: () => Date.now() };

function monotonicMs(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1_000 + nanoseconds / 1_000_000;
}

/** The log of a function. @param variables what it was started with: a proxy among them is told of, since it is not used */
export function openLog(
  component: string,
  variables: Readonly<Record<string, string | undefined>> = process.env,
): EventLog {
  const log = createEventLog(component, { ...clock, writeLine });
  const proxies = proxyVariables(variables);
  if (proxies.length > 0) log.write('warn', 'proxies are not used', { proxy_variables: proxies.join(' ') });
  return log;
}

/** Of what every event meets: said once by who calls it. */
const say = (message: string, fields: LogFields) =>
  createEventLog('processor.aws', { ...clock, writeLine }).write('error', message, fields);

/** What is under way fails fast, and its answers are on their way by then. */
const endAfterMs = 1_000;

export function createCredentials(environment: TableEnvironment): CredentialSource {
  return createRoleCredentials(environment.credentials, {
    read: async () => readCredentials(process.env),
    nowMs: clock.nowMs,
    endEnvironment() {
      say('role refused, the environment ends', {});
      setTimeout(() => process.exit(1), endAfterMs).unref();
    },
  });
}

export function createTable(environment: TableEnvironment, credentials: CredentialSource): Table {
  const { tableName, region, dynamoDbEndpoint: endpoint } = environment;
  const send = createSignedSend({ region, endpoint, credentials, nowEpochMs: clock.nowEpochMs });
  return createDynamoDbTable({ tableName, send, random: Math.random, sleep });
}

export function openQueue(environment: SenderEnvironment, credentials: CredentialSource): SyncQueue {
  const { queueUrl, queueUrls, region, sqsEndpoint: endpoint } = environment;
  return createSyncQueue({ queueUrl, queueUrls, region, endpoint, credentials, ...clock, random: Math.random, sleep });
}

/** @returns `table` itself where no DAX is configured: its client is never loaded then */
export function openCache(
  environment: TableEnvironment,
  credentials: CredentialSource,
  table: Table,
  onFailure: () => void,
): Table {
  const { tableName, region, daxEndpoint } = environment;
  if (daxEndpoint === undefined) return table;
  return openDaxTable({
    endpoint: daxEndpoint,
    region,
    credentials,
    tableName,
    direct: table,
    nowMs: clock.nowMs,
    random: Math.random,
    onFailure,
    onRefusedWrite: (reason) => say('DAX refuses writes', { error_code: reason }),
  });
}
