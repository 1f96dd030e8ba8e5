import { describe, expect, it, vi } from 'vitest';
import { createManualClock } from './clock.ts';
import type { EventSourceDefinition } from './event-source.ts';
import { fixture, observedHost, testGate } from './fixtures/host.ts';
import type { FunctionDefinition } from './function-definition.ts';
import type { QueueDefinition } from './queues.ts';
import { failedMessageIds } from './sqs-event.ts';

const patient = { timeout: 200_000 };

async function setUp(
  functionDefinition: FunctionDefinition,
  source: Partial<EventSourceDefinition> = {},
  queue: Partial<QueueDefinition> = {},
) {
  const clock = createManualClock();
  const observed = await observedHost({
    clock,
    functions: [functionDefinition],
    queues: [{ name: 'q', visibilityTimeoutMs: 30_000, ...queue }, { name: 'dead' }],
    eventSources: [{ queue: 'q', function: functionDefinition.name, ...source }],
  });
  const { host } = observed;
  const queueStats = (name: string) => host.stats().queues[name];
  return {
    clock,
    ...observed,
    queueStats,
    send: (...bodies: string[]) => bodies.map((body) => host.queues.send('q', body, {}).messageId),
  };
}

describe('failedMessageIds', () => {
  const ids = ['m1', 'm2', 'm3'];
  const failed = (payload: string, partial = true, functionError?: { errorType: string; errorMessage: string }) => [
    ...failedMessageIds(
      {
        requestId: 'r',
        environmentId: 'e',
        coldStart: false,
        durationMs: 1,
        payload,
        ...(functionError === undefined ? {} : { functionError }),
      },
      ids,
      partial,
    ),
  ];

  it.each(['null', '', '{}', '{"batchItemFailures":null}', '{"batchItemFailures":[]}', '{"else":1}'])(
    'is none for %j',
    (payload) => {
      expect(failed(payload)).toEqual([]);
    },
  );

  it('is what is named, once each', () => {
    expect(failed('{"batchItemFailures":[{"itemIdentifier":"m2"},{"itemIdentifier":"m2"}]}')).toEqual(['m2']);
  });

  it.each([
    '{',
    '"ok"',
    '[]',
    '7',
    '{"batchItemFailures":{}}',
    '{"batchItemFailures":"m1"}',
    '{"batchItemFailures":[null]}',
    '{"batchItemFailures":["m1"]}',
    '{"batchItemFailures":[{"itemIdentifier":""}]}',
    '{"batchItemFailures":[{"itemIdentifier":null}]}',
    '{"batchItemFailures":[{"itemIdentifer":"m1"}]}',
    '{"batchItemFailures":[{"itemIdentifier":"m1"},{"itemIdentifier":"of another batch"}]}',
  ])('is the whole batch for %s', (payload) => {
    expect(failed(payload)).toEqual(['m1', 'm2', 'm3']);
  });

  it('is the whole batch when the function failed, whatever it reports', () => {
    const error = { errorType: 'Error', errorMessage: 'x' };
    expect(failed('{"batchItemFailures":[]}', true, error)).toEqual(['m1', 'm2', 'm3']);
    expect(failed('null', false, error)).toEqual(['m1', 'm2', 'm3']);
  });

  it('is none when the function does not report partial failures', () => {
    expect(failed('{"batchItemFailures":[{"itemIdentifier":"m1"}]}', false)).toEqual([]);
  });
});

