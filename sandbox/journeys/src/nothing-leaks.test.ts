/**
 * Invariant I6, over everything that the whole system writes: logs of all functions, metrics, traces, alerts, reports of events and dead
 * letters with their attributes. Each provider puts names, account numbers and tokens into all that it can say, and repeats in its
 * errors what it was asked.
 */
import { createSocket, type Socket } from 'node:dgram';
import {
  berlinBanksAt,
  createErrorLines,
  obukBanksAt,
  queueNames,
  type System,
  sendEvent,
} from '@quartersec/sandbox-system';
import { alerts, nextAlertStates, parseExposition } from '@quartersec/sla';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startJourneySystem, until } from './journey.ts';
import { findLeaks } from './testing/find-leaks.ts';
import { canaries, startTaintedBank, type TaintedBank, taints } from './testing/tainted-bank.ts';

const providers = [
  ['Plaid', 'conn'],
  ['Open Banking UK', 'obuk'],
  ['the Berlin Group', 'berlin'],
] as const;

let bank: TaintedBank;
let system: System;
let daemon: Socket;
const errorLines = createErrorLines();
/** What was written, by where. */
const written = { logs: [] as string[], reports: [] as string[], traces: [] as string[] };

beforeAll(async () => {
  bank = await startTaintedBank();
  daemon = createSocket('udp4', (datagram) => written.traces.push(String(datagram)));
  await new Promise<void>((resolve) => daemon.bind(0, '127.0.0.1', resolve));
  system = await startJourneySystem({
    connections: taints.length,
    freeConnections: 0,
    openBanking: taints.length,
    berlinGroup: taints.length,
    queue: { maxReceiveCount: 1, visibilityTimeoutSeconds: 5 },
    processEnvironment: {
      PLAID_BASE_URL: bank.url,
      OPEN_BANKING_UK_BANKS: obukBanksAt(bank.url),
      BERLIN_GROUP_BANKS: berlinBanksAt(bank.url),
      POWERTOOLS_TRACE_ENABLED: 'true',
      AWS_XRAY_DAEMON_ADDRESS: `127.0.0.1:${daemon.address().port}`,
    },
    onLog(_functionName, line) {
      written.logs.push(line);
      errorLines.read(line);
    },
  });
  bank.behind = String(system.controlUrl).replace(/\/control$/, '');
});

afterAll(async () => {
  await system?.close();
  bank?.close();
  daemon?.close();
});

async function sync(connectionId: string, trace: number): Promise<unknown> {
  const root = `1-5759e988-${trace.toString(16).padStart(24, '0')}`;
  const response = await fetch(system.processUrl, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-amzn-trace-id': `Root=${root};Parent=53995c3f42cd8ad8;Sampled=1`,
    },
    body: JSON.stringify({ connectionId }),
  });
  const report = await response.text();
  written.reports.push(report);
  return JSON.parse(report);
}

const secrets = () => [...Object.values(canaries), ...bank.secretsSent, system.tokenKey, system.readTokenKey];

describe.each(providers)('what %s says', (_name, connection) => {
  it.each(taints.map((taint, index) => [taint, index] as const))('with %s', async (taint, index) => {
    bank.taint = taint;
    bank.calls();
    const report = await sync(`${connection}-${index}`, index + 1);
    expect(bank.calls()).toBeGreaterThan(0);
    expect(report).toMatchObject({
      outcome: { kind: expect.stringMatching(/^(committed|postponed|failed|stopped)$/) },
    });
    if (taint === 'records') expect(report).toMatchObject({ outcome: { kind: 'committed' } });
  });
});

it('is asked for with a token, by each standard', () => {
  const sent = [...bank.secretsSent].join(' ');
  expect(sent).toMatch(/access-sandbox-\d/);
  expect(sent).toMatch(/obuk-sandbox-\d/);
  expect(sent).toMatch(/berlin-sandbox-\d/);
});

describe('none of it, and no token of ours, is', () => {
  it('in a line of a log or in the latest errors', () => {
    expect(written.logs.length).toBeGreaterThan(taints.length * providers.length);
    expect(errorLines.latest().length).toBeGreaterThan(0);
    expect(findLeaks(written.logs.join('\n'), secrets())).toEqual([]);
  });

  it('in the report of an event', () => {
    expect(findLeaks(written.reports.join('\n'), secrets())).toEqual([]);
  });

  it('in a trace', async () => {
    await until('a trace', () => written.traces.some((trace) => trace.includes('"name":"fetch"')));
    expect(findLeaks(written.traces.join('\n'), secrets())).toEqual([]);
  });

  it('in a metric or an alert', () => {
    const exposition = system.metrics.totals.exposition();
    const { series, malformed } = parseExposition(exposition, Date.now());
    expect(malformed).toBe(0);
    const judged = nextAlertStates(alerts, [], series, Date.now());
    expect(judged.length).toBe(alerts.length);
    expect(findLeaks(exposition + JSON.stringify(judged), secrets())).toEqual([]);
  });

  it('in a dead letter or its attributes', async () => {
    bank.taint = 'failure';
    for (const [, connection] of providers)
      await sendEvent(system.queueUrl, `${connection}-${taints.indexOf('failure')}`);
    await until(
      'the dead letters',
      () => (system.host.stats().queues[queueNames.dead]?.visible ?? 0) >= providers.length,
    );
    const response = await fetch(new URL('/', system.deadLetterQueueUrl), {
      method: 'POST',
      headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amz-target': 'AmazonSQS.ReceiveMessage' },
      body: JSON.stringify({
        QueueUrl: system.deadLetterQueueUrl,
        MaxNumberOfMessages: 10,
        MessageSystemAttributeNames: ['All'],
        MessageAttributeNames: ['All'],
      }),
    });
    const letters = await response.text();
    expect(letters).toContain('ApproximateReceiveCount');
    expect(findLeaks(letters, secrets())).toEqual([]);
    expect(findLeaks(written.logs.join('\n'), secrets())).toEqual([]);
  });
});
