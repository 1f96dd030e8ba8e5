import { describe, expect, it } from 'vitest';
import { failureOf } from './table-failure.ts';

const answered = (name: string, httpStatusCode: number, message = '') => ({
  name,
  message,
  $metadata: { httpStatusCode },
});

describe('failureOf', () => {
  it.each([
    ['a condition that does not hold', answered('ConditionalCheckFailedException', 400), 'refused'],
    ['throughput exceeded', answered('ProvisionedThroughputExceededException', 400), 'throttled'],
    ['throttling', answered('ThrottlingException', 400), 'throttled'],
    ['request limit', answered('RequestLimitExceeded', 400), 'throttled'],
    ['status 429 under any name', answered('Unknown', 429), 'throttled'],
    ['an item over the limit', answered('ValidationException', 400, 'Item size has exceeded the maximum'), 'too-large'],
    ['any other validation', answered('ValidationException', 400, 'Invalid UpdateExpression'), 'rejected'],
    ['no such table', answered('ResourceNotFoundException', 400), 'rejected'],
    ['no right to do it', answered('AccessDeniedException', 400), 'rejected'],
    ['a server failure', answered('InternalServerError', 500), 'lost'],
    ['an unavailable server', answered('ServiceUnavailable', 503), 'lost'],
    ['a refused connect', { name: 'Error', code: 'ECONNREFUSED' }, 'not-sent'],
    ['an unknown host', { name: 'Error', code: 'ENOTFOUND' }, 'not-sent'],
    ["no node known to AWS's DAX client", { name: 'NoRouteException' }, 'not-sent'],
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
