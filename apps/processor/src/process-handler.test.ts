import { StorageError } from '@quartersec/storage';
import type { SQSBatchResponse } from 'aws-lambda';
import { describe, expect, it, vi } from 'vitest';
import type { ProcessDependencies } from './process-event.ts';
import { createProcessHandler, type InvocationContext, type ProcessHandlerDependencies } from './process-handler.ts';
import {
  type Answer,
  createScriptedPipeline,
  type ScriptedPipeline,
  startEpochMs,
  transaction,
} from './scripted-pipeline.ts';

const limits = { hardDeadlineMs: 2_000, answerReserveMs: 200 };
const context: InvocationContext = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 5_000 };
const onePage: Answer = { page: { added: [transaction('a')] }, nextCursor: 'c1' };

const handle = (pipeline: ScriptedPipeline, input: unknown, within = context) =>
  createProcessHandler({ ...pipeline.deps, askDue: noSchedule }, limits)(input, within);

const noSchedule: ProcessHandlerDependencies['askDue'] = async () => ({ looked: 0, asked: 0, goesOn: false });

function message(messageId: string, body: unknown) {
  return {
    messageId,
    receiptHandle: `handle-${messageId}`,
    body: typeof body === 'string' ? body : JSON.stringify(body),
    attributes: { SentTimestamp: String(startEpochMs - 750), ApproximateReceiveCount: '1' },
    eventSource: 'aws:sqs',
  };
}

function request(body: unknown, members: { method?: string; type?: string; base64?: boolean } = {}) {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  return {
    version: '2.0',
    rawPath: '/',
    headers: { 'content-type': members.type ?? 'application/json' },
    requestContext: { http: { method: members.method ?? 'POST' } },
    body: members.base64 ? Buffer.from(text).toString('base64') : text,
    isBase64Encoded: members.base64 ?? false,
  };
}

describe('a direct invocation', () => {
  it('answers with the report and takes the request id as correlation id', async () => {
    const pipeline = createScriptedPipeline([onePage]);
    await pipeline.link('conn-1');
    expect(await handle(pipeline, { connectionId: 'conn-1' })).toMatchObject({
      correlationId: 'request-1',
      connectionId: 'conn-1',
      outcome: { kind: 'committed' },
    });
  });

  it('throws where an event has failed: an asynchronous one is then made again by Lambda', async () => {
    await expect(handle(createScriptedPipeline([]), { connectionId: 'conn-unknown' })).rejects.toMatchObject({
      name: 'CONNECTION_UNKNOWN',
      message: expect.stringContaining('"correlationId":"request-1"'),
    });
  });

  it.each([
    ['SNS', { EventSource: 'aws:sns', Sns: { Message: '{"connectionId":"conn-1"}' } }],
    ['S3', { eventSource: 'aws:s3', s3: { bucket: { name: 'b' } } }],
  ])('refuses records of %s, and counts them', async (_service, record) => {
    const pipeline = createScriptedPipeline([]);
    await expect(handle(pipeline, { Records: [record] })).rejects.toMatchObject({ code: 'EVENT_MALFORMED' });
    expect(pipeline.measured).toEqual([{ Refused: 1 }]);
  });

  it('refuses an input that is no event', async () => {
    await expect(handle(createScriptedPipeline([]), { hello: 1 })).rejects.toMatchObject({ code: 'EVENT_MALFORMED' });
    await expect(handle(createScriptedPipeline([]), null)).rejects.toMatchObject({ code: 'EVENT_MALFORMED' });
  });
});

