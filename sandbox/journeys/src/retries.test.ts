import { type System, sendEvent } from '@quartersec/sandbox-system';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectCleanAudit, expectTruth, postEvent, readJournal, startJourneySystem, until } from './journey.ts';
import { countCalls, plantFault } from './provider-control.ts';

const logged: Record<string, unknown>[] = [];
let system: System;

beforeAll(async () => {
  system = await startJourneySystem({
    functionTimeoutMs: 2_000,
    queue: { visibilityTimeoutSeconds: 2, maxReceiveCount: 2 },
    onLog(_functionName, line) {
      if (line.includes('"correlation_id"')) logged.push(JSON.parse(line));
    },
  });
});

afterAll(() => system?.close());

describe('a provider that answers 500', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
  ])('%i times is asked once more, and the event is committed', async (failures, index) => {
    const token = `access-sandbox-${index}`;
    await plantFault(system.controlUrl, token, { kind: 'status', times: failures, options: { status: 500 } });
    const { status, body } = await postEvent(system, { connectionId: `conn-${index}` });
    expect(status).toBe(200);
    expect(body).toMatchObject({ outcome: { kind: 'committed' }, attempts: failures + 1, version: 3 });
    expect(await countCalls(system.controlUrl, token)).toBe(failures + 2); // the account list is the other one
    await expectTruth(system, index);
  });

  it('four times is called exactly four times, counted once and logged as critical', async () => {
    const exhaustedBefore = system.metrics.totals.total('RetriesExhausted');
    await plantFault(system.controlUrl, 'access-sandbox-3', { kind: 'status', times: 4, options: { status: 500 } });
    const { status, body } = await postEvent(system, { connectionId: 'conn-3', correlationId: 'journey-3' });
    expect(status).toBe(502);
    expect(body).toMatchObject({ outcome: { kind: 'failed', code: 'SERVER_ERROR', exhausted: true }, attempts: 4 });
    expect(await countCalls(system.controlUrl, 'access-sandbox-3')).toBe(4);
    await until('the metric', () => system.metrics.totals.total('RetriesExhausted') === exhaustedBefore + 1);
    expect(logged.filter(({ correlation_id }) => correlation_id === 'journey-3')).toEqual([
      expect.objectContaining({
        level: 'CRITICAL',
        message: 'retries exhausted',
        component: 'processor.process',
        connection_id: 'conn-3',
        error_code: 'SERVER_ERROR',
        timestamp: expect.any(String),
      }),
    ]);
  });

  it('for good sends the message to the dead letters after its last receive, and nothing is stored', async () => {
    await plantFault(system.controlUrl, 'access-sandbox-4', { kind: 'status', options: { status: 500 } });
    await sendEvent(system.queueUrl, 'conn-4');
    await until('the dead letter', () => system.host.stats().queues['sync-dead']?.visible === 1);
    expect(await countCalls(system.controlUrl, 'access-sandbox-4')).toBe(8); // two receives of four calls
    expect((await readJournal(system, 'conn-4')).head.version).toBe(1);
  });

  it('on the first receive only is mended by the redelivery', async () => {
    await plantFault(system.controlUrl, 'access-sandbox-5', { kind: 'status', times: 4, options: { status: 500 } });
    await sendEvent(system.queueUrl, 'conn-5');
    await until('the commit', async () => (await readJournal(system, 'conn-5')).head.version === 3);
    await expectTruth(system, 5);
  });
});

describe('other provider faults', () => {
  it.each([
    ['truncated', 'committed', 2],
    ['html-200', 'committed', 2],
    ['connect-reset', 'committed', 2],
    ['reset-mid-body', 'committed', 2],
    ['wrong-content-type', 'committed', 2],
    ['hang', 'committed', 2],
    ['login-required', 'stopped', 1],
    ['institution-down', 'postponed', 1],
  ])('%s once: %s after %i calls', async (kind, outcome, attempts) => {
    const index = 6 + faultIndex++;
    await plantFault(system.controlUrl, `access-sandbox-${index}`, { kind, times: 1 });
    const { body } = await postEvent(system, { connectionId: `conn-${index}` });
    expect(body).toMatchObject({ outcome: { kind: outcome }, attempts });
  });

  it('one bad record costs itself alone', async () => {
    await plantFault(system.controlUrl, 'access-sandbox-20', { kind: 'bad-record', times: 1 });
    const { body } = await postEvent(system, { connectionId: 'conn-20' });
    expect(body).toMatchObject({ outcome: { kind: 'committed' }, quarantined: 1, attempts: 1 });
    expect(body.added).toBeGreaterThan(10);
  });
});

it('leaves nothing that the audit finds fault with', () => expectCleanAudit(system));

let faultIndex = 0;
