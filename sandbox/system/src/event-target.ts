/** Where an event of a command goes: to the running system's function, which answers, or to a queue on AWS, which takes it. */
import { createAwsCall, fixedCredentials } from '@quartersec/aws';
import { CommandError } from '@quartersec/command-line';
import { createDynamoDbClient } from '@quartersec/storage';
import { type EventReport, runEvent } from './event-report.ts';
import { findSystem } from './running-system.ts';

export const queueOptions = { 'queue-url': { type: 'string' }, region: { type: 'string' } } as const;

export interface QueueValues {
  readonly 'queue-url'?: string | undefined;
  readonly region?: string | undefined;
}

const queueTimeoutMs = 10_000;

/**
 * @returns what came of it; `undefined` where it went to a queue, whose reader says so in its log
 * @throws {CommandError} where there is neither, or the queue does not take it
 */
export async function sendCommandEvent(event: object, values: QueueValues): Promise<EventReport | undefined> {
  const { 'queue-url': queueUrl, region } = values;
  if (queueUrl === undefined && region !== undefined)
    throw new CommandError('USAGE', '--region without --queue-url: name both, or neither for the running system');
  if (queueUrl !== undefined) {
    await queueEvent(event, queueUrl, region);
    return undefined;
  }
  const system = await findSystem();
  if (system === undefined)
    throw new CommandError(
      'FAILED',
      'no system is running here: run npm start in another terminal first, or name a queue with --queue-url and --region',
    );
  return await runEvent(system, event);
}

async function queueEvent(event: object, queueUrl: string, region: string | undefined): Promise<void> {
  if (region === undefined) throw new CommandError('USAGE', '--queue-url without --region: name both');
  if (!URL.canParse(queueUrl)) throw new CommandError('USAGE', '--queue-url must be a URL');
  const client = createDynamoDbClient({ region }); // the caller's own credentials, as the data commands find them
  const credentials = await client.config.credentials();
  client.destroy();
  const call = createAwsCall({
    region,
    credentials: fixedCredentials(credentials),
    endpoint: new URL(new URL(queueUrl).origin),
    nowEpochMs: Date.now,
    service: 'sqs',
    targetPrefix: 'AmazonSQS',
  });
  try {
    const message = { QueueUrl: queueUrl, MessageBody: JSON.stringify(event) };
    await call('SendMessage', message, AbortSignal.timeout(queueTimeoutMs));
  } catch (cause) {
    throw new CommandError('FAILED', `the queue did not take the event: ${(cause as Error).message}`, { cause });
  }
  process.stdout.write('on the queue; its result is in the log of the process function\n');
}
