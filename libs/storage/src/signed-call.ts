/**
 * Calls of AWS services that speak JSON (DynamoDB, SQS, Secrets Manager), signed here and sent by Node's own client: what
 * the SDK's client does for the few calls of an event, at a fraction of its CPU and without its start-up
 * (docs/decisions/http-clients.md). One attempt a call: what a failure means, and whether to try again, is the caller's to say.
 */
import { createConnections, sendForText } from '@quartersec/connections';
import { type AwsCredentials, createSigner, type JsonVersion } from './aws-signature.ts';

export interface SignedCallOptions {
  /** As in the host name and the signature: `dynamodb`, `sqs`. */
  readonly service: string;
  /** What precedes the operation in `x-amz-target`, e.g. `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  /** Default 1.0, which DynamoDB and SQS speak; Secrets Manager's is 1.1. */
  readonly jsonVersion?: JsonVersion;
  readonly region: string;
  /** A stand-in on this machine; otherwise the service of the region. */
  readonly endpoint?: string | undefined;
  readonly credentials: AwsCredentials;
  /** Wall clock: a signature carries the time. */
  readonly nowEpochMs: () => number;
}

/** @throws {AwsRefusal} with the service's own name for it; the connection's errors; the signal's reason */
export type SignedCall = (operation: string, input: object, signal?: AbortSignal) => Promise<unknown>;

/** A batch of 10 events has at most 10 calls under way; the rest is room for several invocations in one process. */
const maxSockets = 64;
/** DynamoDB's own limit of an answer is 1 MB; anything larger is not from it. */
const answerLimitBytes = 4 * 1024 * 1024;

/** A request that the service refused, named as it names it. */
class AwsRefusal extends Error {
  readonly $metadata: { readonly httpStatusCode: number };

  constructor(name: string, message: string, httpStatusCode: number) {
    super(message);
    this.name = name;
    this.$metadata = { httpStatusCode };
  }
}

export function createSignedCall(options: SignedCallOptions): SignedCall {
  const { service, region, targetPrefix, jsonVersion = '1.0', nowEpochMs } = options;
  const url = new URL(options.endpoint ?? `https://${service}.${region}.amazonaws.com`);
  const connections = createConnections({ maxSockets });
  const sign = createSigner(options.credentials);
  const place = { region, service, host: url.host, jsonVersion };

  /** The service's clock less ours. */
  let skewMs = 0;

  return async (operation, input, signal) => {
    const body = JSON.stringify(input);
    for (let isSignedAgain = false; ; isSignedAgain = true) {
      const headers = sign({ ...place, target: `${targetPrefix}.${operation}`, body }, nowEpochMs() + skewMs);
      const request = { method: 'POST', headers: { ...headers }, body } as const;
      const { status, date, text } = await sendForText(connections, url, request, answerLimitBytes, signal);
      if (status === 200) return JSON.parse(text);
      const { name, message } = refusalOf(text, status);
      const serviceEpochMs = Date.parse(date ?? '');
      if (isSignedAgain || !isAboutTime(name, message) || Number.isNaN(serviceEpochMs))
        throw new AwsRefusal(name, message, status);
      skewMs = serviceEpochMs - nowEpochMs();
    }
  };
}

/** @see https://docs.aws.amazon.com/sdkref/latest/guide/feature-clock-skew.html */
const timeNames: ReadonlySet<string> = new Set(['RequestTimeTooSkewed', 'RequestExpired', 'RequestInTheFuture']);

/** Our clock is wrong, or we stood still between signing and sending: nothing has been carried out. */
function isAboutTime(name: string, message: string): boolean {
  return timeNames.has(name) || (name === 'InvalidSignatureException' && /expired|not yet current/i.test(message));
}

/** `{"__type":"com.amazonaws.dynamodb.v20120810#ValidationException","message":"..."}`, or what a proxy in between says. */
function refusalOf(text: string, status: number): { name: string; message: string } {
  try {
    const { __type, message, Message } = JSON.parse(text) as Record<string, unknown>;
    if (typeof __type === 'string')
      return { name: __type.replace(/^.*#/, ''), message: String(message ?? Message ?? '') };
  } catch {
    // no JSON: the status alone says what there is to know
  }
  return { name: 'UnknownError', message: `status ${status}` };
}
