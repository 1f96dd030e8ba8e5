import { describe, expect, it } from 'vitest';
import { isOwnHost, mayChange } from './request-origin.ts';

describe('isOwnHost', () => {
  it.each(['127.0.0.1', '127.0.0.1:8080', 'localhost:8080', '[::1]:8080'])('takes %s', (host) => {
    expect(isOwnHost(host)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'evil.example',
    'evil.example:8080',
    '127.0.0.1.evil.example',
    'localhost.evil.example:80',
    '10.0.0.1',
  ])('refuses %s, as a name that somebody points here', (host) => {
    expect(isOwnHost(host)).toBe(false);
  });
});

describe('mayChange', () => {
  const host = '127.0.0.1:8080';
  const json = 'application/json';

  it.each([
    ['the page itself', { host, origin: `http://${host}`, 'sec-fetch-site': 'same-origin', 'content-type': json }],
    ['a program', { host, 'content-type': 'application/json; charset=utf-8' }],
  ])('lets %s', (_, headers) => {
    expect(mayChange(headers, true)).toBe(true);
  });

  it.each([
    [
      'a page elsewhere',
      { host, origin: 'https://evil.example', 'sec-fetch-site': 'cross-site', 'content-type': json },
    ],
    [
      'a page of another port',
      { host, origin: 'http://127.0.0.1:9', 'sec-fetch-site': 'same-site', 'content-type': json },
    ],
    ['a page elsewhere in an old browser', { host, origin: 'https://evil.example', 'content-type': json }],
    ['a page without an origin', { host, origin: 'null', 'content-type': json }],
    ['a page elsewhere that hides its origin', { host, 'sec-fetch-site': 'cross-site', 'content-type': json }],
    ['a form', { host, 'content-type': 'text/plain' }],
    ['a body of no type', { host }],
  ])('refuses %s', (_, headers) => {
    expect(mayChange(headers, true)).toBe(false);
  });

  it('asks for no type where there is no body', () => {
    expect(mayChange({ host }, false)).toBe(true);
  });
});
