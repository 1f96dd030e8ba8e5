/** Queue attributes between SQS's strings and seconds and our settings. Pure. */
import { HostError } from './host-error.ts';
import type { MessageQueue, QueueSettings } from './message-queue.ts';

type Writable<T> = { -readonly [K in keyof T]: T[K] };

const SECONDS = {
  VisibilityTimeout: 'visibilityTimeoutMs',
  DelaySeconds: 'delayMs',
  ReceiveMessageWaitTimeSeconds: 'receiveWaitMs',
  MessageRetentionPeriod: 'retentionMs',
} as const;
// Set freely, without effect here: nothing is encrypted and nobody is kept out.
const WITHOUT_EFFECT = new Set([
  'KmsMasterKeyId',
  'KmsDataKeyReusePeriodSeconds',
  'SqsManagedSseEnabled',
  'Policy',
  'RedriveAllowPolicy',
]);

export function queueArn(region: string, accountId: string, name: string): string {
  return `arn:aws:sqs:${region}:${accountId}:${name}`;
}

/** @throws {HostError} `InvalidAttributeName`, `InvalidAttributeValue` */
export function readQueueAttributes(attributes: Readonly<Record<string, string>>): Partial<QueueSettings> {
  const settings: Partial<Writable<QueueSettings>> = {};
  for (const [name, value] of Object.entries(attributes)) {
    if (name in SECONDS) settings[SECONDS[name as keyof typeof SECONDS]] = readNumber(name, value) * 1_000;
    else if (name === 'MaximumMessageSize') settings.maxMessageBytes = readNumber(name, value);
    else if (name === 'RedrivePolicy') settings.redrive = readRedrivePolicy(value);
    else if (!WITHOUT_EFFECT.has(name)) throw new HostError('InvalidAttributeName', `Unknown Attribute ${name}.`);
  }
  return settings;
}

/** Every attribute, or those asked for. */
export function writeQueueAttributes(queue: MessageQueue, arn: (name: string) => string, asked: readonly string[]) {
  const { settings } = queue;
  const stats = queue.stats();
  const createdSeconds = String(Math.floor(queue.createdEpochMs / 1_000));
  const all: Record<string, string> = {
    QueueArn: arn(queue.name),
    ApproximateNumberOfMessages: String(stats.visible),
    ApproximateNumberOfMessagesNotVisible: String(stats.inFlight),
    ApproximateNumberOfMessagesDelayed: String(stats.delayed),
    CreatedTimestamp: createdSeconds,
    LastModifiedTimestamp: createdSeconds,
    MaximumMessageSize: String(settings.maxMessageBytes),
  };
  for (const [name, key] of Object.entries(SECONDS)) all[name] = String(Math.floor(settings[key] / 1_000));
  if (settings.redrive !== undefined) {
    const { deadLetterQueue, maxReceiveCount } = settings.redrive;
    all.RedrivePolicy = JSON.stringify({ deadLetterTargetArn: arn(deadLetterQueue), maxReceiveCount });
  }
  if (asked.includes('All')) return all;
  const unknown = asked.find((name) => !(name in all) && name !== 'RedrivePolicy' && !WITHOUT_EFFECT.has(name));
  if (unknown !== undefined) throw new HostError('InvalidAttributeName', `Unknown Attribute ${unknown}.`);
  return Object.fromEntries(Object.entries(all).filter(([name]) => asked.includes(name)));
}

function readNumber(name: string, value: string): number {
  const number = Number(value);
  if (Number.isInteger(number) && String(value).trim() !== '') return number;
  throw new HostError('InvalidAttributeValue', `Invalid value for the parameter ${name}.`);
}

function readRedrivePolicy(value: string): QueueSettings['redrive'] {
  if (value === '') return undefined;
  try {
    const { deadLetterTargetArn, maxReceiveCount } = JSON.parse(value);
    const deadLetterQueue = String(deadLetterTargetArn).split(':').at(-1) ?? '';
    return { deadLetterQueue, maxReceiveCount: Number(maxReceiveCount) };
  } catch (error) {
    throw new HostError('InvalidAttributeValue', 'Invalid value for the parameter RedrivePolicy.', { cause: error });
  }
}
