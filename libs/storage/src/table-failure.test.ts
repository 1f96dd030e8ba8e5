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
    ['an item over the limit', answered('ValidationException', 400, 'Item size has exceeded the maximum'), 'too-large'],
    ['any other validation', answered('ValidationException', 400, 'Invalid UpdateExpression'), 'rejected'],
    ["no node known to AWS's DAX client", { name: 'NoRouteException' }, 'not-done'],
    ['what every service may say', answered('ThrottlingException', 400), 'throttled'],
    ['nothing at all', undefined, 'lost'],
  ] as const)('takes %s for what it is', (_, error, expected) => {
    expect(failureOf(error)).toBe(expected);
  });
});
