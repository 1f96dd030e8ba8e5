import { createDeadline } from '@quartersec/sla';
import { describe, expect, it } from 'vitest';
import { callTable, defaultAttemptTimeoutMs } from './table-retry.ts';

const deps = { random: () => 1, sleep: async () => {}, attemptTimeoutMs: 1_000 };
const failing = (error: unknown, answers: { readonly refusedAnswer?: string } = {}) =>
  callTable(deps, {
    deadline: createDeadline(5, () => 0),
    facts: { pk: 'a' },
    attempt: () => Promise.reject(error),
    ...answers,
  });

describe('callTable', () => {
  it('gives up an attempt after five times the store objective', () => {
    expect(defaultAttemptTimeoutMs).toBe(500);
  });

  it.each([
    ['ThrottlingException', '', 'TABLE_THROTTLED'],
    ['InternalServerError', '', 'TABLE_UNREACHABLE'],
    ['ValidationException', 'Invalid UpdateExpression', 'TABLE_REJECTED'],
    ['ValidationException', 'Item size has exceeded the maximum', 'ITEM_TOO_LARGE'],
    ['ConditionalCheckFailedException', '', 'TABLE_REJECTED'],
  ])('names %s %s for what it means, with the name and nothing of the text', async (name, message, code) => {
    const cause = { name, message, $metadata: { httpStatusCode: name === 'InternalServerError' ? 500 : 400 } };
    await expect(failing(cause)).rejects.toMatchObject({
      message: `${code} {"pk":"a","reason":"${name}"}`,
      code,
      cause,
    });
  });

  it('answers a condition that did not hold as its caller wishes', async () => {
    const cause = { name: 'ConditionalCheckFailedException', $metadata: { httpStatusCode: 400 } };
    expect(await failing(cause, { refusedAnswer: 'refused' })).toBe('refused');
  });
});
