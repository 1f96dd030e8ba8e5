import { describe, expect, it } from 'vitest';
import { failureOf, reasonOf } from './failure-of.ts';

const answered = (name: string, httpStatusCode: number) => ({ name, message: '', $metadata: { httpStatusCode } });

describe('failureOf', () => {
  it.each([
    ['throughput exceeded', answered('ProvisionedThroughputExceededException', 400), 'throttled'],
    ['throttling', answered('ThrottlingException', 400), 'throttled'],
    ['request limit', answered('RequestLimitExceeded', 400), 'throttled'],
    ["the queue's own word for it", answered('RequestThrottled', 400), 'throttled'],
    ['status 429 under any name', answered('Unknown', 429), 'throttled'],
    ['a transaction under way', answered('TransactionInProgressException', 400), 'throttled'],
    ['an earlier request under way', answered('PriorRequestNotComplete', 400), 'throttled'],
    ['no such table', answered('ResourceNotFoundException', 400), 'rejected'],
    ['no right to do it', answered('AccessDeniedException', 400), 'rejected'],
    ['a server failure', answered('InternalServerError', 500), 'lost'],
    ['an unavailable server', answered('ServiceUnavailable', 503), 'lost'],
    ['a refused connect', { name: 'Error', code: 'ECONNREFUSED' }, 'not-done'],
    ['an unknown host', { name: 'Error', code: 'ENOTFOUND' }, 'not-done'],
    ['another region’s write', answered('ReplicatedWriteConflictException', 400), 'not-done'],
    ['a transaction in the way', answered('TransactionConflictException', 400), 'not-done'],
    ['a request that did not come whole', answered('RequestTimeout', 400), 'not-done'],
    ['the same of another service', answered('RequestTimeoutException', 400), 'not-done'],
    ['408', answered('UnknownError', 408), 'not-done'],
    ['421', answered('UnknownError', 421), 'not-done'],
    ['425', answered('UnknownError', 425), 'not-done'],
    ['a reset', { name: 'Error', code: 'ECONNRESET' }, 'lost'],
    ['half a JSON answer', { name: 'SyntaxError', $metadata: { httpStatusCode: 200 } }, 'lost'],
    ['a body that is no JSON, thrown as a TypeError', { name: 'TypeError', $response: {} }, 'lost'],
    ['no credentials', { name: 'CredentialsProviderError' }, 'rejected'],
    ['a defect before sending', new TypeError('x'), 'rejected'],
    ['nothing at all', undefined, 'lost'],
  ] as const)('takes %s for what it is', (_, error, expected) => {
    expect(failureOf(error)).toBe(expected);
  });
});

describe('reasonOf', () => {
  it.each([
    [
      'the code of an error of Node',
      Object.assign(new Error('secret'), { code: 'CERT_HAS_EXPIRED' }),
      'CERT_HAS_EXPIRED',
    ],
    ['the name of a refusal', answered('AccessDeniedException', 400), 'AccessDeniedException'],
    ['nothing of what is no error', 'secret', undefined],
  ])('is %s', (_, error, reason) => {
    expect(reasonOf(error)).toBe(reason);
  });
});