describe('an event source', () => {
  it('hands messages over in the form of SQS events, and deletes them', async () => {
    const { host, queueStats } = await setUp(fixture('printEvent'));
    const { messageId } = host.queues.send('q', 'grüße', {
      tenant: { DataType: 'String', StringValue: 't1' },
      bytes: { DataType: 'Binary', BinaryValue: 'AP8=' },
    });
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ deleted: 1, visible: 0, inFlight: 0 }), patient);
    await vi.waitFor(() => expect(host.logs('printEvent')).toHaveLength(1), patient);
    expect(JSON.parse(host.logs('printEvent')[0] ?? '')).toEqual({
      Records: [
        {
          messageId,
          receiptHandle: `${messageId}#1`,
          body: 'grüße',
          attributes: {
            ApproximateReceiveCount: '1',
            SentTimestamp: '1700000000000',
            SenderId: '000000000000',
            ApproximateFirstReceiveTimestamp: '1700000000000',
          },
          messageAttributes: {
            tenant: { stringValue: 't1', stringListValues: [], binaryListValues: [], dataType: 'String' },
            bytes: { binaryValue: 'AP8=', stringListValues: [], binaryListValues: [], dataType: 'Binary' },
          },
          md5OfBody: 'fee40dc24d0ad6a90c608052aa4e9e66',
          eventSource: 'aws:sqs',
          eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:q',
          awsRegion: 'us-east-1',
        },
      ],
    });
  });

  it('keeps exactly the reported failures, shows them again after the visibility timeout, then in the dead-letter queue', async () => {
    const redrive = { deadLetterQueue: 'dead', maxReceiveCount: 2 };
    const { host, clock, send, queueStats } = await setUp(
      fixture('batch'),
      { reportBatchItemFailures: true },
      { redrive },
    );
    send('good 1', 'bad 2', 'good 3', 'bad 4');
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ deleted: 2, inFlight: 2 }), patient);
    clock.advance(29_999);
    expect(queueStats('q')).toMatchObject({ inFlight: 2 });
    const before = host.stats().functions.batch?.invocations ?? 0;
    clock.advance(1);
    await vi.waitFor(
      () => expect(host.stats().functions.batch).toMatchObject({ invocations: before + 1, inFlight: 0 }),
      patient,
    );
    clock.advance(30_000);
    await vi.waitFor(() => expect(queueStats('dead')).toMatchObject({ visible: 2 }), patient);
    expect(queueStats('q')).toMatchObject({ visible: 0, inFlight: 0, deadLettered: 2, deleted: 2 });
    expect(host.stats().functions.batch).toMatchObject({ invocations: before + 1 });
    expect(host.queues.redrive('dead')).toBe(2);
  });

  it('fails the whole batch when the environment dies, and the next one gets it again', async () => {
    const { host, clock, send, queueStats } = await setUp(fixture('exitOnFirstReceive'));
    send('a');
    await vi.waitFor(
      () => expect(host.stats().functions.exitOnFirstReceive).toMatchObject({ errors: 1, inFlight: 0 }),
      patient,
    );
    expect(queueStats('q')).toMatchObject({ inFlight: 1, deleted: 0 });
    clock.advance(30_000);
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ deleted: 1, inFlight: 0 }), patient);
    expect(host.stats().functions.exitOnFirstReceive).toMatchObject({ invocations: 2, coldStarts: 2 });
  });

  it('does not delete on behalf of a run that outlived its visibility timeout and was overtaken', async () => {
    const gate = await testGate();
    const { host, clock, queueStats } = await setUp(fixture('holdRecords', { environment: { GATE: gate.url } }), {
      maximumConcurrency: 1,
    });
    host.queues.send('q', 'a', {});
    await gate.arrived(1);
    clock.advance(30_000); // visible again, while the run still works
    const [other] = await host.queues.get('q').receive({ maxMessages: 1, waitMs: 0 });
    expect(other?.message.receiveCount).toBe(2);
    gate.open();
    await vi.waitFor(
      () => expect(host.stats().functions.holdRecords).toMatchObject({ inFlight: 0, invocations: 1 }),
      patient,
    );
    await host.drain();
    expect(queueStats('q')).toMatchObject({ inFlight: 1, deleted: 0 });
  });

  it('runs at most maximumConcurrency batches of at most batchSize', async () => {
    const gate = await testGate();
    const source = { batchSize: 2, maximumConcurrency: 2 };
    const { host, send, queueStats } = await setUp(fixture('holdRecords', { environment: { GATE: gate.url } }), source);
    send('1', '2', '3', '4', '5', '6', '7');
    await gate.arrived(2);
    expect(queueStats('q')).toMatchObject({ sent: 7 });
    const { inFlight = 0, visible = 0 } = queueStats('q') ?? {};
    expect(inFlight).toBeLessThanOrEqual(4);
    expect(inFlight + visible).toBe(7);
    gate.open();
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ deleted: 7 }), patient);
    expect(host.stats().functions.holdRecords?.environments).toBeLessThanOrEqual(2);
  });

  it('takes nothing between drain and resume, and then what has come meanwhile', async () => {
    const { host, send, queueStats } = await setUp(fixture('printEvent'));
    send('1');
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ deleted: 1 }), patient);
    await host.drain();
    send('2');
    await new Promise((resolve) => setImmediate(resolve));
    expect(queueStats('q')).toMatchObject({ visible: 1, inFlight: 0, deleted: 1 });
    host.resume();
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ deleted: 2 }), patient);
  });

  it('gathers a batch for as long as its window, or until it is full', async () => {
    const source = { batchSize: 3, maximumBatchingWindowMs: 5_000 };
    const { host, clock, send, queueStats } = await setUp(fixture('printEvent'), source);
    const sizes = () => host.logs('printEvent').map((line) => JSON.parse(line).Records.length);
    send('1');
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ inFlight: 1 }), patient);
    send('2', '3');
    await vi.waitFor(() => expect(sizes()).toEqual([3]), patient);
    send('4');
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ inFlight: 1 }), patient);
    expect(sizes()).toEqual([3]);
    clock.advance(5_000);
    await vi.waitFor(() => expect(sizes()).toEqual([3, 1]), patient);
  });

  it('splits what would not fit into one event', async () => {
    const source = { batchSize: 10, maximumConcurrency: 1 };
    const { send, queueStats, host } = await setUp(fixture('countRecords', { memoryMb: 400 }), source);
    send(...Array.from({ length: 8 }, () => '"'.repeat(1_000_000)));
    await vi.waitFor(() => expect(queueStats('q')).toMatchObject({ deleted: 8 }), patient);
    expect(host.stats().functions.countRecords).toMatchObject({ errors: 0 });
  });

  it('waits when the function is throttled, and loses nothing', async () => {
    const gate = await testGate();
    const definition = fixture('hold', { maxEnvironments: 1, maxWaiting: 0 });
    const { host, clock, send, queueStats } = await setUp(definition);
    const direct = host.invoke('hold', { untilUrl: gate.url });
    await gate.arrived(1);
    send('a');
    await vi.waitFor(() => expect(host.stats().functions.hold?.throttles).toBeGreaterThan(0), patient);
    expect(queueStats('q')).toMatchObject({ inFlight: 1 });
    gate.open();
    await direct;
    // The event has no untilUrl: the function fails, and the message stays in the queue.
    await vi.waitFor(() => {
      clock.advance(100);
      expect(host.stats().functions.hold).toMatchObject({ invocations: 2, errors: 1 });
    }, patient);
    expect(queueStats('q')).toMatchObject({ deleted: 0 });
  });

  it.each([
    [{ batchSize: 10_001 }, 'batchSize must be 1 to 10000'],
    [{ batchSize: 11 }, 'needs a maximumBatchingWindowMs of at least 1000'],
    [{ maximumBatchingWindowMs: 300_001 }, 'must be 0 to 300000'],
    [{ maximumConcurrency: 0 }, 'must be 1 to 1000'],
  ])('is refused with %j', async (source, reason) => {
    await expect(setUp(fixture('echo'), source)).rejects.toMatchObject({
      code: 'InvalidParameterValueException',
      message: expect.stringContaining(reason),
    });
  });

  it('is refused when messages would show again before the function is done', async () => {
    const refused = setUp(fixture('echo', { timeoutMs: 20_000 }), {}, { visibilityTimeoutMs: 10_000 });
    await expect(refused).rejects.toThrow(
      "the queue's visibility timeout, 10000 ms, is less than the function's timeout, 20000 ms",
    );
  });
});
