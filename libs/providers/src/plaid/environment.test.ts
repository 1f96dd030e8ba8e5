import { describe, expect, it } from 'vitest';
import { isForeignToken } from './environment.ts';

describe('isForeignToken', () => {
  it.each([
    ['access-sandbox-1', 'https://production.plaid.com', true],
    ['access-production-1', 'https://sandbox.plaid.com/', true],
    ['access-development-1', 'https://production.plaid.com', true],
    ['access-sandbox-1', 'https://sandbox.plaid.com', false],
    ['access-production-1', 'https://production.plaid.com', false],
    ['access-sandbox-1', 'http://127.0.0.1:4010', false],
    ['access-sandbox-1', 'https://production.plaid.com.example.org', false],
    ['access-conn-1', 'https://production.plaid.com', false],
    ['a token', 'https://production.plaid.com', false],
    ['access-sandbox-1', 'no address', false],
  ])('%s at %s: %s', (token, baseUrl, expected) => {
    expect(isForeignToken(token, baseUrl)).toBe(expected);
  });
});
