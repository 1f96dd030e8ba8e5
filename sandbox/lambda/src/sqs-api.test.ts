import {
  ChangeMessageVisibilityBatchCommand,
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  DeleteQueueCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  ListMessageMoveTasksCommand,
  ListQueuesCommand,
  PurgeQueueCommand,
  QueueDoesNotExist,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SetQueueAttributesCommand,
  SQSClient,
  StartMessageMoveTaskCommand,
} from '@aws-sdk/client-sqs';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { createManualClock } from './clock.ts';
import { observedHost } from './fixtures/host.ts';
import { md5OfAttributes } from './message-attributes.ts';
import type { QueueDefinition } from './queues.ts';

async function setUp(...queues: readonly QueueDefinition[]) {
  const clock = createManualClock();
  const { host } = await observedHost({ queues, clock });
  const credentials = { accessKeyId: 'any', secretAccessKey: 'any' };
  const client = new SQSClient({ endpoint: host.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  onTestFinished(() => client.destroy());
  const QueueUrl = queues[0] === undefined ? '' : host.queueUrl(queues[0].name);
  const receive = async (input: object = {}) =>
    (await client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, ...input }))).Messages ?? [];
  return { clock, host, client, QueueUrl, receive };
}

describe('SQS, called by @aws-sdk/client-sqs, which compares every digest', () => {
  it('sends, receives and deletes', async () => {
    const { client, QueueUrl, receive, host } = await setUp({ name: 'q' });
    const sent = await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'grüße',
        MessageAttributes: {
          tenant: { DataType: 'String', StringValue: 't1' },
          count: { DataType: 'Number', StringValue: '7' },
          bytes: { DataType: 'Binary.png', BinaryValue: Uint8Array.of(0, 255) },
        },
        MessageSystemAttributes: {
          AWSTraceHeader: { DataType: 'String', StringValue: 'Root=1-5e6b4a90-1234567890abcdef12345678' },
        },
      }),
    );
    const [message] = await receive({ MessageSystemAttributeNames: ['All'], MessageAttributeNames: ['All'] });
    expect(message).toMatchObject({
      MessageId: sent.MessageId,
      Body: 'grüße',
      MD5OfBody: sent.MD5OfMessageBody,
      MD5OfMessageAttributes: sent.MD5OfMessageAttributes,
      MessageAttributes: {
        tenant: { StringValue: 't1' },
        count: { StringValue: '7' },
        bytes: { BinaryValue: Uint8Array.of(0, 255) },
      },
      Attributes: {
        ApproximateReceiveCount: '1',
        SentTimestamp: '1700000000000',
        ApproximateFirstReceiveTimestamp: '1700000000000',
        SenderId: '000000000000',
        AWSTraceHeader: 'Root=1-5e6b4a90-1234567890abcdef12345678',
      },
    });
    await client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle }));
    expect(host.stats().queues.q).toMatchObject({ visible: 0, inFlight: 0, deleted: 1 });
  });

  it('returns the attributes that were asked for, and none unasked', async () => {
    const { client, QueueUrl, receive, clock } = await setUp({ name: 'q', visibilityTimeoutMs: 1_000 });
    const text = (StringValue: string) => ({ DataType: 'String', StringValue });
    await client.send(
      new SendMessageCommand({
        QueueUrl,
        MessageBody: 'x',
        MessageAttributes: { 'a.b': text('1'), 'a.c': text('2'), d: text('3') },
      }),
    );
    const [bare] = await receive();
    expect(bare).not.toHaveProperty('Attributes');
    expect(bare).not.toHaveProperty('MessageAttributes');
    clock.advance(1_000);
    const [some] = await receive({
      MessageAttributeNames: ['a.*'],
      MessageSystemAttributeNames: ['ApproximateReceiveCount'],
    });
    expect(Object.keys(some?.MessageAttributes ?? {})).toEqual(['a.b', 'a.c']);
    expect(some?.Attributes).toEqual({ ApproximateReceiveCount: '2' });
  });

  it('sends, deletes and hides in batches, and lists what failed', async () => {
    const { client, QueueUrl, receive, host } = await setUp({ name: 'q' });
    host.queues.setSendFault('q', (body) => body === 'unlucky');
    const sent = await client.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: 'a', MessageBody: 'fine' },
          { Id: 'b', MessageBody: 'unlucky' },
          { Id: 'c', MessageBody: '\u0000' },
          { Id: 'd', MessageBody: 'later', DelaySeconds: 900 },
        ],
      }),
    );
    expect(sent.Successful?.map(({ Id }) => Id)).toEqual(['a', 'd']);
    expect(sent.Failed).toMatchObject([
      { Id: 'b', Code: 'InternalError', SenderFault: false },
      { Id: 'c', Code: 'InvalidMessageContents', SenderFault: true },
    ]);
    const [message] = await receive();
    const entry = { Id: 'a', ReceiptHandle: message?.ReceiptHandle };
    const hidden = await client.send(
      new ChangeMessageVisibilityBatchCommand({
        QueueUrl,
        Entries: [
          { ...entry, VisibilityTimeout: 0 },
          { Id: 'x', ReceiptHandle: 'nonsense', VisibilityTimeout: 0 },
        ],
      }),
    );
    expect(hidden.Successful).toEqual([{ Id: 'a' }]);
    expect(hidden.Failed).toMatchObject([{ Id: 'x', Code: 'ReceiptHandleIsInvalid', SenderFault: true }]);
    const [again] = await receive();
    const deleted = await client.send(
      new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', ReceiptHandle: again?.ReceiptHandle }] }),
    );
    expect(deleted.Successful).toEqual([{ Id: 'a' }]);
    expect(host.stats().queues.q).toMatchObject({ visible: 0, inFlight: 0, delayed: 1 });
  });

  it('waits in a long poll until a message comes', async () => {
    const { client, QueueUrl, receive, clock } = await setUp({ name: 'q' });
    const polled = receive({ WaitTimeSeconds: 20 });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x', DelaySeconds: 3 }));
    clock.advance(3_000);
    expect((await polled).map(({ Body }) => Body)).toEqual(['x']);
  });

  it('gives a message to nobody whose long poll was broken off', async () => {
    const { client, QueueUrl, clock, host } = await setUp({ name: 'q' });
    const abort = new AbortController();
    const broken = client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 20 }), {
      abortSignal: abort.signal,
    });
    const closed = expect(broken).rejects.toThrow();
    await vi.waitFor(() => expect(clock.pending).toBe(1), { timeout: 200_000 }); // the end of the wait
    abort.abort();
    await closed;
    await vi.waitFor(() => expect(clock.pending).toBe(0), { timeout: 200_000 });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    expect(host.stats().queues.q).toMatchObject({ visible: 1, inFlight: 0 });
  });

  it('changes visibility', async () => {
    const { client, QueueUrl, receive, clock } = await setUp({ name: 'q' });
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const [message] = await receive();
    await client.send(
      new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle: message?.ReceiptHandle, VisibilityTimeout: 2 }),
    );
    clock.advance(1_999);
    expect(await receive()).toEqual([]);
    clock.advance(1);
    expect(await receive()).toHaveLength(1);
  });

  it('creates, finds, lists, configures, describes, purges and deletes queues', async () => {
    const { client, host } = await setUp({ name: 'dead' });
    const RedrivePolicy = JSON.stringify({
      deadLetterTargetArn: 'arn:aws:sqs:us-east-1:000000000000:dead',
      maxReceiveCount: '5',
    });
    const created = await client.send(
      new CreateQueueCommand({ QueueName: 'jobs', Attributes: { VisibilityTimeout: '60', RedrivePolicy } }),
    );
    const { QueueUrl } = created;
    expect(QueueUrl).toBe(host.queueUrl('jobs'));
    expect(await client.send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).toMatchObject({ QueueUrl });
    expect((await client.send(new ListQueuesCommand({ QueueNamePrefix: 'jo' }))).QueueUrls).toEqual([QueueUrl]);
    await expect(client.send(new CreateQueueCommand({ QueueName: 'jobs' }))).rejects.toMatchObject({
      name: 'QueueNameExists',
    });
    await client.send(
      new SetQueueAttributesCommand({ QueueUrl, Attributes: { DelaySeconds: '1', MaximumMessageSize: '2048' } }),
    );
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }));
    const { Attributes } = await client.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['All'] }));
    expect(Attributes).toEqual({
      QueueArn: 'arn:aws:sqs:us-east-1:000000000000:jobs',
      ApproximateNumberOfMessages: '0',
      ApproximateNumberOfMessagesNotVisible: '0',
      ApproximateNumberOfMessagesDelayed: '1',
      CreatedTimestamp: '1700000000',
      LastModifiedTimestamp: '1700000000',
      MaximumMessageSize: '2048',
      VisibilityTimeout: '60',
      DelaySeconds: '1',
      ReceiveMessageWaitTimeSeconds: '0',
      MessageRetentionPeriod: '345600',
      RedrivePolicy: '{"deadLetterTargetArn":"arn:aws:sqs:us-east-1:000000000000:dead","maxReceiveCount":5}',
    });
    await client.send(new PurgeQueueCommand({ QueueUrl }));
    const one = await client.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['ApproximateNumberOfMessagesDelayed'] }),
    );
    expect(one.Attributes).toEqual({ ApproximateNumberOfMessagesDelayed: '0' });
    await client.send(new DeleteQueueCommand({ QueueUrl }));
    await expect(client.send(new GetQueueUrlCommand({ QueueName: 'jobs' }))).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  it('moves dead letters back to where they came from', async () => {
    const { client, QueueUrl, receive, clock } = await setUp(
      { name: 'q', visibilityTimeoutMs: 1_000, redrive: { deadLetterQueue: 'dead', maxReceiveCount: 1 } },
      { name: 'dead' },
    );
    await client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'poison' }));
    await receive();
    clock.advance(1_000);
    expect(await receive()).toEqual([]);
    const SourceArn = 'arn:aws:sqs:us-east-1:000000000000:dead';
    const { TaskHandle } = await client.send(new StartMessageMoveTaskCommand({ SourceArn }));
    expect(TaskHandle).toBeTruthy();
    const { Results } = await client.send(new ListMessageMoveTasksCommand({ SourceArn }));
    expect(Results).toMatchObject([{ Status: 'COMPLETED', ApproximateNumberOfMessagesMoved: 1 }]);
    expect((await receive()).map(({ Body }) => Body)).toEqual(['poison']);
    await expect(
      client.send(new StartMessageMoveTaskCommand({ SourceArn: 'arn:aws:sqs:us-east-1:000000000000:q' })),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('has the message attributes of the documented form', () => {
    // Reference digest: Python's hashlib over the documented encoding of these two attributes.
    expect(
      md5OfAttributes({ b: { DataType: 'Number', StringValue: '1' }, a: { DataType: 'String', StringValue: 'x' } }),
    ).toBe('e36d421cd8b039f42b7052c32b82393e');
    expect(md5OfAttributes({})).toBeUndefined();
  });
});

