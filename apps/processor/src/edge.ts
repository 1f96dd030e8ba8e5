/** What the functions share of the outside world: clock, output and table. Nothing else here touches them. */
import { writeSync } from 'node:fs';
import { setTimeout as sleepMs } from 'node:timers/promises';
import { createDynamoDbTable, createSignedSend, openDaxTable, type Table } from '@quartersec/storage';
import type { TableEnvironment } from './environment.ts';
import { createLineWriter, createOutput } from './stdout-lines.ts';

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