describe('a batch from the queue', () => {
  it('reports exactly the failed records and runs each of the others once', async () => {
    const pipeline = createScriptedPipeline([onePage]);
    await pipeline.link('conn-1');
    const batch = {
      Records: [
        message('m1', { connectionId: 'conn-unknown' }),
        message('m2', { connectionId: 'conn-1' }),
        message('m3', 'not json'),
        message('m4', { connectionId: 'no/slash' }),
      ],
    };
    const response = (await handle(pipeline, batch)) as SQSBatchResponse;
    expect(response.batchItemFailures).toEqual([
      { itemIdentifier: 'm1' },
      { itemIdentifier: 'm3' },
      { itemIdentifier: 'm4' },
    ]);
    expect(pipeline.asked).toHaveLength(1);
  });

  it('ends one that hangs by its own deadline, reports it alone, and stores what the others brought', async () => {
    const alarms: (() => void)[] = [];
    const pipeline = createScriptedPipeline([{ hang: true }, onePage], {
      afterMs: () => {
        const { promise, resolve } = Promise.withResolvers<void>();
        alarms.push(resolve);
        return { elapsed: promise, cancel: () => {} };
      },
    });
    await pipeline.link('conn-1');
    await pipeline.link('conn-2');
    const batch = {
      Records: [message('m1', { connectionId: 'conn-1' }), message('m2', { connectionId: 'conn-2' })],
    };
    const answered = handle(pipeline, batch);
    await vi.waitFor(() => expect(pipeline.measured).toMatchObject([{ Committed: 1 }]), 60_000);
    for (const ring of alarms) ring();
    expect(((await answered) as SQSBatchResponse).batchItemFailures).toEqual([{ itemIdentifier: 'm1' }]);
    expect((await pipeline.head('conn-2')).cursor).toBe('c1');
    expect((await pipeline.head('conn-1')).cursor).toBeNull();
  });

  it('measures how long a message had waited', async () => {
    const pipeline = createScriptedPipeline([onePage]);
    await pipeline.link('conn-1');
    await handle(pipeline, { Records: [message('m1', { connectionId: 'conn-1' })] });
    expect(pipeline.measured[0]).toMatchObject({ QueueAge: 750 });
  });

  it.each([
    ['the event was asked for before the queue knew it', startEpochMs - 5_000, 750],
    ['the sender says no time', undefined, 750],
    ['the event was asked for after the queue had it: clocks differ', startEpochMs - 100, 100],
    ['the sender is ahead of our clock', startEpochMs + 60_000, 0],
  ])('counts the wait into the round trip where %s', async (_title, requestedEpochMs, roundTripMs) => {
    const pipeline = createScriptedPipeline([onePage]);
    await pipeline.link('conn-1');
    await handle(pipeline, { Records: [message('m1', { connectionId: 'conn-1', requestedEpochMs })] });
    expect(pipeline.measured[0]).toMatchObject({ RoundTrip: roundTripMs });
  });

  it('calls an event late that waited too long on the queue, and blames us', async () => {
    const pipeline = createScriptedPipeline([onePage, onePage]);
    await pipeline.link('conn-1');
    await handle(pipeline, { Records: [message('m1', { connectionId: 'conn-1' })] });
    expect(pipeline.measured[0]).toMatchObject({ Events: 1, Bad: 1, Committed: 1 });
    expect(pipeline.blamed).toEqual(['ours']);
    await handle(pipeline, { connectionId: 'conn-1' });
    expect(pipeline.measured[1]).toMatchObject({ Events: 1, RoundTrip: 0 });
    expect(pipeline.measured[1]).not.toHaveProperty('Bad');
  });

  it('counts what its sender got wrong apart, and burns nothing by it', async () => {
    const pipeline = createScriptedPipeline([]);
    const bodies = [{ connectionId: 'conn-unknown' }, 'not json', { connectionId: 'no/slash' }];
    await handle(pipeline, { Records: bodies.map((body, index) => message(`m${index}`, body)) });
    await handle(pipeline, request({ connectionId: 7 }));
    await expect(handle(pipeline, { connectionId: 7 })).rejects.toThrow();
    const refused = { Refused: 1 };
    expect(pipeline.measured).toHaveLength(5);
    expect(pipeline.measured).toContainEqual({ Refused: 1, QueueAge: 750, ColdStart: 1 });
    expect(pipeline.measured.filter((values) => Object.keys(values).length === 1)).toEqual([
      refused,
      refused,
      refused,
      refused,
    ]);
  });

  it('measures no round trip of an event that is deferred: it is not over', async () => {
    const pipeline = createScriptedPipeline([{ error: 'INSTITUTION_DOWN' }]);
    await pipeline.link('conn-1');
    await handle(pipeline, { connectionId: 'conn-1' });
    expect(pipeline.measured[0]).toMatchObject({ Events: 1, Bad: 1, Deferred: 1 });
    expect(pipeline.measured[0]).not.toHaveProperty('RoundTrip');
    expect(pipeline.blamed).toEqual(['provider']);
  });

  it('measures how old the data of a connection had become, where it ever had any', async () => {
    const pipeline = createScriptedPipeline([onePage, { page: {}, nextCursor: 'c2' }]);
    await pipeline.link('conn-1');
    await handle(pipeline, { connectionId: 'conn-1' });
    expect(pipeline.measured[0]).not.toHaveProperty('SyncAge');
    pipeline.advanceMs(3_600_000);
    await handle(pipeline, { connectionId: 'conn-1' });
    expect(pipeline.measured[1]).toMatchObject({ SyncAge: 3_600_000 });
  });

  it('logs a poison message by its id and fault, and never quotes it', async () => {
    const pipeline = createScriptedPipeline([]);
    await handle(pipeline, { Records: [message('m1', 'secret text'), message('m2', { connectionId: 7 })] });
    expect(pipeline.logged.map(({ fields }) => fields)).toEqual([
      { correlation_id: 'm1', error_code: 'EVENT_MALFORMED', error_detail: 'the body is not JSON' },
      {
        correlation_id: 'm2',
        error_code: 'EVENT_MALFORMED',
        error_detail: '{"member":"connectionId","expected":"1 to 128 letters, digits, \\"-\\" or \\"_\\""}',
      },
    ]);
    expect(JSON.stringify(pipeline.logged)).not.toContain('secret');
  });
});

