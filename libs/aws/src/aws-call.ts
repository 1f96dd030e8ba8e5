/**
 * Calls of AWS services that speak JSON (DynamoDB, SQS, Secrets Manager): signed here, with AWS's own words for failures, over
 * kept-alive connections. What the SDK's client would do besides costs twice an event's CPU (docs/decisions/http-clients.md).
 * One attempt a call, but for a signature that was refused for its time or its credentials: `call-in-time.ts` makes the others.
 */
import { createHttpOrigin, sendForText } from '@quartersec/http';
import { isClockSkewError } from '@smithy/service-error-classification';
import { type AwsCredentials, createSigner, type JsonVersion } from './aws-signature.ts';
import { isCredentialsRefusal } from './failure-of.ts';

/** Credentials that may be others by the next call. */
export interface CredentialSource {
  current(): AwsCredentials;
  /** They were refused as such. @returns whether they are others now */
  renew(): Promise<boolean>;
}

/** For who has no others to take. */
export const fixedCredentials = (credentials: AwsCredentials): CredentialSource => ({
  current: () => credentials,
  renew: async () => false,
});

export interface AwsCallOptions {
  /** As in the signature: `dynamodb`, `sqs`. */
  readonly service: string;
  /** What precedes the operation in `x-amz-target`, e.g. `DynamoDB_20120810`. */
  readonly targetPrefix: string;
  /** Default 1.0, which DynamoDB and SQS speak; Secrets Manager's is 1.1. */
  readonly jsonVersion?: JsonVersion;
  readonly region: string;
  /** See `endpointOf`. */
  readonly endpoint: URL;
  readonly credentials: CredentialSource;
  /** Wall clock: a signature carries the time. */
  readonly nowEpochMs: () => number;
}

/** @throws {AwsRefusal} with the service's own name for it; the connection's errors; the signal's reason */
export type AwsCall = (operation: string, input: object, signal?: AbortSignal) => Promise<unknown>;

/** A request that the service refused: named as it names it, in the shape that AWS's own functions judge. */
export interface AwsRefusal extends Error {
  readonly cause?: Error;
  readonly $metadata: { readonly httpStatusCode: number };
}

/** DynamoDB's own limit of a response is 1 MB; anything larger is not from it. */
const responseLimitBytes = 4 * 1024 * 1024;
/** AWS refuses a signature that is 5 minutes off; the header that says so has no milliseconds. */
const skewMs = 4 * 60_000;

export function createAwsCall(options: AwsCallOptions): AwsCall {
  const { service, region, endpoint, targetPrefix, jsonVersion = '1.0', credentials, nowEpochMs } = options;
  const origin = createHttpOrigin({ url: endpoint });
  const place = { region, service, host: endpoint.host, path: endpoint.pathname, jsonVersion };
  /** Of the credentials as they were last. */
  let signer: { readonly of: AwsCredentials; readonly sign: ReturnType<typeof createSigner> } | undefined;
  const signerOf = (of: AwsCredentials) => {
    if (signer?.of !== of) signer = { of, sign: createSigner(of) };
    return signer.sign;
  };

  /** The service's clock less ours. */
  let aheadMs = 0;

  return async (operation, input, signal) => {
    const body = JSON.stringify(input);
    const toSign = { ...place, target: `${targetPrefix}.${operation}`, body };
    let [isTimed, isRenewed] = [false, false];
    for (;;) {
      const used = credentials.current();
      const signedEpochMs = nowEpochMs() + aheadMs;
      const headers = { ...signerOf(used)(toSign, signedEpochMs) };
      const request = { method: 'POST', path: place.path, headers, body } as const;
      const { status, date, text } = await sendForText(origin, request, responseLimitBytes, signal);
      if (status === 200) return JSON.parse(text);
      const refusal = refusalOf(text, status);
      const serviceEpochMs = Date.parse(date ?? '');
      // Our clock is wrong, or we stood still between signing and sending.
      if (!isTimed && isClockSkewError(refusal) && Math.abs(serviceEpochMs - signedEpochMs) > skewMs) {
        isTimed = true;
        aheadMs = serviceEpochMs - nowEpochMs();
      } else if (!isRenewed && isCredentialsRefusal(refusal)) {
        isRenewed = true;
        // Another call may have renewed them while this one was under way.
        if (credentials.current() === used && !(await credentials.renew())) throw refusal;
      } else throw refusal;
    }
  };
}

/** `{"__type":"com.amazonaws.dynamodb.v20120810#ValidationException","message":"..."}`, or what a proxy in between says. */
function refusalOf(text: string, httpStatusCode: number): AwsRefusal {
  let [name, message] = ['UnknownError', `status ${httpStatusCode}`];
  try {
    const said: unknown = JSON.parse(text);
    const { __type, message: small, Message: capital } = Object(said) as Record<string, unknown>;
    if (typeof __type === 'string') [name, message] = [__type.replace(/^.*#/, ''), String(small ?? capital ?? '')];
  } catch {
    // no JSON: the status alone says what there is to know
  }
  return Object.assign(new Error(message), { name, $metadata: { httpStatusCode } }) as AwsRefusal;
}
