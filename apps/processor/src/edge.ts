/** What both functions share of the outside world: clock, output and table. Nothing else here touches them. */
import { setTimeout as sleepMs } from 'node:timers/promises';
import { createDynamoDbTable, createSignedSend, openDaxTable, type Table } from '@quartersec/storage';
import type { TableEnvironment } from './environment.ts';
import { createLineWriter } from './stdout-lines.ts';

export const sleep = async (ms: number): Promise<void> => {
  await sleepMs(ms);
};
export const writeLine = createLineWriter((text) => process.stdout.write(text));
export const clock = { nowMs: () => performance.now(), nowEpochMs: () => Date.now() };

export function createTable(environment: TableEnvironment): Table {
  const { tableName, region, credentials, dynamoDbEndpoint } = environment;
  const send = createSignedSend({
    region,
    credentials,
    nowEpochMs: clock.nowEpochMs,
    ...(dynamoDbEndpoint === undefined ? {} : { endpoint: dynamoDbEndpoint }),
  });
  return createDynamoDbTable({ tableName, send, random: Math.random, sleep });
}

/** @returns `table` itself where no DAX is configured: its client is never loaded then */
export function openCache(environment: TableEnvironment, table: Table, onFailure: () => void): Table {
  const { tableName, region, credentials, daxEndpoint } = environment;
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
  });
}