describe('a call over HTTP', () => {
  const statusOf = async (answers: Answer[], body: unknown, members = {}) => {
    const pipeline = createScriptedPipeline(answers);
    await pipeline.link('conn-1');
    return (await handle(pipeline, request(body, members))) as {
      statusCode: number;
      body: string;
      headers: Record<string, string>;
    };
  };
  const event = { connectionId: 'conn-1' };

  it.each([
    ['committed', [onePage], 200],
    ['put off', [{ error: 'THROTTLED', facts: { retryAfterMs: 30_000 } }], 202],
    ['in need of its user', [{ error: 'LOGIN_REQUIRED' }], 409],
    ['given up', Array.from({ length: 4 }, () => ({ error: 'SERVER_ERROR' })), 502],
    ['rejected by the provider', [{ error: 'REQUEST_REJECTED' }], 503],
  ] as [string, Answer[], number][])('that is %s', async (_title, answers, status) => {
    expect((await statusOf(answers, event)).statusCode).toBe(status);
  });

  it('says when to come back', async () => {
    const { headers } = await statusOf([{ error: 'THROTTLED', facts: { retryAfterMs: 30_000 } }], event);
    expect(Number(headers['retry-after'])).toBeGreaterThanOrEqual(30);
  });

  it.each([
    ['an unknown connection', { connectionId: 'conn-9' }, {}, 404],
    ['a body that is not JSON', '{"connectionId":', {}, 400],
    ['a malformed event', { connectionId: '' }, {}, 400],
    ['another content type', event, { type: 'text/plain' }, 415],
    ['another method', event, { method: 'GET' }, 405],
  ])('refuses %s and names the remedy', async (_title, body, members, status) => {
    const answer = await statusOf([], body, members);
    expect(answer.statusCode).toBe(status);
    expect(answer.body).toMatch(/remedy|CONNECTION_UNKNOWN/);
  });

  it('takes a body in base64', async () => {
    expect((await statusOf([onePage], event, { base64: true })).statusCode).toBe(200);
  });

  it('without a body or content type is refused', async () => {
    const pipeline = createScriptedPipeline([]);
    const bare = { headers: {}, requestContext: { http: { method: 'POST' } } };
    expect(await handle(pipeline, bare)).toMatchObject({ statusCode: 415 });
    expect(await handle(pipeline, { ...bare, headers: { 'content-type': 'application/json' } })).toMatchObject({
      statusCode: 400,
    });
    expect(
      await handle(pipeline, { ...bare, isBase64Encoded: true, headers: { 'content-type': 'application/json' } }),
    ).toMatchObject({ statusCode: 400 });
  });

  it('answers 504 when the event ran out of time', async () => {
    const pipeline = createScriptedPipeline([{ hang: true }], {
      afterMs: () => ({ elapsed: Promise.resolve(), cancel: () => {} }),
    });
    await pipeline.link('conn-1');
    expect(await handle(pipeline, request(event))).toMatchObject({ statusCode: 504 });
  });
});

