import type { LookupAddress } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createAddressGuard, parseAllowedOrigins } from './allowed-origins.ts';

describe('parseAllowedOrigins', () => {
  const isAllowed = parseAllowedOrigins(['https://bank.example/base/path', 'http://127.0.0.1:8080'], 'bank');

  it.each(['https://bank.example/', 'https://bank.example:443/pages?x=1', 'http://127.0.0.1:8080/x'])(
    'allows %s',
    (url) => {
      expect(isAllowed(new URL(url))).toBe(true);
    },
  );

  it.each([
    'https://bank.example.evil.example/',
    'https://evil.example/?https://bank.example',
    'https://bank.example@169.254.169.254/latest/meta-data',
    'https://user:pass@bank.example/',
    'https://user@bank.example/',
    'https://bank.example:8443/',
    'http://bank.example/',
    'http://127.0.0.1:8081/',
    'http://127.0.0.2:8080/',
    'http://[::1]:8080/',
    'http://169.254.169.254/latest/meta-data',
    'http://2852039166/latest/meta-data',
    'file:///etc/passwd',
    'unix:/run/service.sock:/pages',
  ])('refuses %s', (url) => {
    expect(isAllowed(new URL(url))).toBe(false);
  });

  it.each(['http://example.com', 'http://10.0.0.1', 'http://169.254.169.254', 'ftp://127.0.0.1', 'plaid.com', ''])(
    'does not take %j from the configuration',
    (baseUrl) => {
      expect(() => parseAllowedOrigins([baseUrl], 'bank')).toThrow(expect.objectContaining({ code: 'URL_REFUSED' }));
    },
  );
});

describe('createAddressGuard', () => {
  const resolve = (hostname: string, answer: string | LookupAddress[] | Error) => {
    const lookup: LookupFunction = (_hostname, _options, callback) => {
      if (answer instanceof Error) callback(answer, '');
      else callback(null, answer, 4);
    };
    return new Promise((settle) => {
      createAddressGuard(lookup)(hostname, {}, (error, address) => settle(error?.code ?? address));
    });
  };

  it.each(['169.254.169.254', '127.0.0.1', '10.0.0.8', 'fd00:ec2::254'])(
    'refuses a name that resolves to %s',
    async (address) => {
      expect(await resolve('bank.example', address)).toBe('ADDRESS_REFUSED');
    },
  );

  it('refuses a name of which one address is private', async () => {
    const addresses = [
      { address: '203.0.113.7', family: 4 },
      { address: '::1', family: 6 },
    ];
    expect(await resolve('bank.example', addresses)).toBe('ADDRESS_REFUSED');
  });

  it('lets public addresses through', async () => {
    expect(await resolve('bank.example', '203.0.113.7')).toBe('203.0.113.7');
    expect(await resolve('bank.example', [{ address: '203.0.113.7', family: 4 }])).toEqual([
      { address: '203.0.113.7', family: 4 },
    ]);
  });

  it('lets localhost and configured addresses be what they are', async () => {
    expect(await resolve('localhost', '127.0.0.1')).toBe('127.0.0.1');
    expect(await resolve('10.0.0.8', '10.0.0.8')).toBe('10.0.0.8');
  });

  it('passes on the error of the resolver', async () => {
    expect(await resolve('bank.example', Object.assign(new Error('no'), { code: 'ENOTFOUND' }))).toBe('ENOTFOUND');
  });
});