describe('SQS refuses, as SQS does,', () => {
  const long = 'x'.repeat(700_000);
  const entries = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ Id: `e${index}`, MessageBody: 'x' }));
  const attribute = (name: string, DataType: string, StringValue: string) => ({
    MessageAttributes: { [name]: { DataType, StringValue } },
  });

  it.each([
    ['an empty body', { MessageBody: '' }, 'MissingParameter'],
    ['a body that XML cannot carry', { MessageBody: 'a\u0001' }, 'InvalidMessageContents'],
    ['a delay over 900 s', { MessageBody: 'x', DelaySeconds: 901 }, 'InvalidParameterValue'],
    ['a body over 1 MiB', { MessageBody: 'x'.repeat(1_048_577) }, 'InvalidParameterValue'],
    ['a reserved attribute name', { MessageBody: 'x', ...attribute('AWS.x', 'String', 'x') }, 'InvalidParameterValue'],
    ['an unknown attribute type', { MessageBody: 'x', ...attribute('x', 'Text', 'x') }, 'InvalidParameterValue'],
    ['an empty attribute', { MessageBody: 'x', ...attribute('x', 'String', '') }, 'InvalidParameterValue'],
    ['a number that is none', { MessageBody: 'x', ...attribute('x', 'Number', 'seven') }, 'InvalidParameterValue'],
  ])('%s', async (_what, input, name) => {
    const { client, QueueUrl, host } = await setUp({ name: 'q' });
    await expect(client.send(new SendMessageCommand({ QueueUrl, ...input }))).rejects.toMatchObject({
      name,
      $metadata: { httpStatusCode: 400 },
    });
    expect(host.stats().queues.q).toMatchObject({ sent: 0 });
  });

  it.each([
    ['no entry', [], 'EmptyBatchRequest'],
    ['eleven entries', entries(11), 'TooManyEntriesInBatchRequest'],
    ['an id twice', [...entries(1), ...entries(1)], 'BatchEntryIdsNotDistinct'],
    ['an id with a space', [{ Id: 'a b', MessageBody: 'x' }], 'InvalidBatchEntryId'],
    [
      'more than 1 MiB together',
      [
        { Id: 'a', MessageBody: long },
        { Id: 'b', MessageBody: long },
      ],
      'BatchRequestTooLong',
    ],
  ])('a batch with %s', async (_what, Entries, name) => {
    const { client, QueueUrl } = await setUp({ name: 'q' });
    await expect(client.send(new SendMessageBatchCommand({ QueueUrl, Entries }))).rejects.toMatchObject({ name });
  });

  it('what concerns a queue that does not exist', async () => {
    const { client, host } = await setUp();
    const QueueUrl = `${host.url}/000000000000/absent`;
    await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toBeInstanceOf(
      QueueDoesNotExist,
    );
    await expect(client.send(new ReceiveMessageCommand({ QueueUrl }))).rejects.toBeInstanceOf(QueueDoesNotExist);
  });

  it('numbers out of range, unknown attributes and bad handles', async () => {
    const { client, QueueUrl } = await setUp({ name: 'q' });
    const refused = async (sent: Promise<unknown>, name: string) => await expect(sent).rejects.toMatchObject({ name });
    await refused(
      client.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 11 })),
      'InvalidParameterValue',
    );
    await refused(client.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 21 })), 'InvalidParameterValue');
    await refused(client.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: 'x' })), 'ReceiptHandleIsInvalid');
    const Attributes: Record<string, string> = { NoSuchAttribute: '1' };
    await refused(client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes })), 'InvalidAttributeName');
    await refused(
      client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { VisibilityTimeout: 'x' } })),
      'InvalidAttributeValue',
    );
    await refused(
      client.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { RedrivePolicy: '{' } })),
      'InvalidAttributeValue',
    );
  });

  it('a failing queue, with 500, so that clients try again', async () => {
    const { client, QueueUrl, host } = await setUp({ name: 'q' });
    host.queues.setSendFault('q', () => true);
    await expect(client.send(new SendMessageCommand({ QueueUrl, MessageBody: 'x' }))).rejects.toMatchObject({
      $fault: 'server',
      $metadata: { httpStatusCode: 500 },
    });
  });

  it('an action that it does not have, and a body that is no JSON', async () => {
    const { host } = await setUp();
    const post = (target: string, body: string) =>
      fetch(host.url, { method: 'POST', body, headers: { 'x-amz-target': `AmazonSQS.${target}` } });
    const unknown = await post('AddPermission', '{}');
    expect([unknown.status, unknown.headers.get('x-amzn-query-error')]).toEqual([
      400,
      'AWS.SimpleQueueService.UnsupportedOperation;Sender',
    ]);
    expect(await (await post('ListQueues', 'x')).json()).toMatchObject({
      message: 'The body of the request is not a JSON object.',
    });
    expect((await post('constructor', '{}')).status).toBe(400);
  });
});