describe('the deadline of an event', () => {
  it.each([
    ['user', 2_000],
    ['webhook', 4_300],
    ['schedule', 4_300],
    ['continuation', 4_300],
  ])('of reason %s is %i ms in a function of 5 s', async (reason, deadlineMs) => {
    const pipeline = createScriptedPipeline([onePage]);
    await pipeline.link('conn-1');
    const alarms: number[] = [];
    const afterMs: ProcessDependencies['afterMs'] = (ms) => {
      alarms.push(ms);
      return { elapsed: new Promise(() => {}), cancel: () => {} };
    };
    await createProcessHandler({ ...pipeline.deps, afterMs, askDue: noSchedule }, limits)(
      { connectionId: 'conn-1', reason },
      context,
    );
    expect(alarms).toEqual([deadlineMs + 500]);
  });

  it('ends before the function would', async () => {
    const pipeline = createScriptedPipeline([]);
    await pipeline.link('conn-1');
    const nearlyOver: InvocationContext = { awsRequestId: 'request-1', getRemainingTimeInMillis: () => 150 };
    const report = handle(pipeline, { connectionId: 'conn-1' }, nearlyOver);
    await expect(report).rejects.toMatchObject({ name: 'DEADLINE_EXCEEDED' });
    expect(pipeline.asked).toHaveLength(0);
  });
});

describe('the message of the schedule', () => {
  const due = { type: 'ScheduleDue', shard: 3, after: 'conn-1' };
  const withSchedule = (askDue: ProcessHandlerDependencies['askDue'], pipeline = createScriptedPipeline([])) => ({
    pipeline,
    run: createProcessHandler({ ...pipeline.deps, askDue }, limits),
  });

  it('is handed on from the queue and from a direct call, beside events', async () => {
    const seen: unknown[] = [];
    const pass = { looked: 2, asked: 1, goesOn: false };
    const { run, pipeline } = withSchedule(
      async (message, deadline) => {
        seen.push([message, deadline.remainingMs()]);
        return pass;
      },
      createScriptedPipeline([onePage]),
    );
    await pipeline.link('conn-1');
    const batch = { Records: [message('m1', due), message('m2', { connectionId: 'conn-1' })] };
    expect(await run(batch, context)).toEqual({ batchItemFailures: [] });
    expect(await run({ type: 'ScheduleDue' }, context)).toEqual(pass);
    expect(seen).toEqual([
      [due, 4_800],
      [{ type: 'ScheduleDue' }, 4_800],
    ]);
    expect(pipeline.asked).toEqual([null]);
  });

  it("counts the timer's own message once it is done, from the queue and directly, and no further page of a list", async () => {
    const done = withSchedule(noSchedule);
    const tick = { type: 'ScheduleDue' };
    await done.run({ Records: [message('m1', tick), message('m2', due)] }, context);
    await done.run(tick, context);
    expect(done.pipeline.measured.filter((values) => 'ScheduleTicks' in values)).toEqual([
      { ScheduleTicks: 1 },
      { ScheduleTicks: 1 },
    ]);
    const failing = withSchedule(() => Promise.reject(new StorageError('TABLE_THROTTLED', { table: 't' })));
    await failing.run({ Records: [message('m1', tick)] }, context);
    expect(failing.pipeline.measured).toEqual([]);
  });

  it('comes again where it could not be done, or is dead where it is malformed', async () => {
    const { run, pipeline } = withSchedule(() => Promise.reject(new StorageError('TABLE_THROTTLED', { table: 't' })));
    const batch = { Records: [message('m1', due), message('m2', { ...due, shard: 64 })] };
    expect(await run(batch, context)).toEqual({
      batchItemFailures: [{ itemIdentifier: 'm1' }, { itemIdentifier: 'm2' }],
    });
    expect(pipeline.logged.map(({ message: text, fields }) => [text, fields.error_code])).toEqual([
      ['message malformed', 'EVENT_MALFORMED'],
      ['schedule failed', 'TABLE_THROTTLED'],
    ]);
  });

  it('comes again after a defect too, and takes no other record with it', async () => {
    const defect = () => Promise.reject(new RangeError('x'));
    const { run, pipeline } = withSchedule(defect, createScriptedPipeline([onePage]));
    await pipeline.link('conn-1');
    const batch = { Records: [message('m1', due), message('m2', { connectionId: 'conn-1' })] };
    expect(await run(batch, context)).toEqual({ batchItemFailures: [{ itemIdentifier: 'm1' }] });
    expect(pipeline.logged[0]?.fields).toMatchObject({ error_code: 'UNEXPECTED', error_detail: 'RangeError' });
  });
});
